#include "plugins/runners/local_process/local_process_runner.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "archive/archive.h"
#include "base/fault_point.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/strings.h"
#include "plugins/runners/background.h"
#include "plugins/runners/local_process/process_status.h"
#include "plugins/runners/local_process/source_copy.h"
#include "plugins/runners/log_lines.h"

namespace slipway::plugins::runners::local_process {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReadSize = 256u << 10;
constexpr Millis kLookEvery{1'000};  ///< Only where inotify has no room.

std::string machine_id() {
  if (const auto id = archive::read_file("/etc/machine-id"); id && !trim(*id).empty()) return std::string(trim(*id));
  char name[256] = "";
  static_cast<void>(::gethostname(name, sizeof name - 1));
  return name;
}

std::vector<std::string> supervisor_command(const std::map<std::string, std::string>& env) {
  const auto own = env.find("SLIPWAY_SUPERVISOR");
  const std::string command = own == env.end() ? "" : own->second;
  return command.empty() ? std::vector<std::string>{"/proc/self/exe", "supervise"}
                         : split_words(command).value_or(std::vector<std::string>());
}

/// May be called from a job's coroutine only: the work may take long.
Task<> off_thread(asio::thread_pool* pool, std::function<Result<>()> work) {
  if (pool == nullptr) co_return work();
  co_return co_await on_pool(*pool, std::move(work));
}

void tell(const LineSink& sink, const std::vector<std::string>& lines) {
  if (!sink) return;
  for (const auto& line : lines) sink(line);
}

RunHandle handle_of(const std::string& name, const JobRecord& record, const JobFolder& folder) {
  JsonObject details;
  details["folder"] = folder.path().string();
  return {.name = name, .uid = record.uid, .details = std::move(details)};
}

/// Reads on from where it stands. Keeps neither a descriptor nor a buffer: a thousand quiet jobs are followed
/// at once.
class LogFile {
 public:
  explicit LogFile(fs::path file) : file_(std::move(file)) {}
  /// The next piece, "" when there is nothing new.
  std::string read() {
    const int fd = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return {};
    struct stat about{};
    std::string piece;
    if (::fstat(fd, &about) == 0 && about.st_size > offset_)
      piece.resize(std::min<std::size_t>(kReadSize, static_cast<std::size_t>(about.st_size - offset_)));
    const ssize_t got = ::pread(fd, piece.data(), piece.size(), offset_);
    ::close(fd);
    piece.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    offset_ += static_cast<off_t>(piece.size());
    return piece;
  }

 private:
  fs::path file_;
  off_t offset_ = 0;
};

}  // namespace

struct LocalProcessRunner::Watched {
  struct Exit {
    std::shared_ptr<FolderEvents> events;
    bool gone = false;
  };

  static asio::awaitable<void> wait_for_supervisor(std::shared_ptr<Exit> exit, proc::ProcessIdentity supervisor) {
    static_cast<void>(co_await proc::wait_for_exit(std::move(supervisor)));
    exit->gone = true;
    exit->events->notify_status();
  }

