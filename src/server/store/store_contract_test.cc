#include "server/store/store_contract.h"

#include <fmt/format.h>

#include "base/ids.h"

namespace slipway::server {
namespace {

Result<std::unique_ptr<Store>> open_sqlite_file(const std::filesystem::path& folder, const Clock& clock) {
  return open_store(StoreOptions{.url = "sqlite:" + (folder / "store.db").string(), .clock = &clock});
}

/// In memory where the system has such a folder: thousands of commits are tested here, not the disk.
std::filesystem::path test_root() {
  if (const char* root = std::getenv(kTestRoot)) return root;
  const std::filesystem::path in_memory = "/dev/shm";
  std::error_code ignored;
  return std::filesystem::is_directory(in_memory, ignored) ? in_memory : std::filesystem::temp_directory_path();
}

}  // namespace

std::vector<Engine> engines() { return {Engine{.name = "sqlite", .open = open_sqlite_file}}; }
std::string engine_name(const testing::TestParamInfo<Engine>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Engines, StoreContract, testing::ValuesIn(engines()), engine_name);

StoreContract::StoreContract() : folder(test_root() / ("slipway-store-" + random_id(12))) {
  std::filesystem::create_directories(folder);
  reopen();
  ok([&] { return store->bootstrap("default", "ann", "hash-of-ann"); });
  entity = ok([&] { return store->find_entity("default"); })->id;
}

StoreContract::~StoreContract() {
  if (store) store->close();
  store.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

void StoreContract::reopen() {
  if (store) store->close();
  store.reset();
  auto opened = GetParam().open(folder, clock);
  if (!opened) throw std::runtime_error(opened.error().to_string());
  store = *std::move(opened);
}

Queue StoreContract::new_queue(const std::string& name, std::function<void(Queue&)> change) {
  Queue queue{.entity = entity, .name = name, .resource = "local-process"};
  queue.config = Json{{"a", 1}};
  if (change) change(queue);
  return ok([&] { return store->create_queue(queue, cause); });
}

Agent StoreContract::new_agent(const std::string& stable_id, const std::string& incarnation) {
  Agent agent{.entity = entity, .stable_id = stable_id, .incarnation = incarnation, .hostname = "host-" + stable_id};
  return ok([&] { return store->register_agent(agent); });
}

PushItem StoreContract::item_for(Id queue, const std::string& run_name, int priority) {
  PushItem item{.queue = queue,
                .priority = priority,
                .run_entity = "default",
                .run_project = "demo",
                .run_name = run_name,
                .author = "ann"};
  item.spec = Json{{"run", run_name}, {"rendered", true}};
  item.submitted = Json{{"run", run_name}};
  return item;
}

Item StoreContract::push(Id queue, const std::string& run_name, int priority) {
  return ok([&] { return store->push({item_for(queue, run_name, priority)}, std::nullopt, cause); }).items.at(0);
}

std::vector<Item> StoreContract::push_many(Id queue, int count) {
  std::vector<PushItem> items;
  for (int i = 0; i < count; ++i) items.push_back(item_for(queue, fmt::format("q{}-r{}", queue, i)));
  return ok([&] { return store->push(items, std::nullopt, cause); }).items;
}

std::vector<Lease> StoreContract::lease(const Agent& agent, std::vector<Id> queues, int slots) {
  const LeaseRequest request{
      .agent = agent.id, .incarnation = agent.incarnation, .queues = std::move(queues), .slots = slots};
  return ok([&] { return store->lease(request); });
}

Lease StoreContract::lease_one(const Agent& agent, Id queue) {
  auto leases = lease(agent, {queue});
  if (leases.size() != 1) throw std::runtime_error("there was nothing to lease");
  return std::move(leases.front());
}

Item StoreContract::get(Id item) {
  return ok([&] { return store->get(item); }).value();
}

Item StoreContract::report(const Item& item, ItemState state) { return report(item, ItemReport{.state = state}); }

Item StoreContract::report(const Item& item, ItemReport what) {
  return ok([&] { return store->report(item.id, item.epoch, what, Cause{"agent:" + item.agent_name, ""}); });
}

std::vector<std::string> StoreContract::moves(Id item) {
  std::vector<std::string> out;
  for (const auto& event : ok([&] { return store->events(item); })) {
    if (event.from != event.to) out.push_back(event.from + "→" + event.to);
  }
  return out;
}

std::vector<ItemDirective> StoreContract::renew(const Agent& agent, std::vector<HeldItem> held) {
  return ok([&] { return store->renew(agent.id, agent.incarnation, held); });
}

void run_together(asio::io_context& io, std::vector<std::function<Task<>()>> tasks) {
  std::vector<Result<>> failures;
  const auto ended = [&failures](const std::exception_ptr& thrown, Result<> result) {
    if (thrown) std::rethrow_exception(thrown);
    if (!result) failures.push_back(std::move(result));
  };
  for (auto& task : tasks) asio::co_spawn(io, task, ended);
  io.restart();
  io.run();
  if (!failures.empty()) throw std::runtime_error(failures.front().error().to_string());
}

std::vector<std::string> run_names(const std::vector<Lease>& leases) {
  std::vector<std::string> names;
  for (const auto& lease : leases) names.push_back(lease.item.run_name);
  return names;
}

}  // namespace slipway::server
