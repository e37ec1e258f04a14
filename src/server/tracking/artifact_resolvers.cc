#include "server/tracking/artifact_resolvers.h"

#include <algorithm>

#include "base/ids.h"
#include "server/api/request_context.h"
#include "server/tracking/run_service.h"
#include "server/tracking/shapes.h"

namespace slipway::server {

using namespace tracking;

namespace {

Json artifact_or_null(const std::optional<Artifact>& artifact) { return artifact ? artifact_json(*artifact) : Json(); }

}  // namespace

void ArtifactResolvers::bind(graphql::Resolvers& resolvers) {
  bind_reads(resolvers);
  bind_mutations(resolvers);
  bind_collections(resolvers);
}

void ArtifactResolvers::bind_reads(graphql::Resolvers& resolvers) {
  using Read = Task<Json> (ArtifactResolvers::*)(const Call&);
  const auto read = [&](std::string coordinate, Read method) {
    resolvers.bind(std::move(coordinate), [this, method](const Call& call) { return (this->*method)(call); });
  };
  read("Query.artifact", &ArtifactResolvers::artifact);
  read("Query.clientIDMapping", &ArtifactResolvers::client_id_mapping);
  read("Project.artifactTypes", &ArtifactResolvers::types_of_project);
  read("Project.artifactType", &ArtifactResolvers::type_of_project);
  resolvers.bind("Project.artifact", [this](const Call& call) { return artifact_of_project(call, false); });
  resolvers.bind("Project.artifactCollectionMembership",
                 [this](const Call& call) { return artifact_of_project(call, true); });
  read("Project.artifactCollection", &ArtifactResolvers::collection_of_project);
  read("ArtifactType.artifactCollections", &ArtifactResolvers::collections_of_type);
  read("ArtifactType.artifactCollection", &ArtifactResolvers::collection_of_type);
  read("ArtifactType.artifactSequence", &ArtifactResolvers::collection_of_type);
  read("ArtifactSequence.artifactMembership", &ArtifactResolvers::membership_of_collection);
  read("ArtifactSequence.artifacts", &ArtifactResolvers::artifacts_of_collection);
  read("ArtifactSequence.aliases", &ArtifactResolvers::aliases_of_collection);
  read("ArtifactSequence.latestArtifact", &ArtifactResolvers::latest_of_collection);
  read("ArtifactCollectionMembership.files", &ArtifactResolvers::files);
  read("Artifact.files", &ArtifactResolvers::files);
  read("Artifact.createdBy", &ArtifactResolvers::maker);
  resolvers.bind_sync("Artifact.currentManifest", [this](const Call& call) { return current_manifest(call); });
  resolvers.bind("Run.outputArtifacts",
                 [this](const Call& call) { return artifacts_of_run(call, ArtifactStore::RunLink::made); });
  resolvers.bind("Run.inputArtifacts",
                 [this](const Call& call) { return artifacts_of_run(call, ArtifactStore::RunLink::used); });
}

Task<Json> ArtifactResolvers::artifact(const Call& call) {
  const auto id = parse_global_id("Artifact", text_arg(call.args, "id"));
  if (!id) co_return Json();
  auto found = co_await artifacts_.get(request_of(call).principal, *id);
  if (!found && found.error().code() == Code::not_found) co_return Json();
  if (!found) co_return std::move(found).error();
  co_return artifact_json(*found);
}

Task<Json> ArtifactResolvers::client_id_mapping(const Call& call) {
  CO_TRY(const auto id,
         co_await artifacts_.find_client_id(request_of(call).principal, text_arg(call.args, "clientID")));
  if (!id) co_return Json();
  JsonObject json;
  json["serverID"] = global_id("Artifact", *id);
  co_return json;
}

Task<Json> ArtifactResolvers::types_of_project(const Call& call) {
  const std::string entity = text_or(call.parent, "entityName");
  const std::string project = text_or(call.parent, "name");
  CO_TRY(const auto types, co_await store_.list_types(entity, project));
  std::vector<Json> nodes;
  for (const std::string& type : types) nodes.push_back(artifact_type_json(entity, project, type));
  co_return connection_json(std::move(nodes), "", false);
}

Task<Json> ArtifactResolvers::type_of_project(const Call& call) {
  const std::string entity = text_or(call.parent, "entityName");
  const std::string project = text_or(call.parent, "name");
  const std::string name = text_arg(call.args, "name");
  CO_TRY(const auto types, co_await store_.list_types(entity, project));
  if (std::ranges::find(types, name) == types.end()) co_return Json();
  co_return artifact_type_json(entity, project, name);
}

Task<Json> ArtifactResolvers::artifact_of_project(const Call& call, bool as_member) {
  CO_TRY(const auto found, co_await store_.find_artifact(text_or(call.parent, "entityName"),
                                                         text_or(call.parent, "name"), text_arg(call.args, "name")));
  if (!found) co_return Json();
  co_return as_member ? membership_json(*found) : artifact_json(*found);
}

Task<Json> ArtifactResolvers::collection_of_project(const Call& call) {
  CO_TRY(const auto found, co_await store_.find_collection(text_or(call.parent, "entityName"),
                                                           text_or(call.parent, "name"), text_arg(call.args, "name")));
  co_return found ? collection_json(*found) : Json();
}

Task<Json> ArtifactResolvers::collections_of_type(const Call& call) {
  co_return co_await collections(call, text_or(call.parent, "_entity"), text_or(call.parent, "_project"),
                                 text_or(call.parent, "name"));
}

Task<Json> ArtifactResolvers::collection_of_type(const Call& call) {
  CO_TRY(const auto found,
         co_await store_.find_collection(text_or(call.parent, "_entity"), text_or(call.parent, "_project"),
                                         text_arg(call.args, "name")));
  if (!found || found->type != text_or(call.parent, "name")) co_return Json();
  co_return collection_json(*found);
}

Task<Json> ArtifactResolvers::membership_of_collection(const Call& call) {
  CO_TRY(const auto collection, co_await store_.get_collection(hidden_id(call.parent, "_collection")));
  if (!collection) co_return Json();
  CO_TRY(const auto found, co_await store_.find_artifact(collection->entity, collection->project,
                                                         collection->name + ":" + text_arg(call.args, "aliasName")));
  co_return found ? membership_json(*found) : Json();
}

Task<Json> ArtifactResolvers::artifacts_of_collection(const Call& call) {
  CO_TRY(const auto page, co_await store_.list_artifacts(hidden_id(call.parent, "_collection"), page_of(call.args)));
  Json json = connection_of(page, artifact_json);
  JsonArray& edges = json.as_object()["edges"].as_array();
  for (std::size_t i = 0; i < edges.size(); ++i)
    edges[i].as_object()["version"] = "v" + std::to_string(page.rows[i].version.value_or(0));
  json.as_object()["_collection"] = hidden_id(call.parent, "_collection");
  co_return json;
}

Task<Json> ArtifactResolvers::aliases_of_collection(const Call& call) {
  CO_TRY(const auto aliases, co_await store_.list_aliases(hidden_id(call.parent, "_collection")));
  std::vector<Json> nodes;
  for (const auto& [alias, artifact] : aliases) {
    JsonObject node;
    node["__typename"] = "ArtifactAlias";
    node["id"] = to_base64("ArtifactAlias:" + std::to_string(hidden_id(call.parent, "_collection")) + ":" + alias);
    node["alias"] = alias;
    node["artifactCollectionName"] = text_or(call.parent, "name");
    node["artifactCollection"] = call.parent;
    nodes.emplace_back(std::move(node));
  }
  co_return connection_json(std::move(nodes), "", false);
}

Task<Json> ArtifactResolvers::latest_of_collection(const Call& call) {
  CO_TRY(const auto found, co_await store_.get_artifact(hidden_id(call.parent, "_latest")));
  co_return artifact_or_null(found);
}

Task<Json> ArtifactResolvers::files(const Call& call) {
  const std::string base = request_of(call).base_url;
  const std::string entity = text_or(call.parent, "_entity");
  const Id id = hidden_id(call.parent, "_artifact");
  CO_TRY(const auto page, co_await store_.list_files(id, list_arg(call.args, "names"), page_of(call.args)));
  const auto shape = [&](const ArtifactFile& file) {
    const std::string address =
        file.reference.empty() ? base + artifacts_.address_of(entity, file.blob.sha256, file.path) : file.reference;
    JsonObject json;
    json["__typename"] = "File";
    json["id"] = to_base64("ArtifactFile:" + std::to_string(id) + ":" + file.path);
    json["name"] = file.path;
    json["displayName"] = file.path;
    json["url"] = address;
    json["directUrl"] = address;
    json["sizeBytes"] = file.blob.size;
    json["md5"] = file.blob.md5.empty() ? Json() : text_value(to_base64(from_hex(file.blob.md5).value_or("")));
    json["digest"] = json["md5"];
    json["storagePath"] = file.blob.md5.empty() ? Json() : text_value("artifacts/" + file.blob.md5);
    return Json(std::move(json));
  };
  Json json = connection_of(page, shape);
  const Json* artifact = find(call.parent, "artifact");
  json.as_object()["totalCount"] = int_or(artifact ? *artifact : call.parent, "fileCount", 0);
  co_return json;
}

Task<Json> ArtifactResolvers::maker(const Call& call) {
  CO_TRY(const auto run, co_await store_.get_run(hidden_id(call.parent, "_run")));
  co_return run ? run_json(*run) : Json();
}

Task<Json> ArtifactResolvers::artifacts_of_run(const Call& call, ArtifactStore::RunLink link) {
  const Id run = hidden_id(call.parent, "_run");
  CO_TRY(const auto page, co_await store_.list_run_artifacts(run, link, page_of(call.args)));
  Json json = connection_of(page, artifact_json);
  json.as_object()["_run"] = run;
  json.as_object()["_used"] = link == ArtifactStore::RunLink::used;
  co_return json;
}

Result<Json> ArtifactResolvers::current_manifest(const Call& call) {
  const Json* manifest = find(call.parent, "_manifest");
  const std::string sha256 = manifest ? text_or(*manifest, "sha256") : "";
  if (sha256.empty()) return Json();
  const std::string name = text_or(*manifest, "name");
  const std::string id = global_id("ArtifactManifest", hidden_id(call.parent, "_artifact"));
  const std::string address =
      request_of(call).base_url + artifacts_.address_of(text_or(call.parent, "_entity"), sha256, name);
  const Json file = {{"__typename", "File"}, {"id", id}, {"name", name}, {"url", address}, {"directUrl", address}};
  return Json{{"__typename", "ArtifactManifest"},
              {"id", id},
              {"digest", text_or(*manifest, "digest")},
              {"type", "FULL"},
              {"file", file}};
}

}  // namespace slipway::server
