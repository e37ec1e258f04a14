// Queues through the API: good and bad configuration, aliases, links, template variables, the W&B clients' two steps.
#include "server/server_fixture.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;

class QueuesTest : public ServerTest {
 protected:
  std::string project_queue(const std::string& name, const std::string& fields) {
    return to_text(
        gql(admin,
            fmt::format(
                R"({{ project(name: "model-registry", entityName: "default") {{ runQueue(name: "{}") {{ {} }} }} }})",
                name, fields))
            .data("project.runQueue"));
  }
};

TEST_F(QueuesTest, AliasesNameOneResource) {
  for (const std::string alias : {"Docker", "docker", "local-container", "LOCAL_CONTAINER"}) {
    EXPECT_EQ(
        save_queue(admin, {{"queueName", "q-" + alias}, {"resourceType", alias}}).text("upsertRunQueue.queue.resource"),
        "local-container")
        << alias;
  }
}

TEST_F(QueuesTest, ConfigurationAsJsonYamlAndWrapped) {
  struct Case {
    const char* name;
    const char* config;
    const char* stored;
  };
  const std::vector<Case> cases = {
      {"json", R"({"env":["A=1"]})", R"({"env":["A=1"]})"},
      {"yaml", "env:\n  - A=1\n", R"({"env":["A=1"]})"},
      {"wrapped", R"({"resource_args":{"local-container":{"env":["A=1"]}}})", R"({"env":["A=1"]})"},
      {"empty", "", "{}"},
  };
  for (const auto& each : cases) {
    const Reply reply =
        save_queue(admin, {{"queueName", each.name}, {"resourceType", "docker"}, {"resourceConfig", each.config}});
    EXPECT_EQ(to_text(reply.data("upsertRunQueue.queue.config")), each.stored) << each.name << to_text(reply.body);
  }
}

TEST_F(QueuesTest, BadInputIsRefusedWithWhereAndWhy) {
  struct Case {
    const char* name;
    JsonObject input;
    const char* says;
  };
  const std::vector<Case> cases = {
      {"malformed json", {{"resourceConfig", "{\"a\": }"}}, "\"line\":1"},
      {"malformed yaml", {{"resourceConfig", "a: [1, 2\nb: 3"}}, "line"},
      {"a list", {{"resourceConfig", "[1]"}}, "map"},
      {"unknown resource", {{"resourceType", "dcoker"}}, "docker"},
      {"no resource", {{"resourceType", ""}}, "resource"},
      {"empty name", {{"queueName", ""}}, "1 to 64"},
      {"long name", {{"queueName", std::string(65, 'x')}}, "1 to 64"},
      {"slash in name", {{"queueName", "a/b"}}, "'/'"},
      {"template without variable", {{"resourceConfig", R"({"a":"{{x}}"})"}}, "x"},
      {"variable of unknown type", {{"templateVariables", R"({"x":{"schema":{"type":"colour"}}})"}}, "x"},
      {"variables are no map", {{"templateVariables", "[]"}}, "map"},
      {"variables are no json", {{"templateVariables", "{"}}, "templateVariables"},
      {"script link", {{"externalLinks", R"J({"links":[{"label":"a","url":"javascript:alert(1)"}]})J"}}, "http"},
      {"links are no map", {{"externalLinks", "3"}}, "object"},
      {"policy of unknown mode", {{"policy", R"({"overrides":"sometimes"})"}}, "overrides"},
      {"lease too short", {{"leaseSeconds", 0}}, "leaseSeconds"},
      {"deliveries", {{"maxDeliveries", 0}}, "maxDeliveries"},
      {"placeholder left",
       {{"resourceType", "sagemaker"},
        {"resourceConfig",
         R"({"RoleArn":"<REQUIRED>","ResourceConfig":{"InstanceType":"ml.m4.xlarge","InstanceCount":1,"VolumeSizeInGB":2},"OutputDataConfig":{"S3OutputPath":"<REQUIRED>"},"StoppingCondition":{"MaxRuntimeInSeconds":3600}})"}},
       "filled in"},
      {"unknown entity", {{"entityName", "nowhere"}}, "nowhere"},
  };
  for (const auto& each : cases) {
    const Reply reply = save_queue(admin, each.input);
    EXPECT_GE(reply.status, 400) << each.name << ": " << to_text(reply.body);
    EXPECT_LT(reply.status, 500) << each.name;
    EXPECT_THAT(to_text(reply.body), HasSubstr(each.says)) << each.name;
  }
  EXPECT_EQ(project_queue("q", "name"), "null");
}

TEST_F(QueuesTest, CreateUpdateAndModes) {
  const auto mode = [&](const char* how) { return save_queue(admin, {{"queueName", "m"}, {"mode", how}}); };
  EXPECT_EQ(mode("UPDATE").status, 404);
  EXPECT_EQ(mode("CREATE").status, 200);
  EXPECT_EQ(mode("CREATE").code(), "conflict");
  EXPECT_EQ(mode("UPDATE").status, 200);
  EXPECT_EQ(mode("UPSERT").status, 200);
}

