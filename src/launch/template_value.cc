#include "launch/template_value.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/pattern.h"
#include "base/strings.h"
#include "launch/fields.h"

namespace slipway::launch {
namespace {

constexpr std::size_t kMostValue = 4096;
constexpr std::size_t kMostVariables = 200;
constexpr std::size_t kMostChoices = 1000;

std::string_view type_name(TemplateType type) {
  switch (type) {
    case TemplateType::string:
      return "string";
    case TemplateType::integer:
      return "integer";
    case TemplateType::number:
      return "number";
  }
  return "";
}

double as_double(const Json& value) { return value.is_number() ? value.to_number<double>() : 0; }

std::string shown(const Json& value) {
  if (value.is_number()) return number_text(value);
  const auto text = to_text(value);
  return text.size() <= 80 ? text : to_utf8_lossy(text.substr(0, 80)) + "…";
}

/// The value in the variable's type, nothing when it has another one.
std::optional<Json> in_type(const TemplateVariable& variable, const Json& value) {
  switch (variable.type) {
    case TemplateType::integer: {
      const auto number = as_integer(value);
      return number ? std::optional<Json>(*number) : std::nullopt;
    }
    case TemplateType::number:
      return value.is_number() ? std::optional<Json>(value) : std::nullopt;
    case TemplateType::string:
      break;
  }
  if (value.is_string()) return value;
  // YAML and some clients turn the choice "1" into the number 1.
  if (!value.is_number()) return std::nullopt;
  const Json text = text_value(number_text(value));
  return std::ranges::find(variable.choices, text) != variable.choices.end() ? std::optional<Json>(text) : std::nullopt;
}

bool is_choice(const TemplateVariable& variable, const Json& value) {
  if (variable.choices.empty()) return true;
  return std::ranges::any_of(variable.choices, [&](const Json& choice) {
    return choice == value || (choice.is_number() && value.is_number() && as_double(choice) == as_double(value));
  });
}

TemplateType read_type(FieldReader& fields, ProblemList& problems) {
  const auto word = lower(fields.text("type"));
  if (word == "string") return TemplateType::string;
  if (word == "integer" || word == "int") return TemplateType::integer;
  if (word == "number" || word == "float") return TemplateType::number;
  problems.add(fields.path_of("type"), word.empty()
                                           ? "missing. It is string, integer or number"
                                           : fmt::format("'{}' is not known. It is string, integer or number", word));
  return TemplateType::string;
}

std::optional<Json> read_bound(FieldReader& fields, std::string_view key, const TemplateVariable& variable,
                               ProblemList& problems) {
  const Json* value = fields.raw(key);
  if (!value) return std::nullopt;
  if (variable.type == TemplateType::string) {
    problems.add(fields.path_of(key), "only integer and number variables have a range");
    return std::nullopt;
  }
  auto bound = in_type(variable, *value);
  if (!bound)
    problems.add(fields.path_of(key),
                 fmt::format("expected {}, got {} {}", type_name(variable.type), kind_name(*value), shown(*value)));
  return bound;
}

void read_choices(FieldReader& fields, TemplateVariable& variable, ProblemList& problems) {
  std::size_t index = 0;
  for (const auto& item : fields.array("enum", kMostChoices)) {
    const auto path = join_path(fields.path_of("enum"), index++);
    if (auto choice = in_type(variable, item))
      variable.choices.push_back(*std::move(choice));
    else
      problems.add(path, fmt::format("expected {}, got {} {}", type_name(variable.type), kind_name(item), shown(item)));
  }
}

void read_schema(const JsonObject& object, const std::string& path, TemplateVariable& variable, ProblemList& problems) {
  FieldReader fields(object, path, problems);
  variable.type = read_type(fields, problems);
  variable.minimum = read_bound(fields, "minimum", variable, problems);
  variable.maximum = read_bound(fields, "maximum", variable, problems);
  if (variable.minimum && variable.maximum && as_double(*variable.minimum) > as_double(*variable.maximum)) {
    problems.add(fields.path_of("minimum"),
                 fmt::format("{} is larger than the maximum {}", shown(*variable.minimum), shown(*variable.maximum)));
  }
  read_choices(fields, variable, problems);
  variable.pattern = fields.text("pattern");
  if (!variable.pattern.empty() && variable.type != TemplateType::string)
    problems.add(fields.path_of("pattern"), "only string variables have a pattern");
  if (auto compiled = compile_pattern(variable.pattern); !compiled)
    problems.add(fields.path_of("pattern"), compiled.error().message());
  const Json* given = fields.raw("default");
  variable.other = fields.rest();
  if (!given || !problems.empty()) return;
  auto checked = check_value(variable, *given);
  if (checked)
    variable.default_value = *std::move(checked);
  else
    problems.add(fields.path_of("default"), checked.error().message());
}

JsonObject schema_object(const TemplateVariable& variable) {
  JsonObject schema;
  schema["type"] = text_value(type_name(variable.type));
  if (variable.default_value) schema["default"] = *variable.default_value;
  if (!variable.choices.empty()) schema["enum"] = JsonArray(variable.choices.begin(), variable.choices.end());
  if (variable.minimum) schema["minimum"] = *variable.minimum;
  if (variable.maximum) schema["maximum"] = *variable.maximum;
  if (!variable.pattern.empty()) schema["pattern"] = text_value(variable.pattern);
  for (const auto& member : variable.other) schema.emplace(member.key(), member.value());
  return schema;
}

bool is_variable_name(std::string_view name) {
  static constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.size() <= 128 && name.find_first_not_of(kAlphabet) == std::string_view::npos;
}

}  // namespace

std::string number_text(const Json& value) {
  if (value.is_double()) return fmt::format("{}", value.get_double());
  return to_text(value);
}

std::string allowed_range(const TemplateVariable& variable) {
  if (!variable.choices.empty()) {
    std::vector<std::string> texts;
    for (const auto& choice : variable.choices)
      texts.push_back(choice.is_string() ? std::string(choice.get_string()) : number_text(choice));
    return "one of " + join(texts, ", ");
  }
  if (variable.minimum && variable.maximum)
    return fmt::format("{} to {}", shown(*variable.minimum), shown(*variable.maximum));
  if (variable.minimum) return fmt::format("at least {}", shown(*variable.minimum));
  if (variable.maximum) return fmt::format("at most {}", shown(*variable.maximum));
  if (!variable.pattern.empty()) return fmt::format("text matching '{}'", variable.pattern);
  return "";
}

Result<Json> check_value(const TemplateVariable& variable, const Json& value) {
  const auto refuse = [&](std::string why) {
    const auto range = allowed_range(variable);
    return Error(Code::invalid_argument,
                 fmt::format("'{}': {}{}{}", variable.name, why, range.empty() ? "" : ". Allowed: ", range));
  };
  auto typed = in_type(variable, value);
  if (!typed)
    return refuse(fmt::format("expected {}, got {} {}", type_name(variable.type), kind_name(value), shown(value)));
  if (variable.minimum && as_double(*typed) < as_double(*variable.minimum))
    return refuse(fmt::format("{} is too small", shown(*typed)));
  if (variable.maximum && as_double(*typed) > as_double(*variable.maximum))
    return refuse(fmt::format("{} is too large", shown(*typed)));
  if (!is_choice(variable, *typed)) return refuse(fmt::format("{} is not a permitted value", shown(*typed)));
  if (!typed->is_string()) return *typed;
  const std::string text(typed->get_string());
  if (text.size() > kMostValue) return refuse(fmt::format("longer than {} bytes", kMostValue));
  if (variable.pattern.empty()) return *typed;
  TRY(const auto pattern, compile_pattern(variable.pattern));
  if (!std::regex_search(text, pattern)) return refuse(fmt::format("{} does not match", shown(*typed)));
  return *typed;
}

Result<TemplateSchema> parse_template_schema(const Json& wire) {
  if (wire.is_null()) return TemplateSchema();
  if (!wire.is_object())
    return Error(Code::invalid_argument, fmt::format("template variables must be a map, got {}", kind_name(wire)));
  if (wire.get_object().size() > kMostVariables)
    return Error(Code::invalid_argument, fmt::format("more than {} template variables", kMostVariables));
  ProblemList problems;
  TemplateSchema schema;
  for (const auto& member : wire.get_object()) {
    const std::string name(member.key());
    if (!is_variable_name(name)) problems.add(name, "the name of a template variable has letters, digits, '_' and '-'");
    if (!member.value().is_object()) {
      problems.add(name, fmt::format("expected {{\"schema\": {{…}}}}, got {}", kind_name(member.value())));
      continue;
    }
    // A person's file may give the schema's keywords without the wrapper.
    const JsonObject& outer = member.value().get_object();
    const Json* inner = find(outer, "schema");
    const JsonObject bare = inner && inner->is_object() ? inner->get_object() : outer;
    TemplateVariable variable{.name = name, .description = text_or(member.value(), "description")};
    ProblemList own;
    read_schema(bare, inner ? join_path(name, "schema") : name, variable, own);
    if (!inner) variable.other.erase("description");
    for (auto& problem : own.take()) problems.add(problem.path, problem.message);
    schema.push_back(std::move(variable));
  }
  if (!problems.empty()) return problems.error("the template variables are not valid");
  return schema;
}

Json to_json(const TemplateSchema& schema) {
  JsonObject out;
  for (const auto& variable : schema) {
    JsonObject entry;
    entry["schema"] = schema_object(variable);
    if (!variable.description.empty()) entry["description"] = text_value(variable.description);
    out[variable.name] = std::move(entry);
  }
  return out;
}

std::string schema_text(const TemplateVariable& variable) { return to_text(schema_object(variable)); }

}  // namespace slipway::launch
