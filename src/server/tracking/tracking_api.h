// TrackingApi: the fixture of the tests that go through the edges of the tracking part: GraphQL as clients send it, HTTP over loopback with real bytes.
#pragma once
#include <fstream>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "archive/archive.h"
#include "base/ids.h"
#include "net/testing.h"
#include "server/api/authenticator.h"
#include "server/api/metrics.h"
#include "server/tracking/tracking.h"

namespace slipway::server {

inline constexpr std::string_view kKey = "slp_0123456789012345678901234567890123456789";

inline std::string read_schema() {
  auto text = archive::read_file(std::filesystem::path(SLIPWAY_SOURCE_DIR) / "schema" / "slipway.graphql");
  if (!text) throw std::runtime_error(text.error().to_string());
  return *text;
}

class TrackingApi : public testing::Test {
 protected:
  template <class F>
  auto ok(F make) {
    auto result = run_task(io, std::move(make));
    if (!result) throw std::runtime_error(result.error().to_string());
    if constexpr (!std::is_void_v<typename decltype(result)::value_type>) return *std::move(result);
  }
  TrackingApi() {
    config.data_dir = folder.path();
    config.limits.max_upload = 8u << 20;
    open_part({});
    ok([&] { return store->bootstrap("default", "ann", sha256_hex(kKey)); });
    context->principal = ok([&] { return store->authenticate(sha256_hex(kKey)); });
    context->credential = Credential::api_key;
  }
  ~TrackingApi() override {
    server.stop(Millis(2'000));
    ok([&]() -> Task<> {
      co_await scope.stop();
      co_return Result<>();
    });
    part->close();
    store->close();
    blocking.join();
  }

  void open_part(TrackingOptions options) {
    part = std::move(*Tracking::open(services, options));
    graphql::Resolvers resolvers;
    part->bind(resolvers);
    const auto project = [](const graphql::FieldCall& call) -> Result<Json> {
      return Json{{"id", "P"}, {"name", call.args.at("name")}, {"entityName", call.args.at("entityName")}};
    };
    resolvers.bind_sync("Query.project", project);
    resolvers.bind_sync("Query.model", project);
    resolvers.bind_sync("Project.entity", [](const graphql::FieldCall& call) -> Result<Json> {
      return Json{{"id", "E"}, {"name", call.parent.at("entityName")}, {"isTeam", true}};
    });
    resolvers.bind_sync("Query.entity", [](const graphql::FieldCall& call) -> Result<Json> {
      return Json{{"id", "E"}, {"name", call.args.at("name")}, {"isTeam", true}};
    });
    auto created = graphql::Engine::create(read_schema(), std::move(resolvers));
    if (!created) throw std::runtime_error(created.error().to_string());
    engine = *created;
    part->mount(router);
  }

  // ---- GraphQL
  Json query(const std::string& document, JsonObject variables = {}) {
    context->base_url = server.url("");
    graphql::Request request;
    request.query = document;
    request.variables = std::move(variables);
    std::optional<graphql::Response> response;
    ok([&]() -> Task<> {
      response = co_await engine->execute(std::move(request), context);
      co_return Result<>();
    });
    return response->body;
  }
  Json data(const std::string& document, JsonObject variables = {}) {
    const Json body = query(document, std::move(variables));
    if (find(body, "errors")) throw std::runtime_error(to_text(body));
    return body.at("data");
  }
  std::string failure(const std::string& document, JsonObject variables = {}) {
    const Json body = query(document, std::move(variables));
    const Json* errors = find(body, "errors");
    return errors ? to_text(*errors) : "";
  }
  Json mutate(const std::string& field, const std::string& input_type, const std::string& selection, JsonObject input) {
    JsonObject variables;
    variables["input"] = std::move(input);
    return data(fmt::format("mutation M($input: {}!) {{ {}(input: $input) {{ {} }} }}", input_type, field, selection),
                std::move(variables))
        .at(field);
  }
  Json start_run(const std::string& name) {
    return mutate(
        "upsertBucket", "UpsertBucketInput",
        "inserted bucket { id name displayName config sweepName project { id name entity { name } } historyLineCount }",
        {{"entityName", "default"},
         {"modelName", "demo"},
         {"name", name},
         {"config", R"({"lr":{"value":1},"_wandb":{"value":{"t":{"1":[1]},"x":2}}})"}});
  }
  Json run(const std::string& name, const std::string& fields) {
    return find_path(
        data(fmt::format(R"({{ project(name: "demo", entityName: "default") {{ run(name: "{}") {{ {} }} }} }})", name,
                         fields)),
        "project.run")[0];
  }

  // ---- HTTP
  Result<net::ClientResponse> http(net::ClientRequest request) {
    return run_task(io, [&] { return client.send(request); });
  }
  net::ClientRequest keyed(const std::string& method, const std::string& path, std::string body = "") {
    net::ClientRequest request;
    request.method = method;
    request.url = server.url(path);
    request.user = "api";
    request.password = Secret(std::string(kKey));
    request.body = std::move(body);
    return request;
  }
  net::ClientResponse send_stream(const std::string& name, const std::string& body) {
    return *http(keyed("POST", "/files/default/demo/" + name + "/file_stream", body));
  }
  net::ClientResponse get(const std::string& url) { return *http({.url = url}); }
  net::ClientResponse put(const std::string& url, std::string body, net::Headers headers = {}) {
    net::ClientRequest request;
    request.method = "PUT";
    request.url = url;
    request.headers = std::move(headers);
    request.body = std::move(body);
    return *http(std::move(request));
  }
  std::string grant_run_file(const std::string& name) {
    const Json payload = mutate("createRunFiles", "CreateRunFilesInput", "runID uploadHeaders files { name uploadUrl }",
                                {{"entityName", "default"},
                                 {"projectName", "demo"},
                                 {"runName", "r1"},
                                 {"files", JsonArray{text_value(name)}}});
    return std::string(payload.at("files").at(0).at("uploadUrl").as_string());
  }
  std::size_t files_in(const char* part_of_data) {
    std::size_t found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / part_of_data))
      found += entry.is_regular_file() ? 1 : 0;
    return found;
  }

  FakeClock clock;
  archive::TemporaryFolder folder = *archive::TemporaryFolder::create("tracking");
  asio::io_context io;
  asio::thread_pool blocking{1};
  ServerConfig config;
  std::unique_ptr<Store> store = *open_store({.url = "sqlite::memory:", .clock = &clock});
  Live live{io.get_executor(), clock};
  Scope scope{io.get_executor()};
  Services services{config, "server", io.get_executor(), blocking, clock, *store, live, scope};
  Sessions sessions{clock};
  Authenticator authenticator{*store, sessions, ""};
  Metrics metrics;
  Router router{authenticator, metrics};
  std::unique_ptr<Tracking> part;
  std::shared_ptr<const graphql::Engine> engine;
  std::shared_ptr<RequestContext> context = std::make_shared<RequestContext>();
  net::LoopbackServer server{io, [this](net::Exchange& exchange) { return router.handle(exchange); }};
  net::HttpClient client;
};

}  // namespace slipway::server
