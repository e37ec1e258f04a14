// The measurements of bench/run that have to be quick. Prints one JSON document.
//   slipway_bench B1 PORT QUEUE FOLDER ROUNDS [PORT-OF-BEANSTALKD]     slipway_bench B3 PORT QUEUE FOLDER ROUNDS     slipway_bench B4 FOLDER ROUNDS DEPTH
//   slipway_bench B6 FOLDER ROUNDS ROWS
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "archive/archive.h"
#include "base/ids.h"
#include "blocking_http.h"
#include "history_bench.h"
#include "measure.h"
#include "net/http_server.h"
#include "server/store/store.h"
#include "wait_for.h"

namespace slipway::bench {
namespace {

constexpr const char* kHost = "127.0.0.1";

struct Target {
  std::uint16_t port = 0;
  std::string key;
  std::string queue;
  std::string folder;  ///< On the disk of the server's data.
};

std::string graphql(const std::string& document, const JsonObject& variables) {
  return to_text(JsonObject{{"query", document}, {"variables", variables}});
}

Json data_of(const std::string& answer) {
  auto body = parse_json(answer);
  if (!body || !find(*body, "data")) throw std::runtime_error(answer.substr(0, 400));
  return *find(*body, "data");
}

std::string push_body(const std::string& queue, std::size_t spec_bytes = 1024) {
  JsonObject config{{"padding", std::string(spec_bytes, 'x')}};
  JsonObject overrides{{"run_config", std::move(config)}};
  JsonObject docker{{"docker_image", "busybox:latest"}};
  JsonObject spec{{"project", "bench"}, {"docker", std::move(docker)}, {"overrides", std::move(overrides)}};
  JsonObject input{
      {"entityName", "default"}, {"projectName", "model-registry"}, {"queueName", queue}, {"runSpec", to_text(spec)}};
  return graphql(
      "mutation Push($input: PushToRunQueueByNameInput!) { pushToRunQueueByName(input: $input) { runQueueItemId } }",
      JsonObject{{"input", std::move(input)}});
}

/// An agent that holds nothing and reports every item as finished.
class Agent {
 public:
  Agent(const Target& target, Connection& connection) : target_(target), connection_(connection) {
    const Json found =
        data_of(call("query Q($q: String!) { project(entityName: \"default\", name: \"model-registry\") { "
                     "runQueue(name: $q) { id } } }",
                     JsonObject{{"q", target.queue}}));
    const std::string queue = text_or(*find_path(found, "project.runQueue"), "id");
    JsonObject input{{"entityName", "default"},
                     {"projectName", "model-registry"},
                     {"runQueues", JsonArray{text_value(queue)}},
                     {"hostname", "bench"},
                     {"stableId", random_id(20)},
                     {"incarnation", incarnation_},
                     {"maxJobs", -1}};
    const Json made = data_of(
        call("mutation A($input: CreateLaunchAgentInput!) { createLaunchAgent(input: $input) { launchAgentId } }",
             JsonObject{{"input", std::move(input)}}));
    id_ = text_or(*find(made, "createLaunchAgent"), "launchAgentId");
  }

  /// Parks until there is an item; its id and epoch.
  std::pair<std::string, std::int64_t> lease() {
    JsonObject input{{"launchAgentId", id_}, {"incarnation", incarnation_}, {"slots", 1},
                     {"held", JsonArray()},  {"waitSeconds", 20.0},         {"sequence", ++sequence_}};
    for (;;) {
      input["sequence"] = ++sequence_;
      const Json reply =
          data_of(call("mutation L($input: LeaseRunQueueItemsInput!) { leaseRunQueueItems(input: $input) { leases { "
                       "runQueueItemId epoch } } }",
                       JsonObject{{"input", input}}));
      const auto& leases = find_path(reply, "leaseRunQueueItems.leases")->as_array();
      if (!leases.empty()) return {text_or(leases[0], "runQueueItemId"), int_or(leases[0], "epoch", 0)};
    }
  }

