#include "agent/services.h"

#include <fmt/format.h>

#include "base/log.h"
#include "base/strings.h"

namespace slipway::agent {

Services::Services(plugins::Context context, launch::AgentConfig config)
    : context_(std::move(context)), config_(std::move(config)) {}

Services::~Services() = default;

Task<std::unique_ptr<Services>> Services::create(plugins::Context context, launch::AgentConfig config) {
  std::unique_ptr<Services> services(new Services(std::move(context), std::move(config)));
  services->artifacts_ = std::make_unique<plugins::sources::artifact::ArtifactFetcher>(services->context_);
  CO_TRY_VOID(services->create_environment());
  CO_TRY_VOID(co_await services->create_builder());
  co_return std::move(services);
}

Result<> Services::create_environment() {
  const std::string type = config_.environment.type.empty() ? "local" : config_.environment.type;
  const auto* plugin = plugins::catalog().environment(type);
  if (!plugin) return Error(Code::invalid_argument, fmt::format("environment.type: '{}' is not known", type));
  if (!plugin->create) {
    return Error(Code::failed_precondition,
                 fmt::format("environment.type: this version of slipway has no '{}' environment", type));
  }
  auto created = plugin->create(context_, config_.environment.raw);
  if (!created) return std::move(created).error().wrap("environment");
  environment_ = *std::move(created);
  return {};
}

Task<> Services::create_builder() {
  const std::string& destination = config_.builder.destination;
  // registry.type: oci is a choice of the person: the registry is used with Docker's logins, whatever cloud it belongs to.
  const bool plain = config_.registry.type == "oci" && !destination.empty();
  const auto* registry = plain ? plugins::catalog().registry("oci") : plugins::catalog().registry_for(destination);
  if (!registry)
    co_return Error(Code::invalid_argument, fmt::format("builder.destination: no registry serves '{}'", destination));
  if (!registry->create) {
    co_return Error(
        Code::failed_precondition,
        fmt::format("builder.destination: this version of slipway cannot use a registry of type '{}'", registry->name));
  }
  auto made = registry->create(context_, destination, config_.registry.raw, environment_.get());
  if (!made) co_return std::move(made).error().wrap("builder.destination");
  registry_ = *std::move(made);

  const auto create = [&](const std::string& type) -> Result<std::unique_ptr<plugins::Builder>> {
    const auto* plugin = plugins::catalog().builder(type);
    if (!plugin) return Error(Code::invalid_argument, fmt::format("builder.type: '{}' is not known", type));
    if (!plugin->create) {
      return Error(Code::failed_precondition,
                   fmt::format("builder.type: this version of slipway has no '{}' builder", type));
    }
    return plugin->create(context_, config_.builder.raw, registry_);
  };
  if (!config_.builder.type.empty()) {
    CO_TRY(builder_, create(config_.builder.type));
    co_return Result<>();
  }
  // S-47: docker where a working docker is found, noop elsewhere.
  CO_TRY(builder_, create("docker"));
  auto usable = co_await builder_->verify();
  if (usable) co_return Result<>();
  log::info("no builder is configured and Docker is not usable: code runs on a base image or in place",
            {{"reason", usable.error().message()}});
  CO_TRY(builder_, create("noop"));
  co_return Result<>();
}

Result<plugins::Runner*> Services::runner_of(const plugins::RunnerPlugin& plugin) {
  auto& slot = runners_[plugin.name];
  if (!slot.runner) {
    TRY(slot.runner, plugin.create(context_, environment_));
  }
  return slot.runner.get();
}

Task<plugins::Runner*> Services::verified_runner(const plugins::RunnerPlugin& plugin) {
  CO_TRY(auto* runner, runner_of(plugin));
  if (!runners_[plugin.name].verified) {
    CO_TRY_VOID(co_await runner->verify());
    runners_[plugin.name].verified = true;
  }
  co_return runner;
}

Result<Services::Target> Services::unverified_target(std::string_view resource) {
  const auto* plugin = plugins::catalog().runner(resource);
  if (!plugin) {
    std::vector<std::string> names;
    for (const auto& each : plugins::catalog().runners) names.push_back(each.name);
    return Error(Code::invalid_argument, fmt::format("resource '{}' is not known.{} Known: {}", resource,
                                                     did_you_mean(resource, names), join(names, ", ")));
  }
  if (!plugin->create) {
    return Error(Code::failed_precondition,
                 fmt::format("this version of slipway has no runner for {}", plugin->display_name));
  }
  TRY(auto* runner, runner_of(*plugin));
  return Target{plugin, runner};
}

Task<Services::Target> Services::target(std::string resource) {
  CO_TRY(auto target, unverified_target(resource));
  CO_TRY_VOID(co_await verified_runner(*target.plugin));
  co_return target;
}

Result<plugins::Source*> Services::source(std::string_view type) {
  auto& slot = sources_[std::string(type)];
  if (!slot) {
    const auto* plugin = plugins::catalog().source(type);
    if (!plugin)
      return Error(Code::invalid_argument, fmt::format("the job has the source type '{}', which is not known", type));
    TRY(slot, plugin->create(context_));
  }
  return slot.get();
}

Task<std::vector<std::string>> Services::scopes() {
  std::vector<std::string> found;
  for (const auto& plugin : plugins::catalog().runners) {
    if (!plugin.create) continue;
    auto runner = co_await verified_runner(plugin);
    if (runner)
      found.push_back((*runner)->scope());
    else
      log::debug("runner is not usable here", {{"runner", plugin.name}, {"reason", runner.error().message()}});
  }
  co_return found;
}

Task<std::vector<Check>> Services::check_all() {
  std::vector<Check> checks;
  const std::string environment = config_.environment.type.empty() ? "local" : config_.environment.type;
  checks.push_back({"environment " + environment, co_await environment_->verify()});
  const std::string repository = registry_->repository();
  if (!repository.empty()) {
    // Any tag will do: the question is whether the registry answers.
    auto reachable = co_await registry_->image_exists("slipway-doctor");
    Result<> outcome;
    if (!reachable) outcome = std::move(reachable).error();
    checks.push_back({"registry " + repository, std::move(outcome)});
  }
  checks.push_back({builder_->can_build() ? "builder" : "builder noop", co_await builder_->verify()});
  for (const auto& plugin : plugins::catalog().runners) {
    if (!plugin.create) continue;
    auto runner = co_await verified_runner(plugin);
    // Not set up here, and nobody has said that it should be.
    if (!runner && runner.error().code() == Code::not_found) continue;
    Result<> outcome;
    if (!runner) outcome = std::move(runner).error();
    checks.push_back({"runner " + plugin.name, std::move(outcome)});
  }
  co_return checks;
}

}  // namespace slipway::agent
