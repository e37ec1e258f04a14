#include "plugins/builders/docker/build_plan.h"

#include "base/strings.h"
#include "launch/job.h"
#include "plugins/builders/docker/packages.h"
#include "plugins/sources/code_job.h"

namespace slipway::plugins::builders::docker {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kBeside = "Dockerfile.wandb";
constexpr std::string_view kDefaultPython = "3.12";

/// A Dockerfile that a person wrote, and the folder that is its context.
struct OwnDockerfile {
  fs::path file;
  fs::path context;
  std::vector<std::string> entry_point;
};

/// "python sub/train.py" is "python train.py" where sub/ is the context.
std::vector<std::string> in_its_folder(std::vector<std::string> entry_point) {
  const auto file = launch::entry_point_file(entry_point);
  for (auto& word : entry_point) {
    if (!file.empty() && word == file) word = fs::path(file).filename().string();
  }
  return entry_point;
}

Result<std::optional<OwnDockerfile>> find_own(const BuildRequest& request, const fs::path& root) {
  const auto& entry_point = request.entry_point.empty() ? request.source.entry_point : request.entry_point;
  if (!request.override_dockerfile.empty()) {
    TRY(auto file, sources::inside(root, request.override_dockerfile, "overrides.dockerfile"));
    return std::optional(OwnDockerfile{std::move(file), root, entry_point});
  }
  if (!request.source.dockerfile.empty()) {
    TRY(auto file, sources::inside(root, request.source.dockerfile, "the job's Dockerfile"));
    return std::optional(OwnDockerfile{std::move(file), root, entry_point});
  }
  const auto folder = root / fs::path(launch::entry_point_file(entry_point)).parent_path();
  std::error_code ec;
  if (!fs::is_regular_file(folder / kBeside, ec)) return std::optional<OwnDockerfile>();
  const auto relative = folder.lexically_relative(root).string();
  TRY(auto context, sources::inside(root, relative, "the entry point's folder"));
  return std::optional(OwnDockerfile{context / kBeside, context, in_its_folder(entry_point)});
}

std::string with_version(std::string image, const std::string& version) {
  return replace_all(std::move(image), "{version}", version);
}

Result<> write_own_dockerfile(const BuildRequest& request, const DockerConfig& config, BuildPlan& plan) {
  TRY(const auto packages, find_packages(plan.root, request.source.job_dir));
  DockerfileInput input;
  input.python_version =
      request.source.python_version.empty() ? std::string(kDefaultPython) : request.source.python_version;
  input.runtime_image = with_version(config.python_image, input.python_version);
  input.build_image = with_version(config.python_build_image, input.python_version);
  input.conda_image = config.conda_image;
  input.accelerator_image = request.accelerator_base_image;
  input.packages = packages.source;
  input.packages_need_source = packages.need_source;
  input.user_id = lower(request.resource) == "sagemaker" ? 0 : request.user_id;
  input.entry_point = request.source.entry_point.empty() ? request.entry_point : request.source.entry_point;
  TRY(plan.dockerfile, write_dockerfile(input, CacheMounts::yes));
  TRY(plan.plain_dockerfile, write_dockerfile(input, CacheMounts::no));
  plan.prefix = "src/";
  plan.warnings = packages.warnings;
  plan.entry_point_in_image = !input.entry_point.empty();
  for (auto& [name, content] : helper_files(input)) plan.helpers.emplace_back("slipway/" + name, content);
  if (!packages.file_name.empty()) plan.helpers.emplace_back("slipway/" + packages.file_name, packages.content);
  return {};
}

}  // namespace

Result<BuildPlan> plan_build(const BuildRequest& request, const DockerConfig& config) {
  BuildPlan plan;
  plan.entry_point = request.entry_point.empty() ? request.source.entry_point : request.entry_point;
  plan.root = request.source.dir;
  if (!request.source.build_context.empty()) {
    TRY(plan.root, sources::inside(request.source.dir, request.source.build_context, "the build context"));
  }
  TRY(const auto own, find_own(request, plan.root));
  if (own) {
    if (!request.accelerator_base_image.empty()) {
      plan.warnings.emplace_back("builder.accelerator.base_image is not used: the job has a Dockerfile of its own");
    }
    plan.root = own->context;
    plan.entry_point = own->entry_point;
    TRY(plan.dockerfile, archive::read_file(own->file, 1 << 20));
    plan.plain_dockerfile = plan.dockerfile;
    plan.entry_point_in_image = has_entry_point(plan.dockerfile);
  } else {
    TRY_VOID(write_own_dockerfile(request, config, plan));
  }
  TRY(plan.entries, archive::list_tree(plan.root));
  TRY(plan.tree_hash, archive::hash_tree(plan.root, plan.entries));
  return plan;
}

Result<> stage_context(const BuildPlan& plan, const fs::path& into) {
  std::error_code ec;
  const auto failed = [&](const std::string& path) {
    const auto code = ec == std::errc::no_space_on_device ? Code::resource_exhausted : Code::internal;
    return Error(code, "preparing the build context: '" + path + "': " + ec.message());
  };
  fs::create_directories(into / plan.prefix, ec);
  if (ec) return failed(plan.prefix);
  for (const auto& entry : plan.entries) {
    const auto from = plan.root / entry.path;
    const auto to = into / (plan.prefix + entry.path);
    fs::create_directories(to.parent_path(), ec);
    if (!ec && !entry.link_target.empty()) {
      fs::create_symlink(entry.link_target, to, ec);
    } else if (!ec) {
      fs::create_hard_link(from, to, ec);
      if (ec) fs::copy_file(from, to, ec);
    }
    if (ec) return failed(entry.path);
  }
  for (const auto& [path, content] : plan.helpers) {
    fs::create_directories((into / path).parent_path(), ec);
    if (ec) return failed(path);
    TRY_VOID(archive::write_file_atomically(into / path, content));
  }
  return {};
}

}  // namespace slipway::plugins::builders::docker
