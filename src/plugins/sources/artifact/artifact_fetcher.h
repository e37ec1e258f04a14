// ArtifactFetcher: downloads job and code artifacts of the server into a content-addressed cache (protocol 1.6.5, 1.6.6).
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "plugins/context.h"

namespace slipway::plugins {

struct FetchedArtifact {
  std::string id;
  std::string name;           ///< "entity/project/collection:vN".
  std::string digest;         ///< Of the manifest: equal for equal content.
  std::filesystem::path dir;  ///< All files of the artifact; owned by the cache, read only.
  Json metadata;
};

/// One per agent. Equal fetches in flight are merged; a file that is in the cache is not fetched again.
class ArtifactFetcher {
 public:
  explicit ArtifactFetcher(Context& context);
  ~ArtifactFetcher();
  /// `reference`: "entity/project/name:alias" or "wandb-artifact://_id/<id>". not_found names the artifact and says whether name or version is unknown.
  Task<FetchedArtifact> fetch(std::string reference, LineSink log);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace slipway::plugins
