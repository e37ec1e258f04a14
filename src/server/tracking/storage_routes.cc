#include "server/tracking/storage_routes.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
#include "server/service/access.h"

namespace slipway::server {

namespace {

Error absent_file() { return Error(Code::not_found, "file not found"); }

std::optional<std::uint64_t> content_length(const net::Headers& headers) {
  const std::string_view text = headers.get("Content-Length");
  std::uint64_t length = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return length;
}

/// Stored bytes are anybody's: never a type that a browser would run.
std::string content_type(std::string_view name) {
  if (name.ends_with(".json")) return "application/json";
  if (name.ends_with(".txt") || name.ends_with(".log")) return "text/plain; charset=utf-8";
  return "application/octet-stream";
}

bool is_md5(std::string_view text) {
  return text.size() == 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Error wrong_digest(std::string_view got, std::string_view wanted) {
  return Error(Code::invalid_argument, fmt::format("the bytes that arrived have MD5 {}, announced was {}", got, wanted))
      .hint("Send the file again; it may have changed meanwhile.");
}

}  // namespace

void StorageRoutes::mount(Router& router) {
  const RouteOptions open{.auth = AuthNeed::none, .max_body = SIZE_MAX};
  const RouteOptions known{.auth = AuthNeed::any};
  router.add("PUT", "/storage/{token}", open, [this](RouteCall& call) { return put(call); });
  router.add("GET", "/storage/{token}", open, [this](RouteCall& call) { return get(call); });
  router.add("GET", "/artifactsV2/{path...}", known, [this](RouteCall& call) { return get_artifact_v2(call); });
  router.add("GET", "/artifacts/{entity}/{md5}", known, [this](RouteCall& call) { return get_artifact_v1(call); });
  router.add("GET", "/files/{entity}/{project}/{run}/{path...}", known,
             [this](RouteCall& call) { return get_run_file(call); });
}

Task<StorageRoutes::Received> StorageRoutes::receive(net::Exchange* exchange, Grant grant) {
  const auto& headers = exchange->request().headers;
  Received received;
  CO_TRY(received.upload, co_await files_.begin(content_length(headers)));
  for (;;) {
    CO_TRY(std::string piece, co_await exchange->read_some());
    if (piece.empty()) break;
    CO_TRY_VOID(co_await received.upload->write(std::move(piece)));
  }
  CO_TRY(received.blob, co_await received.upload->finish());
  const Blob& blob = received.blob;
  const auto expected = content_length(headers);
  if (expected && *expected != static_cast<std::uint64_t>(blob.size))
    co_return Error(Code::invalid_argument, "the upload ended before its announced length");
  if (!grant.digest.empty() && blob.md5 != grant.digest) co_return wrong_digest(blob.md5, grant.digest);
  if (const std::string_view announced = headers.get("Content-MD5"); !announced.empty()) {
    const auto hex = md5_from_base64(announced);
    if (!hex) co_return Error(Code::invalid_argument, "Content-MD5 is not the base64 of an MD5");
    if (*hex != blob.md5) co_return wrong_digest(blob.md5, *hex);
  }
  co_return received;
}

Task<> StorageRoutes::record(Grant grant, Received received) {
  if (grant.kind == GrantKind::put_part)
    co_return co_await files_.keep_part(std::move(received.upload), grant.name, grant.owner);
  CO_TRY(const Blob blob, co_await files_.keep(std::move(received.upload), grant.entity));
  if (grant.kind == GrantKind::put_manifest) co_return co_await store_.set_manifest_bytes(grant.owner, blob.sha256);
  if (grant.kind == GrantKind::put_run_file) {
    RunFile file{.name = grant.name, .sha256 = blob.sha256, .md5 = blob.md5, .size = blob.size};
    co_return co_await store_.put_run_file(grant.owner, std::move(file));
  }
  co_return Result<>();
}

Task<> StorageRoutes::put(RouteCall& call) {
  CO_TRY(const Grant grant, grants_.verify(call.param("token")));
  if (grant.kind == GrantKind::get_blob) co_return Error(Code::permission_denied, "this address is for downloads");
  CO_TRY(Received received, co_await receive(&call.exchange, grant));
  const std::string md5 = received.blob.md5;
  CO_TRY_VOID(co_await record(grant, std::move(received)));
  auto response = net::ServerResponse::json(200, "{}");
  response.headers.set("ETag", "\"" + md5 + "\"");
  co_return co_await call.exchange.respond(std::move(response));
}

Task<> StorageRoutes::send(net::Exchange* exchange, std::string sha256, std::string name) {
  co_return co_await files_.store().send(exchange, std::move(sha256), content_type(name));
}

Task<> StorageRoutes::get(RouteCall& call) {
  CO_TRY(const Grant grant, grants_.verify(call.param("token")));
  if (grant.kind != GrantKind::get_blob) co_return Error(Code::permission_denied, "this address is for uploads");
  CO_TRY(const bool there, co_await store_.has_bytes(grant.digest));
  if (!there) co_return absent_file();
  co_return co_await send(&call.exchange, grant.digest, grant.name);
}

Task<> StorageRoutes::send_by_md5(RouteCall& call, std::string entity, std::string md5, std::string name) {
  if (!is_md5(md5) || !require(call.context->principal, entity, Role::viewer)) co_return absent_file();
  std::vector<std::string> wanted = {md5};
  CO_TRY(const auto found, co_await store_.find_blobs(std::move(entity), std::move(wanted)));
  if (!found.front()) co_return absent_file();
  co_return co_await send(&call.exchange, found.front()->sha256, std::move(name));
}

Task<> StorageRoutes::get_artifact_v2(RouteCall& call) {
  const auto segments = split(call.param("path"), '/');
  const auto md5 = std::ranges::find_if(segments, is_md5);
  if (segments.size() < 6 || md5 == segments.end()) co_return absent_file();
  co_return co_await send_by_md5(call, segments[1], *md5, segments.back());
}

Task<> StorageRoutes::get_artifact_v1(RouteCall& call) {
  co_return co_await send_by_md5(call, call.param("entity"), call.param("md5"), "");
}

Task<> StorageRoutes::get_run_file(RouteCall& call) {
  RunKey key{.entity = call.param("entity"), .project = call.param("project"), .name = call.param("run")};
  CO_TRY(const Run run, co_await runs_.find(call.context->principal, std::move(key)));
  CO_TRY(const auto file, co_await store_.find_run_file(run.id, call.param("path")));
  if (!file || file->sha256.empty()) co_return absent_file();
  co_return co_await send(&call.exchange, file->sha256, file->name);
}

}  // namespace slipway::server
