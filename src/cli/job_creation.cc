#include "cli/job_creation.h"

#include <fmt/format.h>

#include "archive/archive.h"
#include "base/strings.h"
#include "cli/commands/queue_document.h"
#include "client/artifact_upload.h"
#include "launch/git_url.h"
#include "launch/image_ref.h"
#include "launch/names.h"
#include "proc/process.h"

namespace slipway::cli {
namespace fs = std::filesystem;
namespace {

Result<> check_request(const JobRequest& request) {
  if (request.project.empty())
    return Error(Code::invalid_argument, "a job needs a project").hint("Name it with --project or WANDB_PROJECT.");
  if (!request.name.empty() && !launch::is_artifact_name(request.name)) {
    return Error(Code::invalid_argument, fmt::format("'{}' is no name for a job", request.name))
        .hint(fmt::format("Letters, digits, '_', '-' and '.' are allowed. '{}' would do.",
                          launch::artifact_name(request.name)));
  }
  return {};
}

/// name=always|never (D-74).
Result<JsonObject> parse_services(const std::vector<std::string>& texts) {
  JsonObject services;
  for (const auto& text : texts) {
    const auto parts = split(text, '=');
    const std::string name(trim(parts[0]));
    const std::string policy = parts.size() == 2 ? parts[1] : "";
    if (name.empty() || (policy != "always" && policy != "never")) {
      return Error(Code::invalid_argument, fmt::format("--service: '{}' is not NAME=always or NAME=never", text));
    }
    services[name] = text_value(policy);
  }
  return services;
}

std::string runtime_of(const fs::path& dir, const std::string& given) {
  if (!given.empty()) return given;
  for (const char* file : {"runtime.txt", ".python-version"}) {
    const auto text = archive::read_file(dir / file, 4096);
    if (!text) continue;
    const auto version = launch::parse_runtime(trim(split(*text, '\n').front()));
    if (version) return *version;
  }
  return "";
}

Result<launch::JobFile> job_file(const JobRequest& request, launch::JobSourceType type) {
  launch::JobFile job;
  job.type = type;
  job.build_context = request.build_context;
  job.dockerfile = request.dockerfile;
  job.base_image = request.base_image;
  TRY(job.services, parse_services(request.services));
  // Older clients cannot use these two: the minimum version says so (protocol 4.2).
  if (!job.build_context.empty() || !job.dockerfile.empty()) job.version = "0.17.0";
  if (!request.runtime.empty()) {
    TRY(job.runtime, launch::parse_runtime(request.runtime));
  }
  if (!request.entry_point.empty()) {
    TRY(job.entry_point, launch::parse_entry_point(request.entry_point));
  }
  return job;
}

Result<Json> job_metadata(const JobRequest& request) {
  if (request.schema.empty()) return Json(JsonObject{{"_partial", true}});
  TRY(const Json schema, read_document(request.schema, "--schema"));
  // Both: the schema draws the form, and the first run still completes the types.
  return Json(JsonObject{{"_partial", true}, {"input_schemas", JsonObject{{"@wandb.config", schema}}}});
}

Result<client::UploadedArtifact> upload(Session& session, Terminal& terminal, client::ArtifactUpload upload,
                                        std::string_view what) {
  const auto on_progress = [&](const client::UploadProgress& progress) {
    if (progress.bytes_total < (1u << 20)) return;
    terminal.progress(fmt::format("{}: {} of {}, {} of {} files", what, human_bytes(progress.bytes_done),
                                  human_bytes(progress.bytes_total), progress.files_done, progress.files_total));
  };
  auto done = session.wait<client::UploadedArtifact>(
      [&] { return client::upload_artifact(session.api(), session.pool(), upload, on_progress); });
  terminal.finish_progress();
  return done;
}

Result<CreatedJob> upload_job(Session& session, Terminal& terminal, const JobRequest& request,
                              const launch::JobFile& job, const std::string& requirements) {
  TRY(const auto folder, archive::TemporaryFolder::create("slipway-job"));
  TRY_VOID(archive::write_file_atomically(folder.path() / "wandb-job.json", pretty_text(launch::to_json(job))));
  TRY_VOID(archive::write_file_atomically(folder.path() / "requirements.frozen.txt", requirements));
  client::ArtifactUpload artifact;
  artifact.entity = request.entity;
  artifact.project = request.project;
  artifact.type = "job";
  artifact.collection = request.name;
  artifact.description = request.description;
  artifact.aliases = request.aliases;
  if (std::ranges::find(artifact.aliases, "latest") == artifact.aliases.end()) artifact.aliases.emplace_back("latest");
  TRY(artifact.metadata, job_metadata(request));
  artifact.files = {{"wandb-job.json", folder.path() / "wandb-job.json"},
                    {"requirements.frozen.txt", folder.path() / "requirements.frozen.txt"}};
  CreatedJob created{.aliases = artifact.aliases};
  TRY(const auto done, upload(session, terminal, artifact, "job"));
  created.qualified_name = fmt::format("{}/{}/{}", request.entity, request.project, done.name);
  static constexpr const char* kActions[] = {"Created", "Updated", "No changes detected for"};
  created.action = kActions[static_cast<int>(done.outcome)];
  return created;
}

Result<std::vector<client::ArtifactFile>> files_of(const fs::path& dir) {
  TRY(const auto entries, archive::list_tree(dir));
  std::vector<client::ArtifactFile> files;
  for (const auto& entry : entries) files.push_back({entry.path, dir / entry.path});
  if (files.empty()) return Error(Code::invalid_argument, fmt::format("{} has no files to launch", dir.string()));
  return files;
}

}  // namespace

Result<CreatedJob> create_code_job(Session& session, Terminal& terminal, JobRequest request) {
  TRY_VOID(check_request(request));
  const fs::path dir = fs::path(request.path).lexically_normal();
  std::error_code ec;
  if (!fs::is_directory(dir, ec))
    return Error(Code::invalid_argument, fmt::format("'{}' is no directory", request.path));
  if (request.entry_point.empty()) {
    return Error(Code::invalid_argument, "a job from code needs an entry point")
        .hint("For example -E \"python train.py\".");
  }
  TRY(auto job, job_file(request, launch::JobSourceType::artifact));
  const std::string file = launch::entry_point_file(job.entry_point);
  if (!file.empty() && !fs::exists(dir / request.build_context / file, ec) && !fs::exists(dir / file, ec)) {
    return Error(Code::invalid_argument, fmt::format("the entry point's file '{}' is not in {}", file, request.path))
        .hint("The path is relative to the directory that is launched.");
  }
  job.runtime = runtime_of(dir, job.runtime);

  client::ArtifactUpload code;
  code.entity = request.entity;
  code.project = request.project;
  code.type = "code";
  const fs::path full = fs::absolute(dir, ec).lexically_normal();
  const std::string folder =
      full.filename().empty() ? full.parent_path().filename().string() : full.filename().string();
  code.collection = request.name.empty()
                        ? launch::artifact_name(fmt::format("code-{}_{}", folder, file.empty() ? "main" : file))
                        : "code-" + request.name;
  code.aliases = {"latest"};
  TRY(code.files, files_of(dir));
  TRY(const auto uploaded, upload(session, terminal, code, "code"));
  job.artifact = "wandb-artifact://_id/" + uploaded.id;
  if (request.name.empty()) request.name = launch::code_job_name(code.collection);
  const auto requirements = archive::read_file(dir / "requirements.txt");
  return upload_job(session, terminal, request, job, requirements ? *requirements : "");
}

Result<CreatedJob> create_git_job(Session& session, Terminal& terminal, JobRequest request) {
  TRY_VOID(check_request(request));
  TRY(const auto remote, launch::parse_git_remote(request.path));
  if (!request.git_ref.empty()) TRY_VOID(launch::check_git_ref(request.git_ref));
  if (request.entry_point.empty()) {
    return Error(Code::invalid_argument, "a job from git needs an entry point")
        .hint("For example -E \"python train.py\".");
  }
  if (remote.has_password) {
    return Error(Code::invalid_argument, "the remote carries a password, which would be stored with the job")
        .hint("Leave it out and give the agent credentials of its own (gitCreds, a credential helper or an ssh key).");
  }
  TRY(auto job, job_file(request, launch::JobSourceType::repo));
  job.git_remote = remote.url;
  job.git_commit = request.git_ref;
  // Pinned now, so that the same job is the same code tomorrow. A remote that this machine cannot reach stays as it was named; the agent resolves it.
  proc::ProcessSpec spec;
  spec.argv = {"git", "ls-remote", "--", remote.url, request.git_ref.empty() ? "HEAD" : request.git_ref};
  spec.env = terminal.env();
  spec.env["GIT_TERMINAL_PROMPT"] = "0";
  spec.timeout = Millis(30'000);
  auto listed = session.wait<proc::ProcessResult>([&] { return proc::run(spec); });
  const std::string commit =
      listed && listed->ok() ? listed->out.substr(0, std::min(listed->out.find('\t'), listed->out.size())) : "";
  if (commit.size() == 40)
    job.git_commit = commit;
  else if (request.git_ref.empty())
    terminal.warn("the remote cannot be reached from here; the job follows its default branch");
  if (request.name.empty()) request.name = launch::git_job_name(remote.url, launch::entry_point_file(job.entry_point));
  return upload_job(session, terminal, request, job, "");
}

Result<CreatedJob> create_image_job(Session& session, Terminal& terminal, JobRequest request) {
  TRY_VOID(check_request(request));
  TRY(auto job, job_file(request, launch::JobSourceType::image));
  job.image = request.path;
  if (request.name.empty()) request.name = launch::image_job_name(request.path);
  TRY_VOID(launch::parse_image_ref(request.path));
  if (auto alias = launch::alias_from_image(request.path)) request.aliases.push_back(*std::move(alias));
  return upload_job(session, terminal, request, job, "");
}

}  // namespace slipway::cli
