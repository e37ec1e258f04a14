#include "plugins/sources/artifact/artifact_fetcher.h"

#include <set>

#include "async/with_scope.h"
#include "base/ids.h"
#include "base/strings.h"
#include "net/http_types.h"

namespace slipway::plugins::sources::artifact {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kScheme = "wandb-artifact://";
constexpr int kParallel = 8;

constexpr std::string_view kFields = R"(id digest state metadata versionIndex artifactType { name }
    artifactSequence { name project { name entity { name } } })";

const std::string kById = "query ArtifactByID($id: ID!) { artifact(id: $id) { " + std::string(kFields) + " } }";

const std::string kByName = R"(query ArtifactMembershipByName($entity: String!, $project: String!, $name: String!) {
  project(name: $project, entityName: $entity) {
    artifactCollectionMembership(name: $name) { versionIndex artifactCollection { name project { name entity { name } } } artifact { )" +
                            std::string(kFields) + " } } } }";

const std::string kManifest = R"(query FetchArtifactManifest($id: ID!) {
  artifact(id: $id) { currentManifest { file { directUrl } } } })";

const std::string kFileUrls =
    R"(query GetArtifactMembershipFileUrls($entity: String!, $project: String!, $collection: String!, $alias: String!,
    $cursor: String, $perPage: Int) {
  project(name: $project, entityName: $entity) { artifactCollection(name: $collection) { __typename artifactMembership(aliasName: $alias) {
    files(after: $cursor, first: $perPage) { pageInfo { endCursor hasNextPage } edges { node { name directUrl } } } } } } })";

Json parse_metadata(const Json& artifact) {
  const auto* metadata = find(artifact, "metadata");
  if (!metadata) return {};
  if (metadata->is_object()) return *metadata;
  if (!metadata->is_string()) return {};
  auto parsed = parse_json(metadata->get_string());
  return parsed ? *std::move(parsed) : Json();
}

