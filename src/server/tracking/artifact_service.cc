#include "server/tracking/artifact_service.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/json.h"
#include "base/strings.h"
#include "server/service/access.h"
#include "server/tracking/run_service.h"

namespace slipway::server {

namespace {

constexpr Millis kUploadLifetime = std::chrono::hours(24);
constexpr Millis kDownloadLifetime = std::chrono::hours(24);
constexpr std::size_t kBlobsAtOnce = 2'000;
constexpr std::size_t kMaxProblems = 20;
constexpr std::size_t kMaxSpecs = 10'000;
constexpr std::size_t kMaxParts = 10'000;
constexpr std::string_view kStoragePrefix = "artifacts/";
constexpr std::size_t kMaxMetadata = 4u << 20;

bool is_md5_hex(std::string_view text) { return text.size() == 32 && from_hex(text).has_value(); }

/// Where the parts of an upload wait. An id that was given out for another file or another entity leads nowhere.
std::string parts_folder(std::string_view entity, std::string_view md5, std::string_view upload) {
  return sha256_hex(fmt::format("{}/{}/{}", entity, md5, upload)).substr(0, 40);
}

Error absent_artifact() {
  return Error(Code::not_found, "artifact not found")
      .hint("It does not exist, or you are no member of the entity that it belongs to.");
}

void check_name(std::string_view what, std::string_view name, std::vector<Problem>& problems) {
  const std::string fault = name_fault(name);
  if (!fault.empty())
    problems.push_back(
        {.path = std::string(what),
         .message = fmt::format("'{}' cannot be a name: {}", to_utf8_lossy(name.substr(0, 128)), fault)});
}

Result<> check(const NewArtifact& artifact) {
  std::vector<Problem> problems;
  check_name("projectName", artifact.project, problems);
  check_name("artifactTypeName", artifact.type, problems);
  check_name("artifactCollectionName", artifact.collection, problems);
  for (const std::string& alias : artifact.aliases) check_name("aliases", alias, problems);
  if (artifact.digest.empty() || artifact.digest.size() > 256)
    problems.push_back({.path = "digest", .message = "expected the digest of the manifest"});
  if (artifact.client_id.size() > 256) problems.push_back({.path = "clientID", .message = "at most 256 characters"});
  if (artifact.metadata && artifact.metadata->size() > kMaxMetadata)
    problems.push_back({.path = "metadata", .message = "at most 4 MiB"});
  if (!problems.empty()) return Error(Code::invalid_argument, "the artifact is not valid", std::move(problems));
  return Result<>();
}

Result<> check(const std::vector<FileSpec>& specs) {
  std::vector<Problem> problems;
  if (specs.size() > kMaxSpecs)
    return Error(Code::invalid_argument, fmt::format("at most {} files in one call, got {}", kMaxSpecs, specs.size()));
  for (std::size_t i = 0; i < specs.size() && problems.size() < kMaxProblems; ++i) {
    const std::string fault = path_fault(specs[i].name);
    if (!fault.empty()) problems.push_back({.path = fmt::format("artifactFiles[{}].name", i), .message = fault});
    if (specs[i].parts.size() > kMaxParts)
      problems.push_back({.path = fmt::format("artifactFiles[{}].uploadPartsInput", i),
                          .message = fmt::format("at most {} parts", kMaxParts)});
    if (!std::ranges::all_of(specs[i].parts, is_md5_hex))
      problems.push_back({.path = fmt::format("artifactFiles[{}].uploadPartsInput", i),
                          .message = "expected parts 1, 2, … each with the hex of an MD5"});
    if (!md5_from_base64(specs[i].md5))
      problems.push_back({.path = fmt::format("artifactFiles[{}].md5", i), .message = "expected the base64 of an MD5"});
  }
  if (!problems.empty()) return Error(Code::invalid_argument, "the files are not valid", std::move(problems));
  return Result<>();
}

}  // namespace

Task<Artifact> ArtifactService::get(Principal who, Id id, Role needed) {
  CO_TRY(auto artifact, co_await store_.get_artifact(id));
  if (!artifact) co_return absent_artifact();
  if (auto allowed = require(who, artifact->collection.entity, needed); !allowed) {
    if (allowed.error().code() != Code::not_found) co_return std::move(allowed).error();
    co_return absent_artifact();
  }
  co_return std::move(*artifact);
}

Task<Artifact> ArtifactService::create(Principal who, NewArtifact artifact, std::string run_name) {
  CO_TRY_VOID(require(who, artifact.entity, Role::agent));
  CO_TRY_VOID(check(artifact));
  if (!run_name.empty()) {
    RunKey key{.entity = artifact.entity, .project = artifact.project, .name = std::move(run_name)};
    CO_TRY(const auto run, co_await store_.find_run(std::move(key)));
    if (run) artifact.run = run->id;
  }
  co_return co_await store_.create_artifact(std::move(artifact));
}

Task<std::optional<std::string>> ArtifactService::set_manifest(Principal who, Id id, std::string name,
                                                               std::string digest) {
  CO_TRY(const Artifact artifact, co_await get(who, id, Role::agent));
  const std::string entity = artifact.collection.entity;
  // Clients name the manifest by the MD5 of its bytes or by the artifact's own digest. The commit checks its content against the latter in any case.
  const bool by_content = lower(digest) == lower(artifact.digest);
  std::string md5;
  if (!digest.empty() && !by_content) {
    const auto hex = md5_from_base64(digest);
    if (!hex)
      co_return Error(Code::invalid_argument,
                      "the digest of the manifest is neither the base64 of an MD5 nor the artifact's digest");
    md5 = *hex;
  }
  if (const std::string fault = path_fault(name); !fault.empty())
    co_return Error(Code::invalid_argument, "the manifest cannot be named so: " + fault);
  CO_TRY_VOID(co_await store_.set_manifest(id, name, digest));
  if (digest.empty()) co_return std::optional<std::string>();
  if (!by_content) {
    std::vector<std::string> wanted = {md5};
    CO_TRY(const auto known, co_await store_.find_blobs(entity, std::move(wanted)));
    if (known.front()) {
      CO_TRY_VOID(co_await store_.set_manifest_bytes(id, known.front()->sha256));
      co_return std::optional<std::string>();
    }
  }
  Grant grant{.kind = GrantKind::put_manifest, .entity = entity, .digest = md5, .owner = id, .name = name};
  co_return std::optional<std::string>(grants_.address(grant, kUploadLifetime));
}

Task<std::vector<UploadTicket>> ArtifactService::add_files(Principal who, std::vector<FileSpec> specs) {
  CO_TRY_VOID(check(specs));
  std::map<Id, std::string> entities;
  for (const FileSpec& spec : specs) {
    if (entities.contains(spec.artifact)) continue;
    CO_TRY(const Artifact artifact, co_await get(who, spec.artifact, Role::agent));
    if (artifact.state != ArtifactState::pending)
      co_return Error(Code::failed_precondition, "the artifact is committed and takes no more files")
          .hint("Log a new version.");
    entities[spec.artifact] = artifact.collection.entity;
  }
  std::vector<UploadTicket> tickets(specs.size());
  std::map<std::string, std::vector<std::size_t>> of_entity;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    tickets[i].name = specs[i].name;
    tickets[i].md5 = md5_from_base64(specs[i].md5).value_or("");
    of_entity[entities[specs[i].artifact]].push_back(i);
  }
  for (const auto& [entity, places] : of_entity) {
    std::vector<std::string> md5s;
    for (const std::size_t i : places) md5s.push_back(tickets[i].md5);
    CO_TRY(const auto known, co_await store_.find_blobs(entity, std::move(md5s)));
    for (std::size_t k = 0; k < places.size(); ++k) {
      if (known[k]) continue;
      UploadTicket& ticket = tickets[places[k]];
      ticket.address = grants_.address({.kind = GrantKind::put_artifact_file, .entity = entity, .digest = ticket.md5},
                                       kUploadLifetime);
      add_parts(entity, specs[places[k]].parts, ticket);
    }
  }
  co_return tickets;
}

