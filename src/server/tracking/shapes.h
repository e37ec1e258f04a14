// Shapes: rows as the JSON objects of schema/slipway.graphql. Members that start with '_' are for our own resolvers; the schema does not know them.
#pragma once
#include "base/json.h"
#include "server/store/tracking_store.h"
#include "server/store/tracking_streams.h"

namespace slipway::server::tracking {

Json project_json(std::string_view entity, std::string_view project);
/// Without what needs another look: user, files, line counts, item.
Json run_json(const Run& run);
Json artifact_json(const Artifact& artifact);
Json tags_json(const std::vector<std::string>& names);
Json collection_json(const ArtifactCollection& collection);
Json artifact_type_json(std::string_view entity, std::string_view project, std::string_view type);
/// The artifact as a member of its collection.
Json membership_json(const Artifact& artifact);

/// A connection of nodes that are ready, with one cursor at its end.
Json connection_json(std::vector<Json> nodes, std::string_view end_cursor, bool has_next);
template <class T, class Shape>
Json connection_of(const Paged<T>& page, Shape shape) {
  std::vector<Json> nodes;
  nodes.reserve(page.rows.size());
  for (const T& row : page.rows) nodes.push_back(shape(row));
  return connection_json(std::move(nodes), page.end_cursor, page.has_next);
}

/// "first" and "after" of a field's arguments; at most 1,000 rows.
Page page_of(const JsonObject& args, std::size_t otherwise = 100);
/// The member when it is there and not null.
std::optional<std::string> optional_text(const JsonObject& args, std::string_view key);
std::string text_arg(const JsonObject& args, std::string_view key, std::string_view otherwise = "");
std::optional<std::int64_t> optional_number(const JsonObject& args, std::string_view key);
std::vector<std::string> list_arg(const JsonObject& args, std::string_view key);
/// The `input` object of a mutation.
const JsonObject& input_of(const JsonObject& args);
/// A hidden number of a parent.
Id hidden_id(const Json& parent, std::string_view key);
/// A time or null.
Json time_json(std::optional<UnixMillis> time);

}  // namespace slipway::server::tracking
