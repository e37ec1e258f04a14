// Uploads a tree of files as an artifact version (protocol 1.6.1 to 1.6.3). Files that the server has are not sent again, so an interrupted upload goes on where it was.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "client/api_client.h"

namespace slipway::client {

struct ArtifactFile {
  std::string name;            ///< Path inside the artifact.
  std::filesystem::path path;  ///< On this machine.
};

struct ArtifactUpload {
  std::string entity, project;
  std::string type;  ///< "code", "job".
  std::string collection;
  std::string description;
  std::vector<std::string> aliases;
  Json metadata = JsonObject();
  std::vector<ArtifactFile> files;
  std::string run;  ///< Run that logs it; made up when empty.
};

struct UploadProgress {
  std::size_t files_done = 0, files_total = 0;
  std::uint64_t bytes_done = 0, bytes_total = 0;
};

enum class UploadOutcome { created, updated, unchanged };

struct UploadedArtifact {
  std::string id;
  std::string name;  ///< "collection:vN".
  UploadOutcome outcome = UploadOutcome::created;
};

/// `pool` hashes files. Idempotent: the same content gives the same version. Errors name the file.
Task<UploadedArtifact> upload_artifact(ApiClient& api, asio::thread_pool& pool, ArtifactUpload upload,
                                       std::function<void(const UploadProgress&)> on_progress = {});

}  // namespace slipway::client
