// A step of a schema: one numbered SQL file, embedded at build time (cmake/SlipwayMigrations.cmake). Forward only.
#pragma once
#include <string_view>

namespace slipway::db {

struct Migration {
  int number = 0;
  std::string_view name;      ///< File name without ".sql".
  std::string_view checksum;  ///< SHA-256 hex of the file. A released file never changes.
  std::string_view sql;
};

}  // namespace slipway::db
