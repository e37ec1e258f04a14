#include "cli/session.h"

#include <fmt/format.h>

namespace slipway::cli {
namespace {

/// A person waits at the terminal: one hiccup is bridged, a server that is not there is said at once.
constexpr client::CallOptions kPatience{.retry_for = Millis(1'000)};

}  // namespace

Session::Session(Terminal& terminal, client::Connection connection)
    : terminal_(terminal),
      api_(std::make_shared<client::ApiClient>(std::make_shared<net::HttpClient>(), std::move(connection))) {}

Result<std::unique_ptr<Session>> Session::open(Terminal& terminal) {
  TRY(auto connection, client::Connection::discover(terminal.env(), terminal.home()));
  if (connection.api_key.empty()) {
    return Error(Code::unauthenticated, fmt::format("there is no API key for {}", connection.base_url))
        .hint(
            "Run `slipway login --host URL`, or set WANDB_BASE_URL and WANDB_API_KEY. A new server leaves "
            "its first key in DATA/admin.key.");
  }
  return std::unique_ptr<Session>(new Session(terminal, std::move(connection)));
}

Result<Json> Session::call(std::string document, JsonObject variables) {
  return wait<Json>([&] { return api_->call(document, variables, kPatience); });
}

Result<Json> Session::mutate(std::string document, const std::string& field, JsonObject input) {
  const JsonObject variables{{"input", std::move(input)}};
  const client::CallOptions once{.retry_for = Millis(0)};
  TRY(const Json data, wait<Json>([&] { return api_->call(document, variables, once); }));
  const Json* payload = find(data, field);
  if (!payload || !payload->is_object()) return Error(Code::internal, "the server answered " + field + " with nothing");
  return *payload;
}

Result<std::string> Session::entity(const std::string& given) {
  if (!given.empty()) return given;
  if (const auto chosen = terminal_.env("WANDB_ENTITY"); !chosen.empty()) return chosen;
  if (!default_entity_.empty()) return default_entity_;
  TRY(const Json data, call("query Viewer { viewer { id entity username } }", {}));
  const Json* viewer = find(data, "viewer");
  if (!viewer || !viewer->is_object()) {
    return Error(Code::unauthenticated, "the server does not know this API key").hint("Run `slipway login`.");
  }
  default_entity_ = text_or(*viewer, "entity");
  if (default_entity_.empty())
    return Error(Code::invalid_argument, "the key has no default entity").hint("Name one with --entity.");
  return default_entity_;
}

std::string Session::project(const std::string& given) const {
  return given.empty() ? terminal_.env("WANDB_PROJECT") : given;
}

std::string Session::page(const std::string& path) const { return api_->connection().base_url + path; }

}  // namespace slipway::cli
