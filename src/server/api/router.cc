#include "server/api/router.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "base/log.h"
#include "base/strings.h"
#include "server/api/authenticator.h"
#include "server/api/metrics.h"

namespace slipway::server {
namespace {

bool is_name(std::string_view segment) { return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'; }
bool is_rest(std::string_view segment) { return is_name(segment) && segment.ends_with("...}"); }

/// Literals before names before rests, segment by segment: the first route that matches is the right one.
int rank(std::string_view segment) { return is_rest(segment) ? 2 : is_name(segment) ? 1 : 0; }

std::vector<std::string> segments_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  return split(path, '/');
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path,
             std::vector<std::pair<std::string, std::string>>& params) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string& segment = pattern[i];
    if (is_rest(segment)) {
      if (i >= path.size()) return false;
      params.emplace_back(segment.substr(1, segment.size() - 5), join(std::span(path).subspan(i), "/"));
      return true;
    }
    if (i >= path.size()) return false;
    if (is_name(segment)) {
      if (path[i].empty()) return false;
      params.emplace_back(segment.substr(1, segment.size() - 2), path[i]);
    } else if (segment != path[i]) {
      return false;
    }
  }
  return pattern.size() == path.size();
}

Result<> check_credential(const RouteOptions& options, const RequestContext& context,
                          const net::ServerRequest& request) {
  if (options.auth == AuthNeed::none) return {};
  if (!context.signed_in()) {
    return Error(Code::unauthenticated, "this needs an API key")
        .hint("Sign in with: slipway login, or set WANDB_API_KEY.");
  }
  if (context.credential != Credential::session) return {};
  if (options.auth == AuthNeed::key)
    return Error(Code::unauthenticated, "this needs an API key; a web session is not enough");
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && !request.headers.has("X-Slipway-Csrf")) {
    return Error(Code::permission_denied, "a request of a web session needs the header X-Slipway-Csrf");
  }
  return {};
}

/// Notes the status that a handler answers with, for the metrics.
class WatchedExchange final : public net::Exchange {
 public:
  explicit WatchedExchange(net::Exchange& inner) : inner_(inner) {}
  int status() const { return status_; }

  const net::ServerRequest& request() const override { return inner_.request(); }
  Task<std::string> read_body(std::size_t limit) override { return inner_.read_body(limit); }
  Task<std::string> read_some() override { return inner_.read_some(); }
  Task<> respond(net::ServerResponse response) override {
    status_ = response.status;
    return inner_.respond(std::move(response));
  }
  Task<> send_file(std::filesystem::path file, std::string content_type, std::string etag) override {
    status_ = 200;
    return inner_.send_file(std::move(file), std::move(content_type), std::move(etag));
  }
  Task<> start_stream(int status, net::Headers headers) override {
    status_ = status;
    return inner_.start_stream(status, std::move(headers));
  }
  Task<> write(std::string chunk) override { return inner_.write(std::move(chunk)); }
  Task<> finish_stream() override { return inner_.finish_stream(); }

 private:
  net::Exchange& inner_;
  int status_ = 0;
};

}  // namespace

const std::string& RouteCall::param(std::string_view name) const {
  static const std::string kNone;
  const auto found = std::ranges::find(params_, name, &std::pair<std::string, std::string>::first);
  return found == params_.end() ? kNone : found->second;
}

Task<std::string> RouteCall::body() {
  const std::string_view encoding = exchange.request().headers.get("Content-Encoding");
  if (!encoding.empty() && lower(encoding) != "identity") {
    co_return Error(Code::invalid_argument,
                    fmt::format("bodies compressed with '{}' are not accepted", to_utf8_lossy(encoding.substr(0, 40))));
  }
  co_return co_await exchange.read_body(max_body_);
}

Task<Json> RouteCall::json_body(std::size_t max_depth) {
  CO_TRY(const auto text, co_await body());
  JsonLimits limits;
  limits.max_bytes = max_body_;
  limits.max_depth = max_depth;
  auto parsed = parse_json(text, limits);
  if (!parsed) co_return std::move(parsed).error().wrap("reading the body of the request");
  co_return parsed;
}

Router::Router(Authenticator& authenticator, Metrics& metrics) : authenticator_(authenticator), metrics_(metrics) {}

void Router::add(std::string method, std::string pattern, RouteOptions options, RouteHandler handler) {
  Route route{std::move(method), std::move(pattern), {}, options, std::move(handler)};
  route.segments = segments_of(route.pattern);
  assert(std::ranges::none_of(
      routes_, [&](const Route& each) { return each.method == route.method && each.pattern == route.pattern; }));
  const auto goes_before = [](const Route& a, const Route& b) {
    return std::ranges::lexicographical_compare(a.segments, b.segments,
                                                [](const auto& x, const auto& y) { return rank(x) < rank(y); });
  };
  routes_.insert(std::ranges::upper_bound(routes_, route, goes_before), std::move(route));
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  const auto segments = segments_of(path);
  for (const auto& route : routes_) {
    Params params;
    if (!matches(route.segments, segments, params)) continue;
    if (route.method == method || (route.method == "GET" && method == "HEAD")) {
      match.route = &route;
      match.params = std::move(params);
      return match;
    }
    match.allowed += (match.allowed.empty() ? "" : ", ") + route.method;
  }
  return match;
}

Task<> Router::answer(net::Exchange& exchange, const Route& route, Params params) {
  auto context = co_await authenticator_.identify(exchange.request());
  if (!context && route.options.auth == AuthNeed::none) context = std::make_shared<RequestContext>();
  if (!context) co_return std::move(context).error();
  CO_TRY_VOID(check_credential(route.options, **context, exchange.request()));
  RouteCall call(exchange, std::move(params), *std::move(context), route.options.max_body);
  co_return co_await route.handler(call);
}

Task<> Router::handle(net::Exchange& exchange) {
  const auto started = std::chrono::steady_clock::now();
  const auto& request = exchange.request();
  auto found = match(request.method, request.path);
  if (found.route == nullptr && !prefix_.empty() && request.path.starts_with(prefix_ + "/"))
    found = match(request.method, std::string_view(request.path).substr(prefix_.size()));
  if (found.route == nullptr) {
    Error error(Code::not_found,
                fmt::format("there is nothing at '{}'", to_utf8_lossy(std::string_view(request.path).substr(0, 200))));
    auto response = net::ServerResponse::from_error(error);
    if (!found.allowed.empty()) {
      response = net::ServerResponse::from_error(
          Error(Code::invalid_argument, fmt::format("this address takes {} only", found.allowed)));
      response.status = 405;
      response.headers.set("Allow", found.allowed);
    }
    metrics_.count_request("none", "any", response.status, std::chrono::steady_clock::now() - started);
    co_return co_await exchange.respond(std::move(response));
  }
  WatchedExchange watched(exchange);
  auto done = co_await answer(watched, *found.route, std::move(found.params));
  int status = watched.status();
  if (!done && status == 0 && done.error().code() != Code::cancelled) {
    auto response = net::ServerResponse::from_error(done.error());
    if (done.error().code() == Code::unauthenticated)
      response.headers.set("WWW-Authenticate", "Bearer realm=\"slipway\"");
    status = response.status;
    if (done.error().code() == Code::internal)
      log::error("request failed", {{"path", request.path}, {"error", done.error().message()}});
    done = co_await watched.respond(std::move(response));
  }
  metrics_.count_request(found.route->pattern, found.route->method, status, std::chrono::steady_clock::now() - started);
  co_return done;
}

}  // namespace slipway::server
