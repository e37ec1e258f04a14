#include "graphql/engine.h"

#include <deque>
#include <variant>

#include <fmt/format.h>

#include "graphql/document_cache.h"
#include "graphql/executor.h"
#include "graphql/prepare.h"
#include "graphql/schema.h"

namespace slipway::graphql {

struct Resolvers::Table {
  struct Binding {
    std::string coordinate;
    std::variant<SyncResolver, AsyncResolver> resolver;
  };
  std::deque<Binding> bindings;  ///< The schema points to the functions, so they stay where they are.
};

Resolvers::Resolvers() : table_(std::make_unique<Table>()) {}
Resolvers::~Resolvers() = default;
Resolvers::Resolvers(Resolvers&&) noexcept = default;
Resolvers& Resolvers::operator=(Resolvers&&) noexcept = default;

void Resolvers::bind(std::string coordinate, AsyncResolver resolver) {
  table_->bindings.push_back({std::move(coordinate), std::move(resolver)});
}

void Resolvers::bind_sync(std::string coordinate, SyncResolver resolver) {
  table_->bindings.push_back({std::move(coordinate), std::move(resolver)});
}

namespace {

/// "Type.field" in the schema; null when there is none.
FieldDef* find_field(Schema& schema, std::string_view coordinate) {
  const auto dot = coordinate.find('.');
  if (dot == std::string_view::npos) return nullptr;
  auto* type = schema.mutable_type(coordinate.substr(0, dot));
  if (!type || type->kind != TypeKind::object) return nullptr;
  const auto found = type->field_index.find(coordinate.substr(dot + 1));
  return found == type->field_index.end() ? nullptr : found->second;
}

Response refuse(std::vector<GraphError> errors) {
  Response response;
  JsonArray list;
  for (const auto& error : errors) list.push_back(error_to_json(error));
  JsonObject body;
  body["errors"] = std::move(list);
  response.body = std::move(body);
  response.outcome = std::move(errors.front().error);
  return response;
}

Response refuse(std::string message, Code code = Code::invalid_argument) {
  std::vector<GraphError> errors;
  errors.push_back({Error(code, std::move(message)), {}, {}});
  return refuse(std::move(errors));
}

Response answer(Json data, std::vector<GraphError> errors) {
  Response response;
  JsonObject body;
  body["data"] = std::move(data);
  if (!errors.empty()) {
    JsonArray list;
    for (const auto& error : errors) list.push_back(error_to_json(error));
    body["errors"] = std::move(list);
    response.outcome = std::move(errors.front().error);
  }
  response.body = std::move(body);
  return response;
}

/// The operation that the request means, or why there is none.
tl::expected<const OperationDefinition*, std::string> select_operation(const Document& document,
                                                                       std::string_view name) {
  const OperationDefinition* found = nullptr;
  for (const auto& each : document.definitions) {
    const auto* operation = std::get_if<OperationDefinition>(&each);
    if (!operation || (!name.empty() && operation->name.text != name)) continue;
    if (found) return tl::unexpected(std::string("Must provide operation name if query contains multiple operations."));
    found = operation;
  }
  if (!found && !name.empty()) return tl::unexpected(fmt::format("Unknown operation named \"{}\".", name));
  if (!found) return tl::unexpected(std::string("Must provide an operation."));
  if (found->root && found->kind != OperationKind::subscription) return found;
  return tl::unexpected(
      fmt::format("Schema is not configured to execute {} operation.", operation_keyword(found->kind)));
}

class EngineImpl final : public Engine {
 public:
  EngineImpl(std::unique_ptr<Schema> schema, std::shared_ptr<const void> resolvers, Limits limits)
      : schema_(std::move(schema)),
        resolvers_(std::move(resolvers)),
        limits_(limits),
        cache_(limits.cached_documents) {}

  asio::awaitable<Response> execute(Request request, std::shared_ptr<Context> context) const override;
  std::vector<std::string> unbound_root_fields() const override;
  bool has_field(std::string_view coordinate) const override;

 private:
  tl::expected<std::shared_ptr<const Document>, std::vector<GraphError>> document(std::string query) const;

