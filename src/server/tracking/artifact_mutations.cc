#include "base/ids.h"
#include "server/api/request_context.h"
#include "server/tracking/artifact_resolvers.h"
#include "server/tracking/run_service.h"
#include "server/tracking/shapes.h"

namespace slipway::server {

using namespace tracking;

namespace {

Id artifact_id(const JsonObject& input) {
  return parse_global_id("Artifact", text_arg(input, "artifactID")).value_or(0);
}

std::vector<std::string> aliases_of(const JsonObject& input) {
  std::vector<std::string> aliases;
  const Json* list = find(input, "aliases");
  if (!list || !list->is_array()) return aliases;
  for (const Json& alias : list->as_array()) aliases.push_back(text_or(alias, "alias"));
  return aliases;
}

std::vector<std::string> tags_of(const JsonObject& input, std::string_view key = "tags") {
  std::vector<std::string> tags;
  const Json* list = find(input, key);
  if (!list || !list->is_array()) return tags;
  for (const Json& tag : list->as_array()) tags.push_back(text_or(tag, "tagName"));
  return tags;
}

/// Metadata is kept as text, but it must be an object.
Result<std::optional<std::string>> metadata_of(const JsonObject& input) {
  auto text = optional_text(input, "metadata");
  if (!text) return text;
  const auto parsed = parse_json(*text);
  if (!parsed) return Error(parsed.error()).wrap("reading metadata");
  if (parsed->is_null()) return std::optional<std::string>();
  if (!parsed->is_object())
    return Error(Code::invalid_argument, "metadata: expected an object, got " + std::string(kind_name(*parsed)));
  return text;
}

/// Runs that were made offline are synced without saying whose they are.
std::string entity_of(const JsonObject& input, const Principal& who) {
  const std::string named = text_arg(input, "entityName");
  return named.empty() ? default_entity(who) : named;
}

Result<NewArtifact> new_artifact(const JsonObject& input, const Principal& who) {
  NewArtifact artifact;
  artifact.entity = entity_of(input, who);
  artifact.project = text_arg(input, "projectName");
  artifact.type = text_arg(input, "artifactTypeName");
  artifact.collection = text_arg(input, "artifactCollectionName");
  // Jobs are made with two calls, which may differ in the name. Of clients that log through their core the second one names what the user is told; older
  // ones repeat a name of their own making there (protocol 1.6.1).
  artifact.renames = !artifact.collection.empty();
  const auto names = list_arg(input, "artifactCollectionNames");
  if (artifact.collection.empty() && !names.empty()) artifact.collection = names.front();
  artifact.digest = text_arg(input, "digest");
  artifact.client_id = text_arg(input, "clientID");
  artifact.sequence_client_id = text_arg(input, "sequenceClientID");
  artifact.description = optional_text(input, "description");
  TRY(artifact.metadata, metadata_of(input));
  artifact.ttl_seconds = optional_number(input, "ttlDurationSeconds");
  artifact.history_step = optional_number(input, "historyStep");
  artifact.aliases = aliases_of(input);
  artifact.tags = tags_of(input);
  artifact.deduplicate = bool_or(Json(input), "enableDigestDeduplication", false);
  return artifact;
}

/// Part numbers count from 1; what is out of order leaves a hole that the check of the specs finds.
std::vector<std::string> parts_of(const Json& spec) {
  std::vector<std::string> parts;
  const Json* list = find(spec, "uploadPartsInput");
  if (!list || !list->is_array()) return parts;
  parts.resize(list->as_array().size());
  for (const Json& part : list->as_array()) {
    const auto number = static_cast<std::size_t>(int_or(part, "partNumber", 0));
    if (number >= 1 && number <= parts.size()) parts[number - 1] = text_or(part, "hexMD5");
  }
  return parts;
}

Json parts_json(const UploadTicket& ticket, const std::string& base_url) {
  if (ticket.parts.empty()) return Json();
  JsonArray parts;
  for (const std::string& address : ticket.parts) {
    JsonObject part;
    part["partNumber"] = parts.size() + 1;
    part["uploadUrl"] = base_url + address;
    parts.push_back(std::move(part));
  }
  JsonObject json;
  json["uploadID"] = ticket.upload;
  json["uploadUrlParts"] = std::move(parts);
  return json;
}

Json payload_of(const JsonObject& input, Json artifact) {
  JsonObject payload;
  payload["artifact"] = std::move(artifact);
  payload["clientMutationId"] = text_arg(input, "clientMutationId");
  return payload;
}

}  // namespace

void ArtifactResolvers::bind_mutations(graphql::Resolvers& resolvers) {
  using Change = Task<Json> (ArtifactResolvers::*)(const Call&);
  const auto change = [&](std::string coordinate, Change method) {
    resolvers.bind(std::move(coordinate), [this, method](const Call& call) { return (this->*method)(call); });
  };
  change("Mutation.createArtifact", &ArtifactResolvers::create_artifact);
  change("Mutation.createArtifactManifest", &ArtifactResolvers::create_manifest);
  change("Mutation.updateArtifactManifest", &ArtifactResolvers::update_manifest);
  change("Mutation.createArtifactFiles", &ArtifactResolvers::create_files);
  change("Mutation.completeMultipartUploadArtifact", &ArtifactResolvers::complete_upload);
  resolvers.bind("Mutation.addAliases", [this](const Call& call) { return change_aliases(call, true); });
  resolvers.bind("Mutation.deleteAliases", [this](const Call& call) { return change_aliases(call, false); });
  change("Mutation.commitArtifact", &ArtifactResolvers::commit);
  change("Mutation.useArtifact", &ArtifactResolvers::use);
  change("Mutation.updateArtifact", &ArtifactResolvers::update);
  change("Mutation.deleteArtifact", &ArtifactResolvers::remove);
}

Task<Json> ArtifactResolvers::create_artifact(const Call& call) {
  const JsonObject& input = input_of(call.args);
  CO_TRY(NewArtifact artifact, new_artifact(input, request_of(call).principal));
  CO_TRY(const Artifact made,
         co_await artifacts_.create(request_of(call).principal, std::move(artifact), text_arg(input, "runName")));
  co_return payload_of(input, artifact_json(made));
}

Task<Json> ArtifactResolvers::manifest_payload(const RequestContext& request, Id artifact, std::string name,
                                               std::string digest) {
  CO_TRY(const auto address, co_await artifacts_.set_manifest(request.principal, artifact, name, digest));
  const std::string id = global_id("ArtifactManifest", artifact);
  JsonObject file;
  file["__typename"] = "File";
  file["id"] = id;
  file["name"] = name;
  file["displayName"] = name;
  file["uploadUrl"] = address ? text_value(request.base_url + *address) : Json();
  JsonArray headers;
  if (address && md5_from_base64(digest)) headers.push_back(text_value("Content-MD5:" + digest));
  file["uploadHeaders"] = std::move(headers);
  JsonObject manifest;
  manifest["__typename"] = "ArtifactManifest";
  manifest["id"] = id;
  manifest["digest"] = digest;
  manifest["type"] = "FULL";
  manifest["file"] = std::move(file);
  co_return manifest;
}

Task<Json> ArtifactResolvers::create_manifest(const Call& call) {
  const JsonObject& input = input_of(call.args);
  if (text_arg(input, "type", "FULL") != "FULL")
    co_return Error(Code::invalid_argument, "only manifests of type FULL are supported");
  CO_TRY(Json manifest, co_await manifest_payload(request_of(call), artifact_id(input), text_arg(input, "name"),
                                                  text_arg(input, "digest")));
  JsonObject payload;
  payload["artifactManifest"] = std::move(manifest);
  payload["clientMutationId"] = text_arg(input, "clientMutationId");
  co_return payload;
}

Task<Json> ArtifactResolvers::update_manifest(const Call& call) {
  const JsonObject& input = input_of(call.args);
  const RequestContext& request = request_of(call);
  const Id id = parse_global_id("ArtifactManifest", text_arg(input, "artifactManifestID")).value_or(0);
  CO_TRY(const Artifact artifact, co_await artifacts_.get(request.principal, id, Role::agent));
  CO_TRY(Json manifest, co_await manifest_payload(request, id, artifact.manifest_name,
                                                  text_arg(input, "digest", artifact.manifest_digest)));
  JsonObject payload;
  payload["artifactManifest"] = std::move(manifest);
  payload["clientMutationId"] = text_arg(input, "clientMutationId");
  co_return payload;
}

Task<Json> ArtifactResolvers::create_files(const Call& call) {
  const JsonObject& input = input_of(call.args);
  const RequestContext& request = request_of(call);
  std::vector<FileSpec> specs;
  const Json* list = find(input, "artifactFiles");
  if (list && list->is_array()) {
    for (const Json& spec : list->as_array()) {
      const Id artifact = parse_global_id("Artifact", text_or(spec, "artifactID")).value_or(0);
      specs.push_back(
          {.artifact = artifact, .name = text_or(spec, "name"), .md5 = text_or(spec, "md5"), .parts = parts_of(spec)});
    }
  }
  CO_TRY(const auto tickets, co_await artifacts_.add_files(request.principal, specs));
  std::vector<Json> nodes;
  nodes.reserve(tickets.size());
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    const UploadTicket& ticket = tickets[i];
    const std::string artifact = global_id("Artifact", specs[i].artifact);
    JsonArray headers;
    if (ticket.address) headers.push_back(text_value("Content-MD5:" + specs[i].md5));
    JsonObject node;
    node["__typename"] = "File";
    node["id"] = to_base64("ArtifactFile:" + std::to_string(specs[i].artifact) + ":" + ticket.name);
    node["name"] = ticket.name;
    node["displayName"] = ticket.name;
    node["storagePath"] = "artifacts/" + ticket.md5;
    node["uploadUrl"] = ticket.address ? text_value(request.base_url + *ticket.address) : Json();
    node["uploadHeaders"] = std::move(headers);
    node["uploadMultipartUrls"] = parts_json(ticket, request.base_url);
    node["artifact"] = Json{{"__typename", "Artifact"}, {"id", artifact}};
    nodes.emplace_back(std::move(node));
  }
  JsonObject payload;
  payload["files"] = connection_json(std::move(nodes), "", false);
  payload["clientMutationId"] = text_arg(input, "clientMutationId");
  co_return payload;
}

