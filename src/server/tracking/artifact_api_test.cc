#include "server/tracking/tracking_api.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;

class ArtifactApi : public TrackingApi {
 protected:
  ArtifactApi() { start_run("r1"); }

  /// CreateArtifact as the SDK's Python half sends it.
  Json create(const std::string& digest, const std::string& client_id, const std::string& metadata = "{}") {
    const char* document =
        "mutation CreateArtifact($artifactTypeName: String!, $artifactCollectionNames: [String!], $entityName: "
        "String!, $projectName: String!, $runName: String,"
        " $description: String, $digest: String!, $aliases: [ArtifactAliasInput!], $metadata: JSONString, $clientID: "
        "ID, $sequenceClientID: ID,"
        " $ttlDurationSeconds: Int64, $tags: [TagInput!]) { createArtifact(input: {artifactTypeName: "
        "$artifactTypeName, artifactCollectionNames:"
        " $artifactCollectionNames, entityName: $entityName, projectName: $projectName, runName: $runName, "
        "description: $description, digest: $digest,"
        " digestAlgorithm: MANIFEST_MD5, aliases: $aliases, metadata: $metadata, clientID: $clientID, "
        "sequenceClientID: $sequenceClientID,"
        " enableDigestDeduplication: true, ttlDurationSeconds: $ttlDurationSeconds, tags: $tags}) { artifact { id "
        "state artifactSequence { id"
        " latestArtifact { id versionIndex } } } } }";
    JsonObject variables = {{"artifactTypeName", "code"},
                            {"artifactCollectionNames", JsonArray{"code-x"}},
                            {"entityName", "default"},
                            {"projectName", "demo"},
                            {"runName", "r1"},
                            {"digest", digest},
                            {"metadata", metadata},
                            {"clientID", client_id},
                            {"sequenceClientID", client_id + "s"},
                            {"description", Json()},
                            {"historyStep", 0}};
    variables["aliases"] = JsonArray{Json{{"artifactCollectionName", "code-x"}, {"alias", "first"}}};
    return data(document, std::move(variables)).at("createArtifact").at("artifact");
  }
  Json manifest_of(const std::string& id, const std::string& digest) {
    return data(
               "mutation CreateArtifactManifest($artifactID: ID!, $baseArtifactID: ID, $name: String!, $digest: "
               "String!, $entityName: String!, $projectName: String!,"
               " $runName: String!, $manifestType: ArtifactManifestType!, $includeUpload: Boolean!) { "
               "createArtifactManifest(input: {artifactID: $artifactID,"
               " baseArtifactID: $baseArtifactID, name: $name, digest: $digest, entityName: $entityName, projectName: "
               "$projectName, runName: $runName, type: $manifestType})"
               " { artifactManifest { id file { id uploadUrl @include(if: $includeUpload) uploadHeaders @include(if: "
               "$includeUpload) } } } }",
               {{"artifactID", id},
                {"name", "wandb_manifest.json"},
                {"digest", digest},
                {"entityName", "default"},
                {"projectName", "demo"},
                {"runName", "r1"},
                {"manifestType", "FULL"},
                {"includeUpload", !digest.empty()}})
        .at("createArtifactManifest")
        .at("artifactManifest");
  }
  JsonArray files_of(const std::string& id, const std::map<std::string, std::string>& contents) {
    JsonArray specs;
    for (const auto& [name, content] : contents)
      specs.push_back(
          Json{{"artifactID", id}, {"name", name}, {"md5", md5_base64(content)}, {"mimetype", "text/plain"}});
    return data(
               "mutation CreateArtifactFiles($artifactFiles: [CreateArtifactFileSpecInput!]!, $storageLayout: "
               "ArtifactStorageLayout!) { createArtifactFiles(input:"
               " {artifactFiles: $artifactFiles, storageLayout: $storageLayout}) { files { edges { node { name "
               "storagePath uploadUrl uploadHeaders uploadMultipartUrls"
               " { uploadID uploadUrlParts { partNumber uploadUrl } } artifact { id } } } } } }",
               {{"artifactFiles", std::move(specs)}, {"storageLayout", "V2"}})
        .at("createArtifactFiles")
        .at("files")
        .at("edges")
        .as_array();
  }
  /// As the client does: headers are "Key:Value" texts.
  void upload(const Json& file, const std::string& content) {
    if (file.at("uploadUrl").is_null()) return;
    net::Headers headers;
    for (const Json& header : file.at("uploadHeaders").as_array()) {
      const std::string text(header.as_string());
      headers.add(text.substr(0, text.find(':')), text.substr(text.find(':') + 1));
    }
    const auto stored = put(std::string(file.at("uploadUrl").as_string()), content, headers);
    ASSERT_EQ(stored.status, 200) << stored.body;
  }
  static std::string manifest_text(const std::map<std::string, std::string>& contents) {
    JsonObject entries;
    for (const auto& [path, content] : contents)
      entries[path] = Json{{"digest", md5_base64(content)}, {"size", content.size()}, {"birthArtifactID", "QQ=="}};
    return to_text(JsonObject{{"version", 1},
                              {"storagePolicy", "wandb-storage-policy-v1"},
                              {"storagePolicyConfig", JsonObject{{"storageLayout", "V2"}}},
                              {"contents", entries}});
  }
  static std::string digest_of(const std::map<std::string, std::string>& contents) {
    std::string text = "wandb-artifact-manifest-v1\n";
    for (const auto& [path, content] : contents) text += path + ":" + md5_base64(content) + "\n";
    return md5_hex(text);
  }
  Json log_artifact(const std::map<std::string, std::string>& contents, const std::string& client_id) {
    const Json artifact = create(digest_of(contents), client_id);
    const std::string id(artifact.at("id").as_string());
    if (artifact.at("state") == "COMMITTED") return artifact;
    manifest_of(id, "");
    const JsonArray edges = files_of(id, contents);
    std::size_t i = 0;
    for (const auto& [name, content] : contents) upload(edges.at(i++).at("node"), content);
    const std::string text = manifest_text(contents);
    upload(manifest_of(id, md5_base64(text)).at("file"), text);
    data(
        "mutation CommitArtifact($artifactID: ID!) { commitArtifact(input: {artifactID: $artifactID}) { artifact { id "
        "digest } } }",
        {{"artifactID", id}});
    return artifact;
  }
  const std::map<std::string, std::string> sample = {{"data/x.bin", std::string("\0\1\2", 3)},
                                                     {"train.py", "print(1)\n"}};
};

