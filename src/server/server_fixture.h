// ServerTest: a whole server in a temporary folder, asked over real HTTP. One io_context drives server and client.
#pragma once
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "archive/archive.h"
#include "async/testing.h"
#include "base/ids.h"
#include "base/json.h"
#include "net/http_client.h"
#include "server/app.h"

namespace slipway::server {

struct Reply {
  int status = 0;
  Json body;
  net::Headers headers;

  /// data.<path>, null when it is not there.
  Json data(std::string_view path) const {
    const Json* found = find_path(body, "data." + std::string(path));
    return found == nullptr ? Json() : *found;
  }
  std::string text(std::string_view path) const {
    const Json value = data(path);
    return value.is_string() ? std::string(value.get_string()) : "";
  }
  /// Of the first error, "" when there is none.
  std::string message() const { return error_text("message"); }
  std::string code() const { return error_text("extensions.code"); }

 private:
  std::string error_text(std::string_view path) const {
    const Json* errors = find(body, "errors");
    if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return "";
    const Json* value = find_path(errors->get_array().front(), path);
    return value == nullptr || !value->is_string() ? "" : std::string(value->get_string());
  }
};

/// A call that goes on while the test does something else.
struct Pending {
  std::optional<Result<net::ClientResponse>> outcome;
  bool done() const { return outcome.has_value(); }
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() { open(); }
  ~ServerTest() override { close(); }