TEST_F(QueuesTest, UpsertLeavesWhatIsNotGivenAndClearsNull) {
  save_queue(admin, {{"resourceConfig", R"({"a":"{{n}}"})"},
                     {"templateVariables", R"({"n":{"schema":{"type":"integer","minimum":1}}})"},
                     {"prioritizationMode", "V0"},
                     {"externalLinks", R"({"Grafana":"https://g.example/d"})"}});
  EXPECT_EQ(
      project_queue("q", "prioritizationMode externalLinks templateVariables { name schema }"),
      R"({"prioritizationMode":"V0","externalLinks":{"links":[{"label":"Grafana","url":"https://g.example/d"}]},"templateVariables":[{"name":"n","schema":"{\"type\":\"integer\",\"minimum\":1}"}]})");
  save_queue(admin, {{"resourceConfig", R"({"a":"{{n}}"})"}});
  EXPECT_THAT(project_queue("q", "prioritizationMode externalLinks templateVariables { name }"),
              HasSubstr(R"("name":"n")"));
  save_queue(admin, {{"templateVariables", nullptr}, {"externalLinks", nullptr}, {"prioritizationMode", "DISABLED"}});
  EXPECT_EQ(project_queue("q", "prioritizationMode externalLinks templateVariables { name }"),
            R"({"prioritizationMode":"DISABLED","externalLinks":{"links":[]},"templateVariables":[]})");
  EXPECT_THAT(project_queue("q", "history { actor before after }"), HasSubstr("user:admin"));
}

TEST_F(QueuesTest, SchemaProblemsAreWarnings) {
  const Reply reply =
      save_queue(admin, {{"resourceType", "kubernetes"}, {"resourceConfig", R"({"spec":"not a map"})"}});
  EXPECT_EQ(reply.status, 200) << to_text(reply.body);
  EXPECT_THAT(to_text(reply.data("upsertRunQueue.configSchemaValidationErrors")), HasSubstr("spec"));
}

TEST_F(QueuesTest, TheWayOfWandbClients) {
  EXPECT_EQ(mutate(admin, "upsertModel", "UpsertModelInput", "model { id name entityName } inserted",
                   {{"name", "model-registry"}, {"entityName", "default"}})
                .text("upsertModel.model.name"),
            "model-registry");
  const Reply config = mutate(admin, "createDefaultResourceConfig", "CreateDefaultResourceConfigInput",
                              "defaultResourceConfigID success",
                              {{"entityName", "default"},
                               {"resource", "local-container"},
                               {"config", R"({"resource_args":{"local-container":{"e":"{{v}}"}}})"},
                               {"templateVariables", R"({"v":{"schema":{"type":"string","enum":["1","2"]}}})"}});
  const Reply made =
      mutate(admin, "createRunQueue", "CreateRunQueueInput", "success queueID",
             {{"entityName", "default"},
              {"projectName", "model-registry"},
              {"queueName", "w"},
              {"access", "PROJECT"},
              {"prioritizationMode", "V0"},
              {"defaultResourceConfigID", config.data("createDefaultResourceConfig.defaultResourceConfigID")}});
  EXPECT_EQ(made.status, 200) << to_text(made.body);
  const Reply queue = gql(
      admin,
      R"({ project(name: "model-registry", entityName: "default") { runQueue(name: "w") { id access defaultResourceConfigID prioritizationMode externalLinks } } })");
  EXPECT_EQ(queue.text("project.runQueue.access"), "PROJECT");
  const Reply read_back = gql(
      admin,
      R"(query GetDefaultResourceConfig($e: String!, $id: ID!) { entity(name: $e) { defaultResourceConfig(id: $id) { config resource templateVariables { name schema } } } })",
      {{"e", "default"}, {"id", queue.data("project.runQueue.defaultResourceConfigID")}});
  EXPECT_EQ(
      to_text(read_back.data("entity.defaultResourceConfig")),
      R"({"config":{"resource_args":{"local-container":{"e":"{{v}}"}}},"resource":"local-container","templateVariables":[{"name":"v","schema":"{\"type\":\"string\",\"enum\":[\"1\",\"2\"]}"}]})");
  EXPECT_EQ(mutate(admin, "deleteRunQueues", "DeleteRunQueuesInput", "success",
                   {{"queueIDs", JsonArray{made.data("createRunQueue.queueID")}}})
                .status,
            200);
  EXPECT_EQ(project_queue("w", "id"), "null");
}

TEST_F(QueuesTest, DeletingOneThatWorksNeedsForce) {
  const std::string q = docker_queue("busy");
  pushed("busy");
  auto handle = agent(admin, {text_value(q)});
  ASSERT_EQ(leases_of(lease(handle)).size(), 1u);
  const auto remove = [&](bool force) {
    return mutate(admin, "deleteRunQueues", "DeleteRunQueuesInput", "success",
                  {{"queueIDs", JsonArray{text_value(q)}}, {"force", force}});
  };
  EXPECT_EQ(remove(false).code(), "failed_precondition");
  EXPECT_EQ(remove(true).status, 200);
}

TEST_F(QueuesTest, ResourceKindsAreListed) {
  const std::string kinds =
      to_text(gql(admin, "{ resourceKinds { name displayName aliases runnable defaultConfig } }").body);
  for (const auto* name : {"local-container", "local-process", "kubernetes", "sagemaker", "gcp-vertex"})
    EXPECT_THAT(kinds, HasSubstr(fmt::format(R"("name":"{}")", name)));
}

}  // namespace
}  // namespace slipway::server
