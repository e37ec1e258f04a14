#include "launch/template.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/fields.h"
#include "launch/template_value.h"

namespace slipway::launch {
namespace {

constexpr std::string_view kNameAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

/// A placeholder at the front of a text.
struct Found {
  std::size_t length = 0;  ///< 0: none.
  std::string_view name;
};

Found placeholder_at(std::string_view text) {
  if (!text.starts_with("{{")) return {};
  const auto name_begin = std::min(text.find_first_not_of(' ', 2), text.size());
  const auto name_end = std::min(text.find_first_not_of(kNameAlphabet, name_begin), text.size());
  const auto close = std::min(text.find_first_not_of(' ', name_end), text.size());
  if (name_end == name_begin || !text.substr(close).starts_with("}}")) return {};
  return {close + 2, text.substr(name_begin, name_end - name_begin)};
}

/// The name when `text` is one placeholder and nothing else.
std::string_view whole_placeholder(std::string_view text) {
  text = trim(text);
  const auto found = placeholder_at(text);
  return found.length == text.size() ? found.name : std::string_view{};
}

void collect(const Json& value, const std::string& path, std::vector<Placeholder>& out) {
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) collect(member.value(), join_path(path, member.key()), out);
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) collect((*array)[i], join_path(path, i), out);
  } else if (const auto* text = value.if_string()) {
    for (std::string_view rest = *text; !rest.empty();) {
      const auto found = placeholder_at(rest);
      if (found.length > 0) out.push_back({std::string(found.name), path});
      rest.remove_prefix(std::max<std::size_t>(found.length, 1));
    }
  }
}

bool is_required_word(std::string_view text) {
  text = trim(text);
  if (text.size() > 2 && text.front() == '<' && text.back() == '>') text = text.substr(1, text.size() - 2);
  return text == "REQUIRED" || text == "必須";
}

void collect_required(const Json& value, const std::string& path, std::vector<std::string>& out) {
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) collect_required(member.value(), join_path(path, member.key()), out);
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) collect_required((*array)[i], join_path(path, i), out);
  } else if (const auto* text = value.if_string(); text && is_required_word(*text)) {
    out.push_back(path);
  }
}

std::string render_text(std::string_view text, const JsonObject& values) {
  std::string out;
  while (!text.empty()) {
    const auto found = placeholder_at(text);
    const Json* value = found.length > 0 ? find(values, found.name) : nullptr;
    const auto length = std::max<std::size_t>(found.length, 1);
    if (value)
      out += value->is_string() ? std::string(value->get_string()) : number_text(*value);
    else
      out += text.substr(0, length);
    text.remove_prefix(length);
  }
  return out;
}

std::vector<std::string> names_of(const TemplateSchema& schema) {
  std::vector<std::string> names;
  for (const auto& variable : schema) names.push_back(variable.name);
  return names;
}

std::string unknown_variable(const TemplateSchema& schema, std::string_view name) {
  const auto names = names_of(schema);
  if (names.empty()) return fmt::format("the queue has no template variables, so '{}' cannot be set", name);
  return fmt::format("the queue has no template variable '{}'.{} It has: {}", name, did_you_mean(name, names),
                     join(names, ", "));
}

Result<Json> number_from_text(const TemplateVariable& variable, const std::string& text) {
  const auto parsed = parse_json(trim(text));
  const bool fits =
      parsed && (variable.type == TemplateType::integer ? as_integer(*parsed).has_value() : parsed->is_number());
  if (fits) return *parsed;
  return Error(Code::invalid_argument,
               fmt::format("'{}' is no {}", text, variable.type == TemplateType::integer ? "integer" : "number"));
}

}  // namespace

std::vector<Placeholder> find_placeholders(const Json& config) {
  std::vector<Placeholder> out;
  collect(config, "", out);
  return out;
}

std::vector<std::string> find_required(const Json& config) {
  std::vector<std::string> out;
  collect_required(config, "", out);
  return out;
}

