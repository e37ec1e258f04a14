// Runners: submit a job to a target resource and watch it. One folder here and one line in plugins.cc each.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "plugins/context.h"
#include "plugins/environments/api.h"

namespace slipway::plugins {

/// Everything that the backend needs to know. Macros are filled; policy was checked.
struct SubmitRequest {
  Identity identity;
  std::string image;  ///< "" for local-process.
  std::filesystem::path
      source_dir;  ///< Code to mount (base image jobs) or to run in (processes); "" when it is in the image.
  std::vector<std::string> entry_point;  ///< Empty: the image's own.
  bool entry_point_in_image = false;     ///< The image was built with it: only an override has to be passed on.
  std::vector<std::string> args;
  std::string working_dir;  ///< overrides.working_dir, relative to the mounted source.
  bool install_dependencies =
      false;  ///< The base image was chosen by us: install requirements at start (protocol 7.3.3).
  std::map<std::string, std::string> env;    ///< launch::job_environment().
  std::map<std::string, Secret> secret_env;  ///< WANDB_API_KEY and the like: never in argv, never rendered.
  Json resource_args;                        ///< The document of this resource only, without "builder".
  LineSink progress;  ///< Image pull and notices for the job's log, before its own output. May be empty.
};

/// What finds the running thing again after any crash. Kept in the journal and on the server as JSON.
struct RunHandle {
  std::string name;  ///< Identity::name.
  std::string uid;   ///< The backend's own id: a thing of the same name made by somebody else is not ours.
  Json details;      ///< Runner's own; small.

  Json to_json() const;
  static Result<RunHandle> from_json(const Json& value);
};

enum class JobPhase { starting, running, finished, failed, stopped, preempted, lost };

struct JobStatus {
  JobPhase phase = JobPhase::starting;
  std::optional<int> exit_code;
  std::string failure_class;  ///< launch failure class when failed or lost ("exit_code", "image", "oom",
                              ///< "node_lost", …).
  std::string message;        ///< One sentence that helps.
  bool reachable = true;      ///< False: this is the last known state; the backend does not answer now.
  bool terminal() const { return phase >= JobPhase::finished; }
  friend bool operator==(const JobStatus&, const JobStatus&) = default;
};

/// The failure class of an item whose submit() ended with this code: not_found is "image" (missing or not to
/// be pulled), invalid_argument and permission_denied are "refused", everything else is "backend".
std::string_view submit_failure_class(Code code);

/// All calls on Context::executor. Destroy it before the executor's context, after its calls have ended.
class Runner {
 public:
  virtual ~Runner() = default;
  /// Is the backend there? Run by `slipway doctor`, at agent start and before the first item.
  virtual Task<> verify() = 0;
  /// Names the backend as far as adoption goes: equal on every agent that could find the same jobs
  /// ("docker:<daemon id>", "process:<machine>:<state folder>", "k8s:<cluster uid>"). After verify().
  virtual std::string scope() const = 0;
  /// The exact backend request (docker command line, manifest), secrets shown as ***. No side effect. For
  /// --dry-run and the stored request.
  virtual Result<Json> render(const SubmitRequest& request) const = 0;
  /// Looks the deterministic name up; nothing when there is none. A thing of that name with other labels is a
  /// conflict error.
  virtual Task<std::optional<RunHandle>> find(Identity identity) = 0;
  /// What may take long and can be given up without a trace (an image pull), with lines to request.progress.
  /// May be cancelled; idempotent. submit() does it again where it is still missing.
  virtual Task<> prepare(SubmitRequest request);
  /// Creates and starts it. "Already exists" with our labels: adopts (and starts it when it was only
  /// created). An ambiguous error (reset, time-out) is reported as unavailable: the caller looks the name up
  /// before it tries again. Every other error is final for this attempt; its code and text go to the item.
  virtual Task<RunHandle> submit(SubmitRequest request) = 0;
  /// Suspends until the status differs from `known` (nothing: returns the current one). All jobs of a backend
  /// share one watch. Never fails because the backend is away: that is `reachable = false`.
  virtual Task<JobStatus> next_status(RunHandle handle, std::optional<JobStatus> known) = 0;
  /// The job's output from line `from` (0-based) on, in pieces of whole lines without newline, until the
  /// output is complete. `sink` suspends the reader while it is busy. Cancel to stop. After the job's end it
  /// still works until clean_up().
  using LogSink = std::function<Task<>(std::vector<std::string> lines)>;
  virtual Task<> follow_logs(RunHandle handle, std::uint64_t from, LogSink sink) = 0;
  /// Asks it to end, SIGTERM or the backend's like, and after `grace` by force. Returns when asked, not when
  /// ended. Idempotent; a job that is gone is a success.
  virtual Task<> stop(RunHandle handle, Millis grace) = 0;
  /// Removes what the job left at the backend. After the final status was reported and the log is complete.
  /// Idempotent. A job that still runs is failed_precondition and stays.
  virtual Task<> clean_up(RunHandle handle) = 0;
};

/// The record of a target resource. The server reads it (forms, validation, policy); only an agent calls
/// `create`.
struct RunnerPlugin {
  std::string name;                  ///< Wire name: "local-container".
  std::vector<std::string> aliases;  ///< Everything that people write for it, compared without case (X-18).
  std::string display_name;          ///< "Docker".
  std::string doc;                   ///< Markdown, shown by `slipway help runner NAME`.
  Json default_config;  ///< What the create-queue form starts with (S-101, S-115); REQUIRED marks what has to
                        ///< be filled.
  Json config_schema;   ///< JSON Schema of the queue configuration; checked when a queue is saved, problems
                        ///< are warnings (D-79).
  std::vector<std::string> submitter_may_override;  ///< Options of resource_args that a submitter may set by
                                                    ///< default (protocol 8.4). "*": all that pass `refuse`.
  /// Problems of a submitter's resource arguments beyond the list above (Kubernetes: privileged fields
  /// anywhere). Paths are relative to the document.
  std::function<std::vector<Problem>(const Json& resource_args)> refuse;
  bool needs_image = true;             ///< False: code runs in place (local-process), image jobs are refused.
  std::size_t max_env_value = 32'670;  ///< Longer WANDB_CONFIG values are cut into shards (protocol 4.8).
  /// Empty function: known by name, but this version cannot run it.
  std::function<Result<std::unique_ptr<Runner>>(Context&, std::shared_ptr<Environment>)> create;
};

}  // namespace slipway::plugins
