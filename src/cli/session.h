// Session: a command's connection to the server. Commands are synchronous: each call runs its coroutine to the end.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "cli/terminal.h"
#include "client/api_client.h"

namespace slipway::cli {

class Session {
 public:
  /// As the `wandb` CLI finds server and key. unauthenticated, with the mend, when there is no key.
  static Result<std::unique_ptr<Session>> open(Terminal& terminal);

  client::ApiClient& api() { return *api_; }
  std::shared_ptr<client::ApiClient> shared_api() { return api_; }
  asio::io_context& io() { return io_; }
  asio::thread_pool& pool() { return pool_; }

  /// Runs a task to its end.
  template <class T>
  Result<T> wait(std::function<Task<T>()> task) {
    std::optional<Result<T>> outcome;
    auto body = [&]() -> asio::awaitable<void> { outcome = co_await no_throw(task()); };
    asio::co_spawn(io_, body, [](const std::exception_ptr& error) {
      if (error) std::rethrow_exception(error);
    });
    io_.restart();
    while (!outcome && io_.run_one() > 0) {
    }
    if (!outcome) return Error(Code::internal, "the command stopped before its work had ended");
    return *std::move(outcome);
  }
  /// One GraphQL operation.
  Result<Json> call(std::string document, JsonObject variables);
  /// A mutation with one `input` argument; the value is the payload of `field`.
  Result<Json> mutate(std::string document, const std::string& field, JsonObject input);

  /// --entity, WANDB_ENTITY, the key's default entity.
  Result<std::string> entity(const std::string& given);
  /// --project or WANDB_PROJECT; "" when neither is given.
  std::string project(const std::string& given) const;
  /// Address of a page of the web app.
  std::string page(const std::string& path) const;

 private:
  explicit Session(Terminal& terminal, client::Connection connection);
  Terminal& terminal_;
  asio::io_context io_{1};
  asio::thread_pool pool_{2};
  std::shared_ptr<client::ApiClient> api_;
  std::string default_entity_;
};

/// Queues of all clients live in this project (protocol 0.1).
inline constexpr const char* kQueueProject = "model-registry";

}  // namespace slipway::cli
