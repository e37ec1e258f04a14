#include "server/tracking/shapes.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ids.h"
#include "server/tracking/run_service.h"

namespace slipway::server::tracking {

namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json() : text_value(text); }

/// What the SDK stored under "_wandb", which old clients ask for by key.
Json sdk_config(const Json& config) {
  const Json* found = find_path(config, "_wandb.value");
  return found ? *found : Json(JsonObject());
}

/// Clients want a number for the project. Projects are names here, so it comes from the name: the same for ever, and no two of one server are likely to meet.
std::int64_t project_number(const RunKey& key) {
  const std::string digest = sha256(key.entity + "/" + key.project);
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(digest[static_cast<std::size_t>(i)]);
  return number >> 1;
}

Json alias_json(const Artifact& artifact, const std::string& alias) {
  return {{"__typename", "ArtifactAlias"},
          {"id", to_base64(fmt::format("ArtifactAlias:{}:{}", artifact.collection.id, alias))},
          {"alias", alias},
          {"artifactCollectionName", artifact.collection.name},
          {"artifactCollection", collection_json(artifact.collection)}};
}

/// The version is an alias too, as old clients insist.
Json aliases_json(const Artifact& artifact) {
  JsonArray aliases;
  if (artifact.version) aliases.push_back(alias_json(artifact, fmt::format("v{}", *artifact.version)));
  for (const std::string& alias : artifact.aliases) aliases.push_back(alias_json(artifact, alias));
  return aliases;
}

std::string_view state_name(ArtifactState state) {
  switch (state) {
    case ArtifactState::pending:
      return "PENDING";
    case ArtifactState::committed:
      return "COMMITTED";
    case ArtifactState::deleted:
      return "DELETED";
  }
  return "DELETED";
}

}  // namespace

Json time_json(std::optional<UnixMillis> time) { return time ? text_value(to_iso8601(*time)) : Json(); }

Json project_json(std::string_view entity, std::string_view project) {
  return {{"__typename", "Project"},
          {"id", to_base64(fmt::format("Project:v1:{}:{}", project, entity))},
          {"name", project},
          {"entityName", entity}};
}

Json run_json(const Run& run) {
  JsonObject json;
  json["__typename"] = "Run";
  json["_run"] = run.id;
  json["_user"] = run.user;
  json["_sdkConfig"] = sdk_config(run.config);
  json["id"] = run_global_id(run.key);
  json["internalId"] = global_id("RunInternal", run.id);
  json["projectId"] = project_number(run.key);
  json["name"] = run.key.name;
  json["displayName"] = run.display_name.empty() ? run.key.name : run.display_name;
  json["description"] = text_or_null(run.notes);
  json["notes"] = text_or_null(run.notes);
  json["state"] = run.state;
  json["stopped"] = run.stop_requested;
  json["shouldStop"] = run.stop_requested;
  json["running"] = run.state == "running";
  json["failed"] = run.state == "failed" || run.state == "crashed";
  json["exitcode"] = run.exit_code ? Json(*run.exit_code) : Json();
  json["group"] = text_or_null(run.group);
  json["jobType"] = text_or_null(run.job_type);
  json["commit"] = text_or_null(run.commit);
  json["host"] = text_or_null(run.host);
  json["readOnly"] = false;
  json["tags"] = run.tags.is_array() ? run.tags : Json(JsonArray());
  json["sweepName"] = text_or_null(run.sweep);
  json["createdAt"] = time_json(run.created_at);
  json["updatedAt"] = time_json(std::max(
      run.heartbeat_at.value_or(0), std::max(run.finished_at.value_or(0), run.started_at.value_or(run.created_at))));
  json["config"] = to_text(run.config.is_object() ? run.config : Json(JsonObject()));
  json["summaryMetrics"] = to_text(run.summary.is_object() ? run.summary : Json(JsonObject()));
  json["project"] = project_json(run.key.entity, run.key.project);
  json["runInfo"] = run.program.empty() ? Json() : Json{{"program", run.program}, {"args", JsonArray()}};
  json["entityName"] = run.key.entity;
  json["projectName"] = run.key.project;
  json["exitCode"] = run.exit_code ? Json(*run.exit_code) : Json();
  json["startedAt"] = time_json(run.started_at);
  json["finishedAt"] = time_json(run.finished_at);
  json["itemId"] = run.item == 0 ? Json() : text_value(global_id("RunQueueItem", run.item));
  return json;
}

Json tags_json(const std::vector<std::string>& names) {
  JsonArray tags;
  for (const std::string& name : names)
    tags.push_back({{"__typename", "Tag"}, {"id", to_base64("Tag:" + name)}, {"name", name}});
  return tags;
}

Json collection_json(const ArtifactCollection& collection) {
  const Json list = tags_json(collection.tags);
  std::vector<Json> tags(list.as_array().begin(), list.as_array().end());
  return {{"__typename", "ArtifactSequence"},
          {"_collection", collection.id},
          {"_latest", collection.latest},
          {"_entity", collection.entity},
          {"id", global_id("ArtifactCollection", collection.id)},
          {"name", collection.name},
          {"description", text_or_null(collection.description)},
          {"createdAt", time_json(collection.created_at)},
          {"updatedAt", time_json(std::max(collection.created_at, collection.updated_at))},
          {"state", "READY"},
          {"defaultArtifactType", artifact_type_json(collection.entity, collection.project, collection.type)},
          {"tags", connection_json(std::move(tags), "", false)},
          {"project", project_json(collection.entity, collection.project)}};
}

