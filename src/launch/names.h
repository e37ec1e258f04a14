// Names that must be legal somewhere else: at a backend, in an artifact store, at Docker.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace slipway::launch {

/// "slipway-<run>-<attempt>": deterministic, at most 63 characters of a-z, 0-9 and '-', legal as a DNS label,
/// container and training job name. A run id that had to be changed or cut carries eight digits of its hash
/// instead, so that two runs never share a name.
std::string backend_name(std::string_view run_id, std::int64_t attempt);

struct BackendLabels {
  std::string server;  ///< The server's id, not its address.
  std::string item;
  std::int64_t attempt = 1;
  std::string queue;
  std::string run;
};
/// "slipway.dev/server", "…/item", "…/attempt", "…/queue", "…/run", each value made legal by label_value().
std::map<std::string, std::string> backend_labels(const BackendLabels& labels);
/// At most 63 of letters, digits, '-', '_', '.', beginning and ending with a letter or digit; changed text is
/// told apart by a hash.
std::string label_value(std::string_view text);

/// Artifact and job name: characters outside letters, digits, '_', '.', '-' become '_'; more than 128 become
/// the first 63, "..", the last 63 (protocol 4.4).
std::string artifact_name(std::string_view text);
bool is_artifact_name(std::string_view text);
/// Default job names (D-23): "job-<remote>_<program>", "job-<code artifact>", "job-<image without tag>".
std::string git_job_name(std::string_view remote, std::string_view program);
std::string code_job_name(std::string_view code_artifact);
std::string image_job_name(std::string_view image);

/// A legal repository name for a local image: lower case, separators in the right places.
std::string docker_image_name(std::string_view text);

}  // namespace slipway::launch
