// Router: which code answers which path. Routes are added once at start; reading is free of locks.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http_server.h"
#include "server/api/request_context.h"

namespace slipway::server {

class Authenticator;
class Metrics;

/// What a route demands before its handler runs.
enum class AuthNeed {
  none,  ///< Open; context is filled in when a credential happens to be there and valid.
  key,   ///< API key (Basic or Bearer). 401 as JSON otherwise.
  any,   ///< API key or web session. A session needs the header X-Slipway-Csrf on everything but GET and HEAD.
};

struct RouteOptions {
  AuthNeed auth = AuthNeed::key;
  std::size_t max_body = 1 << 20;  ///< Bytes; more is a 413.
};

/// One request on its way through a route. Lives until the handler's task has ended.
class RouteCall {
 public:
  RouteCall(net::Exchange& exchange, std::vector<std::pair<std::string, std::string>> params,
            std::shared_ptr<RequestContext> context, std::size_t max_body)
      : exchange(exchange), context(std::move(context)), params_(std::move(params)), max_body_(max_body) {}

  net::Exchange& exchange;
  std::shared_ptr<RequestContext> context;

  /// Value of a {name} segment, decoded; "" for a name that the pattern lacks.
  const std::string& param(std::string_view name) const;
  /// The whole body within the route's limit. Compressed bodies are refused: no client sends them unless the server offers it.
  Task<std::string> body();
  /// body() parsed: invalid_argument for anything that is no JSON.
  Task<Json> json_body(std::size_t max_depth = 64);

 private:
  std::vector<std::pair<std::string, std::string>> params_;
  std::size_t max_body_;
};

/// Answers exactly once through call.exchange; an error that it gives before becomes a JSON error answer.
using RouteHandler = std::function<Task<>(RouteCall& call)>;

class Router {
 public:
  Router(Authenticator& authenticator, Metrics& metrics);

  /// `pattern`: "/files/{entity}/{project}/{run}/file_stream"; a last segment "{path...}" takes the rest, slashes included. Literal segments win over {names}, and
  /// these over the rest. `method` GET answers HEAD too. Adding the same twice is a programming error (assert).
  void add(std::string method, std::string pattern, RouteOptions options, RouteHandler handler);
  /// What no route matches is looked for without this prefix ("/full/api/x" finds "/api/x").
  void also_below(std::string prefix) { prefix_ = std::move(prefix); }
  /// For HttpServer::create. 404 and 405 (with Allow) as JSON errors.
  Task<> handle(net::Exchange& exchange);

 private:
  struct Route {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    RouteOptions options;
    RouteHandler handler;
  };
  using Params = std::vector<std::pair<std::string, std::string>>;
  struct Match {
    const Route* route = nullptr;
    Params params;
    std::string allowed;  ///< Methods of the same path, for the Allow header.
  };
  Match match(std::string_view method, std::string_view path) const;
  Task<> answer(net::Exchange& exchange, const Route& route, Params params);

  Authenticator& authenticator_;
  Metrics& metrics_;
  std::vector<Route> routes_;
  std::string prefix_;
};

}  // namespace slipway::server
