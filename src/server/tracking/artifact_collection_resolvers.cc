#include "base/ids.h"
#include "server/api/request_context.h"
#include "server/tracking/artifact_resolvers.h"
#include "server/tracking/run_service.h"
#include "server/tracking/shapes.h"

namespace slipway::server {

using namespace tracking;

namespace {

Id collection_id(const JsonObject& input, std::string_view key) {
  return parse_global_id("ArtifactCollection", text_arg(input, key)).value_or(0);
}

std::vector<std::string> tag_names(const JsonObject& input) {
  std::vector<std::string> tags;
  const Json* list = find(input, "tags");
  if (!list || !list->is_array()) return tags;
  for (const Json& tag : list->as_array()) tags.push_back(text_or(tag, "tagName"));
  return tags;
}

JsonObject payload_of(const JsonObject& input) {
  JsonObject payload;
  payload["clientMutationId"] = text_arg(input, "clientMutationId");
  return payload;
}

}  // namespace

void ArtifactResolvers::bind_collections(graphql::Resolvers& resolvers) {
  const auto bind = [&](std::string coordinate, Task<Json> (ArtifactResolvers::*method)(const Call&)) {
    resolvers.bind(std::move(coordinate), [this, method](const Call& call) { return (this->*method)(call); });
  };
  bind("Query.artifactCollection", &ArtifactResolvers::collection_by_id);
  bind("Project.artifactCollections", &ArtifactResolvers::collections_of_project);
  bind("ArtifactType.createdAt", &ArtifactResolvers::type_since);
  bind("Artifact.usedBy", &ArtifactResolvers::users);
  bind("Artifact.artifactMemberships", &ArtifactResolvers::memberships);
  bind("ArtifactType.artifact", &ArtifactResolvers::artifact_of_type);
  bind("ArtifactConnection.totalCount", &ArtifactResolvers::count);
  bind("ArtifactCollectionConnection.totalCount", &ArtifactResolvers::count);
  bind("Mutation.updateArtifactSequence", &ArtifactResolvers::update_collection);
  bind("Mutation.moveArtifactSequence", &ArtifactResolvers::move_collection);
  bind("Mutation.deleteArtifactSequence", &ArtifactResolvers::remove_collection);
  bind("Mutation.createArtifactCollectionTagAssignments", &ArtifactResolvers::add_collection_tags);
  bind("Mutation.deleteArtifactCollectionTagAssignments", &ArtifactResolvers::remove_collection_tags);
}

Task<Json> ArtifactResolvers::collection_by_id(const Call& call) {
  const Id id = collection_id(call.args, "id");
  auto found = co_await artifacts_.collection(request_of(call).principal, id);
  if (!found && found.error().code() == Code::not_found) co_return Json();
  if (!found) co_return std::move(found).error();
  co_return collection_json(*found);
}

Task<Json> ArtifactResolvers::collections_of_project(const Call& call) {
  co_return co_await collections(call, text_or(call.parent, "entityName"), text_or(call.parent, "name"), "");
}

Task<Json> ArtifactResolvers::collections(const Call& call, std::string entity, std::string project, std::string type) {
  CO_TRY(const auto page, co_await store_.list_collections(entity, project, type, page_of(call.args)));
  Json json = connection_of(page, collection_json);
  JsonObject& connection = json.as_object();
  connection["_entity"] = entity;
  connection["_project"] = project;
  connection["_type"] = type;
  co_return json;
}

Task<Json> ArtifactResolvers::type_since(const Call& call) {
  CO_TRY(const auto since, co_await store_.type_since(text_or(call.parent, "_entity"), text_or(call.parent, "_project"),
                                                      text_or(call.parent, "name")));
  co_return time_json(since);
}

Task<Json> ArtifactResolvers::users(const Call& call) {
  CO_TRY(const auto ids, co_await store_.list_users(hidden_id(call.parent, "_artifact")));
  std::vector<Json> runs;
  for (const Id id : ids) {
    CO_TRY(const auto run, co_await store_.get_run(id));
    // A run of another entity may use it; who it is, is that entity's.
    if (run && run->key.entity == text_or(call.parent, "_entity")) runs.push_back(run_json(*run));
  }
  co_return connection_json(std::move(runs), "", false);
}

/// An artifact is a member of the collection that it was made in, and of no other.
Task<Json> ArtifactResolvers::memberships(const Call& call) {
  CO_TRY(const auto artifact, co_await store_.get_artifact(hidden_id(call.parent, "_artifact")));
  std::vector<Json> members;
  if (artifact) members.push_back(membership_json(*artifact));
  co_return connection_json(std::move(members), "", false);
}

Task<Json> ArtifactResolvers::artifact_of_type(const Call& call) {
  CO_TRY(const auto found,
         co_await store_.find_artifact(text_or(call.parent, "_entity"), text_or(call.parent, "_project"),
                                       text_arg(call.args, "name")));
  if (!found || found->collection.type != text_or(call.parent, "name")) co_return Json();
  co_return artifact_json(*found);
}

/// Connections say of what they are a page.
Task<Json> ArtifactResolvers::count(const Call& call) {
  if (find(call.parent, "_type")) {
    CO_TRY(const auto count,
           co_await store_.count_collections(text_or(call.parent, "_entity"), text_or(call.parent, "_project"),
                                             text_or(call.parent, "_type")));
    co_return Json(count);
  }
  if (const Id run = hidden_id(call.parent, "_run"); run != 0) {
    const auto link =
        bool_or(call.parent, "_used", false) ? ArtifactStore::RunLink::used : ArtifactStore::RunLink::made;
    CO_TRY(const auto count, co_await store_.count_run_artifacts(run, link));
    co_return Json(count);
  }
  CO_TRY(const auto count, co_await store_.count_artifacts(hidden_id(call.parent, "_collection")));
  co_return Json(count);
}

Task<Json> ArtifactResolvers::change_collection(const Call& call, Id id, CollectionChange change) {
  CO_TRY(const auto collection,
         co_await artifacts_.update_collection(request_of(call).principal, id, std::move(change)));
  JsonObject payload = payload_of(input_of(call.args));
  payload["artifactCollection"] = collection_json(collection);
  co_return payload;
}

Task<Json> ArtifactResolvers::update_collection(const Call& call) {
  const JsonObject& input = input_of(call.args);
  CollectionChange change;
  change.name = optional_text(input, "name");
  change.description = optional_text(input, "description");
  co_return co_await change_collection(call, collection_id(input, "artifactSequenceID"), std::move(change));
}

Task<Json> ArtifactResolvers::move_collection(const Call& call) {
  const JsonObject& input = input_of(call.args);
  CollectionChange change;
  change.type = text_arg(input, "destinationArtifactTypeName");
  co_return co_await change_collection(call, collection_id(input, "artifactSequenceID"), std::move(change));
}

Task<Json> ArtifactResolvers::remove_collection(const Call& call) {
  const JsonObject& input = input_of(call.args);
  const Id id = collection_id(input, "artifactSequenceID");
  CO_TRY(const auto collection, co_await artifacts_.collection(request_of(call).principal, id, Role::member));
  CO_TRY_VOID(co_await artifacts_.remove_collection(request_of(call).principal, id));
  Json json = collection_json(collection);
  json.as_object()["state"] = "DELETED";
  JsonObject payload = payload_of(input);
  payload["artifactCollection"] = std::move(json);
  co_return payload;
}

Task<Json> ArtifactResolvers::tag_collection(const Call& call, CollectionChange change) {
  const JsonObject& input = input_of(call.args);
  CO_TRY(const auto found,
         co_await store_.find_collection(text_arg(input, "entityName"), text_arg(input, "projectName"),
                                         text_arg(input, "artifactCollectionName")));
  CO_TRY(const auto changed,
         co_await artifacts_.update_collection(request_of(call).principal, found ? found->id : 0, std::move(change)));
  JsonObject payload = payload_of(input);
  payload["success"] = true;
  payload["tags"] = tags_json(changed.tags);
  co_return payload;
}

Task<Json> ArtifactResolvers::add_collection_tags(const Call& call) {
  CollectionChange change;
  change.add_tags = tag_names(input_of(call.args));
  co_return co_await tag_collection(call, std::move(change));
}

Task<Json> ArtifactResolvers::remove_collection_tags(const Call& call) {
  CollectionChange change;
  change.remove_tags = tag_names(input_of(call.args));
  co_return co_await tag_collection(call, std::move(change));
}

}  // namespace slipway::server
