#include "plugins/runners/local_process/job_plan.h"

#include "base/strings.h"
#include "plugins/runners/local_process/job_start.h"
#include "plugins/runners/working_dir.h"

namespace slipway::plugins::runners::local_process {
namespace {

constexpr std::uint64_t kDefaultMaxLog = 1ull << 30;
const std::vector<std::string> kKnownKeys = {"env", "max_log_bytes"};

struct Options {
  std::vector<std::pair<std::string, std::string>> env;
  std::uint64_t max_log_bytes = kDefaultMaxLog;
};

void read_env(const Json& value, const std::string& path, Options& options, std::vector<Problem>& problems) {
  if (value.is_array()) {
    std::size_t index = 0;
    for (const Json& item : value.get_array()) read_env(item, fmt::format("{}[{}]", path, index++), options, problems);
    return;
  }
  if (!value.is_string()) {
    problems.push_back(
        {.path = path,
         .message = fmt::format("expected NAME=value, got {}. Write a list of such texts.", kind_name(value))});
    return;
  }
  const std::string text(value.get_string());
  const auto equals = text.find('=');
  if (equals == 0 || text.empty()) {
    problems.push_back({.path = path, .message = fmt::format("'{}' has no name. Write NAME=value.", text)});
  } else if (equals != std::string::npos) {
    options.env.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }  // A bare NAME is the agent's own value, which the job has anyway.
}

Result<Options> read_options(const Json& resource_args) {
  Options options;
  std::vector<Problem> problems;
  if (resource_args.is_null()) return options;
  if (!resource_args.is_object()) {
    return Error(Code::invalid_argument,
                 fmt::format("the local-process configuration must be an object, got {}", kind_name(resource_args)));
  }
  for (const auto& member : resource_args.get_object()) {
    const std::string key(member.key());
    if (key == "env") {
      read_env(member.value(), key, options, problems);
    } else if (key == "max_log_bytes") {
      const auto bytes = as_integer(member.value());
      if (!bytes || *bytes <= 0) {
        problems.push_back({.path = key, .message = "expected a positive number of bytes."});
      } else {
        options.max_log_bytes = static_cast<std::uint64_t>(*bytes);
      }
    } else {
      problems.push_back({.path = key, .message = "local-process has no such option." + did_you_mean(key, kKnownKeys)});
    }
  }
  if (!problems.empty())
    return Error(Code::invalid_argument, "the local-process configuration has mistakes", std::move(problems));
  return options;
}

std::map<std::string, std::string> job_env(const SubmitRequest& request,
                                           const std::map<std::string, std::string>& agent_env,
                                           const Options& options) {
  std::map<std::string, std::string> env = agent_env;
  env.erase("WANDB_API_KEY");
  std::erase_if(env, [](const auto& entry) { return entry.first.starts_with("SLIPWAY_"); });
  for (const auto& [name, value] : request.env) env[name] = value;
  for (const auto& [name, value] : request.secret_env) env[name] = value.reveal();
  for (const auto& [name, value] : options.env) env[name] = value;
  return env;
}

Error no_image(const std::string& image) {
  return Error(Code::invalid_argument, fmt::format("local-process runs code in place, not the image {}", image))
      .hint("Use a queue of the resource local-container (Docker) for image jobs.");
}

}  // namespace

Result<JobPlan> plan_job(const SubmitRequest& request, const std::map<std::string, std::string>& agent_env,
                         const std::filesystem::path& work) {
  if (!request.image.empty()) return no_image(request.image);
  TRY(const Options options, read_options(request.resource_args));
  TRY(const std::string below, working_dir_below(request.working_dir));
  JobPlan plan;
  JobDocument& document = plan.document;
  document.argv = request.entry_point;
  document.argv.insert(document.argv.end(), request.args.begin(), request.args.end());
  if (request.entry_point.empty()) {
    return Error(Code::invalid_argument, "the job names no entry point")
        .hint("Give one with -E/--entry-point, for example -E \"python train.py\".");
  }
  document.cwd = below.empty() ? work : work / below;
  document.env = job_env(request, agent_env, options);
  document.max_log_bytes = options.max_log_bytes;
  const std::string path = document.env.contains("PATH") ? document.env.at("PATH") : "";
  if (document.argv[0] == "python" && !find_in_path("python", path, work) && find_in_path("python3", path, work)) {
    document.argv[0] = "python3";
    plan.notices.push_back("there is no 'python' in PATH: python3 runs the entry point");
  }
  return plan;
}

}  // namespace slipway::plugins::runners::local_process
