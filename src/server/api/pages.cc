#include "server/api/pages.h"

#include <algorithm>
#include <array>

#include "server/api/web_files.h"

namespace slipway::server {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri "
    "'none'; form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view kPage = "index.html";
/// First segments that belong to the server: "/{entity}/{project}" must not answer for them.
constexpr std::array<std::string_view, 7> kReserved = {"api",       "static",      "files", "storage",
                                                       "artifacts", "artifactsV2", "sdk"};

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "text/plain; charset=utf-8";
}

/// Only the page and the icon keep their names from one version to the next.
bool may_be_kept(std::string_view name) { return name != kPage && !name.ends_with(".svg"); }

Task<> send(RouteCall& call, std::string name) {
  const auto files = web_files();
  const auto found = std::ranges::find(files, name, &WebFile::name);
  if (found == files.end()) co_return Error(Code::not_found, "there is no such file");
  const auto& headers = call.exchange.request().headers;
  const std::string etag = '"' + std::string(found->hash) + '"';
  const bool unchanged = headers.get("If-None-Match") == etag;
  const bool packed = headers.get("Accept-Encoding").find("gzip") != std::string_view::npos;
  auto response = net::ServerResponse::text(unchanged ? 304 : 200,
                                            unchanged ? "" : std::string(packed ? found->gzip : found->bytes),
                                            std::string(type_of(name)));
  if (packed && !unchanged) response.headers.set("Content-Encoding", "gzip");
  response.headers.set("Vary", "Accept-Encoding");
  response.headers.set("ETag", etag);
  response.headers.set("Cache-Control", may_be_kept(name) ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.set("Content-Security-Policy", std::string(kPolicy));
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", "same-origin");
  co_return co_await call.exchange.respond(std::move(response));
}

Task<> page(RouteCall& call) {
  const bool reserved = std::ranges::find(kReserved, call.param("entity")) != kReserved.end();
  return send(call, reserved ? "" : std::string(kPage));
}
Task<> file(RouteCall& call) { return send(call, call.param("file")); }

}  // namespace

void mount_pages(Router& router) {
  RouteOptions open;
  open.auth = AuthNeed::none;
  open.max_body = 0;
  for (const auto* pattern :
       {"/", "/launch", "/launch/create", "/jobs", "/projects", "/settings", "/settings/{part}", "/{entity}/launch",
        "/{entity}/launch/{queue}", "/{entity}/queues/{queue}", "/{entity}/queues/{queue}/{part}",
        "/{entity}/{project}", "/{entity}/{project}/jobs", "/{entity}/{project}/jobs/{job}", "/{entity}/{project}/runs",
        "/{entity}/{project}/runs/{run}", "/{entity}/{project}/runs/{run}/{part}"})
    router.add("GET", pattern, open, page);
  router.add("GET", "/static/{file}", open, file);
}

}  // namespace slipway::server
