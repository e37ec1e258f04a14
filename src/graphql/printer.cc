#include "graphql/printer.h"

#include <fmt/format.h>

namespace slipway::graphql {
namespace {

/// Writes into one string; `indent_` is the depth of the open braces.
class Printer {
 public:
  std::string out;

  void definition(const OperationDefinition& node);
  void definition(const FragmentDefinition& node);
  void definition(const TypeSystemNode& node);
  void value(const Value& node);

 private:
  void line() { out.append("\n").append(indent_ * 2, ' '); }
  void selections(const SelectionSet& set);
  void selection(const Selection& node);
  void arguments(const std::vector<Argument>& list);
  void directives(const std::vector<Directive>& list);
  void description(const std::optional<Description>& text);
  void input(const InputValueNode& node);
  void inputs(const std::vector<InputValueNode>& list);
  void field(const FieldNode& node);
  void names(std::string_view before, std::string_view between, const std::vector<Name>& list);
  void body(const TypeSystemNode& node);

  template <class List, class Each>
  void block(const List& list, Each each) {
    out += out.empty() || out.back() == '\n' ? "{" : " {";
    ++indent_;
    for (const auto& item : list) {
      line();
      each(item);
    }
    --indent_;
    line();
    out += '}';
  }
  template <class List, class Each>
  void separated(const List& list, std::string_view separator, Each each) {
    bool first = true;
    for (const auto& item : list) {
      if (!first) out += separator;
      first = false;
      each(item);
    }
  }

  std::size_t indent_ = 0;
};

void Printer::value(const Value& node) {
  switch (node.kind) {
    case Value::Kind::variable:
      out.append("$").append(node.text);
      return;
    case Value::Kind::string:
      out += quote(node.text);
      return;
    case Value::Kind::list:
      out += '[';
      separated(node.items, ", ", [&](const Value& item) { value(item); });
      out += ']';
      return;
    case Value::Kind::object:
      out += '{';
      separated(node.members, ", ", [&](const ObjectMember& member) {
        out.append(member.name.text).append(": ");
        value(member.value);
      });
      out += '}';
      return;
    default:
      out += node.text;
      return;
  }
}

void Printer::arguments(const std::vector<Argument>& list) {
  if (list.empty()) return;
  out += '(';
  separated(list, ", ", [&](const Argument& argument) {
    out.append(argument.name.text).append(": ");
    value(argument.value);
  });
  out += ')';
}

void Printer::directives(const std::vector<Directive>& list) {
  for (const auto& directive : list) {
    out.append(" @").append(directive.name.text);
    arguments(directive.arguments);
  }
}

void Printer::selections(const SelectionSet& set) {
  block(set, [&](const Selection& node) { selection(node); });
}

void Printer::selection(const Selection& node) {
  if (node.kind != Selection::Kind::field) out += "...";
  if (node.kind == Selection::Kind::inline_fragment && !node.name.text.empty()) out += " on ";
  if (!node.alias.text.empty()) out.append(node.alias.text).append(": ");
  out += node.name.text;
  arguments(node.arguments);
  directives(node.directives);
  if (node.has_selections) selections(node.selections);
}

void Printer::definition(const OperationDefinition& node) {
  if (!node.shorthand) {
    out += operation_keyword(node.kind);
    if (!node.name.text.empty()) out.append(" ").append(node.name.text);
  }
  if (!node.variables.empty()) {
    out += '(';
    separated(node.variables, ", ", [&](const VariableDefinition& variable) {
      out.append("$").append(variable.name.text).append(": ").append(print(variable.type));
      if (variable.default_value) out += " = ", value(*variable.default_value);
      directives(variable.directives);
    });
    out += ')';
  }
  directives(node.directives);
  selections(node.selections);
}

void Printer::definition(const FragmentDefinition& node) {
  out.append("fragment ").append(node.name.text).append(" on ").append(node.condition.text);
  directives(node.directives);
  selections(node.selections);
}

void Printer::description(const std::optional<Description>& text) {
  if (!text) return;
  out += quote(text->text);
  line();
}

void Printer::input(const InputValueNode& node) {
  description(node.description);
  out.append(node.name.text).append(": ").append(print(node.type));
  if (node.default_value) out += " = ", value(*node.default_value);
  directives(node.directives);
}

void Printer::inputs(const std::vector<InputValueNode>& list) {
  if (list.empty()) return;
  out += '(';
  separated(list, ", ", [&](const InputValueNode& node) { input(node); });
  out += ')';
}

void Printer::field(const FieldNode& node) {
  description(node.description);
  out += node.name.text;
  inputs(node.arguments);
  out.append(": ").append(print(node.type));
  directives(node.directives);
}

void Printer::names(std::string_view before, std::string_view between, const std::vector<Name>& list) {
  if (list.empty()) return;
  out += before;
  separated(list, between, [&](const Name& name) { out += name.text; });
}

void Printer::body(const TypeSystemNode& node) {
  if (!node.fields.empty()) block(node.fields, [&](const FieldNode& each) { field(each); });
  if (!node.inputs.empty()) block(node.inputs, [&](const InputValueNode& each) { input(each); });
  if (!node.values.empty()) {
    block(node.values, [&](const EnumValueNode& each) {
      description(each.description);
      out += each.name.text;
      directives(each.directives);
    });
  }
  if (!node.roots.empty()) {
    block(node.roots, [&](const RootTypeNode& each) {
      out.append(operation_keyword(each.kind)).append(": ").append(each.type.text);
    });
  }
  names(" = ", " | ", node.members);
}

std::string_view keyword(TypeSystemNode::Kind kind) {
  using Kind = TypeSystemNode::Kind;
  switch (kind) {
    case Kind::schema:
      return "schema";
    case Kind::scalar:
      return "scalar";
    case Kind::object:
      return "type";
    case Kind::interface:
      return "interface";
    case Kind::union_:
      return "union";
    case Kind::enumeration:
      return "enum";
    case Kind::input_object:
      return "input";
    case Kind::directive:
      return "directive";
  }
  return "";
}

void Printer::definition(const TypeSystemNode& node) {
  description(node.description);
  if (node.extension) out += "extend ";
  out += keyword(node.kind);
  if (node.kind == TypeSystemNode::Kind::directive) {
    out.append(" @").append(node.name.text);
    inputs(node.inputs);
    if (node.repeatable) out += " repeatable";
    names(" on ", " | ", node.locations);
    return;
  }
  if (!node.name.text.empty()) out.append(" ").append(node.name.text);
  names(" implements ", " & ", node.interfaces);
  directives(node.directives);
  body(node);
}

}  // namespace

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

std::string print(const Value& value) {
  Printer printer;
  printer.value(value);
  return std::move(printer.out);
}

std::string print(const TypeNode& type) { return wrapped_name(type.name.text, type.wrappers); }

std::string print(const Document& document) {
  Printer printer;
  for (const auto& each : document.definitions) {
    std::visit([&](const auto& node) { printer.definition(node); }, each);
    printer.out += "\n";
  }
  return std::move(printer.out);
}

}  // namespace slipway::graphql
