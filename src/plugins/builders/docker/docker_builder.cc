#include "plugins/builders/docker/docker_builder.h"

#include <optional>

#include "base/ids.h"
#include "launch/image_ref.h"
#include "launch/names.h"
#include "plugins/builders/docker/base_identity.h"
#include "plugins/builders/docker/build_plan.h"
#include "plugins/builders/docker/docker_cli.h"
#include "plugins/builders/docker/source_hash.h"
#include "plugins/merged_work.h"

namespace slipway::plugins::builders::docker {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kRememberedPlans = 64;

/// All that makes two requests the same, but the log.
std::string request_key(const BuildRequest& request) {
  JsonArray entry_point, source_entry_point;
  for (const auto& word : request.entry_point) entry_point.push_back(text_value(word));
  for (const auto& word : request.source.entry_point) source_entry_point.push_back(text_value(word));
  const JsonArray parts{text_value(request.source.dir.string()),
                        text_value(request.source.identity),
                        text_value(request.source.build_context),
                        text_value(request.source.dockerfile),
                        text_value(request.source.python_version),
                        text_value(request.source.job_dir.string()),
                        std::move(source_entry_point),
                        std::move(entry_point),
                        text_value(request.override_dockerfile),
                        text_value(request.accelerator_base_image),
                        text_value(request.resource),
                        request.user_id,
                        text_value(request.image_name)};
  return to_text(parts);
}

/// Contexts of builds that an agent died in.
void remove_leftovers(const fs::path& builds) {
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(24);
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(builds, ec)) {
    std::error_code ignored;
    if (entry.last_write_time(ignored) < old) fs::remove_all(entry.path(), ignored);
  }
}

class DockerBuilder final : public Builder {
 public:
  DockerBuilder(Context& context, DockerConfig config, std::shared_ptr<Registry> registry)
      : context_(context),
        config_(std::move(config)),
        registry_(std::move(registry)),
        client_(std::make_shared<registries::oci::RegistryClient>(context.http, context.env)),
        requests_(context.executor),
        builds_(context.executor) {
    remove_leftovers(context.state_dir / "builds");
  }

  bool can_build() const override { return true; }

  Task<> verify() override {
    CO_TRY(engine_, co_await find_build_engine(context_.env));
    co_return Result<>();
  }

  /// Equal requests are planned once; equal images, whatever request they come from, are built once.
  Task<BuiltImage> build(BuildRequest request) override {
    auto log = request.log;
    const auto key = request_key(request);
    auto work = [this, request](LineSink say) { return plan_and_build(request, std::move(say)); };
    co_return co_await requests_.run(key, std::move(log), std::move(work));
  }

 private:
  using PlanPtr = std::shared_ptr<const BuildPlan>;

  Task<BuiltImage> plan_and_build(BuildRequest request, LineSink log) {
    CO_TRY(const auto plan, co_await plan_of(request));
    std::map<std::string, std::string> bases;
    for (const auto& image : base_images(plan->plain_dockerfile, config_.build_args)) {
      const auto pull = config_.always_pull ? Pull::always : Pull::missing;
      CO_TRY(bases[image], co_await base_identity(context_.env, client_, image, pull, log));
    }
    const auto tag = source_hash(*plan, config_, bases);
    const auto repository = registry_->repository();
    const auto name = repository.empty()
                          ? launch::docker_image_name(request.image_name.empty() ? "job" : request.image_name)
                          : repository;
    const auto reference = name + ":" + tag;
    auto work = [this, plan, reference, tag](LineSink say) {
      return build_image(plan, reference, tag, std::move(say));
    };
    CO_TRY(auto built, co_await builds_.run(reference, std::move(log), std::move(work)));
    built.entry_point_in_image = plan->entry_point_in_image;
    built.entry_point = plan->entry_point;
    built.warnings.insert(built.warnings.begin(), plan->warnings.begin(), plan->warnings.end());
    co_return built;
  }

  /// The identity of a source names its exact content, so its tree is hashed once.
  Task<PlanPtr> plan_of(BuildRequest request) {
    const auto key = request_key(request);
    if (const auto known = plans_.find(key); known != plans_.end()) co_return known->second;
    auto make = [request, config = config_] { return plan_build(request, config); };
    auto making = on_pool(*context_.blocking, std::move(make));
    CO_TRY(auto plan, co_await std::move(making));
    if (plans_.size() >= kRememberedPlans) plans_.clear();
    auto shared = std::make_shared<const BuildPlan>(std::move(plan));
    plans_[key] = shared;
    co_return shared;
  }

