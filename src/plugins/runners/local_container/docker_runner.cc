#include "plugins/runners/local_container/docker_runner.h"

#include <unistd.h>

#include <fstream>

#include "archive/archive.h"
#include "base/fault_point.h"
#include "base/log.h"
#include "base/strings.h"
#include "plugins/runners/local_container/create_error.h"
#include "plugins/runners/local_container/image_pull.h"
#include "plugins/runners/start_script.h"
#include "proc/process.h"

namespace slipway::plugins::runners::local_container {
namespace {

namespace fs = std::filesystem;

constexpr int kCannotExecute = 126;
constexpr int kNotFound = 127;

std::string boot_id() {
  const auto self = proc::identify(::getpid());
  return self ? self->boot_id : "";
}

Error no_cli() {
  return Error(Code::failed_precondition, "there is no docker program in PATH")
      .hint(
          "Install Docker (on Debian: apt-get install docker.io), or use a queue of the resource "
          "local-process.");
}

Error no_engine(const DockerHost& host, const Error& why) {
  Error error(why.code() == Code::unavailable ? Code::unavailable : Code::failed_precondition,
              fmt::format("the Docker engine at {} does not answer: {}", host.address, why.message()));
  if (!host.unix_socket.empty() && ::access(host.unix_socket.c_str(), F_OK) == 0 &&
      ::access(host.unix_socket.c_str(), W_OK) != 0) {
    return std::move(error).hint("This user may not use it: add the user to the group docker and log in again.");
  }
  return std::move(error).hint("Start it (systemctl start docker), or set DOCKER_HOST to where it listens.");
}

Error foreign(const std::string& name) {
  return Error(Code::conflict, fmt::format("a container named {} exists already and belongs to another item", name))
      .hint(fmt::format("Look at it with `docker inspect {}`; remove it when nothing needs it.", name));
}

bool has_labels(const Json& inspected, const std::map<std::string, std::string>& wanted) {
  const Json* labels = find_path(inspected, "Config.Labels");
  for (const auto& [key, value] : wanted) {
    if (labels == nullptr || text_or(*labels, key) != value) return false;
  }
  return true;
}

void tell(const LineSink& sink, const std::vector<std::string>& lines) {
  if (!sink) return;
  for (const auto& line : lines) sink(line);
}

std::string container_path(const std::string& id, std::string_view what) {
  return "/containers/" + net::url_encode(id) + std::string(what);
}

Result<> pack(const fs::path& folder, const fs::path& tar, const std::string& below) {
  TRY(const auto entries, archive::list_tree(folder));
  return archive::write_tar(folder, entries, tar, {.below = below, .modes = archive::TarModes::writable_by_all});
}

}  // namespace

DockerRunner::DockerRunner(const Context& context)
    : executor_(context.executor),
      blocking_(context.blocking),
      clock_(context.clock),
      state_dir_(context.state_dir),
      env_(context.env) {}

DockerRunner::~DockerRunner() = default;

std::string DockerRunner::scope() const { return "docker:" + engine_id_; }

fs::path DockerRunner::stop_mark(const RunHandle& handle) const {
  return state_dir_ / "containers" / (handle.name + ".stop");
}

RunHandle DockerRunner::handle_of(const std::string& name, const std::string& id) const {
  JsonObject details;
  if (!engine_->host().unix_socket.empty()) details["boot_id"] = boot_id();
  return {.name = name, .uid = id, .details = std::move(details)};
}

Task<> DockerRunner::connect() {
  if (engine_) co_return Result<>();
  const auto path = env_.find("PATH");
  const auto cli = proc::find_program("docker", path == env_.end() ? std::nullopt : std::optional(path->second));
  if (!cli) co_return no_cli();
  CO_TRY(auto host, co_await find_docker_host(cli->string(), env_));
  if (engine_) co_return Result<>();
  cli_ = cli->string();
  http_ = std::make_shared<net::HttpClient>(net::HttpClient::Options{.max_connections_per_host = 0});
  engine_ = std::make_shared<EngineApi>(http_, std::move(host));
  watch_ = std::make_unique<ContainerWatch>(executor_, engine_, *clock_);
  co_return Result<>();
}

Task<> DockerRunner::verify() {
  CO_TRY_VOID(co_await connect());
  const auto info = co_await engine_->get("/info");
  if (!info) co_return no_engine(engine_->host(), info.error());
  engine_id_ = text_or(*info, "ID");
  std::error_code error;
  fs::create_directories(state_dir_ / "containers", error);
  if (error)
    co_return Error(Code::failed_precondition,
                    fmt::format("making {}: {}", (state_dir_ / "containers").string(), error.message()));
  co_return Result<>();
}

Result<Json> DockerRunner::render(const SubmitRequest& request) const {
  TRY(const DockerCommand command, docker_command(request, {}));
  JsonArray argv{"docker"};
  std::string line = "docker";
  for (const auto& word : command.arguments) {
    argv.push_back(text_value(word));
    line += " " + quote_word(word);
  }
  JsonObject env;
  for (const auto& [name, value] : command.env) env[name] = request.secret_env.contains(name) ? "***" : value;
  JsonObject out;
  out["argv"] = std::move(argv);
  out["command"] = line;
  out["env"] = std::move(env);
  return Json(std::move(out));
}

Task<std::optional<DockerRunner::Found>> DockerRunner::inspect(Identity identity) {
  CO_TRY_VOID(co_await connect());
  const auto seen = co_await engine_->get(container_path(identity.name, "/json"));
  if (!seen && seen.error().code() == Code::not_found) co_return std::optional<Found>();
  if (!seen) co_return seen.error();
  if (text_or(*seen, "Name") != "/" + identity.name) co_return std::optional<Found>();
  if (!has_labels(*seen, identity.labels)) co_return foreign(identity.name);
  const Json* labels = find_path(*seen, "Config.Labels");
  co_return std::optional<Found>(Found{.id = text_or(*seen, "Id"),
                                       .state = container_state(*seen),
                                       .needs_source = labels && slipway::find(*labels, kSourceLabel) != nullptr});
}

Task<std::optional<RunHandle>> DockerRunner::find(Identity identity) {
  CO_TRY(const auto found, co_await inspect(identity));
  if (!found) co_return std::optional<RunHandle>();
  const RunHandle handle = handle_of(identity.name, found->id);
  std::error_code error;
  if (!found->state.only_created() || fs::exists(stop_mark(handle), error)) co_return std::optional<RunHandle>(handle);
  // Its creator died before it was started. The source can only come from whoever has it: submit() goes on
  // there.
  if (found->needs_source) co_return std::optional<RunHandle>();
  CO_TRY_VOID(co_await start(found->id));
  co_return std::optional<RunHandle>(handle);
}

Task<> DockerRunner::prepare(SubmitRequest request) {
  CO_TRY(const auto command, docker_command(request, env_));
  const ImageWish wish{.image = request.image, .policy = command.options.pull, .platform = command.options.platform};
  co_return co_await ensure_image(engine_, env_, wish, request.progress);
}

Task<RunHandle> DockerRunner::submit(SubmitRequest request) {
  CO_TRY(auto found, co_await inspect(request.identity));
  if (found) {
    const RunHandle handle = handle_of(request.identity.name, found->id);
    std::error_code error;
    if (!found->state.only_created() || fs::exists(stop_mark(handle), error)) co_return handle;
  }
  co_return co_await no_throw(begin(std::move(request), std::move(found)));
}

Task<RunHandle> DockerRunner::begin(SubmitRequest request, std::optional<Found> container) {
  CO_TRY(const auto command, docker_command(request, env_));
  tell(request.progress, command.notices);
  if (!container) {
    const ImageWish wish{.image = request.image, .policy = command.options.pull, .platform = command.options.platform};
    CO_TRY_VOID(co_await ensure_image(engine_, env_, wish, request.progress));
    CO_TRY(container, co_await create(request, command));
  }
  const std::string id = container->id;
  fault_point("container_created");
  if (!request.source_dir.empty()) CO_TRY_VOID(co_await copy_source(id, request, command.installs_dependencies));
  if (container->state.only_created()) CO_TRY_VOID(co_await start(id));
  fault_point("container_started");
  co_return handle_of(request.identity.name, id);
}

Task<DockerRunner::Found> DockerRunner::create(const SubmitRequest& request, const DockerCommand& command) {
  const auto created = co_await run_create(command, request.identity.name);
  if (!created && created.error().code() != Code::conflict) co_return created.error();
  CO_TRY(auto found, co_await inspect(request.identity));
  // "The name is taken", and yet it is not there: somebody removed it in between.
  if (!found)
    co_return Error(Code::unavailable,
                    fmt::format("the container {} disappeared while it was created", request.identity.name));
  co_return *std::move(found);
}

Task<> DockerRunner::run_create(DockerCommand command, std::string name) {
  proc::ProcessSpec spec;
  spec.argv = std::move(command.arguments);
  spec.argv.insert(spec.argv.begin(), cli_);
  spec.env = std::move(command.env);
  spec.env["DOCKER_HOST"] = engine_->host().address;
  spec.env.erase("DOCKER_CONTEXT");
  spec.timeout = Millis(120'000);
  const auto result = co_await proc::run(std::move(spec));
  if (!result && result.error().code() == Code::deadline_exceeded)
    co_return Error(Code::unavailable, "docker create did not answer in time");
  if (!result) co_return result.error();
  if (!result->ok()) co_return create_error(name, result->exit_code, result->tail());
  co_return Result<>();
}

Task<> DockerRunner::copy_source(std::string id, SubmitRequest request, bool with_start_script) {
  CO_TRY_VOID(co_await put(id, request.source_dir, std::string(kWorkFolder.substr(1))));
  if (!with_start_script) co_return Result<>();
  CO_TRY(const auto folder, archive::TemporaryFolder::create("slipway-start-", state_dir_));
  const auto file = folder.path() / "start.sh";
  CO_TRY_VOID(archive::write_file_atomically(file, start_script(), 0755));
  co_return co_await put(id, folder.path(), std::string(kStartFolder.substr(1)));
}

Task<> DockerRunner::put(std::string id, fs::path folder, std::string below) {
  CO_TRY(const auto temporary, archive::TemporaryFolder::create("slipway-source-", state_dir_));
  const fs::path tar = temporary.path() / "source.tar";
  std::function<Result<>()> work = [folder, tar, below] { return pack(folder, tar, below); };
  Result<> packed;
  if (blocking_ == nullptr) {
    packed = work();
  } else {
    packed = co_await on_pool(*blocking_, std::move(work));
  }
  if (!packed) co_return std::move(packed).error().wrap("packing the job's source");
  co_return co_await engine_->put_tar(id, tar);
}

Task<> DockerRunner::start(std::string id) {
  const auto started = co_await engine_->post(container_path(id, "/start"));
  if (started || started.error().code() == Code::unavailable || started.error().code() == Code::deadline_exceeded)
    co_return started;
  const auto seen = co_await engine_->get(container_path(id, "/json"));
  if (seen) {
    const ContainerState state = container_state(*seen);
    const bool says_why = state.ended() && (state.exit_code == kCannotExecute || state.exit_code == kNotFound);
    if (says_why || state.status == "running") co_return Result<>();
  }
  const auto removed = co_await engine_->remove(container_path(id, "?v=1"));
  if (!removed)
    log::warn("a container that could not be started cannot be removed",
              {{"container", id}, {"error", removed.error().message()}});
  co_return start_error(started.error());
}

JobStatus DockerRunner::status_of(const RunHandle& handle, const TrackedContainer& container) const {
  Circumstances around;
  std::error_code error;
  around.stop_asked = fs::exists(stop_mark(handle), error);
  const std::string boot = text_or(handle.details, "boot_id");
  around.another_boot = !boot.empty() && boot != boot_id();
  std::tie(around.outage_from, around.outage_until) = watch_->last_outage();
  JobStatus status{.phase = JobPhase::starting};
  if (container.gone) status = gone_status(around);
  if (container.state) status = job_status(*container.state, around);
  // What is over is over, whether the engine answers now or not.
  status.reachable = container.reachable || status.terminal();
  return status;
}

Task<JobStatus> DockerRunner::next_status(RunHandle handle, std::optional<JobStatus> known) {
  return no_throw(wait_for_change(std::move(handle), std::move(known)));
}

Task<JobStatus> DockerRunner::wait_for_change(RunHandle handle, std::optional<JobStatus> known) {
  CO_TRY_VOID(co_await connect());
  const auto container = watch_->track(handle.uid);
  for (;;) {
    const bool seen = container->state || container->gone;
    if (seen || !container->reachable) {
      JobStatus status = status_of(handle, *container);
      if (!seen && known) status.phase = known->phase;
      if (!known || status != *known || status.terminal()) co_return status;
    }
    co_await container->changed.wait();
  }
}

Task<> DockerRunner::stop(RunHandle handle, Millis grace) {
  CO_TRY_VOID(co_await connect());
  const auto seen = co_await engine_->get(container_path(handle.uid, "/json"));
  if (!seen && seen.error().code() == Code::not_found) co_return Result<>();
  if (!seen) co_return seen.error();
  const ContainerState state = container_state(*seen);
  if (text_or(*seen, "Id") != handle.uid || state.ended()) co_return Result<>();
  std::error_code error;
  fs::create_directories(state_dir_ / "containers", error);
  CO_TRY_VOID(archive::write_file_atomically(stop_mark(handle), "", 0600));
  if (state.only_created()) co_return Result<>();
  // The request stays open until the container has ended, and an engine may take its early end for
  // impatience. So it lives on by itself.
  const auto seconds = std::max<std::int64_t>(0, (grace.count() + 999) / 1000);
  const std::string path = grace.count() <= 0 ? container_path(handle.uid, "/kill?signal=KILL")
                                              : container_path(handle.uid, fmt::format("/stop?t={}", seconds));
  struct Asked {
    explicit Asked(const asio::any_io_executor& executor) : done(executor) {}
    std::optional<Result<>> answer;
    Event done;
  };
  const auto asked = std::make_shared<Asked>(executor_);
  auto& request = stops_[path];
  if (request && request->running()) co_return Result<>();
  request = std::make_unique<Background>();
  const Millis limit = grace + Millis(60'000);
  request->start(executor_, "stop of " + handle.name,
                 [asked, engine = engine_, path, limit]() -> asio::awaitable<void> {
                   asked->answer = co_await engine->post(path, limit);
                   asked->done.notify_all();
                 });
  if (!asked->answer) co_await asked->done.wait(std::chrono::milliseconds(500));
  if (!asked->answer || *asked->answer) co_return Result<>();
  const Code code = asked->answer->error().code();
  // Ended or removed in the meantime.
  if (code == Code::not_found || code == Code::conflict) co_return Result<>();
  co_return *asked->answer;
}

Task<> DockerRunner::clean_up(RunHandle handle) {
  CO_TRY_VOID(co_await connect());
  const auto seen = co_await engine_->get(container_path(handle.uid, "/json"));
  if (!seen && seen.error().code() != Code::not_found) co_return seen.error();
  if (seen && text_or(*seen, "Id") == handle.uid) {
    const ContainerState state = container_state(*seen);
    if (!state.ended() && state.status != "created" && state.status != "removing") {
      co_return Error(Code::failed_precondition, fmt::format("cleaning up {}: it still runs", handle.name))
          .hint("Stop it first.");
    }
    const auto removed = co_await engine_->remove(container_path(handle.uid, "?v=1"));
    // Somebody else was faster, or is at it.
    const bool gone = removed || removed.error().code() == Code::not_found || removed.error().code() == Code::conflict;
    if (!gone) co_return removed;
  }
  watch_->forget(handle.uid);
  std::erase_if(stops_, [&](const auto& entry) { return entry.first.starts_with(container_path(handle.uid, "/")); });
  std::error_code ignored;
  fs::remove(stop_mark(handle), ignored);
  co_return Result<>();
}

}  // namespace slipway::plugins::runners::local_container
