#include "graphql/coerce.h"

#include <algorithm>

#include <fmt/format.h>

#include "graphql/inspect.h"
#include "graphql/printer.h"
#include "graphql/scalar.h"

namespace slipway::graphql {
namespace {

constexpr std::size_t kMaxErrors = 50;

/// Coerces the value of one variable in place; collects what does not fit.
class VariableCoercion {
 public:
  VariableCoercion(const VariableDefinition& variable, std::vector<InputError>& errors)
      : variable_(variable), errors_(errors) {}

  void run(Json& value) { coerce(value, variable_.resolved); }

 private:
  struct Step {
    std::string_view member;  ///< Empty: an index.
    std::size_t index = 0;
  };

  std::string where() const {
    if (path_.empty()) return {};
    std::string out(variable_.name.text);
    for (const auto& step : path_) {
      out += step.member.empty() ? fmt::format("[{}]", step.index) : fmt::format(".{}", step.member);
    }
    return fmt::format(" at \"{}\"", out);
  }

  void report(const Json& value, std::string_view what) {
    if (errors_.size() > kMaxErrors) return;
    errors_.push_back(
        {fmt::format("Variable \"${}\" got invalid value {}{}; {}", variable_.name.text, inspect(value), where(), what),
         variable_.at});
  }

  void coerce(Json& value, TypeRef type) {
    if (value.is_null()) {
      if (type.non_null())
        report(value, fmt::format("Expected non-nullable type \"{}\" not to be null.", type.to_string()));
      return;
    }
    type = type.nullable();
    if (type.list()) return list(value, type.inner());
    if (type.named->kind == TypeKind::input_object) return object(value, *type.named);
    if (auto leaf = leaf_from_json(*type.named, value); !leaf) report(value, leaf.error().message());
  }

  void list(Json& value, TypeRef item) {
    if (!value.is_array()) {
      coerce(value, item);
      JsonArray single;
      single.push_back(std::move(value));
      value = std::move(single);
      return;
    }
    auto& array = value.get_array();
    for (std::size_t i = 0; i < array.size(); ++i) {
      path_.push_back({{}, i});
      coerce(array[i], item);
      path_.pop_back();
    }
  }

  void object(Json& value, const NamedType& type) {
    auto* given = value.if_object();
    if (!given) return report(value, fmt::format("Expected type \"{}\" to be an object.", type.name));
    check_members(value, *given, type);
    for (const auto& field : type.inputs) {
      if (const auto member = given->find(field.name); member != given->end()) {
        path_.push_back({field.name});
        coerce(member->value(), field.type);
        path_.pop_back();
      } else if (field.default_value) {
        given->emplace(field.name, *field.default_value);
      }
    }
  }

  /// Before anything is coerced, so that errors show the object as it was sent.
  void check_members(const Json& value, const JsonObject& given, const NamedType& type) {
    std::size_t known = 0;
    for (const auto& field : type.inputs) {
      if (given.contains(field.name)) {
        ++known;
      } else if (field.required()) {
        report(value, fmt::format("Field \"{}\" of required type \"{}\" was not provided.", field.name,
                                  field.type.to_string()));
      }
    }
    if (known == given.size()) return;
    for (const auto& member : given) {
      if (type.input_field(member.key())) continue;
      report(value,
             fmt::format("Field \"{}\" is not defined by type \"{}\".", std::string_view(member.key()), type.name));
    }
  }