  std::unique_ptr<Schema> schema_;
  std::shared_ptr<const void> resolvers_;
  Limits limits_;
  mutable DocumentCache cache_;
};

tl::expected<std::shared_ptr<const Document>, std::vector<GraphError>> EngineImpl::document(std::string query) const {
  if (query.size() > limits_.max_document_bytes) {
    std::vector<GraphError> errors;
    errors.push_back(
        {Error(Code::resource_exhausted, fmt::format("the query of {} bytes is larger than the limit of {}",
                                                     query.size(), limits_.max_document_bytes))
             .hint("Send values as variables instead of writing them into the query."),
         {},
         {}});
    return tl::unexpected(std::move(errors));
  }
  if (auto known = cache_.find(query)) return known;
  auto prepared = prepare(*schema_, limits_, std::move(query));
  if (prepared) cache_.insert(*prepared);
  return prepared;
}

asio::awaitable<Response> EngineImpl::execute(Request request, std::shared_ptr<Context> context) const {
  auto prepared = document(std::move(request.query));
  if (!prepared) co_return refuse(std::move(prepared).error());
  const auto operation = select_operation(**prepared, request.operation_name);
  if (!operation) co_return refuse(operation.error());
  auto variables = coerce_variables(**operation, std::move(request.variables));
  if (!variables) {
    std::vector<GraphError> errors;
    for (auto& error : variables.error()) errors.push_back(invalid(std::move(error.message), {error.at}));
    co_return refuse(std::move(errors));
  }
  std::optional<Error> failure;
  try {
    Execution execution(*schema_, **operation, *std::move(variables), *context);
    Json data = co_await execution.run();
    Response response = answer(std::move(data), std::move(execution.errors));
    response.is_mutation = (*operation)->kind == OperationKind::mutation;
    co_return response;
  } catch (const boost::system::system_error& thrown) {
    const bool cancelled = thrown.code() == asio::error::operation_aborted;
    failure =
        Error(cancelled ? Code::cancelled : Code::internal, cancelled ? "the request was cancelled" : thrown.what());
  } catch (const std::exception& thrown) {
    failure = Error(Code::internal, thrown.what());
  }
  co_return refuse(failure->message(), failure->code());
}

std::vector<std::string> EngineImpl::unbound_root_fields() const {
  std::vector<std::string> out;
  for (const auto kind : {OperationKind::query, OperationKind::mutation}) {
    const auto* root = schema_->root(kind);
    if (!root) continue;
    for (const auto& field : root->fields) {
      if (!field.sync && !field.async) out.push_back(fmt::format("{}.{}", root->name, field.name));
    }
  }
  return out;
}

bool EngineImpl::has_field(std::string_view coordinate) const {
  const auto dot = coordinate.find('.');
  const auto* type = schema_->type(coordinate.substr(0, dot));
  return type && dot != std::string_view::npos && type->field(coordinate.substr(dot + 1));
}

}  // namespace

Result<std::shared_ptr<const Engine>> Engine::create(std::string_view sdl, Resolvers resolvers, Limits limits,
                                                     std::string_view hide) {
  TRY(auto schema, Schema::load(sdl, hide));
  const std::shared_ptr<Resolvers::Table> table = std::move(resolvers.table_);
  std::vector<Problem> problems;
  for (const auto& binding : table->bindings) {
    auto* field = find_field(*schema, binding.coordinate);
    if (!field) {
      if (!hide.empty()) continue;
      problems.push_back({binding.coordinate, "a resolver is bound to a field that the schema lacks."});
      continue;
    }
    if (field->sync || field->async) problems.push_back({binding.coordinate, "two resolvers are bound to this field."});
    field->sync = std::get_if<SyncResolver>(&binding.resolver);
    field->async = std::get_if<AsyncResolver>(&binding.resolver);
  }
  if (!problems.empty())
    return Error(Code::invalid_argument, "the resolvers do not fit the GraphQL schema", std::move(problems));
  return std::make_shared<const EngineImpl>(std::move(schema), table, limits);
}

}  // namespace slipway::graphql
