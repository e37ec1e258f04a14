// job create git|code|image, job list, job describe.
#include <fmt/format.h>

#include "archive/archive.h"
#include "base/strings.h"
#include "cli/commands/all.h"
#include "cli/job_creation.h"
#include "plugins/sources/artifact/artifact_fetcher.h"

namespace slipway::cli::commands {
namespace {

using Creator = Result<CreatedJob> (*)(Session&, Terminal&, JobRequest);

class JobCreateCommand final : public Command {
 public:
  JobCreateCommand(Creator creator, std::string path_help, bool from_code)
      : creator_(creator), path_help_(std::move(path_help)), from_code_(from_code) {}

  void declare(Options& options) override {
    options.text("PATH", request_.path, path_help_);
    options.required();
    options.text("-p,--project", request_.project, "Project that the job belongs to", "WANDB_PROJECT");
    options.text("-e,--entity", request_.entity, "Entity that the job belongs to", "WANDB_ENTITY");
    options.text("-n,--name", request_.name, "Name of the job");
    options.text("-d,--description", request_.description, "What it does");
    options.list("-a,--alias", request_.aliases, "Alias of this version; may be repeated");
    options.text("-E,--entry-point", request_.entry_point,
                 "Command that runs it, with the executable: \"python train.py\"");
    options.text("-g,--git-hash", request_.git_ref, "Commit, branch or tag");
    options.text("-r,--runtime", request_.runtime, "Python version, 3.X");
    options.text("-b,--build-context", request_.build_context, "Sub-directory that is the context of the image build");
    if (from_code_)
      options.text("-B,--base-image", request_.base_image, "Run on this image with the code mounted, build nothing");
    options.text("-D,--dockerfile", request_.dockerfile, "Dockerfile, relative to the build context");
    options.list("-s,--service", request_.services, "NAME=always|never");
    options.hidden();
    options.text("--schema", request_.schema, "JSON Schema of the inputs, a file or JSON text");
    options.hidden();
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(request_.entity, session->entity(request_.entity));
    TRY(const auto created, creator_(*session, terminal, request_));
    JsonArray aliases;
    for (const auto& alias : created.aliases) aliases.emplace_back(text_value(alias));
    const std::string page = session->page(fmt::format("/{}/{}/jobs", request_.entity, request_.project));
    terminal.print_json(JsonObject{
        {"job", created.qualified_name}, {"action", created.action}, {"aliases", std::move(aliases)}, {"url", page}});
    if (!terminal.json())
      terminal.print(fmt::format("{} job {} with aliases {}", created.action, created.qualified_name,
                                 join(created.aliases, ", ")));
    terminal.say("View all jobs in project '" + request_.project + "' here: " + page);
    return 0;
  }

 private:
  Creator creator_;
  std::string path_help_;
  bool from_code_;
  JobRequest request_;
};

class JobListCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("-e,--entity", entity_, "Entity", "WANDB_ENTITY");
    options.text("-p,--project", project_, "Project", "WANDB_PROJECT");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto entity, session->entity(entity_));
    const std::string project = session->project(project_);
    if (project.empty())
      return Error(Code::invalid_argument, "no project is given").hint("Name one with --project or WANDB_PROJECT.");
    TRY(const Json data,
        session->call("query ArtifactOfType($entityName: String!, $projectName: String!, $artifactTypeName: String!) {"
                      " project(name: $projectName, entityName: $entityName) { artifactType(name: $artifactTypeName) { "
                      "artifactCollections {"
                      " edges { node { name artifacts { edges { node { id state versionIndex createdAt aliases { alias "
                      "} } } } } } } } } }",
                      JsonObject{{"entityName", entity}, {"projectName", project}, {"artifactTypeName", "job"}}));
    JsonArray jobs;
    std::vector<std::vector<std::string>> rows;
    if (const Json* edges = find_path(data, "project.artifactType.artifactCollections.edges");
        edges && edges->is_array()) {
      for (const auto& edge : edges->get_array()) add_job(*find(edge, "node"), jobs, rows);
    }
    terminal.print_json(jobs);
    if (terminal.json()) return 0;
    if (rows.empty())
      terminal.print(
          fmt::format("Project '{}/{}' has no jobs. Create one: slipway job create code . -p {} -E \"python train.py\"",
                      entity, project, project));
    else
      terminal.table({"JOB", "VERSIONS", "ALIASES OF THE LATEST"}, rows);
    return 0;
  }

 private:
  static void add_job(const Json& collection, JsonArray& jobs, std::vector<std::vector<std::string>>& rows) {
    std::vector<std::string> aliases;
    JsonArray versions;
    const Json* edges = find_path(collection, "artifacts.edges");
    if (edges && edges->is_array()) {
      for (const auto& edge : edges->get_array()) versions.push_back(*find(edge, "node"));
    }
    if (!versions.empty()) {
      for (const auto& alias : find(versions.front(), "aliases")->as_array())
        aliases.push_back(text_or(alias, "alias"));
    }
    const std::string name = text_or(collection, "name");
    rows.push_back({name, std::to_string(versions.size()), join(aliases, ", ")});
    jobs.push_back(JsonObject{{"name", name}, {"versions", std::move(versions)}});
  }

  std::string entity_, project_;
};

class JobDescribeCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("NAME", name_, "entity/project/name:alias");
    options.required();
  }

  Result<int> run(Terminal& terminal) override {
    if (split(name_, '/').size() != 3 || name_.find(':') == std::string::npos) {
      return Error(Code::invalid_argument, fmt::format("'{}' is no job", name_))
          .hint("Write entity/project/name:alias.");
    }
    TRY(auto session, Session::open(terminal));
    TRY(const auto folder, archive::TemporaryFolder::create("slipway-job"));
    plugins::Context context;
    context.api = session->shared_api();
    context.http = std::make_shared<net::HttpClient>();
    context.executor = session->io().get_executor();
    context.blocking = &session->pool();
    context.state_dir = folder.path();
    plugins::sources::artifact::ArtifactFetcher fetcher(context);
    TRY(const auto artifact,
        session->wait<plugins::sources::artifact::FetchedArtifact>([&] { return fetcher.fetch(name_); }));
    TRY(const auto text, archive::read_file(artifact.dir / "wandb-job.json"));
    TRY(Json document, parse_json(text));
    JsonObject shown{{"job", artifact.qualified_name}, {"metadata", artifact.metadata}};
    for (const auto& member : document.as_object()) {
      if (!member.key().starts_with("_")) shown[member.key()] = member.value();
    }
    terminal.print_json(shown);
    if (terminal.json()) return 0;
    std::vector<std::pair<std::string, std::string>> facts;
    for (const auto& member : shown) {
      facts.emplace_back(member.key(), member.value().is_string() ? std::string(member.value().get_string())
                                                                  : to_text(member.value()));
    }
    terminal.facts(facts);
    return 0;
  }

 private:
  std::string name_;
};

}  // namespace

std::unique_ptr<Command> make_job_create_git() {
  return std::make_unique<JobCreateCommand>(create_git_job, "https or ssh remote", true);
}
std::unique_ptr<Command> make_job_create_code() {
  return std::make_unique<JobCreateCommand>(create_code_job, "Directory", true);
}
std::unique_ptr<Command> make_job_create_image() {
  return std::make_unique<JobCreateCommand>(create_image_job, "Image with its tag", false);
}
std::unique_ptr<Command> make_job_list() { return std::make_unique<JobListCommand>(); }
std::unique_ptr<Command> make_job_describe() { return std::make_unique<JobDescribeCommand>(); }

}  // namespace slipway::cli::commands
