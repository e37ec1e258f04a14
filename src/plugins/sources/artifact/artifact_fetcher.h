// ArtifactFetcher: artifacts of the server as directory trees on this machine. For code artifacts and for the job artifacts themselves.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/context.h"
#include "plugins/merged_work.h"
#include "plugins/sources/artifact/manifest.h"
#include "plugins/sources/source_cache.h"

namespace slipway::plugins::sources::artifact {

/// "wandb-artifact://_id/<id>", "wandb-artifact://entity/project/name:version", "entity/project/name[:alias]".
struct ArtifactReference {
  std::string id;  ///< Instead of the rest.
  std::string entity, project;
  std::string name;   ///< Collection.
  std::string alias;  ///< "v3", "latest".
};
Result<ArtifactReference> parse_reference(std::string_view text);

struct FetchedArtifact {
  std::filesystem::path dir;  ///< Shared and read only; see copy_tree().
  std::string id;
  std::string digest;          ///< Of the manifest.
  std::string qualified_name;  ///< "entity/project/name:v3".
  std::string type;            ///< "job", "code".
  Json metadata;               ///< Object, or null.
};

/// Keep it as long as any fetch runs. Files are kept by their content below `context.state_dir`/artifacts, so only what is missing is downloaded, also after a crash in the
/// middle. Every file is checked against its digest. Equal fetches in flight are done once.
class ArtifactFetcher {
 public:
  explicit ArtifactFetcher(Context& context);

  /// Codes: not_found (no such artifact, or deleted), invalid_argument (the reference, or a manifest with paths that leave the tree or entries that are no uploaded files),
  /// unavailable, and what the server says.
  Task<FetchedArtifact> fetch(std::string reference, LineSink log = {});

 private:
  struct Found {
    FetchedArtifact artifact;
    std::string entity, project, collection, version;
  };
  using Missing = std::vector<ManifestEntry>;

  Task<FetchedArtifact> fetch_now(ArtifactReference reference, LineSink log);
  Task<Found> look_up(ArtifactReference reference);
  Task<Manifest> fetch_manifest(std::string id);
  Task<> download_missing(Found found, Missing missing, LineSink log);
  /// File name → address, of the names asked for.
  Task<std::map<std::string, std::string>> file_urls(Found found);
  Task<> download(ManifestEntry entry, std::string url);
  Result<> assemble(const Manifest& manifest, const std::filesystem::path& tree) const;
  void make_room() const;
  std::filesystem::path stored(const ManifestEntry& entry) const;

  Context& context_;
  std::filesystem::path files_;
  SourceCache trees_;
  MergedWork<FetchedArtifact> merged_;
};

}  // namespace slipway::plugins::sources::artifact
