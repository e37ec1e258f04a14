// Executor: runs one operation of a validated document (specification, section 6).
#pragma once
#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/coerce.h"
#include "graphql/document.h"
#include "graphql/engine.h"
#include "graphql/graph_error.h"
#include "graphql/schema.h"

namespace slipway::graphql {

/// The fields that one object gives, collected from selections and fragments once per request, however many
/// objects there are.
struct CollectedSet;

/// A field of the response.
struct CollectedField {
  std::string_view key;
  std::vector<const Selection*> nodes;
  const FieldDef* definition = nullptr;
  bool is_typename = false;
  /// Nothing after it reads the member of the parent that it reads, so the member may be moved.
  bool last_reader = false;
  bool awaits = false;
  bool awaits_below = false;
  bool has_args = false;  ///< `args` or `args_error` is set.
  JsonObject args;
  std::optional<InputError> args_error;
  std::vector<std::unique_ptr<CollectedSet>> below;  ///< One for each concrete type met so far.
};

struct CollectedSet {
  const NamedType* type = nullptr;
  std::vector<CollectedField> fields;
  std::unordered_map<std::string_view, std::size_t> index;  ///< Of fields by key, once there are many.

  /// The field of that key, made when it is new.
  CollectedField& field(std::string_view key);
};

/// Where a value stands in the answer. Lives on the stack of the calls that make the value.
struct ResponsePath {
  const ResponsePath* parent = nullptr;
  std::string_view key;  ///< Null data: an index.
  std::size_t index = 0;
};

/// A value that a field is completed from. `owned` when nothing else needs it: then it is moved instead of
/// copied.
struct Source {
  const Json* value = nullptr;
  Json* owned = nullptr;
};

/// One run. Fields run in the order of the document, one after the other, mutations and queries alike. A
/// coroutine is made only for objects and lists that have an asynchronous resolver somewhere below.
class Execution {
 public:
  Execution(const Schema& schema, const OperationDefinition& operation, JsonObject variables, Context& context);

  /// Gives "data": null when a non-null field of the root failed.
  asio::awaitable<Json> run();
  std::vector<GraphError> errors;

 private:
  // collect.cc
  void collect(CollectedSet& set, const SelectionSet& selections, std::vector<const FragmentDefinition*>& visited);
  void finish(CollectedSet& set) const;
  bool included(const Selection& node);
  bool directive_flag(const Directive& directive);
  CollectedSet& set_below(CollectedField& field, const NamedType& type);
  bool selects(const SelectionSet& selections, std::string_view name);

  // executor.cc
  bool execute_set(CollectedSet& set, Source parent, Json& out, const ResponsePath* path);
  bool execute_field(CollectedSet& set, CollectedField& field, Source parent, Json& out, const ResponsePath* path);
  bool resolve(CollectedField& field, Source parent, Json& storage, Source& source, const ResponsePath* path);
  bool complete(TypeRef type, CollectedField& field, Source source, Json& out, const ResponsePath* path);
  bool complete_value(TypeRef type, CollectedField& field, Source source, Json& out, const ResponsePath* path);
  bool complete_list(TypeRef item, CollectedField& field, Source source, Json& out, const ResponsePath* path);
  bool complete_leaf(const NamedType& type, CollectedField& field, Source source, Json& out, const ResponsePath* path);
  const NamedType* concrete_type(const NamedType& type, CollectedField& field, Source& source,
                                 const ResponsePath* path);
  bool prepare_args(CollectedField& field, const ResponsePath* path);
  FieldCall call(CollectedField& field, Source parent);
  bool settle(TypeRef type, bool completed, CollectedField& field, Json& out, const ResponsePath* path);
  bool fail(const CollectedField& field, const ResponsePath* path, Error error);

  // executor_async.cc: the same for what awaits. Pointers stay valid, because every call is awaited where it
  // is made.
  asio::awaitable<bool> execute_set_async(CollectedSet* set, Source parent, Json* out, const ResponsePath* path);
  asio::awaitable<bool> execute_field_async(CollectedField* field, Source parent, Json* out, const ResponsePath* path);
  asio::awaitable<bool> complete_async(TypeRef type, CollectedField* field, Source source, Json* out,
                                       const ResponsePath* path);
  asio::awaitable<bool> complete_list_async(TypeRef item, CollectedField* field, Source source, Json* out,
                                            const ResponsePath* path);

  const Schema& schema_;
  const OperationDefinition& operation_;
  JsonObject variables_;
  Context& context_;
  CollectedSet root_;
  const Json null_;
};

}  // namespace slipway::graphql