  std::shared_ptr<FolderEvents> events;
  std::shared_ptr<Exit> exit;
  Background exit_wait;
  std::optional<Millis> limit;  ///< Of every wait, where inotify has no room.
};

LocalProcessRunner::LocalProcessRunner(const Context& context)
    : executor_(context.executor),
      blocking_(context.blocking),
      processes_(context.state_dir / "processes"),
      env_(context.env),
      supervisor_(supervisor_command(context.env)),
      folders_(context.executor) {}

LocalProcessRunner::~LocalProcessRunner() = default;

JobFolder LocalProcessRunner::folder_of(const std::string& name) const { return JobFolder(processes_ / name); }

std::string LocalProcessRunner::scope() const {
  return fmt::format("process:{}:{}", machine_id(), processes_.string());
}

Task<> LocalProcessRunner::verify() {
  std::error_code error;
  fs::create_directories(processes_, error);
  if (error || ::access(processes_.c_str(), W_OK) != 0) {
    const std::string why = error ? error.message() : std::strerror(errno);
    co_return Error(
        Code::failed_precondition,
        fmt::format("the folder for supervised processes cannot be written: {}: {}", processes_.string(), why));
  }
  co_return Result<>();
}

Result<Json> LocalProcessRunner::render(const SubmitRequest& request) const {
  TRY(const JobPlan plan, plan_job(request, {}, request.source_dir));
  JsonObject env;
  for (const auto& [name, value] : plan.document.env) env[name] = request.secret_env.contains(name) ? "***" : value;
  JsonArray argv;
  for (const auto& word : plan.document.argv) argv.push_back(text_value(word));
  JsonObject out;
  out["argv"] = std::move(argv);
  out["cwd"] = plan.document.cwd.string();
  out["env"] = std::move(env);
  out["inherits"] = "the agent's environment without its own key";
  return Json(std::move(out));
}

Result<std::optional<JobRecord>> LocalProcessRunner::find_record(const Identity& identity) const {
  TRY(auto record, read_job(folder_of(identity.name)));
  if (record && record->labels != identity.labels) {
    return Error(Code::conflict,
                 fmt::format("a process named {} exists already and belongs to another item", identity.name))
        .hint(fmt::format("Look at {}; remove that folder when nothing needs it.",
                          folder_of(identity.name).job().string()));
  }
  return record;
}

Task<std::optional<RunHandle>> LocalProcessRunner::find(Identity identity) {
  CO_TRY(const auto record, find_record(identity));
  if (!record) co_return std::optional<RunHandle>();
  const JobFolder folder = folder_of(identity.name);
  // Made, but the agent died before a supervisor took it: submit() starts it.
  std::error_code error;
  if (!fs::exists(folder.status(), error) && !folder.supervised()) co_return std::optional<RunHandle>();
  co_return std::optional<RunHandle>(handle_of(identity.name, *record, folder));
}

Task<RunHandle> LocalProcessRunner::submit(SubmitRequest request) {
  auto found = co_await find(request.identity);
  if (!found) co_return std::move(found).error();
  if (*found) co_return **std::move(found);
  const JobFolder folder = folder_of(request.identity.name);
  co_return co_await no_throw(start(std::move(request), folder));
}

Task<RunHandle> LocalProcessRunner::start(SubmitRequest request, JobFolder folder) {
  CO_TRY(auto plan, plan_job(request, env_, request.source_dir.empty() ? folder.path() : folder.work()));
  if (request.source_dir.empty()) {
    co_return Error(Code::invalid_argument, "local-process needs the job's code, and this job brings none");
  }
  std::error_code error;
  fs::create_directories(folder.path(), error);
  fs::permissions(folder.path(), fs::perms::owner_all, error);
  if (error)
    co_return Error(Code::failed_precondition, fmt::format("making {}: {}", folder.path().string(), error.message()));
  CO_TRY(const auto earlier, find_record(request.identity));
  if (!earlier) {
    const JobRecord record{.uid = random_hex(8), .labels = request.identity.labels, .argv = plan.document.argv};
    const std::string record_text = slipway::to_text(to_json(record));
    CO_TRY_VOID(archive::write_file_atomically(folder.job(), record_text, 0600));
  }
  fault_point("process_folder_made");
  std::function<Result<>()> copy = [from = request.source_dir, to = folder.work()] { return copy_source(from, to); };
  CO_TRY_VOID(co_await off_thread(blocking_, std::move(copy)));
  tell(request.progress, plan.notices);
  CO_TRY_VOID(co_await run_supervisor(folder, to_text(plan.document)));
  fault_point("process_started");
  CO_TRY(const auto now, find_record(request.identity));
  if (!now) co_return Error(Code::unavailable, "the folder of the new process disappeared");
  co_return handle_of(request.identity.name, *now, folder);
}

Task<> LocalProcessRunner::run_supervisor(JobFolder folder, std::string document) {
  proc::ProcessSpec spec;
  spec.argv = supervisor_;
  spec.argv.push_back(folder.path().string());
  // Only what the loader needs: the environment of a process can be read in /proc as long as it lives.
  for (const char* name : {"PATH", "LD_LIBRARY_PATH", "SLIPWAY_KILL_AT"}) {
    if (const auto found = env_.find(name); found != env_.end()) spec.env.insert(*found);
  }
  spec.input = std::move(document);
  CO_TRY_VOID(co_await proc::run_checked(std::move(spec), "starting the job's supervisor"));
  co_return Result<>();
}

std::shared_ptr<LocalProcessRunner::Watched> LocalProcessRunner::watched(const RunHandle& handle) {
  auto& known = jobs_[handle.name];
  if (auto job = known.lock()) return job;
  std::erase_if(jobs_, [&](const auto& entry) { return entry.second.expired() && entry.first != handle.name; });
  auto job = std::make_shared<Watched>();
  job->events = folders_.watch(folder_of(handle.name).path());
  job->exit = std::make_shared<Watched::Exit>();
  job->exit->events = job->events;
  if (!job->events->live) job->limit = kLookEvery;
  jobs_[handle.name] = job;
  return job;
}

JobStatus LocalProcessRunner::look(const RunHandle& handle, Watched& job) const {
  const JobFolder folder = folder_of(handle.name);
  JobStatus status = current_status(folder, handle.uid);
  if (status.phase != JobPhase::running || job.exit->gone || job.exit_wait.running()) return status;
  const auto written = read_status(folder);
  if (!written || !*written) return status;
  job.exit_wait.start(executor_, "supervisor's end", [exit = job.exit, supervisor = (**written).supervisor] {
    return Watched::wait_for_supervisor(exit, supervisor);
  });
  return status;
}

Task<JobStatus> LocalProcessRunner::next_status(RunHandle handle, std::optional<JobStatus> known) {
  return no_throw(wait_for_change(std::move(handle), std::move(known)));
}

Task<JobStatus> LocalProcessRunner::wait_for_change(RunHandle handle, std::optional<JobStatus> known) {
  const auto job = watched(handle);
  for (;;) {
    JobStatus status = look(handle, *job);
    if (!status.reachable && known) status.phase = known->phase;
    if (!known || status != *known || status.terminal()) co_return status;
    const auto limit = status.reachable ? job->limit : std::optional(kLookEvery);
    co_await job->events->status.wait(limit);
  }
}

Task<> LocalProcessRunner::follow_logs(RunHandle handle, std::uint64_t from, LogSink sink) {
  return no_throw(copy_lines(std::move(handle), from, std::move(sink)));
}

Task<> LocalProcessRunner::copy_lines(RunHandle handle, std::uint64_t from, LogSink sink) {
  const JobFolder folder = folder_of(handle.name);
  CO_TRY(const auto record, read_job(folder));
  if (!record || record->uid != handle.uid) {
    co_return Error(Code::not_found, fmt::format("there is no output of {}: its folder is gone", handle.name));
  }
  const auto job = watched(handle);
  LogFile file(folder.output());
  LineSplitter splitter(from);
  bool over = look(handle, *job).terminal();
  unsigned seen = job->events->status_changes;
  for (;;) {
    for (std::string bytes = file.read(); !bytes.empty(); bytes = file.read()) {
      std::vector<std::string> lines;
      splitter.feed(bytes, lines);
      if (!lines.empty()) CO_TRY_VOID(co_await sink(std::move(lines)));
    }
    if (over) break;
    if (seen == job->events->status_changes) co_await job->events->output.wait(job->limit);
    // Asked before the file is read again: what the job wrote last is there by then.
    const unsigned now = job->events->status_changes;
    if (job->limit || now != seen) over = look(handle, *job).terminal();
    seen = now;
  }
  std::vector<std::string> last;
  splitter.finish(last);
  if (!last.empty()) CO_TRY_VOID(co_await sink(std::move(last)));
  co_return Result<>();
}

Task<> LocalProcessRunner::stop(RunHandle handle, Millis grace) {
  const JobFolder folder = folder_of(handle.name);
  CO_TRY(const auto record, read_job(folder));
  if (!record || record->uid != handle.uid) co_return Result<>();
  JsonObject request;
  request["grace_ms"] = grace.count();
  const std::string text = slipway::to_text(Json(std::move(request)));
  CO_TRY_VOID(archive::write_file_atomically(folder.stop(), text, 0600));
  // After stop.json: a supervisor that is just starting looks at it once its first status is written.
  CO_TRY(const auto status, read_status(folder));
  if (status && !status->ended && proc::alive(status->supervisor)) ::kill(status->supervisor.pid, SIGTERM);
  co_return Result<>();
}

Task<> LocalProcessRunner::clean_up(RunHandle handle) {
  const JobFolder folder = folder_of(handle.name);
  CO_TRY(const auto record, read_job(folder));
  if (!record || record->uid != handle.uid) co_return Result<>();
  CO_TRY(const auto status, read_status(folder));
  const bool ended = status && status->ended;
  // The last status is written a moment before the supervisor itself is gone.
  if (ended) CO_TRY_VOID(co_await proc::wait_for_exit(status->supervisor));
  if (!ended && folder.supervised()) {
    co_return Error(Code::failed_precondition, fmt::format("cleaning up {}: it still runs", handle.name))
        .hint("Stop it first.");
  }
  jobs_.erase(handle.name);
  // Renamed first, so that a crash in the middle leaves no half job that looks like one.
  const fs::path gone = processes_ / (".removed-" + record->uid);
  std::error_code error;
  fs::rename(folder.path(), gone, error);
  if (error)
    co_return Error(Code::failed_precondition, fmt::format("removing {}: {}", folder.path().string(), error.message()));
  std::function<Result<>()> remove = [gone] { return remove_tree(gone); };
  auto removed = co_await no_throw(off_thread(blocking_, std::move(remove)));
  if (!removed)
    log::warn("the folder of an ended process cannot be removed",
              {{"folder", gone.string()}, {"error", removed.error().message()}});
  co_return Result<>();
}

}  // namespace slipway::plugins::runners::local_process