std::string text_at(const Json& value, std::string_view dotted) {
  const auto* found = find_path(value, dotted);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace

Result<ArtifactReference> parse_reference(std::string_view text) {
  const auto refused = [&] {
    return Error(Code::invalid_argument, "'" + to_utf8_lossy(text) + "' names no artifact")
        .hint("Write entity/project/name:version, for example team/vision/job-train:v3.");
  };
  std::string_view rest = text;
  if (rest.starts_with(kScheme)) rest.remove_prefix(kScheme.size());
  ArtifactReference reference;
  if (rest.starts_with("_id/")) {
    reference.id = rest.substr(4);
    if (reference.id.empty() || reference.id.find('/') != std::string::npos) return refused();
    return reference;
  }
  const auto parts = split(rest, '/');
  if (parts.size() != 3 || parts[0].empty() || parts[1].empty()) return refused();
  const auto colon = parts[2].find(':');
  reference.entity = parts[0];
  reference.project = parts[1];
  reference.name = parts[2].substr(0, colon);
  reference.alias = colon == std::string::npos ? "latest" : parts[2].substr(colon + 1);
  if (reference.name.empty() || reference.alias.empty()) return refused();
  return reference;
}

ArtifactFetcher::ArtifactFetcher(Context& context)
    : context_(context),
      files_(context.state_dir / "artifacts" / "files"),
      trees_(context.state_dir / "artifacts" / "trees", cache_limit(context.env)),
      merged_(context.executor) {}

Task<FetchedArtifact> ArtifactFetcher::fetch(std::string reference, LineSink log) {
  CO_TRY(const auto parsed, parse_reference(reference));
  auto work = [this, parsed](LineSink say) { return fetch_now(parsed, std::move(say)); };
  auto fetched = co_await merged_.run(reference, std::move(log), std::move(work));
  if (!fetched) co_return std::move(fetched).error().wrap("fetching the artifact " + reference);
  co_return fetched;
}

Task<FetchedArtifact> ArtifactFetcher::fetch_now(ArtifactReference reference, LineSink log) {
  CO_TRY(auto found, co_await look_up(std::move(reference)));
  CO_TRY(auto manifest, co_await fetch_manifest(found.artifact.id));
  const auto key = manifest.fingerprint.substr(0, 40);
  if (const auto kept = trees_.find(key)) {
    found.artifact.dir = *kept;
    co_return std::move(found.artifact);
  }
  std::set<std::string> seen;
  Missing missing;
  for (const auto& entry : manifest.entries) {
    std::error_code absent;
    // Marked as used now, so that nobody makes room with it before the tree is assembled.
    fs::last_write_time(stored(entry), fs::file_time_type::clock::now(), absent);
    if (absent && seen.insert(entry.md5).second) missing.push_back(entry);
  }
  if (!missing.empty()) CO_TRY_VOID(co_await download_missing(found, std::move(missing), log));
  CO_TRY(const auto staging, trees_.staging());
  const auto tree = staging.path() / "tree";
  auto build = [&] {
    auto assembled = assemble(manifest, tree);
    make_room();
    return assembled;
  };
  auto building = on_pool(*context_.blocking, std::ref(build));
  CO_TRY_VOID(co_await std::move(building));
  CO_TRY(found.artifact.dir, trees_.keep(key, tree));
  co_return std::move(found.artifact);
}

Task<ArtifactFetcher::Found> ArtifactFetcher::look_up(ArtifactReference reference) {
  JsonObject variables;
  Json artifact;
  Found found;
  if (!reference.id.empty()) {
    variables["id"] = reference.id;
    CO_TRY(const auto data, co_await context_.api->call(kById, std::move(variables)));
    if (const auto* value = find(data, "artifact")) artifact = *value;
  } else {
    variables["entity"] = reference.entity;
    variables["project"] = reference.project;
    variables["name"] = reference.name + ":" + reference.alias;
    CO_TRY(const auto data, co_await context_.api->call(kByName, std::move(variables)));
    const auto* membership = find_path(data, "project.artifactCollectionMembership");
    if (membership && membership->is_object()) {
      if (const auto* value = find(*membership, "artifact")) artifact = *value;
      found.collection = text_at(*membership, "artifactCollection.name");
      found.entity = reference.entity;
      found.project = reference.project;
      if (const auto* index = find(*membership, "versionIndex"); index && index->is_int64())
        found.version = "v" + std::to_string(index->get_int64());
    }
  }
  if (!artifact.is_object())
    co_return Error(Code::not_found, "there is no such artifact")
        .hint("Check the name and version, and that this agent's key may read it.");
  if (text_or(artifact, "state") == "DELETED") co_return Error(Code::not_found, "the artifact was deleted");
  if (found.collection.empty()) {
    found.entity = text_at(artifact, "artifactSequence.project.entity.name");
    found.project = text_at(artifact, "artifactSequence.project.name");
    found.collection = text_at(artifact, "artifactSequence.name");
    found.version = "v" + std::to_string(int_or(artifact, "versionIndex", 0));
  }
  found.artifact.id = text_or(artifact, "id");
  found.artifact.digest = text_or(artifact, "digest");
  found.artifact.type = text_at(artifact, "artifactType.name");
  found.artifact.metadata = parse_metadata(artifact);
  found.artifact.qualified_name = found.entity + "/" + found.project + "/" + found.collection + ":" + found.version;
  co_return found;
}

Task<Manifest> ArtifactFetcher::fetch_manifest(std::string id) {
  JsonObject variables{{"id", id}};
  CO_TRY(const auto data, co_await context_.api->call(kManifest, std::move(variables)));
  const auto url = text_at(data, "artifact.currentManifest.file.directUrl");
  if (url.empty())
    co_return Error(Code::not_found, "the artifact has no content: it was never completely uploaded, or was deleted");
  CO_TRY(const auto folder, archive::TemporaryFolder::create("manifest-"));
  const auto file = folder.path() / "manifest.json";
  CO_TRY_VOID(co_await context_.api->download(url, file));
  CO_TRY(const auto text, archive::read_file(file));
  CO_TRY(const auto value, parse_json(text, {.max_bytes = 256u << 20}));
  co_return parse_manifest(value);
}

Task<std::map<std::string, std::string>> ArtifactFetcher::file_urls(Found found) {
  std::map<std::string, std::string> urls;
  Json cursor;
  for (;;) {
    JsonObject variables{{"entity", found.entity}, {"project", found.project}, {"collection", found.collection},
                         {"alias", found.version}, {"cursor", cursor},         {"perPage", 5000}};
    CO_TRY(const auto data, co_await context_.api->call(kFileUrls, std::move(variables)));
    const auto* files = find_path(data, "project.artifactCollection.artifactMembership.files");
    const auto* edges = files ? find(*files, "edges") : nullptr;
    if (!edges || !edges->is_array()) co_return Error(Code::not_found, "the server lists no files for it");
    for (const auto& edge : edges->get_array()) urls[text_at(edge, "node.name")] = text_at(edge, "node.directUrl");
    const auto* page = find(*files, "pageInfo");
    if (!page || !bool_or(*page, "hasNextPage", false)) co_return urls;
    cursor = text_value(text_or(*page, "endCursor"));
  }
}

Task<> ArtifactFetcher::download_missing(Found found, Missing missing, LineSink log) {
  std::uint64_t bytes = 0;
  for (const auto& entry : missing) bytes += entry.size;
  if (log) log("artifact: downloading " + std::to_string(missing.size()) + " files, " + human_bytes(bytes));
  CO_TRY(const auto urls, co_await file_urls(found));
  // Each worker takes the next file until one fails or all are there.
  std::size_t next = 0;
  std::optional<Error> failure;
  auto worker = [&]() -> asio::awaitable<void> {
    while (next < missing.size() && !failure) {
      const auto entry = missing[next++];
      const auto url = urls.find(entry.path);
      Result<> done = Error(Code::not_found, "the server has no address for the file '" + entry.path + "'");
      if (url != urls.end() && !url->second.empty()) {
        done = co_await download(entry, url->second);
      }
      if (!done && !failure) failure = std::move(done).error();
    }
  };
  std::function<Task<>(Scope&)> all = [&](Scope& scope) -> Task<> {
    for (int i = 0; i < kParallel; ++i) scope.spawn("artifact download", worker);
    co_await scope.wait_idle();
    co_return Result<>();
  };
  CO_TRY_VOID(co_await with_scope<>(all));
  if (failure) co_return *std::move(failure);
  co_return Result<>();
}

Task<> ArtifactFetcher::download(ManifestEntry entry, std::string url) {
  const auto place = stored(entry);
  std::error_code ec;
  fs::create_directories(place.parent_path(), ec);
  const auto arriving = place.parent_path() / (place.filename().string() + ".part-" + random_id());
  auto downloaded = co_await context_.api->download(std::move(url), arriving);
  if (!downloaded) {
    fs::remove(arriving, ec);
    co_return std::move(downloaded).error().wrap("downloading '" + entry.path + "'");
  }
  auto read = [arriving] { return archive::digest_file(arriving); };
  auto hashing = on_pool(*context_.blocking, std::move(read));
  auto digest = co_await std::move(hashing);
  if (!digest || digest->md5_base64 != entry.md5) {
    fs::remove(arriving, ec);
    if (!digest) co_return std::move(digest).error();
    co_return Error(Code::unavailable,
                    "the file '" + entry.path + "' arrived damaged: its digest is not the manifest's");
  }
  fs::rename(arriving, place, ec);
  if (ec) co_return Error(Code::internal, "keeping " + place.string() + ": " + ec.message());
  co_return Result<>();
}

void ArtifactFetcher::make_room() const {
  std::vector<Kept> all;
  std::error_code ec;
  for (fs::recursive_directory_iterator it(files_, ec), end; !ec && it != end; it.increment(ec)) {
    std::error_code unreadable;
    if (it->is_regular_file(unreadable))
      all.push_back(
          {.paths = {it->path()}, .bytes = it->file_size(unreadable), .used = it->last_write_time(unreadable)});
  }
  remove_oldest(std::move(all), cache_limit(context_.env));
}

fs::path ArtifactFetcher::stored(const ManifestEntry& entry) const {
  const auto name = to_hex(from_base64(entry.md5).value_or("")) + "-" + std::to_string(entry.size);
  return files_ / name.substr(0, 2) / name;
}

Result<> ArtifactFetcher::assemble(const Manifest& manifest, const fs::path& tree) const {
  std::error_code ec;
  fs::create_directories(tree, ec);
  for (const auto& entry : manifest.entries) {
    const auto target = tree / entry.path;
    fs::create_directories(target.parent_path(), ec);
    if (!ec) fs::copy_file(stored(entry), target, ec);
    if (ec)
      return Error(ec == std::errc::no_space_on_device ? Code::resource_exhausted : Code::internal,
                   "writing '" + entry.path + "': " + ec.message());
  }
  return {};
}

}  // namespace slipway::plugins::sources::artifact
