#include "db/sqlite/database.h"

#include <array>
#include <filesystem>
#include <future>

#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/testing.h"
#include "base/ids.h"

namespace slipway::db::sqlite {
namespace {

using testing::HasSubstr;

constexpr std::array kSteps = {
    Migration{1, "001_first", "c1", "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)"},
    Migration{2, "002_second", "c2", "ALTER TABLE t ADD COLUMN more TEXT; CREATE TABLE u (id INTEGER)"}};

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() : folder_(std::filesystem::temp_directory_path() / ("slipway-db-" + random_id(12))) {
    std::filesystem::create_directories(folder_);
  }
  ~DatabaseTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string path() const { return (folder_ / "x.db").string(); }
  Result<std::unique_ptr<Database>> open(std::span<const Migration> steps = kSteps) {
    DatabaseOptions options;
    options.path = path();
    options.migrations = steps;
    return Database::open(options);
  }
  std::filesystem::path folder_;
};

Result<std::int64_t> insert(Connection& connection, std::int64_t id) {
  return connection.run("INSERT INTO t (id) VALUES (?)", id);
}
Result<std::int64_t> count(Connection& connection) {
  TRY(const auto rows, connection.value<std::int64_t>("SELECT count(*) FROM t"));
  return rows.value_or(0);
}

TEST_F(DatabaseTest, WhatWasWrittenIsReadAndSurvivesClosing) {
  {
    auto database = open().value();
    EXPECT_TRUE(run_task([&] { return database->write([](Connection& db) { return insert(db, 7); }); }));
    EXPECT_EQ(run_task([&] { return database->read(count); }).value(), 1);
    database->post([](Connection& db) { return insert(db, 8); });
    database->close();
  }
  auto database = open().value();
  EXPECT_EQ(run_task([&] { return database->read(count); }).value(), 2);
  EXPECT_FALSE(run_task([&] { return database->read([](Connection& db) { return insert(db, 9); }); }))
      << "readers only read";
}

TEST_F(DatabaseTest, OneProcessAtATime) {
  auto database = open().value();
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Code::failed_precondition);
  EXPECT_THAT(second.error().message(), HasSubstr("another process has it open"));
  database.reset();
  EXPECT_TRUE(open());
}

TEST_F(DatabaseTest, SchemaStepsAreAppliedOnceAndInOrder) {
  {
    ASSERT_TRUE(open(std::span(kSteps).first(1)));
  }
  {
    ASSERT_TRUE(open());
  }
  ASSERT_TRUE(open());
}

TEST_F(DatabaseTest, ANewerOrChangedSchemaIsRefused) {
  {
    ASSERT_TRUE(open());
  }
  const auto newer = open(std::span(kSteps).first(1));
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code(), Code::failed_precondition);
  EXPECT_THAT(newer.error().message(), HasSubstr("a newer version of slipway wrote it (schema step 002_second)"));
  auto changed = kSteps;
  changed[1].checksum = "other";
  EXPECT_EQ(open(changed).error().code(), Code::failed_precondition);
  EXPECT_TRUE(open()) << "refusing leaves it as it was";
}

TEST_F(DatabaseTest, AStepThatFailsLeavesNothingBehind) {
  auto broken = kSteps;
  broken[1].sql = "CREATE TABLE u (id INTEGER); CREATE TABLE u (id INTEGER)";
  const auto failed = open(broken);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message(), HasSubstr("002_second"));
  EXPECT_TRUE(open()) << "the repaired step is applied from its beginning";
}

/// Holds the writer's thread, so that what is queued meanwhile goes into one transaction.
class Gate {
 public:
  explicit Gate(Database& database) {
    database.post([this](Connection&) -> Result<> {
      held_.set_value();
      opened_.get_future().wait();
      return Result<>();
    });
    held_.get_future().wait();
  }
  void open() { opened_.set_value(); }

 private:
  mutable std::promise<void> held_, opened_;
};

/// Runs all writes in one batch; the code of each, nothing for a success.
std::vector<std::optional<Code>> write_together(Database& database,
                                                std::vector<std::function<Result<std::int64_t>(Connection&)>> writes) {
  asio::io_context& io = test_context();
  io.restart();
  Gate gate(database);
  std::vector<std::optional<Code>> codes(writes.size());
  for (std::size_t i = 0; i < writes.size(); ++i) {
    auto body = [&database, write = writes[i]]() -> Task<std::int64_t> { co_return co_await database.write(write); };
    asio::co_spawn(io, body, [&codes, i](const std::exception_ptr&, Result<std::int64_t> result) {
      if (!result) codes[i] = result.error().code();
    });
  }
  io.poll();
  gate.open();
  io.run();
  return codes;
}