  Task<BuiltImage> build_image(PlanPtr plan, std::string reference, std::string tag, LineSink log) {
    BuiltImage built;
    built.reference = reference;
    const bool remote = !registry_->repository().empty();
    CO_TRY(built.reused, co_await registry_->image_exists(remote ? tag : reference));
    if (built.reused) {
      log("image " + reference + " exists: nothing to build");
      co_return built;
    }
    if (!engine_) CO_TRY_VOID(co_await verify());
    CO_TRY(const auto login, co_await registry_->login());
    CO_TRY(const auto folder, LoginFolder::create(context_.env, login));
    CO_TRY(const auto output, co_await run_build(plan, reference, folder.environment(), log));
    built.warnings = output.warnings;
    if (remote) CO_TRY_VOID(co_await push(reference, folder.environment(), log));
    co_return built;
  }

  Task<Output> run_build(PlanPtr plan, std::string reference, std::map<std::string, std::string> env, LineSink log) {
    std::error_code ec;
    fs::create_directories(context_.state_dir / "builds", ec);
    CO_TRY(const auto folder, archive::TemporaryFolder::create("build-", context_.state_dir / "builds"));
    auto stage = [plan, path = folder.path() / "context"] { return stage_context(*plan, path); };
    auto staging = on_pool(*context_.blocking, std::move(stage));
    CO_TRY_VOID(co_await std::move(staging));
    const auto dockerfile = folder.path() / "Dockerfile";
    CO_TRY_VOID(archive::write_file_atomically(
        dockerfile, *engine_ == BuildEngine::classic ? plan->plain_dockerfile : plan->dockerfile));
    if (*engine_ != BuildEngine::buildx) env["DOCKER_BUILDKIT"] = *engine_ == BuildEngine::buildkit ? "1" : "0";
    const auto arguments = build_arguments(reference, dockerfile, folder.path() / "context");
    log("building image " + reference);
    CO_TRY(auto output, co_await run_docker(env, arguments, config_.timeout, log));
    if (output.signal != 0) {
      // Nobody here stopped it, so somebody or something killed the docker program: one more try instead of failing all who wait.
      log("the build was ended by signal " + std::to_string(output.signal) + "; it is started again");
      CO_TRY(output, co_await run_docker(env, arguments, config_.timeout, log));
    }
    if (output.exit_code != 0) {
      co_return Error(Code::failed_precondition, "building the image failed: docker build exited with " +
                                                     std::to_string(output.exit_code) + output.tail());
    }
    co_return output;
  }

  std::vector<std::string> build_arguments(const std::string& reference, const fs::path& dockerfile,
                                           const fs::path& context) const {
    std::vector<std::string> arguments = {"build"};
    if (*engine_ == BuildEngine::buildx) arguments = {"buildx", "build", "--load"};
    if (*engine_ != BuildEngine::classic) arguments.emplace_back("--progress=plain");
    for (const auto& argument : {std::string("--tag=") + reference, "--file=" + dockerfile.string()})
      arguments.push_back(argument);
    if (!config_.platform.empty()) arguments.push_back("--platform=" + config_.platform);
    if (!config_.network.empty()) arguments.push_back("--network=" + config_.network);
    for (const auto& [key, value] : config_.build_args) arguments.push_back("--build-arg=" + key + "=" + value);
    arguments.emplace_back("--");
    arguments.push_back(context.string());
    return arguments;
  }

  Task<> push(std::string reference, std::map<std::string, std::string> env, LineSink log) {
    log("pushing " + reference);
    std::vector<std::string> arguments = {"push", "--", reference};
    CO_TRY(const auto output, co_await run_docker(std::move(env), std::move(arguments), config_.timeout, log));
    if (output.exit_code == 0) co_return Result<>();
    co_return Error(Code::failed_precondition, "pushing the image " + reference + " failed:" + output.tail())
        .hint("Log in on the agent's machine (docker login), and check that the login may write to that repository.");
  }

  Context& context_;
  DockerConfig config_;
  std::shared_ptr<Registry> registry_;
  std::shared_ptr<registries::oci::RegistryClient> client_;
  std::optional<BuildEngine> engine_;
  std::map<std::string, PlanPtr> plans_;
  MergedWork<BuiltImage> requests_;
  MergedWork<BuiltImage> builds_;
};

}  // namespace

BuilderPlugin plugin() {
  return {.name = "docker",
          .doc = "Builds with the Docker daemon of the agent's machine.",
          .create = [](Context& context, const Json& config,
                       std::shared_ptr<Registry> registry) -> Result<std::unique_ptr<Builder>> {
            TRY(auto parsed, parse_docker_config(config));
            if (!registry)
              return Error(Code::internal, "the docker builder needs a registry; the local image store is one");
            return std::make_unique<DockerBuilder>(context, std::move(parsed), std::move(registry));
          }};
}

}  // namespace slipway::plugins::builders::docker
