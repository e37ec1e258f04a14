#include <map>

#include <fmt/format.h>

#include "db/sqlite/database.h"

namespace slipway::db::sqlite {
namespace {

constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT "
    "NULL)";

struct Applied {
  std::string name;
  std::string checksum;
};

Result<std::map<int, Applied>> applied_steps(Connection& connection) {
  std::map<int, Applied> steps;
  int number = 0;
  Applied step;
  TRY(auto rows, connection.query("SELECT number, name, checksum FROM schema_migrations"));
  TRY_VOID(rows.each([&] {
    rows.read(number, step.name, step.checksum);
    steps[number] = step;
  }));
  return steps;
}

Result<> check_known(const std::map<int, Applied>& applied, std::span<const Migration> migrations) {
  for (const auto& [number, step] : applied) {
    const auto known = std::ranges::find(migrations, number, &Migration::number);
    if (known == migrations.end()) {
      return Error(Code::failed_precondition,
                   fmt::format("opening the database: a newer version of slipway wrote it (schema step {})", step.name))
          .hint("Start that version or a later one. Going back needs a backup from before the upgrade.");
    }
    if (known->checksum != step.checksum) {
      return Error(
                 Code::failed_precondition,
                 fmt::format("opening the database: schema step {} is not the one that this program knows", step.name))
          .hint("The database was written by a modified build. Use the build that wrote it.");
    }
  }
  return Result<>();
}

Result<> apply(Connection& connection, const Migration& migration) {
  TRY_VOID(connection.script(std::string(migration.sql)));
  TRY_VOID(connection.run("INSERT INTO schema_migrations (number, name, checksum) VALUES (?, ?, ?)", migration.number,
                          migration.name, migration.checksum));
  TRY_VOID(connection.run("COMMIT"));
  return Result<>();
}

}  // namespace

Result<> migrate(Connection& connection, std::span<const Migration> migrations) {
  TRY_VOID(connection.run(kTable));
  TRY(const auto applied, applied_steps(connection));
  TRY_VOID(check_known(applied, migrations));
  for (const auto& migration : migrations) {
    if (applied.contains(migration.number)) continue;
    TRY_VOID(connection.run("BEGIN IMMEDIATE"));
    auto done = apply(connection, migration);
    if (!done) {
      if (connection.in_transaction()) (void)connection.run("ROLLBACK");
      return std::move(done).error().wrap(fmt::format("schema step {}", migration.name));
    }
  }
  return Result<>();
}

}  // namespace slipway::db::sqlite