  void open() {
    ServerConfig config;
    config.port = 0;
    config.data_dir = data_dir();
    config.stop_grace = Millis(2'000);
    auto started = run_task(io, [&] { return start(io.get_executor(), config); });
    if (!started) throw std::runtime_error(started.error().to_string());
    app = *std::move(started);
    std::ifstream(app->admin_key_file()) >> admin;
  }
  void close() {
    if (!app) return;
    const auto stopped = run_task(io, [&] { return stop_task(); });
    if (!stopped) throw std::runtime_error(stopped.error().to_string());
    app.reset();
  }
  std::filesystem::path data_dir() const { return folder.path() / "data"; }

  // ---- HTTP
  net::ClientRequest request(std::string method, const std::string& path, const std::string& key = "",
                             std::string body = "") const {
    net::ClientRequest out;
    out.method = std::move(method);
    out.url = app->address() + path;
    if (!key.empty()) {
      out.user = "api";
      out.password = Secret(key);
    }
    if (!body.empty()) out.headers.set("Content-Type", "application/json");
    out.body = std::move(body);
    return out;
  }
  net::ClientResponse http(net::ClientRequest wanted) {
    auto response = run_task(io, [&] { return client.send(wanted); });
    if (!response) throw std::runtime_error(response.error().to_string());
    return *std::move(response);
  }

  // ---- GraphQL
  static std::string graphql_body(std::string_view document, JsonObject variables) {
    JsonObject body;
    body["query"] = text_value(document);
    body["variables"] = std::move(variables);
    return to_text(Json(std::move(body)));
  }
  Reply gql(const std::string& key, std::string_view document, JsonObject variables = {}) {
    return read(http(request("POST", "/graphql", key, graphql_body(document, std::move(variables)))));
  }
  static Reply read(net::ClientResponse response) {
    auto parsed = parse_json(response.body);
    return {response.status, parsed ? *parsed : Json(), std::move(response.headers)};
  }
  /// `mutation { field(input: …) { selection } }`.
  Reply mutate(const std::string& key, std::string_view field, std::string_view input_type, std::string_view selection,
               JsonObject input) {
    JsonObject variables;
    variables["input"] = std::move(input);
    return gql(key, mutation(field, input_type, selection), std::move(variables));
  }
  static std::string mutation(std::string_view field, std::string_view input_type, std::string_view selection) {
    return fmt::format("mutation M($input: {}!) {{ {}(input: $input) {{ {} }} }}", input_type, field, selection);
  }
  std::shared_ptr<Pending> begin(net::ClientRequest wanted) {
    auto pending = std::make_shared<Pending>();
    asio::co_spawn(
        io, [this, pending, wanted]() -> asio::awaitable<void> { pending->outcome = co_await client.send(wanted); },
        [](const std::exception_ptr& error) {
          if (error) std::rethrow_exception(error);
        });
    return pending;
  }
  Reply finish(const std::shared_ptr<Pending>& pending) {
    io.restart();
    while (!pending->done() && io.run_one() > 0) {
    }
    if (!pending->outcome || !*pending->outcome) throw std::runtime_error("the call did not end well");
    return read(**pending->outcome);
  }
  /// Lets everything run until `holds`: for what the server does by itself.
  void run_until(const std::function<bool()>& holds) {
    io.restart();
    while (!holds() && io.run_one() > 0) {
    }
  }

  // ---- The usual things
  Reply save_queue(const std::string& key, JsonObject input) {
    for (const auto& [name, value] : {std::pair{"entityName", "default"},
                                      {"projectName", "model-registry"},
                                      {"queueName", "q"},
                                      {"resourceType", "local-process"},
                                      {"resourceConfig", "{}"}}) {
      if (!input.contains(name)) input[name] = value;
    }
    return mutate(key, "upsertRunQueue", "UpsertRunQueueInput",
                  "success configSchemaValidationErrors queue { id name resource config state prioritizationMode "
                  "access externalLinks createdBy policy templateVariables { name schema } }",
                  std::move(input));
  }
  /// The queue's id.
  std::string queue(std::string_view name, JsonObject input = {}) {
    input["queueName"] = text_value(name);
    const Reply reply = save_queue(admin, std::move(input));
    if (reply.status != 200) throw std::runtime_error(to_text(reply.body));
    return reply.text("upsertRunQueue.queue.id");
  }
  Reply push(const std::string& key, std::string_view queue, Json spec = Json(), JsonObject more = {}) {
    if (spec.is_null()) spec = Json{{"docker", {{"docker_image", "alpine:3"}}}};
    more["entityName"] = more.contains("entityName") ? more["entityName"] : Json("default");
    more["projectName"] = "model-registry";
    more["queueName"] = text_value(queue);
    more["runSpec"] = text_value(spec.is_string() ? std::string(spec.get_string()) : to_text(spec));
    return mutate(key, "pushToRunQueueByName", "PushToRunQueueByNameInput", "runQueueItemId runSpec item { id phase }",
                  std::move(more));
  }
  /// The item's id.
  std::string pushed(std::string_view queue, JsonObject more = {}) {
    const Reply reply = push(admin, queue, Json(), std::move(more));
    if (reply.status != 200) throw std::runtime_error(to_text(reply.body));
    return reply.text("pushToRunQueueByName.runQueueItemId");
  }
  /// A docker queue takes the images that push() names.
  std::string docker_queue(std::string_view name, JsonObject input = {}) {
    input["resourceType"] = "local-container";
    return queue(name, std::move(input));
  }
  struct AgentHandle {
    std::string id, incarnation;
    std::int64_t sequence = 0;
  };
  AgentHandle agent(const std::string& key, JsonArray queues, std::string stable_id = random_id(),
                    std::int64_t max_jobs = 1) {
    AgentHandle handle;
    handle.incarnation = random_id();
    const Reply reply = mutate(key, "createLaunchAgent", "CreateLaunchAgentInput", "launchAgentId serverId",
                               {{"entityName", "default"},
                                {"projectName", "model-registry"},
                                {"runQueues", std::move(queues)},
                                {"hostname", "host-1"},
                                {"stableId", stable_id},
                                {"incarnation", handle.incarnation},
                                {"maxJobs", max_jobs}});
    if (reply.status != 200) throw std::runtime_error(to_text(reply.body));
    handle.id = reply.text("createLaunchAgent.launchAgentId");
    return handle;
  }
  net::ClientRequest lease_request(const std::string& key, AgentHandle& handle, double wait, std::int64_t slots,
                                   JsonArray held = {}) const {
    JsonObject input{
        {"launchAgentId", handle.id}, {"incarnation", handle.incarnation}, {"slots", slots}, {"held", std::move(held)},
        {"waitSeconds", wait},        {"sequence", ++handle.sequence}};
    JsonObject variables;
    variables["input"] = std::move(input);
    return request("POST", "/graphql", key,
                   graphql_body(mutation("leaseRunQueueItems", "LeaseRunQueueItemsInput",
                                         "desire leaseSeconds leases { runQueueItemId epoch attempt queueName runName "
                                         "entityName projectName author runSpec takeover cancelRequested } "
                                         "directives { runQueueItemId directive }"),
                                std::move(variables)));
  }
  Reply lease(AgentHandle& handle, std::int64_t slots = 1, JsonArray held = {}, double wait = 0) {
    return read(http(lease_request(admin, handle, wait, slots, std::move(held))));
  }
  static JsonArray leases_of(const Reply& reply) {
    const Json found = reply.data("leaseRunQueueItems.leases");
    return found.is_array() ? found.get_array() : JsonArray();
  }
  static Json held(const Json& lease) {
    return Json{{"runQueueItemId", lease.at("runQueueItemId")}, {"epoch", lease.at("epoch")}};
  }
  Reply report(const std::string& key, const Json& lease, JsonObject more) {
    more["runQueueItemId"] = lease.at("runQueueItemId");
    more["epoch"] = lease.at("epoch");
    return mutate(key, "reportRunQueueItem", "ReportRunQueueItemInput", "phase cancelRequested", std::move(more));
  }
  Reply item(const std::string& id, std::string_view fields, const std::string& key = "") {
    return gql(key.empty() ? admin : key, fmt::format("query Q($id: ID!) {{ runQueueItem(id: $id) {{ {} }} }}", fields),
               {{"id", id}});
  }
  /// A new person (or service account) in an entity; the value is the key.
  std::string person(const std::string& name, const std::string& role = "", const std::string& entity = "default",
                     bool service = false) {
    JsonObject input{{"username", name}, {"service", service}};
    if (!role.empty()) {
      input["entityName"] = text_value(entity);
      input["role"] = text_value(role);
    }
    const Reply reply = mutate(admin, "createUser", "CreateUserInput", "apiKey user { id }", std::move(input));
    if (reply.status != 200) throw std::runtime_error(to_text(reply.body));
    return reply.text("createUser.apiKey");
  }

  archive::TemporaryFolder folder = *archive::TemporaryFolder::create("server");
  asio::io_context io;
  net::HttpClient client;
  std::unique_ptr<App> app;
  std::string admin;

 private:
  Task<> stop_task() {
    co_await app->stop();
    co_return Result<>();
  }
};

}  // namespace slipway::server