  const VariableDefinition& variable_;
  std::vector<InputError>& errors_;
  std::vector<Step> path_;
};

const VariableDefinition* declared(const OperationDefinition& operation, std::string_view name) {
  const auto found = std::ranges::find(operation.variables, name, [](const auto& each) { return each.name.text; });
  return found == operation.variables.end() ? nullptr : &*found;
}

std::optional<Json> list_from_literal(const Value& value, TypeRef item, const JsonObject* variables) {
  JsonArray out;
  if (value.kind != Value::Kind::list) {
    auto single = coerce_literal(value, item, variables);
    if (!single) return std::nullopt;
    out.push_back(*std::move(single));
    return out;
  }
  for (const auto& each : value.items) {
    const bool absent = each.kind == Value::Kind::variable && (!variables || !variables->contains(each.text));
    if (absent && item.non_null()) return std::nullopt;
    auto element = absent ? std::optional<Json>(nullptr) : coerce_literal(each, item, variables);
    if (!element) return std::nullopt;
    out.push_back(*std::move(element));
  }
  return out;
}

std::optional<Json> object_from_literal(const Value& value, const NamedType& type, const JsonObject* variables) {
  if (value.kind != Value::Kind::object) return std::nullopt;
  JsonObject out;
  for (const auto& field : type.inputs) {
    const auto member = std::ranges::find(value.members, field.name, [](const auto& each) { return each.name.text; });
    const bool given = member != value.members.end() && !(member->value.kind == Value::Kind::variable &&
                                                          (!variables || !variables->contains(member->value.text)));
    if (given) {
      auto coerced = coerce_literal(member->value, field.type, variables);
      if (!coerced) return std::nullopt;
      out.emplace(field.name, *std::move(coerced));
    } else if (field.default_value) {
      out.emplace(field.name, *field.default_value);
    } else if (field.type.non_null()) {
      return std::nullopt;
    }
  }
  for (const auto& member : value.members) {
    if (!type.input_field(member.name.text)) return std::nullopt;
  }
  return out;
}

/// The coerced value of one argument; nothing when it is absent and optional.
tl::expected<std::optional<Json>, InputError> coerce_argument(const InputDef& def, const Argument* given, Location at,
                                                              ArgumentSource source) {
  const auto fail = [&](Location where, std::string_view what) {
    return tl::unexpected(InputError{fmt::format("Argument \"{}\" {}", def.name, what), where});
  };
  const std::string type = def.type.non_null() ? def.type.to_string() : std::string();
  if (!given) {
    if (def.default_value) return *def.default_value;
    if (def.type.non_null()) return fail(at, fmt::format("of required type \"{}\" was not provided.", type));
    return std::nullopt;
  }
  const Value& value = given->value;
  if (value.kind == Value::Kind::variable) {
    const auto found = source.variables.find(value.text);
    if (found == source.variables.end()) {
      if (def.default_value) return *def.default_value;
      if (!def.type.non_null()) return std::nullopt;
      return fail(value.at, fmt::format("of required type \"{}\" was provided the variable \"${}\" which was "
                                        "not provided a runtime value.",
                                        type, value.text));
    }
    if (found->value().is_null() && def.type.non_null()) {
      return fail(value.at, fmt::format("of non-null type \"{}\" must not be null.", type));
    }
    const auto* variable = declared(source.operation, value.text);
    const bool movable = source.use == VariableUse::move_single && variable && variable->uses == 1;
    if (movable) return std::move(found->value());
    return found->value();
  }
  if (value.kind == Value::Kind::null && def.type.non_null()) {
    return fail(value.at, fmt::format("of non-null type \"{}\" must not be null.", type));
  }
  auto coerced = coerce_literal(value, def.type, &source.variables);
  if (!coerced) return fail(value.at, fmt::format("has invalid value {}.", print(value)));
  return coerced;
}

}  // namespace

tl::expected<JsonObject, std::vector<InputError>> coerce_variables(const OperationDefinition& operation,
                                                                   JsonObject given) {
  JsonObject out;
  out.reserve(operation.variables.size());
  std::vector<InputError> errors;
  for (const auto& variable : operation.variables) {
    const auto found = given.find(variable.name.text);
    if (found == given.end()) {
      auto value =
          variable.default_value ? coerce_literal(*variable.default_value, variable.resolved, nullptr) : std::nullopt;
      if (value) {
        out.emplace(variable.name.text, *std::move(value));
      } else if (variable.resolved.non_null()) {
        errors.push_back({fmt::format("Variable \"${}\" of required type \"{}\" was not provided.", variable.name.text,
                                      variable.resolved.to_string()),
                          variable.at});
      }
      continue;
    }
    if (found->value().is_null() && variable.resolved.non_null()) {
      errors.push_back({fmt::format("Variable \"${}\" of non-null type \"{}\" must not be null.", variable.name.text,
                                    variable.resolved.to_string()),
                        variable.at});
      continue;
    }
    VariableCoercion(variable, errors).run(found->value());
    out.emplace(variable.name.text, std::move(found->value()));
  }
  if (errors.size() > kMaxErrors) {
    errors.resize(kMaxErrors);
    errors.push_back({"Too many errors processing variables, error limit reached. Execution aborted.", {}});
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return out;
}

std::optional<Json> coerce_literal(const Value& value, TypeRef type, const JsonObject* variables) {
  if (value.kind == Value::Kind::variable) {
    const Json* found = variables ? find(*variables, value.text) : nullptr;
    if (!found || (found->is_null() && type.non_null())) return std::nullopt;
    return *found;
  }
  if (value.kind == Value::Kind::null) return type.non_null() ? std::nullopt : std::optional<Json>(nullptr);
  type = type.nullable();
  if (type.list()) return list_from_literal(value, type.inner(), variables);
  if (type.named->kind == TypeKind::input_object) return object_from_literal(value, *type.named, variables);
  auto leaf = leaf_from_literal(*type.named, value, variables);
  if (!leaf) return std::nullopt;
  return *std::move(leaf);
}

tl::expected<JsonObject, InputError> coerce_arguments(const std::deque<InputDef>& defs,
                                                      const std::vector<Argument>& given, Location at,
                                                      ArgumentSource source) {
  JsonObject out;
  for (const auto& def : defs) {
    const auto argument = std::ranges::find(given, def.name, [](const auto& each) { return each.name.text; });
    auto value = coerce_argument(def, argument == given.end() ? nullptr : &*argument, at, source);
    if (!value) return tl::unexpected(std::move(value).error());
    if (*value) out.emplace(def.name, **std::move(value));
  }
  return out;
}

}  // namespace slipway::graphql
