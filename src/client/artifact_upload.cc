#include "client/artifact_upload.h"

#include <algorithm>

#include <fmt/format.h>

#include "archive/archive.h"
#include "base/ids.h"

namespace slipway::client {
namespace {

constexpr std::size_t kFilesPerCall = 200;

constexpr const char* kCreate =
    "mutation CreateArtifact($input: CreateArtifactInput!) { createArtifact(input: $input) {"
    " artifact { id state versionIndex artifactSequence { id name latestArtifact { id versionIndex } } } } }";
constexpr const char* kManifest =
    "mutation CreateArtifactManifest($input: CreateArtifactManifestInput!, $includeUpload: Boolean!) {"
    " createArtifactManifest(input: $input) { artifactManifest { id file { id uploadUrl @include(if: $includeUpload)"
    " uploadHeaders @include(if: $includeUpload) } } } }";
constexpr const char* kFiles =
    "mutation CreateArtifactFiles($input: CreateArtifactFilesInput!) { createArtifactFiles(input: $input) {"
    " files { edges { node { name uploadUrl uploadHeaders artifact { id } } } } } }";
constexpr const char* kCommit =
    "mutation CommitArtifact($input: CommitArtifactInput!) { commitArtifact(input: $input) { artifact { id digest "
    "versionIndex } } }";

struct HashedFile {
  ArtifactFile file;
  archive::FileDigest digest;
  std::string birth_artifact;
};

Result<std::vector<HashedFile>> hash_files(std::vector<ArtifactFile> files) {
  std::ranges::sort(files, {}, &ArtifactFile::name);
  std::vector<HashedFile> hashed;
  for (auto& file : files) {
    auto digest = archive::digest_file(file.path);
    if (!digest) return std::move(digest).error().wrap("reading " + file.path.string());
    hashed.push_back({std::move(file), *std::move(digest), ""});
  }
  return hashed;
}

/// Protocol 1.6.4.
std::string manifest_digest(const std::vector<HashedFile>& files) {
  std::string text = "wandb-artifact-manifest-v1\n";
  for (const auto& each : files) text += each.file.name + ":" + each.digest.md5_base64 + "\n";
  return md5_hex(text);
}

std::string manifest_text(const std::vector<HashedFile>& files) {
  JsonObject contents;
  for (const auto& each : files) {
    contents[each.file.name] = JsonObject{
        {"digest", each.digest.md5_base64}, {"size", each.digest.size}, {"birthArtifactID", each.birth_artifact}};
  }
  return to_text(JsonObject{{"version", 1},
                            {"storagePolicy", "wandb-storage-policy-v1"},
                            {"storagePolicyConfig", JsonObject{{"storageLayout", "V2"}}},
                            {"contents", std::move(contents)}});
}

class Uploader {
 public:
  Uploader(ApiClient& api, ArtifactUpload upload, std::vector<HashedFile> files,
           std::function<void(const UploadProgress&)> on_progress)
      : api_(api), upload_(std::move(upload)), files_(std::move(files)), on_progress_(std::move(on_progress)) {
    progress_.files_total = files_.size();
    for (const auto& each : files_) progress_.bytes_total += each.digest.size;
    if (upload_.run.empty()) upload_.run = random_id();
  }

  Task<UploadedArtifact> run() {
    CO_TRY(const Json artifact, co_await create());
    artifact_id_ = text_or(artifact, "id");
    UploadedArtifact done{.id = artifact_id_};
    const Json* latest = find_path(artifact, "artifactSequence.latestArtifact");
    const bool existed = latest && latest->is_object();
    if (text_or(artifact, "state") == "COMMITTED") {
      done.outcome = UploadOutcome::unchanged;
      done.name = fmt::format("{}:v{}", upload_.collection, int_or(artifact, "versionIndex", 0));
      co_return done;
    }
    CO_TRY(const Json draft, co_await manifest("", false));
    CO_TRY_VOID(co_await send_files(text_or(draft, "id")));
    const std::string text = manifest_text(files_);
    CO_TRY(const Json final_manifest, co_await manifest(md5_base64(text), true));
    CO_TRY_VOID(co_await send_manifest(*find(final_manifest, "file"), text));
    JsonObject input{{"artifactID", artifact_id_}};
    CO_TRY(const Json committed, co_await mutate(kCommit, "commitArtifact", std::move(input)));
    const Json* version = find_path(committed, "artifact.versionIndex");
    done.outcome = existed ? UploadOutcome::updated : UploadOutcome::created;
    done.name = fmt::format("{}:v{}", upload_.collection, version ? as_integer(*version).value_or(0) : 0);
    co_return done;
  }

 private:
  Task<Json> create() {
    JsonArray aliases;
    for (const auto& alias : upload_.aliases) {
      aliases.push_back(JsonObject{{"artifactCollectionName", upload_.collection}, {"alias", alias}});
    }
    JsonObject input{{"entityName", upload_.entity},
                     {"projectName", upload_.project},
                     {"artifactTypeName", upload_.type},
                     {"artifactCollectionName", upload_.collection},
                     {"runName", upload_.run},
                     {"description", upload_.description},
                     {"digest", manifest_digest(files_)},
                     {"digestAlgorithm", "MANIFEST_MD5"},
                     {"aliases", std::move(aliases)},
                     {"metadata", to_text(upload_.metadata)},
                     {"enableDigestDeduplication", true},
                     {"clientID", random_id(128)},
                     {"sequenceClientID", random_id(128)}};
    CO_TRY(const Json payload, co_await mutate(kCreate, "createArtifact", std::move(input)));
    co_return *find(payload, "artifact");
  }

