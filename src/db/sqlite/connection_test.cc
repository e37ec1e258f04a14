#include "db/sqlite/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::db::sqlite {
namespace {

enum class Colour { red, green };

std::unique_ptr<Connection> memory() {
  auto connection = Connection::open(":memory:", Access::read_write).value();
  EXPECT_TRUE(connection->script("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, size REAL, raw BLOB)"));
  return connection;
}

TEST(Connection, ValuesComeBackAsTheyWent) {
  auto connection = memory();
  const std::string odd("a\0b", 3);
  ASSERT_TRUE(connection->run("INSERT INTO t VALUES (?, ?, ?, ?)", std::int64_t{1} << 60, odd, 0.25, Blob{odd}));
  ASSERT_TRUE(connection->run("INSERT INTO t VALUES (?, ?, ?, ?)", Colour::green, std::string_view(),
                              std::optional<double>(), nullptr));
  auto rows = connection->query("SELECT id, name, size, raw FROM t ORDER BY id").value();
  auto colour = Colour::red;
  std::string name = "old";
  std::optional<double> size = 1.0;
  std::optional<std::string> raw = "old";
  ASSERT_TRUE(rows.next().value());
  rows.read(colour, name, size, raw);
  EXPECT_EQ(colour, Colour::green);
  EXPECT_EQ(name, "") << "an empty text is not NULL";
  EXPECT_FALSE(size || raw);
  ASSERT_TRUE(rows.next().value());
  std::int64_t id = 0;
  rows.read(id, name, size, raw);
  EXPECT_EQ(id, std::int64_t{1} << 60);
  EXPECT_EQ(name, odd);
  EXPECT_EQ(size, 0.25);
  EXPECT_EQ(raw, odd);
  EXPECT_FALSE(rows.next().value());
}

TEST(Connection, TheSameStatementMayRunInsideItself) {
  auto connection = memory();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(connection->run("INSERT INTO t (id) VALUES (?)", i));
  constexpr std::string_view sql = "SELECT id FROM t WHERE id >= ?";
  int pairs = 0;
  auto outer = connection->query(sql, 0).value();
  ASSERT_TRUE(outer.each([&] {
    auto inner = connection->query(sql, 1).value();
    ASSERT_TRUE(inner.each([&] { ++pairs; }));
  }));
  EXPECT_EQ(pairs, 6);
}

TEST(Connection, ErrorsSayWhatTheCallerMayDecideOn) {
  auto connection = memory();
  ASSERT_TRUE(connection->run("INSERT INTO t (id, name) VALUES (1, 'a')"));
  EXPECT_EQ(connection->run("INSERT INTO t (id, name) VALUES (2, 'a')").error().code(), Code::conflict);
  EXPECT_EQ(connection->run("INSERT INTO t (id, name) VALUES (1, 'b')").error().code(), Code::conflict);
  EXPECT_EQ(connection->run("SELECT nothing FROM t").error().code(), Code::internal);
  EXPECT_EQ(Connection::open("/nonexistent/folder/x.db", Access::read_write).error().code(), Code::failed_precondition);
  ASSERT_TRUE(connection->script("PRAGMA max_page_count = 4"));
  const auto full = connection->run("INSERT INTO t (id, name) VALUES (3, ?)", std::string(100'000, 'x'));
  EXPECT_EQ(full.error().code(), Code::resource_exhausted);
  EXPECT_THAT(full.error().message(), testing::HasSubstr("disk"));
  EXPECT_EQ(connection->run("INSERT INTO t (id, name) VALUES (3, 'c')").value(), 1)
      << "a failed statement is ready again";
}

TEST(Connection, ValueIsTheFirstColumnOfTheFirstRow) {
  auto connection = memory();
  EXPECT_FALSE(connection->value<int>("SELECT id FROM t").value().has_value());
  EXPECT_FALSE(connection->value<int>("SELECT NULL").value().has_value());
  EXPECT_EQ(connection->value<int>("SELECT 7").value(), 7);
}

}  // namespace
}  // namespace slipway::db::sqlite
