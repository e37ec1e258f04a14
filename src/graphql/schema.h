// Schema: the type system that an SDL text describes, ready to be looked up by validation, execution and
// introspection.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "graphql/document.h"
#include "graphql/engine.h"
#include "graphql/type_ref.h"

namespace slipway::graphql {

enum class TypeKind : std::uint8_t { scalar, object, interface, union_, enumeration, input_object };
/// "SCALAR", "INPUT_OBJECT": the values of __TypeKind.
std::string_view kind_word(TypeKind kind);

/// How values of a scalar are checked. The last one passes everything through.
enum class ScalarRule : std::uint8_t { integer, floating, string, boolean, id, int64, json_string, any };

/// An argument, or a field of an input object.
struct InputDef {
  std::string name;
  std::optional<std::string> description;
  TypeRef type;
  std::optional<Json> default_value;  ///< Coerced to the type.
  std::optional<std::string> deprecation;
  Location at;

  bool required() const { return type.non_null() && !default_value; }
};

/// Answers a field of the introspection types: points into data that lives as long as the schema, null
/// pointer for null.
using NativeResolver = const Json* (*)(const Json& introspection, const Json& parent, const JsonObject& args);

struct FieldDef {
  std::string name;
  std::optional<std::string> description;
  TypeRef type;
  std::deque<InputDef> args;
  std::optional<std::string> deprecation;
  Location at;
  const NamedType* parent = nullptr;
  NativeResolver native = nullptr;
  /// What Engine::create bound to it. Owned by the engine; both null: read the member of that name.
  const SyncResolver* sync = nullptr;
  const AsyncResolver* async = nullptr;

  const InputDef* arg(std::string_view name) const;
};

struct EnumValueDef {
  std::string name;
  std::optional<std::string> description;
  std::optional<std::string> deprecation;
  Location at;
};

struct NamedType {
  TypeKind kind = TypeKind::scalar;
  std::string name;
  std::optional<std::string> description;
  Location at;
  ScalarRule scalar = ScalarRule::any;
  std::optional<std::string> specified_by;
  std::deque<FieldDef> fields;  ///< Objects and interfaces.
  std::deque<InputDef> inputs;  ///< Input objects.
  std::vector<EnumValueDef> values;
  std::vector<const NamedType*> interfaces;  ///< That it implements.
  std::vector<const NamedType*> possible;    ///< Object types of an interface or union; of an object type, itself.
  std::unordered_map<std::string_view, FieldDef*> field_index;
  std::unordered_map<std::string_view, const InputDef*> input_index;

  bool composite() const { return kind == TypeKind::object || abstract(); }
  bool abstract() const { return kind == TypeKind::interface || kind == TypeKind::union_; }
  bool leaf() const { return kind == TypeKind::scalar || kind == TypeKind::enumeration; }
  bool input() const { return leaf() || kind == TypeKind::input_object; }
  bool output() const { return kind != TypeKind::input_object; }
  const FieldDef* field(std::string_view name) const;
  const InputDef* input_field(std::string_view name) const;
  bool has_value(std::string_view name) const;
  bool includes(const NamedType* object) const;
};

/// True when a value of type `sub` is always a value of type `super`.
bool is_subtype(TypeRef sub, TypeRef super);

struct DirectiveDef {
  std::string name;
  std::optional<std::string> description;
  std::vector<std::string> locations;
  std::deque<InputDef> args;
  bool repeatable = false;
  Location at;

  bool allowed_at(std::string_view location) const;
  const InputDef* arg(std::string_view name) const;
};

/// Immutable once load() has returned, except for the resolvers of fields that the engine binds before first
/// use.
class Schema {
 public:
  /// Errors: invalid_argument with all problems at once, each with its line and column in the SDL.
  /// `hide`: types, fields, arguments and input fields with this directive are left out; "": nothing is.
  static Result<std::unique_ptr<Schema>> load(std::string_view sdl, std::string_view hide = "");

  const NamedType* type(std::string_view name) const;
  NamedType* mutable_type(std::string_view name);
  const DirectiveDef* directive(std::string_view name) const;
  const NamedType* root(OperationKind kind) const { return roots_[static_cast<std::size_t>(kind)]; }
  /// The field of a composite type, with __typename everywhere, __schema and __type on the query type; null
  /// when there is none.
  const FieldDef* field(const NamedType& type, std::string_view name) const;
  const std::deque<NamedType>& types() const { return types_; }
  const std::deque<DirectiveDef>& directives() const { return directives_; }
  const std::optional<std::string>& description() const { return description_; }
  /// What the introspection fields read (introspection.h).
  const Json& introspection() const { return introspection_; }
  /// The type `__Type`, whose values are looked up by name.
  const NamedType* meta_type() const { return meta_type_; }

 private:
  friend class SchemaLoader;

  std::deque<NamedType> types_;
  std::unordered_map<std::string_view, NamedType*> type_index_;
  std::deque<DirectiveDef> directives_;
  const NamedType* roots_[3] = {};
  std::optional<std::string> description_;
  FieldDef typename_field_;
  const FieldDef* schema_field_ = nullptr;
  const FieldDef* type_field_ = nullptr;
  const NamedType* meta_type_ = nullptr;
  Json introspection_;
};

}  // namespace slipway::graphql
