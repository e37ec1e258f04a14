// launch: makes a spec of flags and --config, then puts it on a queue or runs it here and now (D-70).
#include <filesystem>

#include <fmt/format.h>

#include "agent/app.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/strings.h"
#include "cli/agent_options.h"
#include "cli/commands/all.h"
#include "cli/commands/queue_document.h"
#include "cli/job_creation.h"
#include "launch/git_url.h"
#include "launch/names.h"
#include "launch/priority.h"
#include "launch/spec.h"
#include "launch/template.h"
#include "proc/process.h"

namespace slipway::cli::commands {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPush =
    "mutation pushToRunQueueByName($input: PushToRunQueueByNameInput!) { pushToRunQueueByName(input: $input) { "
    "runQueueItemId runSpec"
    " item { id run { name entityName projectName } queue { name entityName } } } }";

class LaunchCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("-u,--uri", uri_, "Directory or git remote; becomes a job first");
    options.text("-j,--job", job_, "Job: entity/project/name:alias");
    options.excludes("--uri");
    options.text("-d,--docker-image", image_, "Image to run");
    options.text("-E,--entry-point", entry_point_, "Command with its executable: \"python train.py\"");
    options.text_or_bare("-q,--queue", queue_, "default", "Queue; without a name: default; left out: run here and now");
    options.text("-p,--project", project_, "Project of the run", "WANDB_PROJECT");
    options.text("-e,--entity", entity_, "Entity of the run", "WANDB_ENTITY");
    options.text("-c,--config", config_, "Launch spec (overrides, resource_args …): a file or JSON text");
    options.list("-v,--set-var", variables_, "NAME=VALUE for a template variable of the queue; may be repeated");
    options.text("-R,--resource-args", resource_args_, "Arguments of the target resource: a file or JSON text");
    options.text("-P,--priority", priority_, "critical, high, medium or low; needs a queue that prioritises");
    options.text("-r,--resource", resource_, "local-container, local-process, kubernetes, sagemaker, vertex");
    options.text("--name", name_, "Name of the run", "WANDB_NAME");
    options.text("-D,--dockerfile", dockerfile_, "Dockerfile, relative to the build context");
    options.text("-B,--base-image", base_image_, "Run on this image with the code mounted, build nothing");
    options.text("--build-context", build_context_, "Sub-directory that is the context of the image build");
    options.text("-g,--git-version", git_version_, "Commit, branch or tag");
    options.text("-J,--job-name", job_name_, "Name of the job that is made of --uri");
    options.text("--project-queue", project_queue_, "");
    options.hidden();
    options.flag("--async", async_, "Do not wait for the job; only without a queue");
    options.text("--queue-entity", queue_entity_, "Entity that owns the queue, when it is not the run's");
    options.flag("--dry-run", dry_run_, "Show the request that would be sent to the backend, and send nothing");
    options.text("--idempotency-key", client_key_, "The same key in the same queue gives the first item again");
  }

  Result<int> run(Terminal& terminal) override {
    TRY_VOID(check_flags());
    TRY(auto session, Session::open(terminal));
    TRY(auto spec, make_spec(*session, terminal));
    return queue_.empty() ? run_here(*session, terminal, std::move(spec)) : push(*session, terminal, std::move(spec));
  }

 private:
  Result<> check_flags() const {
    const auto wrong = [](std::string message) { return Error(Code::invalid_argument, std::move(message)); };
    if (!uri_.empty() && !image_.empty()) return wrong("--uri and --docker-image exclude each other");
    if (!job_.empty() && !image_.empty()) return wrong("--job and --docker-image exclude each other");
    if (!base_image_.empty() && !image_.empty())
      return wrong("--base-image needs code to run: it excludes --docker-image");
    if (!uri_.empty() && entry_point_.empty() && config_.empty()) {
      return wrong("--uri needs an entry point").hint("For example -E \"python train.py\".");
    }
    if (!build_context_.empty() && uri_.empty()) return wrong("--build-context goes with --uri");
    if (queue_.empty() && !variables_.empty())
      return wrong("--set-var fills template variables of a queue: name it with --queue");
    if (queue_.empty() && !priority_.empty())
      return wrong("--priority orders the items of a queue: name it with --queue");
    if (!queue_.empty() && async_) return wrong("--async is for runs here: an item on a queue is never waited for");
    return {};
  }

  Result<launch::LaunchSpec> make_spec(Session& session, Terminal& terminal) {
    launch::LaunchSpec base;
    if (!config_.empty()) {
      TRY(const Json document, read_document(config_, "--config"));
      auto parsed = launch::parse_launch_spec(document);
      if (!parsed) return std::move(parsed).error().wrap("reading --config");
      base = *std::move(parsed);
    }
    launch::LaunchSpec flags;
    flags.job = job_;
    flags.docker_image = image_;
    flags.project = project_;
    flags.name = name_;
    flags.resource = resource_;
    flags.queue_entity = queue_entity_;
    flags.overrides.dockerfile = dockerfile_;
    TRY(flags.entity,
        base.entity.empty() || !entity_.empty() ? session.entity(entity_) : Result<std::string>(base.entity));
    if (!entry_point_.empty() && uri_.empty()) {
      TRY(flags.overrides.entry_point, launch::parse_entry_point(entry_point_));
    }
    if (!resource_args_.empty()) {
      TRY(const Json arguments, read_document(resource_args_, "--resource-args"));
      flags.resource_args = arguments.as_object();
    }
    auto spec = launch::merge_specs(std::move(base), flags);
    if (spec.project.empty()) spec.project = default_project(spec);
    if (!uri_.empty()) TRY_VOID(create_job(session, terminal, spec));
    TRY_VOID(launch::check_source(spec));
    return spec;
  }

  /// The job's own project, the folder's or repository's name, or W&B's name for runs without one.
  std::string default_project(const launch::LaunchSpec& spec) const {
    if (const auto parts = split(spec.job, '/'); parts.size() == 3) return parts[1];
    if (uri_.empty()) return "uncategorized";
    std::error_code ec;
    std::string path = fs::is_directory(uri_, ec) ? fs::absolute(uri_, ec).lexically_normal().string() : uri_;
    while (path.ends_with('/') || path.ends_with('.')) path.pop_back();
    std::string name = fs::path(path).filename().string();
    if (name.ends_with(".git")) name.erase(name.size() - 4);
    return name.empty() ? "uncategorized" : launch::artifact_name(name);
  }

  Result<> create_job(Session& session, Terminal& terminal, launch::LaunchSpec& spec) const {
    JobRequest request;
    request.entity = spec.entity;
    request.project = spec.project;
    request.path = uri_;
    request.name = job_name_;
    request.entry_point = entry_point_.empty() ? join(spec.overrides.entry_point, " ") : entry_point_;
    request.git_ref = git_version_;
    request.build_context = build_context_;
    request.base_image = base_image_;
    request.dockerfile = dockerfile_;
    TRY(const auto meaning, launch::classify_uri(uri_, [](const std::string& path) {
          std::error_code ec;
          return fs::is_directory(path, ec);
        }));
    auto create = meaning == launch::UriMeaning::git ? create_git_job : create_code_job;
    TRY(const auto created, create(session, terminal, std::move(request)));
    terminal.say(fmt::format("{} job {}", created.action, created.qualified_name));
    spec.job = created.qualified_name;
    spec.overrides.dockerfile.clear();  // It is part of the job now.
    return {};
  }

  Result<int> push(Session& session, Terminal& terminal, launch::LaunchSpec spec) {
    const std::string owner = spec.queue_entity.empty() ? spec.entity : spec.queue_entity;
    JsonObject input{
        {"entityName", owner}, {"projectName", project_queue_}, {"queueName", queue_}, {"dryRun", dry_run_}};
    if (!priority_.empty()) {
      TRY(const int priority, launch::parse_priority(priority_));
      input["priority"] = priority;
    } else if (spec.priority) {
      input["priority"] = *spec.priority;
    }
    TRY(JsonObject values, template_values(session, owner, spec));
    if (!values.empty()) input["templateVariableValues"] = text_value(to_text(values));
    spec.template_variables.clear();
    input["runSpec"] = text_value(to_text(launch::to_wire_json(spec)));
    if (!client_key_.empty()) input["clientKey"] = text_value(client_key_);
    TRY(const Json payload, session.mutate(kPush, "pushToRunQueueByName", std::move(input)));
    if (dry_run_) return show_request(terminal, text_or(payload, "runSpec"));
    const Json* item = find(payload, "item");
    const Json* run = item ? find(*item, "run") : nullptr;
    if (!run || !run->is_object()) return Error(Code::internal, "the server answered the push without a run");
    const std::string address = session.page(fmt::format("/{}/{}/runs/{}", text_or(*run, "entityName"),
                                                         text_or(*run, "projectName"), text_or(*run, "name")));
    terminal.print_json(JsonObject{{"item", text_or(payload, "runQueueItemId")},
                                   {"run", text_or(*run, "name")},
                                   {"queue", queue_},
                                   {"entity", text_or(*run, "entityName")},
                                   {"project", text_or(*run, "projectName")},
                                   {"url", address}});
    if (terminal.json()) return 0;
    terminal.print(fmt::format("Queued run {} on '{}'", text_or(*run, "name"), queue_));
    terminal.print("  " + address);
    terminal.say(
        fmt::format("Follow it: slipway run logs -f {}/{}", text_or(*run, "projectName"), text_or(*run, "name")));
    return 0;
  }

  /// Typed by the queue's own schema; the spec's values first, the flags' over them (protocol 8.2).
  Result<JsonObject> template_values(Session& session, const std::string& owner, const launch::LaunchSpec& spec) const {
    JsonObject values = spec.template_variables;
    if (variables_.empty()) return values;
    std::map<std::string, std::string> texts;
    for (const auto& argument : variables_) {
      TRY(auto pair, launch::parse_set_var(argument));
      texts.insert_or_assign(std::move(pair.first), std::move(pair.second));
    }
    TRY(const Json queue, find_queue(session, owner, queue_));
    JsonObject wire;
    for (const auto& variable : find(queue, "templateVariables")->as_array()) {
      TRY(Json schema, parse_json(text_or(variable, "schema")));
      wire[text_or(variable, "name")] = JsonObject{{"schema", std::move(schema)}};
    }
    TRY(const auto schema, launch::parse_template_schema(Json(wire)));
    TRY(const JsonObject typed, launch::typed_values(schema, texts));
    for (const auto& member : typed) values[member.key()] = member.value();
    return values;
  }

  Result<agent::AgentSetup> local_setup(Terminal& terminal) const {
    agent::AgentSetup setup;
    TRY(setup.config, AgentOptions::read_config(terminal, "", TabPolicy::expand));
    TRY(setup.connection, client::Connection::discover(terminal.env(), terminal.home()));
    setup.env = terminal.env();
    setup.state_dir =
        agent::default_state_dir(setup.env, setup.connection, setup.config).parent_path() / ("direct-" + random_id());
    return setup;
  }

  Result<int> show_request(Terminal& terminal, const std::string& spec_text) const {
    TRY(const Json spec, parse_json(spec_text));
    TRY(auto setup, local_setup(terminal));
    TRY(const Json request, agent::preview_request(std::move(setup), spec));
    if (terminal.json())
      terminal.print_json(JsonObject{{"spec", spec}, {"request", request}});
    else
      terminal.print(pretty_text(request));
    return 0;
  }

  Result<int> run_here(Session& session, Terminal& terminal, launch::LaunchSpec spec) {
    if (spec.resource.empty()) spec.resource = "local-container";
    if (spec.run_id.empty()) spec.run_id = random_id();
    TRY(auto setup, local_setup(terminal));
    if (dry_run_) return show_request(terminal, to_text(launch::to_json(spec)));
    TRY_VOID(log::configure({.level = log::Level::warn}));
    if (async_) return run_in_background(terminal, spec);
    const fs::path state = setup.state_dir;
    agent::DirectRun direct;
    direct.spec = launch::to_wire_json(spec);
    direct.on_line = [&](const std::string& line) { terminal.json() ? terminal.say(line) : terminal.print(line); };
    direct.on_progress = [&](const std::string& what) {
      terminal.say(terminal.dim(fmt::format("[{}] {}", spec.run_id, lower(what))));
    };
    auto outcome = agent::run_direct(std::move(setup), direct);
    std::error_code ec;
    fs::remove_all(state, ec);
    if (!outcome) return std::move(outcome).error();
    return verdict(session, terminal, spec, *outcome);
  }

  static Result<int> verdict(Session&, Terminal& terminal, const launch::LaunchSpec& spec,
                             const agent::DirectOutcome& outcome) {
    const std::string state(launch::state_name(outcome.state));
    const bool good = outcome.state == launch::ItemState::finished;
    terminal.print_json(JsonObject{{"run", spec.run_id},
                                   {"state", state},
                                   {"exitCode", outcome.exit_code ? Json(*outcome.exit_code) : Json()},
                                   {"failureClass", outcome.failure_class},
                                   {"message", outcome.message}});
    if (!good)
      terminal.say(fmt::format("run {} {}{}", spec.run_id, terminal.state(state),
                               outcome.message.empty() ? "" : ": " + outcome.message));
    else
      terminal.say(fmt::format("run {} {}", spec.run_id, terminal.state(state)));
    return good ? 0 : 1;
  }

  /// The same command again, detached, without --async.
  static Result<int> run_in_background(Terminal& terminal, const launch::LaunchSpec& spec);

  std::string uri_, job_, image_, entry_point_, queue_, project_, entity_, config_, resource_args_, priority_,
      resource_, name_, dockerfile_, base_image_, build_context_, git_version_, job_name_, queue_entity_, client_key_;
  std::string project_queue_ = kQueueProject;
  std::vector<std::string> variables_;
  bool async_ = false;
  bool dry_run_ = false;
};

Result<int> LaunchCommand::run_in_background(Terminal& terminal, const launch::LaunchSpec& spec) {
  const std::string log = fmt::format("slipway-{}.log", spec.run_id);
  proc::DetachedSpec background;
  background.argv = {fs::read_symlink("/proc/self/exe").string(), "launch", "--config", to_text(launch::to_json(spec))};
  background.env = terminal.env();
  background.cwd = fs::current_path();
  background.output = fs::current_path() / log;
  TRY_VOID(proc::start_detached(background));
  terminal.print_json(JsonObject{{"run", spec.run_id}, {"log", log}});
  if (!terminal.json())
    terminal.print(fmt::format("Run {} goes on in the background; its output is in {}", spec.run_id, log));
  return 0;
}

}  // namespace

std::unique_ptr<Command> make_launch() { return std::make_unique<LaunchCommand>(); }

}  // namespace slipway::cli::commands
