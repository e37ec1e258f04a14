// The GraphQL engine: SDL schema, validation, execution with coroutine resolvers, introspection (GraphQL specification, October 2021).
// Knows nothing of Launch. Objects are JSON objects: a field without a resolver reads the member of the same name of its parent.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/json.h"

namespace slipway::graphql {

/// What the server attaches to a request (who asks, deadline). Resolvers cast it back.
class Context {
 public:
  virtual ~Context() = default;
};

/// What a resolver gets. All references stay valid until the resolver's task has ended.
struct FieldCall {
  const Json& parent;      ///< The object that the field belongs to; null for fields of Query and Mutation.
  const JsonObject& args;  ///< Coerced to their types, defaults filled in; an absent optional argument has no member.
  Context& context;
  /// True when the selection below this field asks for a field of that name at the next level: to skip costly loading.
  std::function<bool(std::string_view)> selects;
};

using SyncResolver = std::function<Result<Json>(const FieldCall&)>;
using AsyncResolver = std::function<Task<Json>(const FieldCall&)>;

/// Which code answers which field. Set up once; read by every request.
class Resolvers {
 public:
  Resolvers();
  ~Resolvers();
  Resolvers(Resolvers&&) noexcept;
  Resolvers& operator=(Resolvers&&) noexcept;

  /// `coordinate` is "Type.field". Binding one twice, or one that the schema lacks, is an error of Engine::create.
  void bind(std::string coordinate, AsyncResolver resolver);
  void bind_sync(std::string coordinate, SyncResolver resolver);

 private:
  friend class Engine;
  struct Table;
  std::unique_ptr<Table> table_;
};

struct Limits {
  std::size_t max_document_bytes = 256 << 10;
  std::size_t max_tokens = 20'000;
  std::size_t max_depth = 20;          ///< Levels of selections, through fragments.
  std::size_t max_fields = 2'000;      ///< Fields of the document after fragments are spread (query bombs, aliases).
  std::size_t cached_documents = 512;  ///< Parsed and validated documents that are kept, least recently used go first.
};

struct Request {
  std::string query;
  JsonObject variables;        ///< Undeclared ones are ignored (protocol 1.1 item 12).
  std::string operation_name;  ///< Empty: the only operation.
};

struct Response {
  Json body;           ///< {"data": …, "errors": […]}: ready to be sent.
  Result<> outcome{};  ///< The first error, for the HTTP status: value when the whole operation succeeded.
  bool is_mutation = false;
};

/// Immutable after creation; execute() may run any number of times at once on one executor.
class Engine {
 public:
  /// `sdl` is schema/slipway.graphql. Errors name the line of the SDL, or the binding that does not fit. Object types named in
  /// JSON by "__typename" resolve interfaces and unions. Custom scalars pass through, except: JSONString (an output that is no
  /// string is written as compact JSON text; an input must be a string), Int64 (number or decimal string), ID (string or integer → string).
  /// What the SDL marks with the directive `hide` is left out, with its resolvers: an engine that plays another server.
  static Result<std::shared_ptr<const Engine>> create(std::string_view sdl, Resolvers resolvers, Limits limits = {},
                                                      std::string_view hide = "");
  virtual ~Engine() = default;

  /// Never fails as a task: all errors are in the response, each with message, locations, path and extensions {code, hint, problems}.
  /// Validation messages follow the reference implementation's wording, because W&B clients look for it:
  /// `Cannot query field "x" on type "T".`, `Unknown type "T".`, `Unknown argument "a" on field "T.f".`
  virtual asio::awaitable<Response> execute(Request request, std::shared_ptr<Context> context) const = 0;
  /// Coordinates of Query and Mutation fields that no resolver answers: a test demands that this is empty.
  virtual std::vector<std::string> unbound_root_fields() const = 0;
  /// True when the schema has that field ("Mutation.leaseRunQueueItems").
  virtual bool has_field(std::string_view coordinate) const = 0;
};

}  // namespace slipway::graphql