const TemplateVariable* find_variable(const TemplateSchema& schema, std::string_view name) {
  const auto found = std::ranges::find(schema, name, &TemplateVariable::name);
  return found == schema.end() ? nullptr : &*found;
}

Result<> check_template(const Json& config, const TemplateSchema& schema) {
  ProblemList problems;
  for (const auto& placeholder : find_placeholders(config)) {
    if (find_variable(schema, placeholder.name)) continue;
    problems.add(
        placeholder.path,
        fmt::format("the placeholder {{{{{0}}}}} has no template variable.{1} Define '{0}' with its type and range",
                    placeholder.name, did_you_mean(placeholder.name, names_of(schema))));
  }
  if (!problems.empty()) return problems.error("the queue configuration uses template variables that are not defined");
  return {};
}

Result<std::pair<std::string, std::string>> parse_set_var(std::string_view argument) {
  const auto equals = argument.find('=');
  const auto name = argument.substr(0, equals);
  const bool named = !name.empty() && name.find_first_not_of(kNameAlphabet) == std::string_view::npos;
  if (equals == std::string_view::npos || !named) {
    return Error(Code::invalid_argument, fmt::format("'{}' is no template value", argument))
        .hint("Write NAME=VALUE, for example --set-var gpus=2");
  }
  return std::pair(std::string(name), std::string(argument.substr(equals + 1)));
}

Result<JsonObject> typed_values(const TemplateSchema& schema, const std::map<std::string, std::string>& texts) {
  ProblemList problems;
  JsonObject values;
  for (const auto& [name, text] : texts) {
    const auto* variable = find_variable(schema, name);
    if (!variable) {
      problems.add(name, unknown_variable(schema, name));
    } else if (variable->type == TemplateType::string) {
      values[name] = text_value(text);
    } else if (auto number = number_from_text(*variable, text)) {
      values[name] = *std::move(number);
    } else {
      problems.add(name, number.error().message());
    }
  }
  if (!problems.empty()) return problems.error("template values are not valid");
  return values;
}

Result<JsonObject> evaluate_values(const Json& config, const TemplateSchema& schema, const JsonObject& values) {
  ProblemList problems;
  JsonObject out;
  for (const auto& given : values) {
    const auto* variable = find_variable(schema, given.key());
    const std::string path = join_path("template_variables", given.key());
    if (!variable) {
      problems.add(path, unknown_variable(schema, given.key()));
      continue;
    }
    auto value = check_value(*variable, given.value());
    if (value)
      out[given.key()] = *std::move(value);
    else
      problems.add(path, value.error().message());
  }
  std::set<std::string> reported;
  for (const auto& placeholder : find_placeholders(config)) {
    const auto* variable = find_variable(schema, placeholder.name);
    if (values.contains(placeholder.name) || out.contains(placeholder.name) ||
        !reported.insert(placeholder.name).second)
      continue;
    if (variable && variable->default_value)
      out[placeholder.name] = *variable->default_value;
    else
      problems.add(join_path("template_variables", placeholder.name),
                   fmt::format("'{}' (used in {}) has no value and no default. Set it, for example with --set-var {}=…",
                               placeholder.name, placeholder.path, placeholder.name));
  }
  if (!problems.empty()) return problems.error("template values are refused");
  return out;
}

Json render_template(const Json& config, const JsonObject& values) {
  if (const auto* object = config.if_object()) {
    JsonObject out;
    for (const auto& member : *object) out.emplace(member.key(), render_template(member.value(), values));
    return out;
  }
  if (const auto* array = config.if_array()) {
    JsonArray out;
    for (const auto& item : *array) out.push_back(render_template(item, values));
    return out;
  }
  const auto* text = config.if_string();
  if (!text) return config;
  if (const auto name = whole_placeholder(*text); !name.empty()) {
    const Json* value = find(values, name);
    return value ? *value : config;
  }
  return text_value(render_text(*text, values));
}

}  // namespace slipway::launch
