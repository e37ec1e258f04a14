// Control: the agent's side of the conversation with the server. Two ways to have it: slipway's own (long poll, leases with epochs) and
// the one that every W&B server understands (polling). The rest of the agent does not know which.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "async/task.h"
#include "base/clock.h"
#include "base/json.h"
#include "client/api_client.h"
#include "launch/item_state.h"

namespace slipway::agent {

/// An item that the agent may work on.
struct Lease {
  std::string item_id;
  std::int64_t epoch = 0;
  int attempt = 1;
  std::string queue;
  std::string queue_entity;
  std::string run_entity, run_project, run_name;
  std::string author;
  Json spec;              ///< With rendered resource_args; carries the run's own API key if the server made one.
  bool takeover = false;  ///< Submitted before: look it up, adopt it.
  Json intent;            ///< What the earlier holder recorded before the backend call, null when nothing.
  Json backend;           ///< RunHandle, null before the backend call returned.
  bool cancel_requested = false;
};

struct Held {
  std::string item_id;
  std::int64_t epoch = 0;
};

enum class Desire { run, pause, drain, stop };

/// What the server says about an item that the agent holds.
enum class Directive { cancel, drop };

struct LeaseReply {
  std::vector<Lease> leases;
  std::vector<std::pair<std::string, Directive>> directives;
  Desire desire = Desire::run;
  Millis lease_time{60'000};  ///< Counted from when the call was sent.
};

struct LeaseCall {
  int slots = 0;
  std::vector<Held> held;
  Millis wait{25'000};
};

/// Absent members stay as they are.
struct Report {
  std::optional<launch::ItemState> phase;
  std::optional<std::string> stage;
  std::optional<std::string> message;
  std::optional<Json> intent, backend, request;
  std::optional<std::string> image;
  std::optional<int> exit_code;
  std::optional<std::string> failure_class;
  std::optional<bool> reachable;
  std::optional<std::string> warning;
  std::string reason;
};

struct Registration {
  std::string entity;  ///< "" takes the key's default entity.
  std::vector<std::string> queues;
  std::string hostname;
  std::string version;
  std::string stable_id;
  std::string incarnation;
  int max_jobs = 1;
  Json config;  ///< What people see of the agent's configuration; no secrets.
};

class Control {
 public:
  virtual ~Control() = default;
  /// Resolves queue names (not_found names the missing ones and lists those that exist) and registers.
  virtual Task<> register_agent(Registration registration) = 0;
  /// The next three: after register_agent.
  virtual std::string agent_name() const = 0;
  virtual std::string entity() const = 0;
  virtual std::string server_id() const = 0;
  /// Waits up to call.wait for something to say. Cancel it to say something new (held items changed).
  virtual Task<LeaseReply> lease(LeaseCall call) = 0;
  /// stale: the lease has moved on. unavailable: say it again later. The value tells whether somebody asked to cancel.
  virtual Task<bool> report(Held item, Report report) = 0;
  virtual Task<> release(Held item, std::string reason) = 0;
  /// POLLING, RUNNING, KILLED (protocol 2.1).
  virtual Task<> set_status(std::string status) = 0;
  /// Appends lines to the run's launch log. conflict: `offset` is not where the log ends; ask log_size().
  virtual Task<> append_log(Lease lease, std::uint64_t offset, std::vector<std::string> lines) = 0;
  virtual Task<std::uint64_t> log_size(Lease lease) = 0;
  /// Says that nothing follows the `lines` lines that were appended, so that those who read along need not wait. Once, without retries.
  virtual Task<> end_log(Lease, std::uint64_t /*lines*/) { co_return Result<>(); }
};

/// Picks the way by introspection. `scopes`: what Runner::scope() gave for every runner of this agent.
Task<std::unique_ptr<Control>> connect(std::shared_ptr<client::ApiClient> api, std::vector<std::string> scopes);
std::unique_ptr<Control> make_slipway_control(std::shared_ptr<client::ApiClient> api, std::vector<std::string> scopes);
std::unique_ptr<Control> make_polling_control(std::shared_ptr<client::ApiClient> api);

}  // namespace slipway::agent
