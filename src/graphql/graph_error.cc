#include "graphql/graph_error.h"

#include <fmt/format.h>

namespace slipway::graphql {
namespace {

Json problem_to_json(const Problem& problem) {
  JsonObject out;
  if (!problem.path.empty()) out["path"] = problem.path;
  out["message"] = problem.message;
  if (!problem.file.empty()) out["file"] = problem.file;
  if (problem.line > 0) out["line"] = problem.line;
  if (problem.column > 0) out["column"] = problem.column;
  return out;
}

/// With its problems: other clients than ours show nothing but the message.
std::string full_message(const Error& error) {
  constexpr std::size_t kShown = 5;
  std::string text = error.message();
  for (std::size_t i = 0; i < error.problems().size(); ++i) {
    const Problem& problem = error.problems()[i];
    if (i == kShown) return text + fmt::format("; and {} more", error.problems().size() - kShown);
    text += i == 0 ? ": " : "; ";
    if (!problem.path.empty()) text += problem.path + ": ";
    text += problem.message;
  }
  return text;
}

Json extensions(const Error& error) {
  JsonObject out;
  out["code"] = code_name(error.code());
  if (!error.problems().empty()) out["summary"] = error.message();
  if (!error.mend().empty()) out["hint"] = error.mend();
  if (error.problems().empty()) return out;
  JsonArray problems;
  for (const auto& problem : error.problems()) problems.push_back(problem_to_json(problem));
  out["problems"] = std::move(problems);
  return out;
}

}  // namespace

Json error_to_json(const GraphError& error) {
  JsonObject out;
  out["message"] = full_message(error.error);
  JsonArray locations;
  for (const auto& at : error.locations) {
    if (at.line == 0) continue;
    JsonObject location;
    location["line"] = at.line;
    location["column"] = at.column;
    locations.push_back(std::move(location));
  }
  if (!locations.empty()) out["locations"] = std::move(locations);
  if (!error.path.empty()) out["path"] = error.path;
  out["extensions"] = extensions(error.error);
  return out;
}

GraphError from_syntax_error(Error error) {
  std::vector<Location> locations;
  for (const auto& problem : error.problems()) {
    locations.push_back({static_cast<std::uint32_t>(problem.line), static_cast<std::uint32_t>(problem.column)});
  }
  return {Error(error.code(), error.message()), std::move(locations), {}};
}

GraphError invalid(std::string message, std::vector<Location> locations) {
  return {Error(Code::invalid_argument, std::move(message)), std::move(locations), {}};
}

}  // namespace slipway::graphql
