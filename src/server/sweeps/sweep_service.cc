#include "server/sweeps/sweep_service.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/log.h"
#include "base/strings.h"
#include "launch/sweep_search.h"
#include "server/service/access.h"
#include "server/tracking/run_service.h"

namespace slipway::server {
namespace {

constexpr std::string_view kPlaceholder = "WANDB_SWEEP_ID";
constexpr std::array<std::string_view, 6> kStates = {"PENDING", "RUNNING", "PAUSED", "FINISHED", "CANCELED", "CRASHED"};
constexpr Millis kSilence{5 * 60'000};

bool has_ended(std::string_view state) { return state == "FINISHED" || state == "CANCELED" || state == "CRASHED"; }

Error no_sweep(const RunKey& key) {
  return absent("sweep", fmt::format("{}/{}/{}", key.entity, key.project, key.name));
}

std::string with_name(std::string text, const std::string& name) {
  for (std::size_t at = text.find(kPlaceholder); at != std::string::npos; at = text.find(kPlaceholder, at))
    text.replace(at, kPlaceholder.size(), name);
  return text;
}

/// Clients put each argument of the scheduler into quotes for a shell (protocol 9.1). The agents of newer clients, and ours, start it without one.
Result<std::string> without_quotes(const std::string& spec_text) {
  TRY(Json spec, parse_json(spec_text));
  Json* overrides = spec.is_object() ? spec.get_object().if_contains("overrides") : nullptr;
  Json* args = overrides && overrides->is_object() ? overrides->get_object().if_contains("args") : nullptr;
  if (!args || !args->is_array()) return spec_text;
  for (Json& arg : args->get_array()) {
    if (!arg.is_string()) continue;
    const std::string_view text(arg.get_string().data(), arg.get_string().size());
    if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'')
      arg = text_value(std::string(text.substr(1, text.size() - 2)));
  }
  return to_text(spec);
}

/// A metric of the summary by its name; nested summaries are asked by path.
std::optional<double> metric_of(const Json& summary, const std::string& name) {
  const Json* value = find(summary, name);
  if (!value) value = find_path(summary, name);
  if (!value || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

/// Killed and crashed runs without a result do not count against the cap (protocol 9.2).
bool counts(const Run& run) {
  const bool lost = run.state == "killed" || run.state == "crashed";
  return !lost || (run.summary.is_object() && !run.summary.get_object().empty());
}

std::vector<launch::Trial> trials_of(const launch::SweepConfig& config, const std::vector<Run>& runs) {
  std::vector<launch::Trial> trials;
  for (const Run& run : runs) {
    if (!run.config.is_object()) continue;
    launch::Trial trial;
    trial.config = run.config.get_object();
    if (is_terminal_run(run.state)) trial.metric = metric_of(run.summary, config.metric);
    trials.push_back(std::move(trial));
  }
  return trials;
}

Result<std::string> known_state(const std::string& state) {
  if (std::ranges::find(kStates, state) != kStates.end()) return state;
  return Error(Code::invalid_argument, fmt::format("'{}' is no state of sweeps", state))
      .hint("One of RUNNING, PAUSED, FINISHED and CANCELED.");
}

}  // namespace

Task<Sweep> SweepService::find(Principal who, RunKey key, Role needed) {
  if (auto allowed = require(who, key.entity, needed); !allowed) {
    if (allowed.error().code() != Code::not_found) co_return std::move(allowed).error();
    co_return no_sweep(key);
  }
  CO_TRY(auto sweep, co_await store_.find_sweep(key));
  if (!sweep) co_return no_sweep(key);
  co_return *std::move(sweep);
}

Task<SavedSweep> SweepService::save(Principal who, std::string author, SweepInput input) {
  if (input.change.state) {
    CO_TRY(input.change.state, known_state(*input.change.state));
  }
  if (input.id) co_return co_await change(std::move(who), std::move(author), std::move(input));
  co_return co_await create(std::move(who), std::move(author), std::move(input));
}

Task<SavedSweep> SweepService::create(Principal who, std::string author, SweepInput input) {
  CO_TRY_VOID(require(who, input.entity, Role::member));
  if (const std::string fault = name_fault(input.project); !fault.empty())
    co_return Error(Code::invalid_argument,
                    fmt::format("'{}' cannot be the name of a project: {}", to_utf8_lossy(input.project), fault));
  if (!input.change.config) co_return Error(Code::invalid_argument, "a sweep needs a configuration");
  CO_TRY(const auto config, launch::parse_sweep_config(*input.change.config));
  Sweep sweep;
  sweep.key = {.entity = input.entity, .project = input.project, .name = random_id()};
  sweep.display_name = input.change.display_name.value_or(config.name);
  sweep.description = input.change.description.value_or("");
  sweep.config = *input.change.config;
  sweep.state = input.change.state.value_or(input.launch_scheduler ? "PENDING" : "RUNNING");
  sweep.controller = input.change.controller.value_or("");
  sweep.scheduler = input.change.scheduler.value_or("");
  sweep.user = author;
  SavedSweep saved;
  saved.inserted = true;
  saved.warnings = config.warnings;
  CO_TRY(saved.sweep, co_await store_.create_sweep(std::move(sweep)));
  if (!input.launch_scheduler) co_return saved;
  auto queued = co_await queue_scheduler(std::move(who), std::move(author), saved.sweep, std::move(input));
  if (queued) {
    saved.sweep = *std::move(queued);
    co_return saved;
  }
  // Nobody will ever work for it.
  SweepChange ended;
  ended.state = "CANCELED";
  CO_TRY_VOID(co_await store_.change_sweep(saved.sweep.id, std::move(ended)));
  co_return std::move(queued).error().wrap("queueing the sweep's scheduler");
}

Task<SavedSweep> SweepService::change(Principal who, std::string author, SweepInput input) {
  CO_TRY(auto current, co_await store_.get_sweep(*input.id));
  if (!current || !role_in(who, current->key.entity)) co_return absent("sweep", std::to_string(*input.id));
  CO_TRY_VOID(require(who, current->key.entity, Role::agent));
  SavedSweep saved;
  if (input.change.config) {
    CO_TRY(const auto config, launch::parse_sweep_config(*input.change.config));
    saved.warnings = config.warnings;
  }
  const auto& wanted = input.change.state;
  if (wanted && *wanted == "PAUSED" && current->state != "RUNNING" && current->state != "PAUSED") {
    co_return Error(Code::failed_precondition,
                    fmt::format("sweep '{}' is {}, so it cannot be paused", current->key.name, lower(current->state)));
  }
  CO_TRY(saved.sweep, co_await store_.change_sweep(current->id, input.change));
  if (input.launch_scheduler) {
    CO_TRY(saved.sweep, co_await queue_scheduler(std::move(who), std::move(author), saved.sweep, std::move(input)));
  }
  co_return saved;
}

Task<Sweep> SweepService::queue_scheduler(Principal who, std::string author, Sweep sweep, SweepInput input) {
  const std::string text = with_name(*input.launch_scheduler, sweep.key.name);
  CO_TRY(const Json scheduler, parse_json(text));
  PushInput push;
  push.entity = sweep.key.entity;
  push.queue = text_or(scheduler, "queue");
  CO_TRY(push.spec, without_quotes(text_or(scheduler, "run_spec")));
  push.template_values = std::move(input.template_values);
  CO_TRY_VOID(co_await pushes_.push(std::move(who), std::move(author), std::move(push)));
  SweepChange change;
  change.scheduler = text;
  co_return co_await store_.change_sweep(sweep.id, std::move(change));
}

Task<SweepAgent> SweepService::register_agent(Principal who, RunKey sweep, std::string host) {
  CO_TRY(const Sweep found, co_await find(std::move(who), std::move(sweep), Role::agent));
  co_return co_await store_.create_agent(found.id, std::move(host));
}

Task<> SweepService::give_up_lost_runs(const Sweep& sweep, const std::vector<Run>& runs) {
  CO_TRY(const auto agents, co_await store_.list_agents(sweep.id));
  for (const auto& agent : agents) {
    if (agent.run.empty() || services_.clock.now() - agent.heartbeat_at < kSilence.count()) continue;
    const auto run = std::ranges::find(runs, agent.run, [](const Run& each) { return each.key.name; });
    if (run != runs.end() && run->state == "pending") CO_TRY_VOID(co_await store_.give_up_run(run->id));
  }
  co_return Result<>();
}

Task<std::vector<SweepCommand>> SweepService::heartbeat(Principal who, Id id, std::vector<std::string> active) {
  CO_TRY(const auto agent, co_await store_.get_agent(id));
  // 404: clients take it for a deleted sweep and end.
  if (!agent) co_return absent("sweep agent", std::to_string(id));
  CO_TRY(auto sweep, co_await store_.get_sweep(agent->sweep));
  if (!sweep || !role_in(who, sweep->key.entity)) co_return absent("sweep agent", std::to_string(id));
  CO_TRY_VOID(require(who, sweep->key.entity, Role::agent));
  CO_TRY_VOID(co_await store_.touch_agent(id));
  std::vector<SweepCommand> commands;
  if (!active.empty()) {
    if (sweep->state != "CANCELED") co_return commands;
    for (auto& run : active) commands.push_back({SweepCommand::Kind::stop, std::move(run), {}, {}});
    commands.push_back({SweepCommand::Kind::exit, "", {}, {}});
    co_return commands;
  }
  if (!agent->run.empty()) {
    CO_TRY(const auto runs, co_await store_.list_agent_runs(id));
    for (const Run& run : runs)
      if (run.state == "pending") CO_TRY_VOID(co_await store_.give_up_run(run.id));
  }
  if (has_ended(sweep->state)) co_return std::vector{SweepCommand{}};
  if (sweep->state == "PAUSED") co_return commands;
  co_return co_await next(*std::move(sweep), id);
}

Task<std::vector<SweepCommand>> SweepService::next(Sweep sweep, Id agent) {
  std::vector<SweepCommand> commands;
  CO_TRY(const auto config, launch::parse_sweep_config(sweep.config));
  CO_TRY(const auto runs, co_await store_.list_runs(sweep.id));
  const bool capped = config.run_cap && std::ranges::count_if(runs, counts) >= *config.run_cap;
  auto suggestion = capped ? std::nullopt : launch::suggest(config, sweep.made, trials_of(config, runs), random_);
  if (suggestion) {
    CO_TRY(const auto run, co_await store_.add_run(sweep.id, agent, sweep.made, random_id(), *suggestion));
    // Another agent was quicker: this one asks again in a few seconds.
    if (run) commands.push_back({SweepCommand::Kind::run, run->key.name, *std::move(suggestion), config.program});
    if (sweep.state == "PENDING") {
      SweepChange started;
      started.state = "RUNNING";
      CO_TRY_VOID(co_await store_.change_sweep(sweep.id, std::move(started)));
    }
    co_return commands;
  }
  // A sweep whose runs come from elsewhere has no end of its own.
  if (config.method == launch::SweepMethod::custom && !capped) co_return commands;
  CO_TRY_VOID(co_await give_up_lost_runs(sweep, runs));
  const bool busy = std::ranges::any_of(runs, [](const Run& run) { return !is_terminal_run(run.state); });
  if (busy) co_return commands;
  SweepChange ended;
  ended.state = "FINISHED";
  CO_TRY_VOID(co_await store_.change_sweep(sweep.id, std::move(ended)));
  log::info("sweep finished", {{"sweep", sweep.key.name}, {"project", sweep.key.project}, {"runs", runs.size()}});
  commands.push_back({SweepCommand::Kind::exit, "", {}, {}});
  co_return commands;
}

std::optional<double> SweepService::best_loss(const Sweep& sweep, const std::vector<Run>& runs) {
  const auto config = launch::parse_sweep_config(sweep.config);
  std::optional<double> best;
  if (!config || config->metric.empty()) return best;
  for (const Run& run : runs) {
    const auto metric = is_terminal_run(run.state) ? metric_of(run.summary, config->metric) : std::nullopt;
    if (metric && (!best || (config->maximize ? *metric > *best : *metric < *best))) best = metric;
  }
  return best;
}

std::optional<std::int64_t> SweepService::expected_runs(const Sweep& sweep) {
  const auto config = launch::parse_sweep_config(sweep.config);
  if (!config) return std::nullopt;
  auto expected = launch::grid_size(*config);
  if (config->run_cap) expected = std::min(expected.value_or(INT64_MAX), *config->run_cap);
  return expected;
}

}  // namespace slipway::server