  void finish(const std::pair<std::string, std::int64_t>& item) {
    JsonObject input{{"runQueueItemId", item.first}, {"epoch", item.second}, {"phase", "FINISHED"}, {"exitCode", 0}};
    call("mutation R($input: ReportRunQueueItemInput!) { reportRunQueueItem(input: $input) { phase } }",
         JsonObject{{"input", std::move(input)}});
  }

 private:
  std::string call(const std::string& document, const JsonObject& variables) {
    return connection_.post("/graphql", target_.key, graphql(document, variables));
  }
  const Target& target_;
  Connection& connection_;
  std::string incarnation_ = random_id(16);
  std::string id_;
  std::int64_t sequence_ = 0;
};

/// Time from each push call to the moment at which the parked agent holds the item.
std::vector<double> push_to_lease(const Target& target, int count) {
  Connection pushing(kHost, target.port);
  Connection leasing(kHost, target.port);
  Agent agent(target, leasing);
  const std::string body = push_body(target.queue);
  std::atomic<double> pushed{0};
  std::atomic<int> asking{0};
  std::vector<double> taken;
  std::thread parked([&] {
    for (int i = 0; i < count; ++i) {
      asking = i + 1;
      const auto item = agent.lease();
      taken.push_back(now() - pushed.load());
      agent.finish(item);
    }
  });
  for (int i = 0; i < count; ++i) {
    // The agent's request is on its way; two milliseconds are enough for it to be parked and are outside what is measured.
    while (asking.load() <= i) std::this_thread::sleep_for(std::chrono::microseconds(100));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    pushed = now();
    pushing.post("/graphql", target.key, body);
  }
  parked.join();
  return taken;
}

/// A bare Beast server (our HTTP layer with nothing behind it), to know what two loopback round trips cost.
class BareServer {
 public:
  BareServer() {
    net::Handler handler = [](net::Exchange& exchange) -> Task<> {
      CO_TRY_VOID(co_await exchange.read_body(1 << 20));
      co_return co_await exchange.respond(net::ServerResponse::json(200, "{}"));
    };
    server_ = *net::HttpServer::create(io_.get_executor(), {}, std::move(handler));
    server_->start();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~BareServer() {
    asio::co_spawn(
        io_, [this]() -> asio::awaitable<void> { co_await server_->stop(Millis(100)); },
        [](const std::exception_ptr&) {});
    thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }

 private:
  asio::io_context io_{1};
  std::unique_ptr<net::HttpServer> server_;
  std::thread thread_;
};

std::vector<double> round_trips(std::uint16_t port, int count) {
  Connection connection(kHost, port);
  std::vector<double> taken;
  for (int i = 0; i < count; ++i) {
    const double start = now();
    connection.post("/", "k", "{}");
    connection.post("/", "k", "{}");
    taken.push_back(now() - start);
  }
  return taken;
}

/// beanstalkd with a flush on every write: put, and the reserve of a waiting worker.
std::vector<double> beanstalkd(std::uint16_t port, int count) {
  Connection producer(kHost, port);
  Connection worker(kHost, port);
  const std::string body(1024, 'x');
  const std::string put = fmt::format("put 0 0 60 {}\r\n{}\r\n", body.size(), body);
  std::vector<double> taken;
  for (int i = 0; i < count; ++i) {
    worker.send("reserve\r\n");
    std::this_thread::sleep_for(std::chrono::microseconds(500));
    const double start = now();
    producer.send(put);
    const std::string reserved = worker.read_line();  // RESERVED <id> <bytes>
    taken.push_back(now() - start);
    worker.read_exactly(body.size() + 2);
    producer.read_line();
    const auto space = reserved.find(' ');
    worker.send("delete " + reserved.substr(space + 1, reserved.rfind(' ') - space - 1) + "\r\n");
    worker.read_line();
  }
  return taken;
}

Json b1(const Target& target, std::uint16_t beanstalkd_port, int rounds) {
  std::vector<double> ours50, ours99, flush50, trips50, beans50;
  BareServer bare;
  for (int round = 0; round < rounds; ++round) {
    const auto ours = push_to_lease(target, 200);
    ours50.push_back(median(ours) * 1e3);
    ours99.push_back(percentile(ours, 0.99) * 1e3);
    flush50.push_back(median(flushes(target.folder, 200, 4096)) * 1e3);
    trips50.push_back(median(round_trips(bare.port(), 500)) * 1e3);
    if (beanstalkd_port != 0) beans50.push_back(median(beanstalkd(beanstalkd_port, 200)) * 1e3);
  }
  JsonArray figures{summary("push to lease p50", "ms", ours50), summary("push to lease p99", "ms", ours99),
                    summary("one flush of the disk p50", "ms", flush50),
                    summary("two bare round trips p50", "ms", trips50)};
  if (!beans50.empty()) figures.push_back(summary("beanstalkd, flush on every write, p50", "ms", beans50));
  JsonArray ratios{JsonObject{{"name", "p50 / flush"}, {"value", median(ours50) / median(flush50)}},
                   JsonObject{{"name", "p50 / (flush + two round trips)"},
                              {"value", median(ours50) / (median(flush50) + median(trips50))}}};
  if (!beans50.empty())
    ratios.push_back(JsonObject{{"name", "p50 / beanstalkd"}, {"value", median(ours50) / median(beans50)}});
  return JsonObject{{"benchmark", "B1 push to lease"}, {"figures", std::move(figures)}, {"ratios", std::move(ratios)}};
}

struct Throughput {
  double rate = 0;
  double p99 = 0;
};

Throughput push_rate(const Target& target, int connections, double seconds) {
  const std::string body = push_body(target.queue);
  std::atomic<bool> stop{false};
  std::vector<std::vector<double>> taken(static_cast<std::size_t>(connections));
  std::vector<std::thread> threads;
  const double start = now();
  for (auto& samples : taken) {
    threads.emplace_back([&] {
      Connection connection(kHost, target.port);
      while (!stop) {
        const double before = now();
        connection.post("/graphql", target.key, body);
        samples.push_back(now() - before);
      }
    });
  }
  std::this_thread::sleep_for(Seconds(seconds));
  stop = true;
  for (auto& thread : threads) thread.join();
  const double elapsed = now() - start;
  std::vector<double> all;
  for (auto& samples : taken) all.insert(all.end(), samples.begin(), samples.end());
  return {static_cast<double>(all.size()) / elapsed, percentile(all, 0.99)};
}

Json b3(const Target& target, int rounds) {
  JsonArray figures, ratios;
  std::vector<double> flush_rate;
  std::map<int, std::vector<double>> rates, tails;
  for (int round = 0; round < rounds; ++round) {
    flush_rate.push_back(1 / median(flushes(target.folder, 300, 4096)));
    for (const int connections : {1, 32, 256}) {
      const auto measured = push_rate(target, connections, 2);
      rates[connections].push_back(measured.rate);
      tails[connections].push_back(measured.p99 * 1e3);
    }
  }
  figures.push_back(summary("flushes of the disk", "1/s", flush_rate));
  for (auto& [connections, rate] : rates) {
    figures.push_back(summary(fmt::format("durable pushes, {} connections", connections), "1/s", rate));
    figures.push_back(summary(fmt::format("p99 of a push, {} connections", connections), "ms", tails[connections]));
    ratios.push_back(JsonObject{{"name", fmt::format("pushes at {} connections / flush rate", connections)},
                                {"value", median(rate) / median(flush_rate)}});
  }
  return JsonObject{
      {"benchmark", "B3 durable pushes per second"}, {"figures", std::move(figures)}, {"ratios", std::move(ratios)}};
}

/// Seconds of each lease with that many items waiting, straight at the store.
std::vector<double> lease_at_depth(const std::string& folder, std::int64_t depth, bool prioritized) {
  asio::io_context io;
  auto temporary = archive::TemporaryFolder::create("depth", folder);
  auto store = *server::open_store({.url = "sqlite:" + (temporary->path() / "store.db").string()});
  wait_for<bool>(io, [&] { return store->bootstrap("default", "admin", std::string(64, '0')); });
  const auto entity = wait_for<std::optional<server::Entity>>(io, [&] { return store->find_entity("default"); });
  server::Queue queue;
  queue.entity = entity->id;
  queue.name = "q";
  queue.resource = "local-process";
  queue.prioritized = prioritized;
  queue.config = JsonObject();
  queue.template_variables = JsonObject();
  queue.external_links = JsonObject();
  queue.policy = JsonObject();
  const server::Cause cause{"bench", "bench"};
  queue = wait_for<server::Queue>(io, [&] { return store->create_queue(queue, cause); });
  for (std::int64_t made = 0; made < depth; made += 1000) {
    std::vector<server::PushItem> items;
    for (std::int64_t i = made; i < std::min(made + 1000, depth); ++i) {
      items.push_back({.queue = queue.id,
                       .priority = static_cast<int>(i % 4),
                       .run_entity = "default",
                       .run_project = "bench",
                       .run_name = "r" + std::to_string(i),
                       .author = "admin",
                       .spec = JsonObject(),
                       .submitted = JsonObject()});
    }
    wait_for<server::ItemStore::PushOutcome>(io, [&] { return store->push(items, std::nullopt, cause); });
  }
  server::Agent agent;
  agent.entity = entity->id;
  agent.stable_id = "bench";
  agent.incarnation = "1";
  agent.hostname = "bench";
  agent.queues = {queue.id};
  agent.config = JsonObject();
  agent = wait_for<server::Agent>(io, [&] { return store->register_agent(agent); });
  const server::LeaseRequest request{.agent = agent.id, .incarnation = "1", .queues = {queue.id}, .slots = 1};
  std::vector<double> taken;
  for (int i = 0; i < 400; ++i) {
    const double start = now();
    const auto leases = wait_for<std::vector<server::Lease>>(io, [&] { return store->lease(request); });
    taken.push_back(now() - start);
    if (leases.size() != 1) throw std::runtime_error("nothing to lease");
  }
  store->close();
  return taken;
}

Json b4(const std::string& folder, int rounds, std::int64_t most) {
  JsonArray figures, ratios;
  for (const bool prioritized : {false, true}) {
    const std::string order = prioritized ? "prioritised" : "fifo";
    std::map<std::int64_t, std::vector<double>> medians;
    for (int round = 0; round < rounds; ++round) {
      for (const std::int64_t depth : {std::int64_t{1'000}, std::int64_t{100'000}, most}) {
        medians[depth].push_back(median(lease_at_depth(folder, depth, prioritized)) * 1e3);
      }
    }
    for (auto& [depth, each] : medians)
      figures.push_back(summary(fmt::format("lease p50, {}, {} waiting", order, depth), "ms", each));
    ratios.push_back(JsonObject{{"name", fmt::format("{}: p50 at {} / at 1000", order, most)},
                                {"value", median(medians[most]) / median(medians[1'000])}});
  }
  return JsonObject{
      {"benchmark", "B4 lease cost at depth"}, {"figures", std::move(figures)}, {"ratios", std::move(ratios)}};
}

int run(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto word = [&](std::size_t i, std::string otherwise) { return i < words.size() ? words[i] : otherwise; };
  Json result;
  if (word(0, "") == "B4") {
    result = b4(word(1, "."), std::stoi(word(2, "3")), std::stoll(word(3, "1000000")));
  } else if (word(0, "") == "B6") {
    result = history(word(1, "."), std::stoi(word(2, "3")), std::stoll(word(3, "1000000")));
  } else {
    const char* key = std::getenv("WANDB_API_KEY");
    const Target target{static_cast<std::uint16_t>(std::stoi(word(1, "0"))), key ? key : "", word(2, ""), word(3, ".")};
    const int rounds = std::stoi(word(4, "5"));
    if (words.at(0) == "B1")
      result = b1(target, static_cast<std::uint16_t>(std::stoi(word(5, "0"))), rounds);
    else if (words.at(0) == "B3")
      result = b3(target, rounds);
    else
      throw std::runtime_error("B1, B3, B4 or B6");
  }
  std::cout << pretty_text(result) << "\n";
  return 0;
}

}  // namespace
}  // namespace slipway::bench

int main(int argc, char** argv) {
  try {
    return slipway::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "slipway_bench: " << error.what() << "\n";
    return 1;
  }
}
