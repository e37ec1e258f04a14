// Reading arguments of resolvers: the engine has checked names and types already; here are ids, ranges and JSON texts.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/engine.h"
#include "server/store/store.h"

namespace slipway::server {

/// The arguments of a field, or the members of its `input`. Refers to the call's JSON: use it while the resolver runs.
class Arguments {
 public:
  explicit Arguments(const JsonObject& members) : members_(&members) {}
  /// Of the field's `input` argument.
  static Arguments input(const graphql::FieldCall& call);

  /// Present and not null.
  bool has(std::string_view name) const;
  /// Present, also as null: "leave it as it is" and "clear it" differ.
  bool given(std::string_view name) const { return members_->contains(name); }
  std::string text(std::string_view name) const;
  std::optional<std::string> optional_text(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name) const;
  std::optional<double> number(std::string_view name) const;
  std::optional<bool> flag(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  /// The list of objects; empty when absent.
  std::vector<Arguments> objects(std::string_view name) const;
  /// A JSON document in a string; nothing when absent or null. invalid_argument names the argument.
  Result<std::optional<Json>> document(std::string_view name, std::size_t max_bytes = 4u << 20) const;

  /// A DateTime in UTC, such as "2026-01-31T12:00:00.250Z".
  Result<UnixMillis> time(std::string_view name) const;

  /// Number of a global id. An id of another type or none at all is "not found", as an unknown one is.
  Result<Id> id(std::string_view name, std::string_view type) const;
  Result<std::vector<Id>> ids(std::string_view name, std::string_view type) const;
  /// first and after of a connection; at most 1,000 rows.
  Result<Page> page(std::size_t otherwise = 100) const;

 private:
  const Json* find(std::string_view name) const;
  const JsonObject* members_;
};

}  // namespace slipway::server
