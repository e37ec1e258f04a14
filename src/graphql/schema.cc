#include "graphql/schema.h"

#include <algorithm>

namespace slipway::graphql {

std::string_view kind_word(TypeKind kind) {
  switch (kind) {
    case TypeKind::scalar:
      return "SCALAR";
    case TypeKind::object:
      return "OBJECT";
    case TypeKind::interface:
      return "INTERFACE";
    case TypeKind::union_:
      return "UNION";
    case TypeKind::enumeration:
      return "ENUM";
    case TypeKind::input_object:
      return "INPUT_OBJECT";
  }
  return "SCALAR";
}

std::string TypeRef::to_string() const { return wrapped_name(named->name, wrappers); }

bool is_subtype(TypeRef sub, TypeRef super) {
  if (sub == super) return true;
  if (super.non_null()) return sub.non_null() && is_subtype(sub.inner(), super.inner());
  if (sub.non_null()) return is_subtype(sub.inner(), super);
  if (super.list() || sub.list()) return super.list() && sub.list() && is_subtype(sub.inner(), super.inner());
  const bool implements = std::ranges::find(sub.named->interfaces, super.named) != sub.named->interfaces.end();
  return implements || (super.named->abstract() && super.named->includes(sub.named));
}

const InputDef* FieldDef::arg(std::string_view wanted) const {
  const auto found = std::ranges::find(args, wanted, &InputDef::name);
  return found == args.end() ? nullptr : &*found;
}

const FieldDef* NamedType::field(std::string_view wanted) const {
  const auto found = field_index.find(wanted);
  return found == field_index.end() ? nullptr : found->second;
}

const InputDef* NamedType::input_field(std::string_view wanted) const {
  const auto found = input_index.find(wanted);
  return found == input_index.end() ? nullptr : found->second;
}

bool NamedType::has_value(std::string_view wanted) const {
  return std::ranges::find(values, wanted, &EnumValueDef::name) != values.end();
}

bool NamedType::includes(const NamedType* object) const {
  return std::ranges::find(possible, object) != possible.end();
}

bool DirectiveDef::allowed_at(std::string_view location) const {
  return std::ranges::find(locations, location) != locations.end();
}

const InputDef* DirectiveDef::arg(std::string_view wanted) const {
  const auto found = std::ranges::find(args, wanted, &InputDef::name);
  return found == args.end() ? nullptr : &*found;
}

const NamedType* Schema::type(std::string_view name) const {
  const auto found = type_index_.find(name);
  return found == type_index_.end() ? nullptr : found->second;
}

NamedType* Schema::mutable_type(std::string_view name) {
  const auto found = type_index_.find(name);
  return found == type_index_.end() ? nullptr : found->second;
}

const DirectiveDef* Schema::directive(std::string_view name) const {
  const auto found = std::ranges::find(directives_, name, &DirectiveDef::name);
  return found == directives_.end() ? nullptr : &*found;
}

const FieldDef* Schema::field(const NamedType& type, std::string_view name) const {
  if (!name.starts_with("__")) return type.field(name);
  if (name == "__typename" && type.composite()) return &typename_field_;
  if (&type != root(OperationKind::query)) return nullptr;
  if (name == "__schema") return schema_field_;
  if (name == "__type") return type_field_;
  return nullptr;
}

}  // namespace slipway::graphql
