#include <fmt/format.h>

#include "graphql/executor.h"

namespace slipway::graphql {

asio::awaitable<Json> Execution::run() {
  Json data;
  if (!errors.empty()) co_return data;
  bool awaits = false;
  for (const auto& field : root_.fields) awaits |= field.awaits;
  if (awaits) {
    co_await execute_set_async(&root_, Source(), &data, nullptr);
  } else {
    execute_set(root_, Source(), data, nullptr);
  }
  co_return data;
}

asio::awaitable<bool> Execution::execute_set_async(CollectedSet* set, Source parent, Json* out,
                                                   const ResponsePath* path) {
  JsonObject& object = out->emplace_object();
  object.reserve(set->fields.size());
  for (auto& field : set->fields) {
    const ResponsePath here{path, field.key};
    Json& slot = object.emplace(field.key, nullptr).first->value();
    bool fine = false;
    if (field.awaits) {
      fine = co_await execute_field_async(&field, parent, &slot, &here);
    } else {
      fine = execute_field(*set, field, parent, slot, &here);
    }
    if (fine) continue;
    *out = nullptr;
    co_return false;
  }
  co_return true;
}

asio::awaitable<bool> Execution::execute_field_async(CollectedField* field, Source parent, Json* out,
                                                     const ResponsePath* path) {
  const TypeRef type = field->definition->type;
  Json storage;
  Source source;
  if (field->definition->async) {
    if (!prepare_args(*field, path)) co_return !type.non_null();
    const FieldCall arguments = call(*field, parent);
    std::optional<Error> failure;
    try {
      auto answer = co_await (*field->definition->async)(arguments);
      if (answer) storage = *std::move(answer);
      if (!answer) failure = std::move(answer).error();
    } catch (const boost::system::system_error& thrown) {
      const bool cancelled = thrown.code() == asio::error::operation_aborted;
      failure = Error(cancelled ? Code::cancelled : Code::internal, cancelled ? "cancelled" : thrown.what());
    } catch (const std::exception& thrown) {
      failure = Error(Code::internal, thrown.what());
    }
    if (failure) {
      fail(*field, path, *std::move(failure));
      co_return !type.non_null();
    }
    source.value = &storage;
    source.owned = &storage;
  } else if (!resolve(*field, parent, storage, source, path)) {
    co_return !type.non_null();
  }
  if (!field->awaits_below) co_return complete(type, *field, source, *out, path);
  co_return co_await complete_async(type, field, source, out, path);
}

asio::awaitable<bool> Execution::complete_async(TypeRef type, CollectedField* field, Source source, Json* out,
                                                const ResponsePath* path) {
  bool completed = true;
  const TypeRef nullable = type.nullable();
  if (source.value && !source.value->is_null()) {
    if (nullable.list()) {
      completed = co_await complete_list_async(nullable.inner(), field, source, out, path);
    } else if (const auto* concrete = concrete_type(*nullable.named, *field, source, path)) {
      CollectedSet& set = set_below(*field, *concrete);
      completed = co_await execute_set_async(&set, source, out, path);
    } else {
      completed = false;
    }
  }
  co_return settle(type, completed, *field, *out, path);
}

asio::awaitable<bool> Execution::complete_list_async(TypeRef item, CollectedField* field, Source source, Json* out,
                                                     const ResponsePath* path) {
  const auto* items = source.value->if_array();
  if (!items) co_return complete_list(item, *field, source, *out, path);
  JsonArray& list = out->emplace_array();
  list.resize(items->size());
  for (std::size_t i = 0; i < items->size(); ++i) {
    const ResponsePath here{path, {}, i};
    Source element;
    element.value = &(*items)[i];
    element.owned = source.owned ? &source.owned->get_array()[i] : nullptr;
    const bool fine = co_await complete_async(item, field, element, &list[i], &here);
    if (!fine) co_return false;
  }
  co_return true;
}

}  // namespace slipway::graphql