Task<Json> ArtifactResolvers::complete_upload(const Call& call) {
  const JsonObject& input = input_of(call.args);
  const Json* parts = find(input, "completedParts");
  const auto count = static_cast<std::int64_t>(parts && parts->is_array() ? parts->as_array().size() : 0);
  CO_TRY(const std::string digest,
         co_await artifacts_.complete_upload(request_of(call).principal, artifact_id(input),
                                             text_arg(input, "storagePath"), text_arg(input, "uploadID"), count));
  JsonObject payload;
  payload["digest"] = digest;
  payload["clientMutationId"] = text_arg(input, "clientMutationId");
  co_return payload;
}

Task<Json> ArtifactResolvers::change_aliases(const Call& call, bool add) {
  const JsonObject& input = input_of(call.args);
  ArtifactChange change;
  (add ? change.add_aliases : change.remove_aliases) = aliases_of(input);
  CO_TRY_VOID(co_await artifacts_.update(request_of(call).principal, artifact_id(input), std::move(change)));
  JsonObject payload;
  payload["success"] = true;
  payload["clientMutationId"] = text_arg(input, "clientMutationId");
  co_return payload;
}

Task<Json> ArtifactResolvers::commit(const Call& call) {
  const JsonObject& input = input_of(call.args);
  CO_TRY(const Artifact artifact, co_await artifacts_.commit(request_of(call).principal, artifact_id(input)));
  co_return payload_of(input, artifact_json(artifact));
}

