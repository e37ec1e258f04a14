#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "graphql/schema_loader.h"

namespace slipway::graphql {
namespace {

class SchemaCheck {
 public:
  std::vector<Problem> problems;

  void type(const NamedType& type) {
    switch (type.kind) {
      case TypeKind::object:
      case TypeKind::interface:
        fields(type), interfaces(type);
        break;
      case TypeKind::union_:
        members(type);
        break;
      case TypeKind::enumeration:
        not_empty(type, type.values.empty(), "values");
        break;
      case TypeKind::input_object:
        inputs(type);
        break;
      case TypeKind::scalar:
        break;
    }
  }

  void arguments(std::string_view owner, const std::deque<InputDef>& args) {
    std::set<std::string_view> seen;
    for (const auto& arg : args) {
      if (!seen.insert(arg.name).second)
        problem(arg.at, fmt::format("Argument \"{}({}:)\" can only be defined once.", owner, arg.name));
      input_value(fmt::format("{}({}:)", owner, arg.name), arg);
    }
  }

 private:
  void problem(Location at, std::string message) {
    problems.push_back(Problem{"", std::move(message), "", static_cast<int>(at.line), static_cast<int>(at.column)});
  }

  void not_empty(const NamedType& type, bool empty, std::string_view what) {
    if (empty) problem(type.at, fmt::format("Type {} must define one or more {}.", type.name, what));
  }

  void reserved(std::string_view name, Location at, const NamedType& owner) {
    if (!name.starts_with("__") || owner.at.line == 0) return;
    problem(at, fmt::format("the name \"{}\" is reserved: names with two underscores belong to introspection.", name));
  }

  void input_value(std::string_view coordinate, const InputDef& def) {
    if (!def.type.named->input()) {
      problem(def.at, fmt::format("The type of {} must be Input Type but got: {}.", coordinate, def.type.to_string()));
    }
    if (def.required() && def.deprecation)
      problem(def.at, fmt::format("{} is required, so it cannot be deprecated.", coordinate));
  }

  void fields(const NamedType& type) {
    not_empty(type, type.fields.empty(), "fields");
    for (const auto& field : type.fields) {
      const std::string coordinate = fmt::format("{}.{}", type.name, field.name);
      reserved(field.name, field.at, type);
      if (!field.type.named->output()) {
        problem(field.at,
                fmt::format("The type of {} must be Output Type but got: {}.", coordinate, field.type.to_string()));
      }
      arguments(coordinate, field.args);
    }
  }

  void interfaces(const NamedType& type) {
    std::set<const NamedType*> seen;
    for (const auto* interface : type.interfaces) {
      if (interface->kind != TypeKind::interface) {
        problem(type.at, fmt::format("Type {} must only implement Interface types, it cannot implement {}.", type.name,
                                     interface->name));
      } else if (interface == &type) {
        problem(type.at, fmt::format("Type {} cannot implement itself because it would create a circular reference.",
                                     type.name));
      } else if (!seen.insert(interface).second) {
        problem(type.at, fmt::format("Type {} can only implement {} once.", type.name, interface->name));
      } else {
        implementation(type, *interface);
      }
    }
  }

  void implementation(const NamedType& type, const NamedType& interface) {
    for (const auto* transitive : interface.interfaces) {
      if (std::ranges::find(type.interfaces, transitive) != type.interfaces.end()) continue;
      problem(type.at, fmt::format("Type {} must implement {} because it is implemented by {}.", type.name,
                                   transitive->name, interface.name));
    }
    for (const auto& expected : interface.fields) {
      const auto* field = type.field(expected.name);
      const std::string coordinate = fmt::format("{}.{}", interface.name, expected.name);
      if (!field) {
        problem(type.at, fmt::format("Interface field {} expected but {} does not provide it.", coordinate, type.name));
        continue;
      }
      if (!is_subtype(field->type, expected.type)) {
        problem(field->at, fmt::format("Interface field {} expects type {} but {}.{} is type {}.", coordinate,
                                       expected.type.to_string(), type.name, field->name, field->type.to_string()));
      }
      implemented_arguments(coordinate, expected, *field);
    }
  }

  void implemented_arguments(std::string_view coordinate, const FieldDef& expected, const FieldDef& field) {
    const std::string own = fmt::format("{}.{}", field.parent->name, field.name);
    for (const auto& arg : expected.args) {
      const auto* given = field.arg(arg.name);
      if (!given) {
        problem(field.at, fmt::format("Interface field argument {}({}:) expected but {} does not provide it.",
                                      coordinate, arg.name, own));
      } else if (given->type != arg.type) {
        problem(given->at,
                fmt::format("Interface field argument {}({}:) expects type {} but {}({}:) is type {}.", coordinate,
                            arg.name, arg.type.to_string(), own, arg.name, given->type.to_string()));
      }
    }
    for (const auto& arg : field.args) {
      if (expected.arg(arg.name) || !arg.required()) continue;
      problem(arg.at, fmt::format("{}({}:) is required, but {} lacks it.", own, arg.name, coordinate));
    }
  }

  void members(const NamedType& type) {
    not_empty(type, type.possible.empty(), "member types");
    std::set<const NamedType*> seen;
    for (const auto* member : type.possible) {
      if (member->kind != TypeKind::object) {
        problem(type.at, fmt::format("Union type {} can only include Object types, it cannot include {}.", type.name,
                                     member->name));
      }
      if (!seen.insert(member).second) {
        problem(type.at, fmt::format("Union type {} can only include type {} once.", type.name, member->name));
      }
    }
  }

  void inputs(const NamedType& type) {
    not_empty(type, type.inputs.empty(), "fields");
    for (const auto& field : type.inputs) {
      reserved(field.name, field.at, type);
      input_value(fmt::format("{}.{}", type.name, field.name), field);
    }
    std::vector<const NamedType*> path;
    required_cycle(type, path);
  }

  /// An input object that needs itself could never be written down.
  void required_cycle(const NamedType& type, std::vector<const NamedType*>& path) {
    if (!path.empty() && &type == path.front()) {
      problem(type.at,
              fmt::format("Input Object {} cannot reference itself through a series of non-null fields.", type.name));
      return;
    }
    if (std::ranges::find(path, &type) != path.end()) return;
    path.push_back(&type);
    for (const auto& field : type.inputs) {
      const bool must_hold = field.type.non_null() && !field.type.inner().list();
      if (must_hold && field.type.named->kind == TypeKind::input_object) required_cycle(*field.type.named, path);
    }
    path.pop_back();
  }
};

}  // namespace

std::vector<Problem> check_schema(const Schema& schema) {
  SchemaCheck check;
  for (const auto& type : schema.types()) check.type(type);
  for (const auto& directive : schema.directives()) check.arguments("@" + directive.name, directive.args);
  return std::move(check.problems);
}

}  // namespace slipway::graphql
