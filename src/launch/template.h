// Template variables: {{name}} in a queue configuration, with a schema that bounds what a submitter may
// choose (S-15..S-24, D-43, protocol 8.2).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace slipway::launch {

enum class TemplateType { string, integer, number };

/// One variable. Names are of letters, digits, '_' and '-' and are used exactly as written (S-23).
struct TemplateVariable {
  std::string name;
  TemplateType type = TemplateType::string;
  std::optional<Json> default_value;
  std::vector<Json> choices;    ///< `enum`; empty: no choice list.
  std::optional<Json> minimum;  ///< Numbers only, inclusive.
  std::optional<Json> maximum;
  std::string pattern;  ///< Strings only: regular expression that must be found in the value.
  std::string description;
  JsonObject other;  ///< Unknown keywords of the schema, kept.
};

using TemplateSchema = std::vector<TemplateVariable>;

struct Placeholder {
  std::string name;
  std::string path;  ///< Of the leaf, below the root given: "ResourceConfig.InstanceType".
};

/// All placeholders in string leaves, in document order. Keys are not searched.
std::vector<Placeholder> find_placeholders(const Json& config);
/// Paths of leaves that are still the word REQUIRED, "<REQUIRED>" or the like (S-102).
std::vector<std::string> find_required(const Json& config);

/// Wire map {"<name>": {"schema": {…}, "description": …}}; null and {} give no variables. All problems are
/// collected ("gpus.schema.minimum: …").
Result<TemplateSchema> parse_template_schema(const Json& wire);
/// The wire map.
Json to_json(const TemplateSchema& schema);
/// The `schema` of one variable as the compact JSON text that W&B clients read back.
std::string schema_text(const TemplateVariable& variable);
const TemplateVariable* find_variable(const TemplateSchema& schema, std::string_view name);
/// Every placeholder needs a variable (error); a variable without placeholder is harmless. For saving a
/// queue.
Result<> check_template(const Json& config, const TemplateSchema& schema);

/// "k=v", split at the first '='.
Result<std::pair<std::string, std::string>> parse_set_var(std::string_view argument);
/// Text from the command line into values of each variable's type. Unknown names are refused with a
/// suggestion.
Result<JsonObject> typed_values(const TemplateSchema& schema, const std::map<std::string, std::string>& texts);
/// Checks values (type, enum, range, pattern), fills defaults in, refuses unknown names and variables of
/// `config` that have neither value nor default. Problems name variable, value and range.
Result<JsonObject> evaluate_values(const Json& config, const TemplateSchema& schema, const JsonObject& values);
/// Replaces placeholders. A leaf that is nothing but a placeholder takes the value with its type (S-24);
/// inside longer text the value's text is put. A placeholder without a value stays as it is:
/// evaluate_values() has refused it before.
Json render_template(const Json& config, const JsonObject& values);

}  // namespace slipway::launch