TEST_F(ArtifactApi, is_logged_read_and_downloaded_as_the_sdk_does) {
  const Json made = log_artifact(sample, "client-1");
  EXPECT_EQ(made.at("state"), "PENDING");
  EXPECT_TRUE(made.at("artifactSequence").at("latestArtifact").is_null());
  const Json membership =
      *find_path(data("query ArtifactMembershipByName($entity: String!, $project: String!, $name: String!) { "
                      "project(name: $project, entityName: $entity) {"
                      " artifactCollectionMembership(name: $name) { __typename id versionIndex aliases { __typename id "
                      "alias } artifactCollection { __typename name project { id"
                      " internalId name } } artifact { __typename id artifactSequence { __typename name project { name "
                      "} } versionIndex artifactType { name } description metadata"
                      " ttlDurationSeconds ttlIsInherited tags { __typename id name } historyStep state size digest "
                      "commitHash fileCount createdAt updatedAt"
                      " currentManifest { file { directUrl } } createdBy { name } } } } }",
                      {{"entity", "default"}, {"project", "demo"}, {"name", "code-x"}}),
                 "project.artifactCollectionMembership");
  EXPECT_EQ(membership.at("__typename"), "ArtifactCollectionMembership");
  EXPECT_EQ(membership.at("artifactCollection").at("__typename"), "ArtifactSequence");
  const Json& artifact = membership.at("artifact");
  EXPECT_EQ(artifact.at("versionIndex"), 0);
  EXPECT_EQ(artifact.at("digest"), text_value(digest_of(sample)));
  EXPECT_EQ(artifact.at("fileCount"), 2);
  EXPECT_EQ(artifact.at("size"), 12);
  EXPECT_EQ(artifact.at("createdBy").at("name"), "r1");
  EXPECT_EQ(get(std::string(artifact.at("currentManifest").at("file").at("directUrl").as_string())).body,
            manifest_text(sample));
  const Json files = *find_path(
      data("query GetArtifactMembershipFileUrls($entity: String!, $project: String!, $collection: String!, $alias: "
           "String!, $cursor: String, $perPage: Int) {"
           " project(name: $project, entityName: $entity) { artifactCollection(name: $collection) { __typename "
           "artifactMembership(aliasName: $alias) {"
           " files(after: $cursor, first: $perPage) { pageInfo { __typename endCursor hasNextPage } edges { node { "
           "__typename name directUrl } } } } } } }",
           {{"entity", "default"}, {"project", "demo"}, {"collection", "code-x"}, {"alias", "v0"}, {"perPage", 1}}),
      "project.artifactCollection.artifactMembership.files");
  EXPECT_EQ(files.at("edges").at(0).at("node").at("name"), "data/x.bin");
  EXPECT_TRUE(files.at("pageInfo").at("hasNextPage").as_bool());
  EXPECT_EQ(get(std::string(files.at("edges").at(0).at("node").at("directUrl").as_string())).body,
            sample.at("data/x.bin"));
  const std::string v2 = "/artifactsV2/default/default/demo/code-x/QQ==/" + md5_hex("print(1)\n") + "/train.py";
  EXPECT_EQ(http(keyed("GET", v2))->body, "print(1)\n");
  EXPECT_EQ(get(server.url(v2)).status, 401);
  EXPECT_EQ(http(keyed("GET", "/artifacts/default/" + md5_hex("print(1)\n")))->body, "print(1)\n");
  EXPECT_EQ(http(keyed("GET", "/artifacts/elsewhere/" + md5_hex("print(1)\n")))->status, 404);
  EXPECT_EQ(http(keyed("GET", "/artifacts/default/" + md5_hex("nothing")))->status, 404);
  EXPECT_EQ(http(keyed("GET", "/artifacts/default/..%2f..%2fstorage.key"))->status, 400);
}

