#include "server/api/pages.h"

#include <algorithm>

#include "server/web_files.h"

namespace slipway::server {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri "
    "'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "text/plain; charset=utf-8";
}

Task<> send(RouteCall& call, std::string name) {
  const auto found = std::ranges::find(kWebFiles, name, &EmbeddedFile::name);
  if (found == kWebFiles.end()) co_return Error(Code::not_found, "there is no such file");
  const std::string etag = '"' + std::string(found->sha256.substr(0, 32)) + '"';
  const bool unchanged = call.exchange.request().headers.get("If-None-Match") == etag;
  auto response = net::ServerResponse::text(unchanged ? 304 : 200, unchanged ? "" : std::string(found->text),
                                            std::string(type_of(name)));
  response.headers.set("ETag", etag);
  response.headers.set("Cache-Control", "no-cache");
  response.headers.set("Content-Security-Policy", std::string(kPolicy));
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", "same-origin");
  co_return co_await call.exchange.respond(std::move(response));
}

Task<> page(RouteCall& call) { return send(call, "index.html"); }
Task<> file(RouteCall& call) { return send(call, call.param("file")); }

}  // namespace

void mount_pages(Router& router) {
  RouteOptions open;
  open.auth = AuthNeed::none;
  open.max_body = 0;
  for (const auto* pattern : {"/", "/launch", "/{entity}/launch", "/{entity}/{project}/runs/{run}"})
    router.add("GET", pattern, open, page);
  router.add("GET", "/static/{file}", open, file);
}

}  // namespace slipway::server