TEST_F(DatabaseTest, AFailingWriteIsUndoneAlone) {
  auto database = open().value();
  const auto good = [](std::int64_t id) { return [id](Connection& db) { return insert(db, id); }; };
  const auto half = [](Connection& db) -> Result<std::int64_t> {
    TRY_VOID(insert(db, 50));
    return Error(Code::not_found, "no");
  };
  const auto throws = [](Connection& db) -> Result<std::int64_t> {
    TRY_VOID(insert(db, 60));
    throw std::runtime_error("boom");
  };
  const auto codes = write_together(*database, {good(1), half, good(2), throws, good(1), good(3)});
  EXPECT_THAT(codes, testing::ElementsAre(std::nullopt, Code::not_found, std::nullopt, Code::internal, Code::conflict,
                                          std::nullopt));
  EXPECT_EQ(run_task([&] { return database->read(count); }).value(), 3);
}

TEST_F(DatabaseTest, AFullDiskFailsOnlyWhatDoesNotFit) {
  auto database = open().value();
  const auto limit = [](int pages) {
    return
        [pages](Connection& db) -> Result<> { return db.script("PRAGMA max_page_count = " + std::to_string(pages)); };
  };
  ASSERT_TRUE(run_task([&] { return database->write(limit(20)); }));
  const auto big = [](Connection& db) { return db.run("INSERT INTO t (text) VALUES (?)", std::string(400'000, 'x')); };
  const auto good = [](std::int64_t id) { return [id](Connection& db) { return insert(db, id); }; };
  const auto codes = write_together(*database, {good(1), big, good(2)});
  EXPECT_THAT(codes, testing::ElementsAre(std::nullopt, Code::resource_exhausted, std::nullopt));
  EXPECT_EQ(run_task([&] { return database->read(count); }).value(), 2);
  ASSERT_TRUE(run_task([&] { return database->write(limit(100'000)); }));
  EXPECT_TRUE(run_task([&] { return database->write(big); })) << "it goes on when there is space again";
}

TEST_F(DatabaseTest, TheLogStaysBounded) {
  DatabaseOptions options;
  options.path = path();
  options.migrations = kSteps;
  options.limits = WriterLimits{.batch = 1, .idle_pages = 50, .busy_pages = 100, .longest_pages = 200};
  auto database = Database::open(options).value();
  const auto write = [](Connection& db) { return db.run("INSERT INTO t (text) VALUES (?)", std::string(20'000, 'x')); };
  constexpr std::uintmax_t kBound = 400u * 4'096u;
  for (int i = 0; i < 400; ++i) {
    ASSERT_TRUE(run_task([&] { return database->write(write); }));
    ASSERT_LT(std::filesystem::file_size(path() + "-wal"), kBound) << i;
  }
}

TEST_F(DatabaseTest, CallersResumeOnTheirOwnExecutor) {
  auto database = open().value();
  const auto thread = std::this_thread::get_id();
  const auto call = [&]() -> Task<> {
    auto written = co_await database->write([](Connection& db) { return insert(db, 1); });
    EXPECT_EQ(std::this_thread::get_id(), thread);
    auto read = co_await database->read(count);
    EXPECT_EQ(std::this_thread::get_id(), thread);
    EXPECT_TRUE(written && read);
    co_return Result<>();
  };
  EXPECT_TRUE(run_task(call));
}

TEST_F(DatabaseTest, NothingIsDoneAfterClosing) {
  auto database = open().value();
  database->close();
  EXPECT_EQ(run_task([&] { return database->write([](Connection& db) { return insert(db, 1); }); }).error().code(),
            Code::unavailable);
  EXPECT_EQ(run_task([&] { return database->read(count); }).error().code(), Code::unavailable);
  database->post([](Connection& db) { return insert(db, 1); });
}

TEST_F(DatabaseTest, InMemoryNothingIsLeftOnDisk) {
  DatabaseOptions options;
  options.path = ":memory:";
  options.migrations = kSteps;
  auto database = Database::open(options).value();
  EXPECT_TRUE(run_task([&] { return database->write([](Connection& db) { return insert(db, 1); }); }));
  EXPECT_EQ(run_task([&] { return database->read(count); }).value(), 1);
  EXPECT_FALSE(std::filesystem::exists(":memory:.lock"));
}

}  // namespace
}  // namespace slipway::db::sqlite