TEST_F(ArtifactApi, equal_content_is_found_and_known_bytes_are_not_asked_for) {
  log_artifact(sample, "client-1");
  const Json again = create(digest_of(sample), "client-2");
  EXPECT_EQ(again.at("state"), "COMMITTED");
  EXPECT_EQ(again.at("artifactSequence").at("latestArtifact").at("versionIndex"), 0);
  auto changed = sample;
  changed["train.py"] = "print(2)\n";
  const std::string id(create(digest_of(changed), "client-3").at("id").as_string());
  const JsonArray edges = files_of(id, changed);
  EXPECT_TRUE(edges.at(0).at("node").at("uploadUrl").is_null());
  EXPECT_TRUE(edges.at(1).at("node").at("uploadUrl").is_string());
  EXPECT_EQ(edges.at(1).at("node").at("artifact").at("id"), text_value(id));
}

TEST_F(ArtifactApi, wrong_bytes_are_refused_and_nothing_is_committed) {
  const std::string id(create(digest_of(sample), "client-1").at("id").as_string());
  const JsonArray edges = files_of(id, sample);
  const std::string address(edges.at(1).at("node").at("uploadUrl").as_string());
  const auto refused = put(address, "something else");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("announced was"));
  EXPECT_EQ(files_in("blobs"), 0u);
  JsonObject input = {{"artifactID", id}};
  EXPECT_THAT(
      failure("mutation ($artifactID: ID!) { commitArtifact(input: {artifactID: $artifactID}) { artifact { id } } }",
              input),
      HasSubstr("failed_precondition"));
}