void ArtifactService::add_parts(const std::string& entity, const std::vector<std::string>& md5s, UploadTicket& ticket) {
  if (md5s.empty()) return;
  ticket.upload = random_id(24);
  Grant grant{.kind = GrantKind::put_part, .entity = entity, .name = parts_folder(entity, ticket.md5, ticket.upload)};
  for (const std::string& md5 : md5s) {
    grant.digest = lower(md5);
    ++grant.owner;
    ticket.parts.push_back(grants_.address(grant, kUploadLifetime));
  }
}

Task<std::string> ArtifactService::complete_upload(Principal who, Id id, std::string storage_path, std::string upload,
                                                   std::int64_t parts) {
  CO_TRY(const Artifact artifact, co_await get(who, id, Role::agent));
  const bool known = storage_path.starts_with(kStoragePrefix);
  const std::string md5 = known ? storage_path.substr(kStoragePrefix.size()) : "";
  if (!is_md5_hex(md5) || parts < 1 || parts > static_cast<std::int64_t>(kMaxParts))
    co_return Error(Code::invalid_argument,
                    "storagePath, uploadID and completedParts do not belong to an upload of this server");
  const std::string& entity = artifact.collection.entity;
  CO_TRY(const Blob blob, co_await files_.join(parts_folder(entity, md5, upload), parts, md5, entity));
  co_return to_base64(from_hex(blob.md5).value_or(""));
}

