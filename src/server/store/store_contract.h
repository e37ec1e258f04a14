// The fixture of the contract tests: one store of each engine, a clock that the test owns, and short names for what every test does.
// The tests are engine-neutral; an engine is added in store_contract_test.cc.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/testing.h"
#include "server/store/store.h"

namespace slipway::server {

struct Engine {
  std::string name;
  /// Opens the store that lives in `folder`; a second call after close() finds everything again.
  std::function<Result<std::unique_ptr<Store>>(const std::filesystem::path& folder, const Clock& clock)> open;
  friend void PrintTo(const Engine& engine, std::ostream* out) { *out << engine.name; }
};

/// All that the contract is tested against.
std::vector<Engine> engines();
std::string engine_name(const testing::TestParamInfo<Engine>& info);

using launch::ItemState;

/// Environment variable: the folder under which the tests make theirs. Set for a child that will be killed, so that its parent cleans up.
inline constexpr const char* kTestRoot = "SLIPWAY_STORE_TEST_ROOT";

class StoreContract : public testing::TestWithParam<Engine> {
 protected:
  StoreContract();
  ~StoreContract() override;

  /// The task's value; throws (and so fails the test) when it ends in an error.
  template <class F>
  auto ok(F make) {
    auto result = run_task(io, std::move(make));
    if (!result) throw std::runtime_error(result.error().to_string());
    if constexpr (!std::is_void_v<typename decltype(result)::value_type>) return *std::move(result);
  }
  /// The code of the task's error, nothing when it succeeded.
  template <class F>
  std::optional<Code> code(F make) {
    auto result = run_task(io, std::move(make));
    if (result) return std::nullopt;
    last_error = result.error().to_string();
    return result.error().code();
  }

  Queue new_queue(const std::string& name, std::function<void(Queue&)> change = {});
  Agent new_agent(const std::string& stable_id, const std::string& incarnation = "1");
  PushItem item_for(Id queue, const std::string& run_name, int priority = 2);
  Item push(Id queue, const std::string& run_name, int priority = 2);
  std::vector<Item> push_many(Id queue, int count);
  /// Leases up to `slots` for the agent.
  std::vector<Lease> lease(const Agent& agent, std::vector<Id> queues, int slots = 1);
  Lease lease_one(const Agent& agent, Id queue);
  Item get(Id item);
  Item report(const Item& item, ItemState state);
  Item report(const Item& item, ItemReport report);
  /// "PENDING→LEASED" of every event but notes.
  std::vector<std::string> moves(Id item);
  std::vector<ItemDirective> renew(const Agent& agent, std::vector<HeldItem> held);
  void reopen();

  std::filesystem::path folder;
  FakeClock clock;
  asio::io_context io;
  std::unique_ptr<Store> store;
  Id entity = 0;
  std::string last_error;
  const Cause cause{"user:ann", ""};
};

/// Runs all of them at once, each on its own coroutine, until all have ended. Throws the first error.
void run_together(asio::io_context& io, std::vector<std::function<Task<>()>> tasks);

std::vector<std::string> run_names(const std::vector<Lease>& leases);

}  // namespace slipway::server
