// Introspection: the built-in part of every schema, and the JSON that answers __schema and __type.
#pragma once
#include <string_view>

#include "base/json.h"
#include "graphql/schema.h"

namespace slipway::graphql {

/// Built-in scalars, directives and the types whose names start with "__", as SDL. The type __Introspection
/// holds the two root fields.
std::string_view built_in_sdl();
/// Sets the native resolvers of the fields that do not just read a member.
void bind_introspection(Schema& schema);
/// {"schema": …, "types": {name: …}}. Wherever a value is of type __Type it is a type's name, or an object
/// for a list or non-null wrapper.
Json build_introspection(const Schema& schema);
/// The object that a value of type __Type stands for.
const Json* meta_type_value(const Json& introspection, const Json& value);

}  // namespace slipway::graphql
