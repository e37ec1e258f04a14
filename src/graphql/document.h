// The syntax tree of a GraphQL document, executable definitions and type system definitions alike.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "graphql/lexer.h"
#include "graphql/type_ref.h"

namespace slipway::graphql {

struct FieldDef;
struct FragmentDefinition;
struct Selection;
using SelectionSet = std::vector<Selection>;

struct Name {
  std::string_view text;
  Location at;
};

struct ObjectMember;

struct Value {
  enum class Kind : std::uint8_t { variable, integer, floating, string, boolean, null, enumeration, list, object };

  Kind kind = Kind::null;
  bool block = false;  ///< A string written as """block""".
  Location at;
  std::string_view text;  ///< Variable name without $, number as written, decoded string, true/false, enum name.
  std::vector<Value> items;
  std::vector<ObjectMember> members;
};

struct ObjectMember {
  Name name;
  Value value;
};

struct Argument {
  Name name;
  Value value;
};

struct Directive {
  Name name;
  Location at;
  std::vector<Argument> arguments;
};

/// A type as written: `[Int!]!`.
struct TypeNode {
  Name name;
  Location at;
  Wrappers wrappers;
};

/// A field, a fragment spread or an inline fragment. What annotate() resolved stands beside what was written.
struct Selection {
  enum class Kind : std::uint8_t { field, spread, inline_fragment };

  Kind kind = Kind::field;
  Location at;
  Name alias;  ///< Fields; empty text: none.
  Name name;   ///< Field name, fragment name, or type condition (empty text: none).
  std::vector<Argument> arguments;
  std::vector<Directive> directives;
  bool has_selections = false;
  SelectionSet selections;

  const NamedType* parent = nullptr;             ///< Type that the selection stands in; null when that is unknown.
  const FieldDef* definition = nullptr;          ///< Fields; null when the type lacks it.
  const NamedType* condition = nullptr;          ///< Inline fragments: the type that holds inside.
  const FragmentDefinition* fragment = nullptr;  ///< Spreads; null when undefined.
  bool awaits = false;                           ///< It, or something below it, may have an asynchronous resolver.
  bool awaits_below = false;

  std::string_view response_key() const { return alias.text.empty() ? name.text : alias.text; }
};

struct VariableDefinition {
  Name name;
  Location at;
  TypeNode type;
  std::optional<Value> default_value;
  std::vector<Directive> directives;

  TypeRef resolved;  ///< Null type when unknown.
  /// Places in the operation and its fragments; one use lets execution move the value.
  std::size_t uses = 0;
};

enum class OperationKind : std::uint8_t { query, mutation, subscription };
std::string_view operation_keyword(OperationKind kind);

struct OperationDefinition {
  OperationKind kind = OperationKind::query;
  bool shorthand = false;
  Location at;
  Name name;  ///< Empty text: anonymous.
  std::vector<VariableDefinition> variables;
  std::vector<Directive> directives;
  SelectionSet selections;

  const NamedType* root = nullptr;  ///< Null when the schema has no operations of that kind.
};

struct FragmentDefinition {
  Location at;
  Name name;
  Name condition;
  std::vector<Directive> directives;
  SelectionSet selections;

  const NamedType* type = nullptr;  ///< Null when it is unknown.
};

struct Description {
  std::string_view text;
  bool block = false;
};

struct InputValueNode {
  Name name;
  Location at;
  std::optional<Description> description;
  TypeNode type;
  std::optional<Value> default_value;
  std::vector<Directive> directives;
};

struct FieldNode {
  Name name;
  Location at;
  std::optional<Description> description;
  std::vector<InputValueNode> arguments;
  TypeNode type;
  std::vector<Directive> directives;
};

struct EnumValueNode {
  Name name;
  Location at;
  std::optional<Description> description;
  std::vector<Directive> directives;
};

struct RootTypeNode {
  OperationKind kind = OperationKind::query;
  Location at;
  Name type;
};

/// A definition or an extension of the type system. Only the lists that belong to the kind are filled.
struct TypeSystemNode {
  enum class Kind : std::uint8_t { schema, scalar, object, interface, union_, enumeration, input_object, directive };

  Kind kind = Kind::scalar;
  bool extension = false;
  bool repeatable = false;  ///< Directives.
  Location at;
  Name name;
  std::optional<Description> description;
  std::vector<Directive> directives;
  std::vector<Name> interfaces;
  std::vector<FieldNode> fields;
  std::vector<InputValueNode> inputs;  ///< Fields of input objects, arguments of directives.
  std::vector<EnumValueNode> values;
  std::vector<Name> members;    ///< Unions.
  std::vector<Name> locations;  ///< Directives.
  std::vector<RootTypeNode> roots;
};

using Definition = std::variant<OperationDefinition, FragmentDefinition, TypeSystemNode>;

/// Owns the source text that all names point into, so it stays where it is.
struct Document {
  Document() = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  std::string source;
  std::deque<std::string> decoded;
  std::vector<Definition> definitions;

  const FragmentDefinition* fragment(std::string_view name) const;
};

}  // namespace slipway::graphql