  /// `digest`: of the manifest file's own bytes, "" for the draft that the files refer to.
  Task<Json> manifest(std::string digest, bool include_upload) {
    JsonObject input{{"artifactID", artifact_id_},
                     {"name", "wandb_manifest.json"},
                     {"digest", digest},
                     {"entityName", upload_.entity},
                     {"projectName", upload_.project},
                     {"runName", upload_.run},
                     {"type", "FULL"}};
    JsonObject variables{{"input", std::move(input)}, {"includeUpload", include_upload}};
    CO_TRY(const Json data, co_await api_.call(kManifest, std::move(variables)));
    const Json* found = find_path(data, "createArtifactManifest.artifactManifest");
    if (!found) co_return Error(Code::internal, "the server made no manifest");
    co_return *found;
  }

  Task<> send_files(std::string manifest_id) {
    for (std::size_t first = 0; first < files_.size(); first += kFilesPerCall) {
      const std::size_t end = std::min(first + kFilesPerCall, files_.size());
      CO_TRY(const JsonArray targets, co_await targets_of(manifest_id, first, end));
      for (std::size_t i = first; i < end; ++i) {
        const Json& target = targets[i - first];
        if (const Json* birth = find_path(target, "artifact.id"))
          files_[i].birth_artifact = std::string(birth->as_string());
        CO_TRY_VOID(co_await send_file(files_[i], target));
      }
    }
    co_return Result<>();
  }

  Task<JsonArray> targets_of(std::string manifest_id, std::size_t first, std::size_t end) {
    JsonArray specs;
    for (std::size_t i = first; i < end; ++i) {
      specs.push_back(JsonObject{{"artifactID", artifact_id_},
                                 {"artifactManifestID", manifest_id},
                                 {"md5", files_[i].digest.md5_base64},
                                 {"name", files_[i].file.name}});
    }
    JsonObject input{{"artifactFiles", std::move(specs)}, {"storageLayout", "V2"}};
    CO_TRY(const Json payload, co_await mutate(kFiles, "createArtifactFiles", std::move(input)));
    JsonArray nodes;
    if (const Json* edges = find_path(payload, "files.edges"); edges && edges->is_array()) {
      for (const auto& edge : edges->get_array()) nodes.push_back(*find(edge, "node"));
    }
    if (nodes.size() != end - first)
      co_return Error(Code::internal, "the server answered another number of files than it was asked for");
    co_return nodes;
  }

  Task<> send_file(const HashedFile& each, const Json& target) {
    const std::string url = text_or(target, "uploadUrl");
    const std::uint64_t before = progress_.bytes_done;
    if (!url.empty()) {
      const auto on_bytes = [&](std::uint64_t sent, std::uint64_t) {
        progress_.bytes_done = before + sent;
        tell();
      };
      auto sent = co_await api_.upload(url, each.file.path, headers_of(target), on_bytes);
      if (!sent) co_return std::move(sent).error().wrap("uploading " + each.file.name);
    }
    progress_.bytes_done = before + each.digest.size;
    ++progress_.files_done;
    tell();
    co_return Result<>();
  }

  Task<> send_manifest(const Json& target, std::string text) {
    CO_TRY(const auto folder, archive::TemporaryFolder::create("slipway-manifest"));
    const auto file = folder.path() / "wandb_manifest.json";
    CO_TRY_VOID(archive::write_file_atomically(file, text));
    const std::string url = text_or(target, "uploadUrl");
    if (url.empty()) co_return Result<>();
    auto sent = co_await api_.upload(url, file, headers_of(target));
    if (!sent) co_return std::move(sent).error().wrap("uploading the manifest");
    co_return Result<>();
  }

  static std::vector<std::string> headers_of(const Json& target) {
    std::vector<std::string> headers;
    if (const Json* list = find(target, "uploadHeaders"); list && list->is_array()) {
      for (const auto& header : list->get_array()) headers.emplace_back(header.as_string());
    }
    return headers;
  }

  Task<Json> mutate(std::string document, std::string field, JsonObject input) {
    JsonObject variables{{"input", std::move(input)}};
    CO_TRY(const Json data, co_await api_.call(std::move(document), std::move(variables)));
    const Json* payload = find(data, field);
    if (!payload || !payload->is_object())
      co_return Error(Code::internal, "the server answered " + field + " with nothing");
    co_return *payload;
  }

  void tell() {
    if (on_progress_) on_progress_(progress_);
  }

  ApiClient& api_;
  ArtifactUpload upload_;
  std::vector<HashedFile> files_;
  std::function<void(const UploadProgress&)> on_progress_;
  UploadProgress progress_;
  std::string artifact_id_;
};

}  // namespace

Task<UploadedArtifact> upload_artifact(ApiClient& api, asio::thread_pool& pool, ArtifactUpload upload,
                                       std::function<void(const UploadProgress&)> on_progress) {
  auto hash = [files = upload.files] { return hash_files(files); };
  auto hashing = on_pool(pool, std::move(hash));
  CO_TRY(auto files, co_await std::move(hashing));
  Uploader uploader(api, std::move(upload), std::move(files), std::move(on_progress));
  co_return co_await uploader.run();
}

}  // namespace slipway::client