Task<ArtifactCollection> ArtifactService::collection(Principal who, Id id, Role needed) {
  CO_TRY(auto collection, co_await store_.get_collection(id));
  const Error absent(Code::not_found, "artifact collection not found");
  if (!collection) co_return absent;
  if (auto allowed = require(who, collection->entity, needed); !allowed) {
    if (allowed.error().code() != Code::not_found) co_return std::move(allowed).error();
    co_return absent;
  }
  co_return std::move(*collection);
}

Task<ArtifactCollection> ArtifactService::update_collection(Principal who, Id id, CollectionChange change) {
  std::vector<Problem> problems;
  if (change.name) check_name("name", *change.name, problems);
  if (change.type) check_name("destinationArtifactTypeName", *change.type, problems);
  for (const std::string& tag : change.add_tags) check_name("tags", tag, problems);
  if (!problems.empty()) co_return Error(Code::invalid_argument, "the collection is not valid", std::move(problems));
  CO_TRY_VOID(co_await collection(who, id, Role::agent));
  co_return co_await store_.update_collection(id, std::move(change));
}

Task<> ArtifactService::remove_collection(Principal who, Id id) {
  CO_TRY_VOID(co_await collection(who, id, Role::member));
  co_return co_await store_.delete_collection(id);
}

Task<Manifest> ArtifactService::read_manifest(Artifact artifact) {
  if (artifact.manifest_sha256.empty()) {
    co_return Error(
        Code::failed_precondition,
        fmt::format("artifact '{}' cannot be committed: its manifest was not uploaded", artifact.collection.name));
  }
  CO_TRY(const std::string text, co_await files_.store().read(artifact.manifest_sha256, 256ull << 20));
  auto work = [&text] { return parse_manifest(text); };
  CO_TRY(Manifest manifest, co_await on_pool(services_.blocking, std::move(work)));
  const std::string digest = manifest.digest();
  if (lower(artifact.digest) != digest) {
    co_return Error(Code::invalid_argument,
                    fmt::format("artifact '{}' was announced with digest {}, its manifest has {}",
                                artifact.collection.name, artifact.digest, digest));
  }
  co_return manifest;
}

Task<std::vector<ArtifactFile>> ArtifactService::stored_files(std::string entity, Manifest manifest) {
  std::vector<ArtifactFile> files;
  std::vector<Problem> missing;
  files.reserve(manifest.entries.size());
  for (std::size_t from = 0; from < manifest.entries.size(); from += kBlobsAtOnce) {
    const std::size_t end = std::min(from + kBlobsAtOnce, manifest.entries.size());
    std::vector<std::string> md5s;
    for (std::size_t i = from; i < end; ++i) md5s.push_back(manifest.entries[i].md5);
    CO_TRY(const auto known, co_await store_.find_blobs(entity, std::move(md5s)));
    for (std::size_t i = from; i < end; ++i) {
      const ManifestEntry& entry = manifest.entries[i];
      ArtifactFile& file = files.emplace_back(ArtifactFile{.path = entry.path, .reference = entry.reference});
      const auto& blob = known[i - from];
      if (blob) file.blob = *blob;
      if (!entry.reference.empty())
        file.blob = Blob{.size = entry.size};
      else if (!blob && missing.size() < kMaxProblems)
        missing.push_back({.path = entry.path, .message = "its bytes were not uploaded"});
    }
  }
  if (!missing.empty())
    co_return Error(Code::failed_precondition, "the artifact is not complete", std::move(missing))
        .hint("Upload the files, then commit again.");
  co_return files;
}