TEST_F(ArtifactApi, by_id_by_client_id_and_in_lists) {
  const std::string id(log_artifact(sample, "client-1").at("id").as_string());
  EXPECT_EQ(find_path(data("query ($id: ID!) { artifact(id: $id) { id aliases { alias } } }", {{"id", id}}), "artifact")
                ->at("aliases")
                .as_array()
                .size(),
            3u);
  EXPECT_TRUE(data("{ artifact(id: \"nonsense\") { id } }").at("artifact").is_null());
  EXPECT_EQ(find_path(data("{ clientIDMapping(clientID: \"client-1\") { serverID } }"), "clientIDMapping.serverID")[0],
            text_value(id));
  EXPECT_TRUE(data("{ clientIDMapping(clientID: \"nobody\") { serverID } }").at("clientIDMapping").is_null());
  const Json listed = data(
      "query ArtifactOfType($entityName: String!, $projectName: String!, $artifactTypeName: String!) { project(name: "
      "$projectName, entityName:"
      " $entityName) { artifactType(name: $artifactTypeName) { artifactCollections { edges { node { artifacts { edges "
      "{ version node { id state aliases"
      " { alias } artifactSequence { name } } } } aliases { edges { node { alias } } } } } } } } }",
      {{"entityName", "default"}, {"projectName", "demo"}, {"artifactTypeName", "code"}});
  EXPECT_EQ(find_path(listed, "project.artifactType.artifactCollections.edges")
                ->at(0)
                .at("node")
                .at("artifacts")
                .at("edges")
                .at(0)
                .at("version"),
            "v0");
  EXPECT_TRUE(data("{ project(name: \"demo\", entityName: \"default\") { artifactType(name: \"job\") { id } } }")
                  .at("project")
                  .at("artifactType")
                  .is_null());
  context->principal.user.admin = false;
  context->principal.memberships.clear();
  EXPECT_TRUE(data("query ($id: ID!) { artifact(id: $id) { id } }", {{"id", id}}).at("artifact").is_null());
  EXPECT_TRUE(data("{ clientIDMapping(clientID: \"client-1\") { serverID } }").at("clientIDMapping").is_null());
}

TEST_F(ArtifactApi, is_used_completed_and_deleted) {
  const std::string id(log_artifact(sample, "client-1").at("id").as_string());
  start_run("r2");
  const Json used =
      mutate("useArtifact", "UseArtifactInput", "artifact { id digest description state createdAt metadata }",
             {{"entityName", "default"}, {"projectName", "demo"}, {"runName", "r2"}, {"artifactID", id}});
  EXPECT_EQ(used.at("artifact").at("id"), text_value(id));
  EXPECT_EQ(
      run("r2", "inputArtifacts { edges { node { id } } }").at("inputArtifacts").at("edges").at(0).at("node").at("id"),
      text_value(id));
  EXPECT_EQ(run("r1", "outputArtifacts { edges { node { id } } }")
                .at("outputArtifacts")
                .at("edges")
                .at(0)
                .at("node")
                .at("id"),
            text_value(id));
  const Json updated = mutate("updateArtifact", "UpdateArtifactInput", "artifact { metadata }",
                              {{"artifactID", id}, {"metadata", R"({"input_types":{}})"}});
  EXPECT_EQ(updated.at("artifact").at("metadata"), R"({"input_types":{}})");
  EXPECT_THAT(
      failure("mutation ($id: ID!) { updateArtifact(input: {artifactID: $id, metadata: \"[]\"}) { artifact { id } } }",
              {{"id", id}}),
      HasSubstr("metadata"));
  EXPECT_THAT(
      failure("mutation ($id: ID!) { deleteArtifact(input: {artifactID: $id}) { artifact { id } } }", {{"id", id}}),
      HasSubstr("has aliases"));
  EXPECT_EQ(mutate("deleteArtifact", "DeleteArtifactInput", "artifact { state }",
                   {{"artifactID", id}, {"deleteAliases", true}})
                .at("artifact")
                .at("state"),
            "DELETED");
  EXPECT_TRUE(data("{ project(name: \"demo\", entityName: \"default\") { artifactCollectionMembership(name: "
                   "\"code-x:latest\") { id } } }")
                  .at("project")
                  .at("artifactCollectionMembership")
                  .is_null());
}

}  // namespace
}  // namespace slipway::server
