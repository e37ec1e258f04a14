// What only this engine promises: full disks, old and new schemas, the cost of a lease.
#include "server/store/sqlite/sqlite_store.h"

#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "async/testing.h"
#include "base/ids.h"

namespace slipway::server::sqlite {
namespace {

using testing::HasSubstr;

class SqliteStoreTest : public testing::Test {
 protected:
  template <class F>
  auto ok(F make) {
    auto result = run_task(std::move(make));
    if (!result) throw std::runtime_error(result.error().to_string());
    if constexpr (!std::is_void_v<typename decltype(result)::value_type>) return *std::move(result);
  }

  explicit SqliteStoreTest(std::string path = "")
      : folder_(std::filesystem::temp_directory_path() / ("slipway-sqlite-" + random_id(12))) {
    std::filesystem::create_directories(folder_);
    path_ = path.empty() ? (folder_ / "store.db").string() : path;
    open();
    ok([&] { return store_->bootstrap("default", "ann", "hash"); });
    const auto entity = ok([&] { return store_->find_entity("default"); })->id;
    const Queue queue{.entity = entity, .name = "q", .resource = "local-process"};
    queue_ = ok([&] { return store_->create_queue(queue, cause_); }).id;
    const Agent agent{.entity = entity, .stable_id = "a", .incarnation = "1", .hostname = "h"};
    agent_ = ok([&] { return store_->register_agent(agent); }).id;
  }
  ~SqliteStoreTest() override {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void open() {
    store_.reset();
    store_ = SqliteStore::open(path_, clock_).value();
  }
  Result<ItemStore::PushOutcome> push(int count, std::size_t size = 100) {
    PushItem item{.queue = queue_, .run_entity = "default", .run_project = "demo", .author = "ann"};
    item.spec = Json{{"text", std::string(size, 'x')}};
    std::vector<PushItem> items(static_cast<std::size_t>(count), item);
    for (auto& each : items) each.run_name = fmt::format("r{}", ++runs_);
    return run_task([&] { return store_->push(items, std::nullopt, cause_); });
  }
  std::int64_t waiting() {
    return ok([&] { return store_->counts(queue_); }).waiting;
  }

  std::filesystem::path folder_;
  std::string path_;
  FakeClock clock_;
  std::unique_ptr<SqliteStore> store_;
  Id queue_ = 0;
  Id agent_ = 0;
  int runs_ = 0;
  const Cause cause_{"user:ann", ""};
};

/// Reads and writes on one connection, so that its work can be counted.
class InMemoryStoreTest : public SqliteStoreTest {
 protected:
  InMemoryStoreTest() : SqliteStoreTest(":memory:") {}
};

/// Files of this process cannot grow beyond `bytes` while it lives: a disk that is full, without a file system of its own.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST_F(SqliteStoreTest, AFullDiskRefusesPushesAndCorruptsNothing) {
  std::int64_t acknowledged = 0;
  {
    const FileSizeLimit full(2u << 20);
    for (int i = 0; i < 1'000; ++i) {
      const auto pushed = push(1, 50'000);
      if (pushed) {
        ++acknowledged;
        continue;
      }
      EXPECT_EQ(pushed.error().code(), Code::resource_exhausted) << pushed.error().to_string();
      EXPECT_THAT(pushed.error().to_string(), HasSubstr("disk"));
      EXPECT_THAT(pushed.error().mend(), HasSubstr("Free some space"));
      break;
    }
    ASSERT_GT(acknowledged, 0);
    ASSERT_LT(acknowledged, 1'000);
    EXPECT_EQ(waiting(), acknowledged) << "reading goes on";
  }
  EXPECT_TRUE(push(1, 50'000)) << "it goes on by itself when there is space again";
  open();
  EXPECT_EQ(waiting(), acknowledged + 1);
  const auto check = ok([&] {
    return store_->database().read([](Connection& db) { return db.value<std::string>("PRAGMA integrity_check"); });
  });
  EXPECT_EQ(check, "ok");
}

TEST_F(SqliteStoreTest, ADatabaseOfANewerVersionIsRefused) {
  ok([&] {
    return store_->database().write([](Connection& db) {
      return db.run("INSERT INTO schema_migrations (number, name, checksum) VALUES (9999, '9999_future', 'x')");
    });
  });
  store_.reset();
  const auto opened = SqliteStore::open(path_, clock_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Code::failed_precondition);
  EXPECT_THAT(opened.error().message(), HasSubstr("a newer version of slipway wrote it (schema step 9999_future)"));
}

TEST_F(SqliteStoreTest, UnknownSchemesAreRefusedWithWhatIsKnown) {
  for (const char* url : {"postgres://host/db", "sqlite:", "", "store.db"}) {
    const auto opened = open_store(StoreOptions{.url = url, .clock = &clock_});
    ASSERT_FALSE(opened) << url;
    EXPECT_EQ(opened.error().code(), Code::invalid_argument);
    EXPECT_THAT(opened.error().mend(), HasSubstr("sqlite:PATH"));
  }
}

/// Steps of SQLite's virtual machine, in tens: the same on every machine, unlike time.
class StepCounter {
 public:
  explicit StepCounter(SqliteStore& store) : store_(store) { install(count_one, this); }
  ~StepCounter() { install(nullptr, nullptr); }
  int steps() const { return steps_; }

 private:
  static int count_one(void* self) {
    ++static_cast<StepCounter*>(self)->steps_;
    return 0;
  }
  void install(int (*handler)(void*), void* self) {
    const auto work = [handler, self](Connection& db) -> Result<> {
      sqlite3_progress_handler(db.handle(), handler ? 10 : 0, handler, self);
      return Result<>();
    };
    EXPECT_TRUE(run_task([&] { return store_.database().write(work); }));
  }
  SqliteStore& store_;
  std::atomic<int> steps_ = 0;  ///< Counted on the writer's thread.
};

TEST_F(InMemoryStoreTest, ALeaseCostsTheSameHoweverLongTheQueueIs) {
  const auto lease_steps = [&] {
    const StepCounter counter(*store_);
    const LeaseRequest request{.agent = agent_, .incarnation = "1", .queues = {queue_}, .slots = 4};
    EXPECT_EQ(ok([&] { return store_->lease(request); }).size(), 4u);
    return counter.steps();
  };
  ASSERT_TRUE(push(100));
  const int before = lease_steps();
  ASSERT_TRUE(push(20'000));
  const int after = lease_steps();
  EXPECT_LE(after, before + before / 10);
  auto queue = ok([&] { return store_->get_queue(queue_); }).value();
  queue.prioritized = true;
  ok([&] { return store_->update_queue(queue, cause_); });
  EXPECT_LE(lease_steps(), before + before / 10);
}

TEST_F(InMemoryStoreTest, APageOfALongQueueReadsOnlyThePage) {
  ASSERT_TRUE(push(20'000));
  const auto page_steps = [&](ItemFilter filter) {
    const StepCounter counter(*store_);
    EXPECT_EQ(ok([&] { return store_->list(filter, Page{.first = 50}); }).rows.size(), 50u);
    return counter.steps();
  };
  constexpr int kMostSteps = 1'500;
  EXPECT_LT(page_steps(ItemFilter{.queue = queue_}), kMostSteps);
  EXPECT_LT(page_steps(ItemFilter{.queue = queue_, .newest_first = true}), kMostSteps);
  EXPECT_LT(page_steps(ItemFilter{.queue = queue_, .states = {launch::ItemState::pending}, .newest_first = true}),
            kMostSteps);
  EXPECT_LT(page_steps(ItemFilter{.newest_first = true}), kMostSteps);
}

TEST_F(InMemoryStoreTest, WhatRunsIsFoundAmongManyThatEnded) {
  std::vector<Id> ended;
  const auto pushed = push(20'000);
  for (const auto& item : pushed->items) ended.push_back(item.id);
  ok([&] { return store_->cancel(ended, cause_, false); });
  ASSERT_TRUE(push(5));
  const LeaseRequest request{.agent = agent_, .incarnation = "1", .queues = {queue_}, .slots = 5};
  ok([&] { return store_->lease(request); });
  const StepCounter counter(*store_);
  EXPECT_EQ(ok([&] {
              return store_->list(ItemFilter{.queue = queue_, .states = {launch::ItemState::leased}}, Page{});
            }).rows.size(),
            5u);
  EXPECT_EQ(ok([&] { return store_->counts(queue_); }).leased, 5);
  EXPECT_EQ(waiting(), 0);
  EXPECT_LT(counter.steps(), 500);
}

}  // namespace
}  // namespace slipway::server::sqlite
