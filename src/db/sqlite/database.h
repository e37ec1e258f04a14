// Database: a SQLite file with its schema brought up to date, one Writer and a few Readers.
//
//   TRY(auto database, Database::open({.path = "/var/lib/slipway/slipway.db", .migrations = kMigrations}));
//   auto work = [name](Connection& connection) -> Result<Id> { ... };
//   CO_TRY(const auto id, co_await database->write(std::move(work)));
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "db/migration.h"
#include "db/sqlite/readers.h"
#include "db/sqlite/writer.h"

namespace slipway::db::sqlite {

struct DatabaseOptions {
  std::string path;  ///< ":memory:" for tests: nothing is durable, and reads run on the writer's thread.
  std::span<const Migration> migrations;
  int readers = 2;
  WriterLimits limits;
};

/// Lives until close(); the closures of read() and write() may use it from the threads of the database.
class Database {
 public:
  /// failed_precondition: another process has it open, or a newer version of the program wrote it.
  static Result<std::unique_ptr<Database>> open(const DatabaseOptions& options);
  ~Database();

  /// See Writer::write: durable when the task has ended.
  template <class F>
  Task<typename WorkResult<F>::value_type> write(F function) {
    return writer_->write(std::move(function));
  }
  /// See Readers::read. Sees everything whose write() has ended.
  template <class F>
  Task<typename WorkResult<F>::value_type> read(F function) {
    if (!readers_) return writer_->write(std::move(function));
    return readers_->read(std::move(function));
  }
  template <class F>
  void post(F function) {
    writer_->post(std::move(function));
  }
  /// Idempotent. What is in flight ends first; what comes afterwards fails as unavailable.
  void close();

 private:
  Database() = default;
  int lock_ = -1;  ///< File descriptor that holds the lock.
  std::unique_ptr<Readers> readers_;
  std::unique_ptr<Writer> writer_;
};

/// Applies what is missing, each step in a transaction of its own. For Database::open and tests of migrations.
Result<> migrate(Connection& connection, std::span<const Migration> migrations);

}  // namespace slipway::db::sqlite
