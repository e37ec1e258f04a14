#include <fmt/format.h>

#include "graphql/input_places.h"
#include "graphql/printer.h"
#include "graphql/scalar.h"
#include "graphql/validation_rules.h"

namespace slipway::graphql {
namespace {

using Kind = Value::Kind;

class ValueCheck {
 public:
  explicit ValueCheck(ValidationContext& context) : context_(context) {}

  /// `type` without a named type: nothing is known about the place.
  void check(const Value& value, TypeRef type) {
    unique_members(value);
    if (type && type.named->input()) fits(value, type);
  }

 private:
  void unique_members(const Value& value) {
    std::unordered_map<std::string_view, Location> seen;
    for (const auto& member : value.members) {
      const auto [first, fresh] = seen.emplace(member.name.text, member.name.at);
      if (!fresh) {
        context_.report(fmt::format("There can be only one input field named \"{}\".", member.name.text),
                        {first->second, member.name.at});
      }
      unique_members(member.value);
    }
    for (const auto& item : value.items) unique_members(item);
  }

  void unexpected(const Value& value, TypeRef type) {
    context_.report(fmt::format("Expected value of type \"{}\", found {}.", type.to_string(), print(value)),
                    {value.at});
  }

  void fits(const Value& value, TypeRef type) {
    if (value.kind == Kind::variable) return;
    if (value.kind == Kind::null) {
      if (type.non_null()) unexpected(value, type);
      return;
    }
    const TypeRef nullable = type.nullable();
    if (value.kind == Kind::list && nullable.list()) {
      for (const auto& item : value.items) fits(item, nullable.inner());
    } else if (type.named->leaf()) {
      leaf(value, *type.named);
    } else if (value.kind == Kind::object) {
      object(value, *type.named);
    } else {
      unexpected(value, type);
    }
  }

  void leaf(const Value& value, const NamedType& type) {
    auto outcome = leaf_from_literal(type, value, nullptr);
    if (!outcome) context_.report(outcome.error().message(), {value.at});
  }

  void object(const Value& value, const NamedType& type) {
    for (const auto& member : value.members) {
      const auto* field = type.input_field(member.name.text);
      if (field) {
        fits(member.value, field->type);
      } else {
        context_.report(fmt::format("Field \"{}\" is not defined by type \"{}\".", member.name.text, type.name),
                        {member.name.at});
      }
    }
    for (const auto& field : type.inputs) {
      const auto same = [&](const ObjectMember& member) { return member.name.text == field.name; };
      if (!field.required() || std::ranges::any_of(value.members, same)) continue;
      context_.report(fmt::format("Field \"{}.{}\" of required type \"{}\" was not provided.", type.name, field.name,
                                  field.type.to_string()),
                      {value.at});
    }
  }

  ValidationContext& context_;
};

}  // namespace

void check_values(ValidationContext& context) {
  ValueCheck check(context);
  auto visit = [&](const Argument& argument, const InputDef* def) {
    check.check(argument.value, def ? def->type : TypeRef());
  };
  for (const auto* operation : context.operations) {
    for (const auto& variable : operation->variables) {
      if (variable.default_value) check.check(*variable.default_value, variable.resolved);
      each_argument(context.schema, variable.directives, visit);
    }
    each_argument_of(context.schema, *operation, visit);
  }
  for (const auto* fragment : context.fragments) each_argument_of(context.schema, *fragment, visit);
}

}  // namespace slipway::graphql