Json artifact_type_json(std::string_view entity, std::string_view project, std::string_view type) {
  return {{"__typename", "ArtifactType"},
          {"_entity", entity},
          {"_project", project},
          {"id", to_base64(fmt::format("ArtifactType:{}:{}:{}", type, project, entity))},
          {"name", type}};
}

Json artifact_json(const Artifact& artifact) {
  const ArtifactCollection& collection = artifact.collection;
  JsonObject json;
  json["__typename"] = "Artifact";
  json["_artifact"] = artifact.id;
  json["_run"] = artifact.run;
  json["_entity"] = collection.entity;
  json["_manifest"] = {
      {"name", artifact.manifest_name}, {"digest", artifact.manifest_digest}, {"sha256", artifact.manifest_sha256}};
  json["id"] = global_id("Artifact", artifact.id);
  json["artifactSequence"] = collection_json(collection);
  json["versionIndex"] = artifact.version ? Json(*artifact.version) : Json();
  json["artifactType"] = artifact_type_json(collection.entity, collection.project, collection.type);
  json["description"] = artifact.description ? text_value(*artifact.description) : Json();
  json["metadata"] = artifact.metadata ? text_value(*artifact.metadata) : Json();
  json["ttlDurationSeconds"] = artifact.ttl_seconds;
  json["ttlIsInherited"] = artifact.ttl_seconds < 0;
  json["tags"] = tags_json(artifact.tags);
  json["historyStep"] = artifact.history_step ? Json(*artifact.history_step) : Json();
  json["state"] = state_name(artifact.state);
  json["size"] = artifact.size;
  json["digest"] = artifact.digest;
  json["digestAlgorithm"] = "MANIFEST_MD5";
  json["commitHash"] = Json();
  json["fileCount"] = artifact.file_count;
  json["createdAt"] = time_json(artifact.created_at);
  json["updatedAt"] = time_json(artifact.updated_at);
  json["aliases"] = aliases_json(artifact);
  return json;
}

Json membership_json(const Artifact& artifact) {
  return {{"__typename", "ArtifactCollectionMembership"},
          {"_artifact", artifact.id},
          {"_entity", artifact.collection.entity},
          {"id", global_id("ArtifactCollectionMembership", artifact.id)},
          {"createdAt", time_json(artifact.created_at)},
          {"versionIndex", artifact.version ? Json(*artifact.version) : Json()},
          {"aliases", aliases_json(artifact)},
          {"artifactCollection", collection_json(artifact.collection)},
          {"artifact", artifact_json(artifact)}};
}

Json connection_json(std::vector<Json> nodes, std::string_view end_cursor, bool has_next) {
  JsonArray edges;
  edges.reserve(nodes.size());
  for (Json& node : nodes) {
    JsonObject edge;
    edge["node"] = std::move(node);
    edges.push_back(std::move(edge));
  }
  if (!edges.empty()) edges.back().as_object()["cursor"] = end_cursor;
  JsonObject json;
  json["edges"] = std::move(edges);
  json["pageInfo"] = {{"__typename", "PageInfo"},
                      {"endCursor", end_cursor.empty() ? Json() : text_value(end_cursor)},
                      {"hasNextPage", has_next}};
  return json;
}

std::optional<std::string> optional_text(const JsonObject& args, std::string_view key) {
  const Json* member = find(args, key);
  if (!member || !member->is_string()) return std::nullopt;
  return std::string(member->as_string());
}

std::string text_arg(const JsonObject& args, std::string_view key, std::string_view otherwise) {
  return optional_text(args, key).value_or(std::string(otherwise));
}

std::optional<std::int64_t> optional_number(const JsonObject& args, std::string_view key) {
  const Json* member = find(args, key);
  return member ? as_integer(*member) : std::nullopt;
}

std::vector<std::string> list_arg(const JsonObject& args, std::string_view key) {
  std::vector<std::string> list;
  const Json* member = find(args, key);
  if (!member || !member->is_array()) return list;
  for (const Json& item : member->as_array()) {
    if (item.is_string()) list.emplace_back(item.as_string());
  }
  return list;
}

Page page_of(const JsonObject& args, std::size_t otherwise) {
  Page page;
  page.first = otherwise;
  if (const auto first = optional_number(args, "first"))
    page.first = static_cast<std::size_t>(std::clamp<std::int64_t>(*first, 0, 1000));
  page.after = optional_text(args, "after");
  return page;
}

const JsonObject& input_of(const JsonObject& args) {
  static const JsonObject kNothing;
  const Json* input = find(args, "input");
  return input && input->is_object() ? input->as_object() : kNothing;
}

Id hidden_id(const Json& parent, std::string_view key) { return int_or(parent, key, 0); }

}  // namespace slipway::server::tracking
