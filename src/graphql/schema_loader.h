// The work behind Schema::load: from the syntax tree of the SDL to types, then the checks that the whole
// holds together.
#pragma once
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/document.h"
#include "graphql/schema.h"

namespace slipway::graphql {

class SchemaLoader {
 public:
  enum class Origin : bool { built_in, user };

  explicit SchemaLoader(Schema& schema) : schema_(schema) {}

  /// First the built-in document, then the user's; both must outlive the loader, not the schema.
  void add(const Document& document, Origin origin);
  /// Connects everything that add() collected. Problems say what does not fit.
  void build();
  std::vector<Problem> problems;

 private:
  void problem(Location at, std::string message);
  void add_definition(const TypeSystemNode& node, Origin origin);
  void build_type(NamedType& type, const std::vector<const TypeSystemNode*>& nodes);
  void build_directive(const TypeSystemNode& node);
  void build_roots();
  void connect_possible_types();
  void coerce_defaults();
  void coerce_default(InputDef& def, const InputValueNode& node);
  void coerce_input_object(NamedType& type);
  FieldDef field(const FieldNode& node, const NamedType& parent);
  InputDef input(const InputValueNode& node);
  TypeRef resolve(const TypeNode& node);
  const NamedType* resolve(const Name& name);
  std::optional<std::string> deprecation(const std::vector<Directive>& directives);
  void check_directives(const std::vector<Directive>& directives, std::string_view location);

  Schema& schema_;
  std::map<std::string_view, std::vector<const TypeSystemNode*>> type_nodes_;
  std::vector<const TypeSystemNode*> directive_nodes_;
  std::vector<const TypeSystemNode*> schema_nodes_;
  std::unordered_map<const InputDef*, const InputValueNode*> nodes_;
  std::set<const NamedType*> defaults_done_;
};

/// The rules on a finished schema: names, interfaces, unions, enums, input objects.
std::vector<Problem> check_schema(const Schema& schema);

}  // namespace slipway::graphql
