// The folder of one supervised process and the documents in it: what runner and supervisor say to each other,
// across restarts of the agent.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "proc/process.h"

namespace slipway::plugins::runners::local_process {

/// <state folder>/processes/<identity name>, mode 0700. Making it is the lock between two agents.
class JobFolder {
 public:
  explicit JobFolder(std::filesystem::path path) : path_(std::move(path)) {}
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path job() const { return path_ / "job.json"; }  ///< JobRecord; no secrets.
  std::filesystem::path status() const {
    return path_ / "status.json";
  }  ///< SupervisorStatus; written by the supervisor only.
  std::filesystem::path stop() const { return path_ / "stop.json"; }  ///< {"grace_ms": N}: a stop was asked for.
  std::filesystem::path output() const { return path_ / "output.log"; }
  std::filesystem::path lock() const { return path_ / "lock"; }  ///< Locked by the supervisor as long as it lives.
  std::filesystem::path work() const { return path_ / "work"; }  ///< The job's own copy of its source.
  /// A supervisor holds the lock now.
  bool supervised() const;

 private:
  std::filesystem::path path_;
};

struct JobRecord {
  std::string uid;
  std::map<std::string, std::string> labels;
  std::vector<std::string> argv;  ///< For people.
};
Json to_json(const JobRecord& record);
/// Nothing when the file is absent; an error when it cannot be read.
Result<std::optional<JobRecord>> read_job(const JobFolder& folder);

/// What the supervisor is to run. Goes through its standard input: it holds the job's secrets.
struct JobDocument {
  std::vector<std::string> argv;
  std::filesystem::path cwd;
  std::map<std::string, std::string> env;
  std::uint64_t max_log_bytes = 0;
};
std::string to_text(const JobDocument& document);
Result<JobDocument> parse_job_document(std::string_view text);

struct SupervisorStatus {
  proc::ProcessIdentity supervisor;
  proc::ProcessIdentity job;  ///< Leads the process group. pid 0: not started.
  bool ended = false;
  bool stopped = false;  ///< Ended after a stop was asked for.
  int exit_code = 0;     ///< 128 + signal when killed by one.
  int signal = 0;
  UnixMillis started_at = 0;
  UnixMillis ended_at = 0;
  std::string message;  ///< Why it could not be started.
};
Json to_json(const SupervisorStatus& status);
Result<std::optional<SupervisorStatus>> read_status(const JobFolder& folder);

/// The grace of a stop that was asked for, nothing when none was.
std::optional<Millis> read_stop(const JobFolder& folder);

}  // namespace slipway::plugins::runners::local_process
