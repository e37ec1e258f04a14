// run list, logs, describe, stop.
#include <fmt/format.h>

#include "base/strings.h"
#include "cli/commands/all.h"
#include "cli/commands/item_view.h"
#include "cli/session.h"
#include "net/http_types.h"

namespace slipway::cli::commands {
namespace {

struct RunPath {
  std::string entity, project, name;
};

constexpr const char* kRunFields =
    "id name displayName state exitCode createdAt startedAt finishedAt entityName projectName summaryMetrics "
    "launchLogLineCount user { username }";

/// "RUN", "PROJECT/RUN" or "ENTITY/PROJECT/RUN"; what is left out comes from flags and environment.
Result<RunPath> parse_run(Session& session, const std::string& text, const std::string& entity,
                          const std::string& project) {
  const auto parts = split(text, '/');
  if (parts.size() > 3 || text.empty()) {
    return Error(Code::invalid_argument, fmt::format("'{}' is no run", text))
        .hint("Write RUN, PROJECT/RUN or ENTITY/PROJECT/RUN.");
  }
  RunPath path;
  path.name = parts.back();
  path.project = parts.size() >= 2 ? parts[parts.size() - 2] : session.project(project);
  TRY(path.entity, session.entity(parts.size() == 3 ? parts[0] : entity));
  return path;
}

/// A run whose project nobody named: looked for among the entity's projects by its id.
Result<RunPath> locate(Session& session, RunPath path) {
  if (!path.project.empty()) return path;
  TRY(const Json data, session.call("query Projects($entity: String) { entity(name: $entity) { projects(first: 1000) { "
                                    "edges { node { name } } } } }",
                                    JsonObject{{"entity", path.entity}}));
  const Json* edges = find_path(data, "entity.projects.edges");
  if (edges && edges->is_array()) {
    for (const auto& edge : edges->get_array()) {
      const std::string project = text_or(*find(edge, "node"), "name");
      TRY(const Json found,
          session.call("query Run($entity: String, $project: String, $run: String!) {"
                       " project(entityName: $entity, name: $project) { run(name: $run) { id } } }",
                       JsonObject{{"entity", path.entity}, {"project", project}, {"run", path.name}}));
      if (const Json* run = find_path(found, "project.run"); run && run->is_object()) {
        path.project = project;
        return path;
      }
    }
  }
  return Error(Code::not_found, fmt::format("entity '{}' has no run '{}'", path.entity, path.name))
      .hint("Name its project: PROJECT/RUN, --project or WANDB_PROJECT.");
}

class RunCommand : public Command {
 public:
  void declare(Options& options) override {
    options.text("RUN", run_, "RUN, PROJECT/RUN or ENTITY/PROJECT/RUN");
    options.required();
    options.text("-e,--entity", entity_, "Entity of the run", "WANDB_ENTITY");
    options.text("-p,--project", project_, "Project of the run", "WANDB_PROJECT");
  }

 protected:
  Result<RunPath> path(Session& session) const {
    TRY(auto path, parse_run(session, run_, entity_, project_));
    return locate(session, std::move(path));
  }
  static Result<Json> fetch(Session& session, const RunPath& path, const std::string& fields) {
    const std::string document = fmt::format(
        "query Run($entity: String, $project: String, $run: String!) {{ project(entityName: $entity, name: $project) {{"
        " run(name: $run) {{ {} }} }} }}",
        fields);
    TRY(const Json data,
        session.call(document, JsonObject{{"entity", path.entity}, {"project", path.project}, {"run", path.name}}));
    const Json* run = find_path(data, "project.run");
    if (!run || !run->is_object()) {
      return Error(Code::not_found, fmt::format("there is no run '{}' in {}/{}", path.name, path.entity, path.project));
    }
    return *run;
  }

 private:
  std::string run_, entity_, project_;
};

class RunLogsCommand final : public RunCommand {
 public:
  void declare(Options& options) override {
    RunCommand::declare(options);
    options.flag("-f,--follow", follow_, "Wait for more until the run has ended");
    options.integer("--from", from_, "First line, counted from 0");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto run, path(*session));
    const std::string address =
        fmt::format("/api/runs/{}/{}/{}/logs?from={}{}", net::url_encode(run.entity), net::url_encode(run.project),
                    net::url_encode(run.name), from_, follow_ ? "&follow=1" : "");
    std::string rest;
    std::int64_t number = from_;
    const auto line = [&](std::string_view text) {
      if (terminal.json())
        terminal.print(to_text(JsonObject{{"line", number++}, {"text", text}}));
      else
        terminal.print(text);
    };
    const auto on_data = [&](std::string_view piece) {
      rest += piece;
      for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
        line(std::string_view(rest).substr(0, end));
        rest.erase(0, end + 1);
      }
      return true;
    };
    TRY_VOID(session->wait<void>([&] { return session->api().stream(address, on_data); }));
    if (!rest.empty()) line(rest);
    return 0;
  }

