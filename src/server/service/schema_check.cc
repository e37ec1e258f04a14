// The only place that includes valijson: it is large, and reports what cannot be used by exceptions.
#include "server/service/schema_check.h"

#include <algorithm>
#include <exception>

#define VALIJSON_USE_EXCEPTIONS 1
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace slipway::server {
namespace {

using valijson::adapters::BoostJsonAdapter;

/// "<root>", "[a]", "[0]" → "a.0"
std::string dotted(const std::vector<std::string>& context) {
  std::string path;
  for (const auto& step : context) {
    if (step.size() < 2 || step.front() != '[') continue;
    if (!path.empty()) path += '.';
    path += step.substr(1, step.size() - 2);
  }
  return path;
}

const Json* walk(const Json& document, const std::vector<std::string>& context) {
  const Json* here = &document;
  for (const auto& step : context) {
    if (step.size() < 2 || step.front() != '[') continue;
    const std::string name = step.substr(1, step.size() - 2);
    if (here->is_array()) {
      const auto index = static_cast<std::size_t>(std::strtoull(name.c_str(), nullptr, 10));
      if (index >= here->get_array().size()) return nullptr;
      here = &here->get_array()[index];
    } else if ((here = find(*here, name)) == nullptr) {
      return nullptr;
    }
  }
  return here;
}

/// Known later, here or somewhere below.
bool is_open(const Json& value) {
  if (value.is_string()) {
    const std::string_view text(value.get_string().data(), value.get_string().size());
    return text.find("{{") != std::string_view::npos || text.find("${") != std::string_view::npos;
  }
  if (value.is_array()) return std::ranges::any_of(value.get_array(), is_open);
  if (value.is_object())
    return std::ranges::any_of(value.get_object(), [](const auto& member) { return is_open(member.value()); });
  return false;
}

}  // namespace

std::vector<Problem> check_schema(const Json& schema, const Json& document) {
  if (!schema.is_object() || schema.get_object().empty()) return {};
  std::vector<Problem> problems;
  try {
    valijson::Schema compiled;
    valijson::SchemaParser parser;
    parser.populateSchema(BoostJsonAdapter(schema), compiled);
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    valijson::ValidationResults results;
    if (validator.validate(compiled, BoostJsonAdapter(document), &results)) return {};
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
      // A failing leaf makes each object around it fail too; the leaf's own line says more.
      if (error.description.starts_with("Failed to validate against schema associated with property")) continue;
      const Json* value = walk(document, error.context);
      if (value != nullptr && !value->is_object() && is_open(*value)) continue;
      problems.push_back({.path = dotted(error.context), .message = error.description});
    }
  } catch (const std::exception& failure) {
    problems.push_back({.message = std::string("the schema of this resource could not be applied: ") + failure.what()});
  }
  return problems;
}

}  // namespace slipway::server