Task<Artifact> ArtifactService::commit(Principal who, Id id) {
  CO_TRY(const Artifact artifact, co_await get(who, id, Role::agent));
  if (artifact.state == ArtifactState::committed) co_return artifact;
  if (artifact.state == ArtifactState::deleted) co_return absent_artifact();
  CO_TRY(Manifest manifest, co_await read_manifest(artifact));
  CO_TRY(auto files, co_await stored_files(artifact.collection.entity, std::move(manifest)));
  co_return co_await store_.commit_artifact(id, std::move(files));
}

Task<Artifact> ArtifactService::update(Principal who, Id id, ArtifactChange change) {
  if (change.aliases || !change.add_aliases.empty() || !change.add_tags.empty()) {
    std::vector<Problem> problems;
    for (const std::string& alias : change.aliases.value_or(change.add_aliases)) check_name("aliases", alias, problems);
    for (const std::string& tag : change.add_tags) check_name("tags", tag, problems);
    if (!problems.empty()) co_return Error(Code::invalid_argument, "the aliases are not valid", std::move(problems));
  }
  CO_TRY_VOID(co_await get(who, id, Role::agent));
  co_return co_await store_.update_artifact(id, std::move(change));
}

Task<> ArtifactService::remove(Principal who, Id id, bool delete_aliases) {
  CO_TRY_VOID(co_await get(who, id, Role::member));
  co_return co_await store_.delete_artifact(id, delete_aliases);
}

Task<Artifact> ArtifactService::use(Principal who, Id id, RunKey key, std::string used_as) {
  CO_TRY_VOID(require(who, key.entity, Role::agent));
  CO_TRY(const Artifact artifact, co_await get(who, id));
  CO_TRY(const auto run, co_await store_.find_run(std::move(key)));
  if (!run) co_return Error(Code::not_found, "the run that uses the artifact does not exist");
  CO_TRY_VOID(co_await store_.use_artifact(run->id, id, std::move(used_as)));
  co_return artifact;
}

Task<> ArtifactService::check_job(Principal who, std::string job) {
  const auto parts = split(job, '/');
  if (parts.size() != 3)
    co_return Error(Code::invalid_argument,
                    fmt::format("job '{}': expected entity/project/name:alias", to_utf8_lossy(job)));
  const auto no_such_job = Error(Code::not_found, fmt::format("job: there is no job '{}'", job))
                               .hint("`slipway job list` shows the jobs of a project.");
  if (!require(who, parts[0], Role::viewer)) co_return no_such_job;
  CO_TRY(const auto artifact, co_await store_.find_artifact(parts[0], parts[1], parts[2]));
  if (!artifact) co_return no_such_job;
  if (artifact->collection.type != "job") {
    co_return Error(Code::invalid_argument,
                    fmt::format("'{}' is an artifact of type '{}', not a job", job, artifact->collection.type));
  }
  co_return Result<>();
}

Task<std::optional<Id>> ArtifactService::find_client_id(Principal who, std::string client_id) {
  for (const Membership& membership : who.memberships) {
    CO_TRY(const auto id, co_await store_.find_client_id(membership.entity.name, client_id));
    if (id) co_return id;
  }
  co_return std::optional<Id>();
}

std::string ArtifactService::address_of(const std::string& entity, const std::string& sha256,
                                        const std::string& name) const {
  return grants_.address({.kind = GrantKind::get_blob, .entity = entity, .digest = sha256, .name = name},
                         kDownloadLifetime);
}

}  // namespace slipway::server
