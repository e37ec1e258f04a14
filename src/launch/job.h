// wandb-job.json: what a job artifact says about its source (protocol 4.1-4.5).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace slipway::launch {

enum class JobSourceType { repo, artifact, image };

std::string_view source_type_name(JobSourceType type);

struct JobFile {
  std::string version = "v0";  ///< Write "0.17.0" with a dockerfile or build_context: older clients cannot use those.
  JobSourceType type = JobSourceType::image;
  std::string git_remote;  ///< repo.
  std::string git_commit;  ///< repo.
  std::string artifact;    ///< artifact: "wandb-artifact://_id/<id>" or "entity/project/name:version".
  std::string image;       ///< image.
  std::vector<std::string> entry_point;
  std::vector<std::string> args;  ///< image; tolerated.
  bool notebook = false;
  std::string build_context;
  std::string dockerfile;
  std::string base_image;
  std::string runtime;  ///< Python version, "3.11" or "3.11.4".
  Json input_types = JsonObject();
  Json output_types = JsonObject();
  JsonObject services;  ///< Name → "always" or "never".
  JsonObject other;     ///< Unknown keys, kept.
};

Result<JobFile> parse_job_file(const Json& value);
Json to_json(const JobFile& job);

/// The words of --entry-point. A lone ".py" gets python in front, a lone ".sh" bash (D-70). `..` in a path,
/// an unclosed quote and an empty text are refused.
Result<std::vector<std::string>> parse_entry_point(std::string_view text);
/// The file that an entry point names: its first word when that ends in .py or .sh, the second one otherwise,
/// "" when there is none (protocol 4.7).
std::string entry_point_file(const std::vector<std::string>& entry_point);
/// "3.11" of "3.11.4" or "python-3.11"; invalid_argument for anything that is no Python 3 version.
Result<std::string> parse_runtime(std::string_view text);

}  // namespace slipway::launch