 private:
  bool follow_ = false;
  int from_ = 0;
};

class RunDescribeCommand final : public RunCommand {
 public:
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto run_path, path(*session));
    TRY(const Json run, fetch(*session, run_path, fmt::format("{} item {{ {} }}", kRunFields, kItemDetailFields)));
    terminal.print_json(described(run));
    if (terminal.json()) return 0;
    terminal.facts(
        {{"run", run_path.entity + "/" + run_path.project + "/" + run_path.name},
         {"state", terminal.state(text_or(run, "state"))},
         {"page", session->page(fmt::format("/{}/{}/runs/{}", run_path.entity, run_path.project, run_path.name))}});
    terminal.print("");
    if (const Json* item = find(run, "item"); item && item->is_object()) print_item(terminal, *item);
    return 0;
  }

 private:
  /// The run with what people look for first at its top: state, exit code, timeline, image, agent.
  static Json described(const Json& run) {
    JsonObject out = run.as_object();
    const Json* item = find(run, "item");
    const bool launched = item && item->is_object();
    out["image"] = launched ? *find(*item, "image") : Json();
    out["agent"] = launched ? *find(*item, "agentName") : Json();
    out["timeline"] = launched ? *find(*item, "events") : Json(JsonArray());
    return out;
  }
};

class RunStopCommand final : public RunCommand {
 public:
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto run_path, path(*session));
    TRY(const Json run, fetch(*session, run_path, "id state"));
    TRY(const Json payload,
        session->mutate("mutation StopRun($input: StopRunInput!) { stopRun(input: $input) { success } }", "stopRun",
                        JsonObject{{"id", text_or(run, "id")}}));
    terminal.print_json(payload);
    if (!terminal.json()) terminal.print(fmt::format("Asked run {} to stop", run_path.name));
    return 0;
  }
};

class RunListCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("-e,--entity", entity_, "Entity", "WANDB_ENTITY");
    options.text("-p,--project", project_, "Project", "WANDB_PROJECT");
    options.integer("-n,--limit", limit_, "How many at most");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto entity, session->entity(entity_));
    const std::string project = session->project(project_);
    if (project.empty())
      return Error(Code::invalid_argument, "no project is given").hint("Name one with --project or WANDB_PROJECT.");
    const std::string document = fmt::format(
        "query Runs($entity: String, $project: String, $first: Int) {{ project(entityName: $entity, name: $project) {{"
        " runs(first: $first) {{ edges {{ node {{ {} }} }} }} }} }}",
        kRunFields);
    TRY(const Json data,
        session->call(document, JsonObject{{"entity", entity}, {"project", project}, {"first", limit_}}));
    const Json* edges = find_path(data, "project.runs.edges");
    if (!edges || !edges->is_array())
      return Error(Code::not_found, fmt::format("entity '{}' has no project '{}'", entity, project));
    JsonArray runs;
    std::vector<std::vector<std::string>> rows;
    for (const auto& edge : edges->get_array()) {
      const Json& run = *find(edge, "node");
      const Json* user = find(run, "user");
      rows.push_back({text_or(run, "name"), terminal.state(text_or(run, "state")),
                      user ? text_or(*user, "username") : "", short_time(text_or(run, "createdAt")),
                      text_or(run, "displayName")});
      runs.push_back(run);
    }
    terminal.print_json(runs);
    if (terminal.json()) return 0;
    if (rows.empty())
      terminal.print(fmt::format("Project '{}' has no runs", project));
    else
      terminal.table({"RUN", "STATE", "AUTHOR", "CREATED (UTC)", "NAME"}, rows);
    return 0;
  }

 private:
  std::string entity_, project_;
  int limit_ = 50;
};

}  // namespace

std::unique_ptr<Command> make_run_list() { return std::make_unique<RunListCommand>(); }
std::unique_ptr<Command> make_run_logs() { return std::make_unique<RunLogsCommand>(); }
std::unique_ptr<Command> make_run_describe() { return std::make_unique<RunDescribeCommand>(); }
std::unique_ptr<Command> make_run_stop() { return std::make_unique<RunStopCommand>(); }

}  // namespace slipway::cli::commands