Task<Json> ArtifactResolvers::use(const Call& call) {
  const JsonObject& input = input_of(call.args);
  RunKey run{.entity = entity_of(input, request_of(call).principal),
             .project = text_arg(input, "projectName"),
             .name = text_arg(input, "runName")};
  CO_TRY(const Artifact artifact, co_await artifacts_.use(request_of(call).principal, artifact_id(input),
                                                          std::move(run), text_arg(input, "usedAs")));
  co_return payload_of(input, artifact_json(artifact));
}

Task<Json> ArtifactResolvers::update(const Call& call) {
  const JsonObject& input = input_of(call.args);
  ArtifactChange change;
  change.description = optional_text(input, "description");
  CO_TRY(change.metadata, metadata_of(input));
  change.ttl_seconds = optional_number(input, "ttlDurationSeconds");
  change.add_tags = tags_of(input, "tagsToAdd");
  change.remove_tags = tags_of(input, "tagsToDelete");
  if (const Json* aliases = find(input, "aliases"); aliases && aliases->is_array()) change.aliases = aliases_of(input);
  CO_TRY(const Artifact artifact,
         co_await artifacts_.update(request_of(call).principal, artifact_id(input), std::move(change)));
  co_return payload_of(input, artifact_json(artifact));
}

Task<Json> ArtifactResolvers::remove(const Call& call) {
  const JsonObject& input = input_of(call.args);
  const RequestContext& request = request_of(call);
  const bool delete_aliases = bool_or(Json(input), "deleteAliases", false);
  CO_TRY_VOID(co_await artifacts_.remove(request.principal, artifact_id(input), delete_aliases));
  CO_TRY(const Artifact artifact, co_await artifacts_.get(request.principal, artifact_id(input)));
  co_return payload_of(input, artifact_json(artifact));
}

}  // namespace slipway::server
