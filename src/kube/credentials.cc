#include "kube/credentials.h"

#include <cstdio>
#include <ctime>

#include <fmt/format.h>

#include "archive/archive.h"
#include "base/json.h"
#include "base/strings.h"
#include "proc/process.h"

namespace slipway::kube {
namespace {

constexpr UnixMillis kTokenFileLife = 60'000;
constexpr UnixMillis kEarly = 60'000;  ///< Renewed that long before they expire.

/// A request that changes them must not meet a half-written answer: only what parses is taken.
std::string plugin_name(const ExecPlugin& plugin) {
  return plugin.command.find('/') == std::string::npos || plugin.command.starts_with('/')
             ? plugin.command
             : (plugin.directory / plugin.command).string();
}

Json exec_info(const Access& access) {
  JsonObject cluster{{"server", access.server}};
  if (!access.authorities.empty()) cluster["certificate-authority-data"] = access.authorities;
  JsonObject spec{{"interactive", false}};
  if (access.exec->wants_cluster) spec["cluster"] = std::move(cluster);
  JsonObject out{{"apiVersion", access.exec->api_version}, {"kind", "ExecCredential"}};
  out["spec"] = std::move(spec);
  return out;
}

}  // namespace

std::optional<UnixMillis> parse_time(std::string_view text) {
  std::tm when{};
  const std::string copy(text);
  int read = 0;
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &when.tm_year, &when.tm_mon, &when.tm_mday, &when.tm_hour,
                  &when.tm_min, &when.tm_sec, &read) != 6)
    return std::nullopt;
  when.tm_year -= 1900;
  when.tm_mon -= 1;
  auto rest = std::string_view(copy).substr(static_cast<std::size_t>(read));
  if (rest.starts_with('.')) rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of("0123456789", 1)));
  UnixMillis offset = 0;
  int hours = 0;
  int minutes = 0;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-') &&
      std::sscanf(std::string(rest.substr(1)).c_str(), "%2d:%2d", &hours, &minutes) == 2)
    offset = (rest[0] == '-' ? -1 : 1) * (hours * 60 + minutes) * 60'000LL;
  return static_cast<UnixMillis>(::timegm(&when)) * 1000 - offset;
}

Credentials::Credentials(Access access, std::map<std::string, std::string> env, const Clock& clock)
    : access_(std::move(access)), env_(std::move(env)), clock_(clock), token_(access_.token) {
  use(access_.certificate, access_.key);
}

void Credentials::use(const std::string& certificate, const Secret& key) {
  tls_ = std::make_shared<net::ClientTls>(net::ClientTls{.authorities = access_.authorities,
                                                         .certificate = certificate,
                                                         .key = key,
                                                         .server_name = access_.server_name,
                                                         .verify = access_.verify});
}

void Credentials::renew() { fetched_ = false; }

Task<> Credentials::refresh() {
  const bool changing = access_.exec.has_value() || !access_.token_file.empty();
  if (!changing || (fetched_ && (!good_until_ || clock_.now() < *good_until_))) co_return Result<>();
  if (access_.exec) co_return co_await run_plugin();
  auto token = archive::read_file(access_.token_file, 1u << 20);
  if (!token) co_return std::move(token).error().wrap("reading the token of " + access_.origin);
  token_ = Secret(std::string(trim(*token)));
  good_until_ = clock_.now() + kTokenFileLife;
  fetched_ = true;
  co_return Result<>();
}

Task<> Credentials::run_plugin() {
  const ExecPlugin& plugin = *access_.exec;
  proc::ProcessSpec spec;
  spec.argv = plugin.args;
  spec.argv.insert(spec.argv.begin(), plugin_name(plugin));
  spec.env = env_;
  for (const auto& [name, value] : plugin.env) spec.env[name] = value;
  spec.env["KUBERNETES_EXEC_INFO"] = to_text(exec_info(access_));
  spec.timeout = Millis(60'000);
  auto printed = co_await proc::run_checked(std::move(spec), "logging in to Kubernetes with " + plugin.command);
  if (!printed && printed.error().code() == Code::not_found) {
    co_return Error(Code::failed_precondition, fmt::format("{} logs in with the program {}, which is not installed",
                                                           access_.origin, plugin.command))
        .hint(plugin.install_hint.empty() ? "Install it and put it into PATH." : plugin.install_hint);
  }
  if (!printed) co_return Error(Code::unauthenticated, printed.error().message());
  co_return take_plugin_output(printed->out);
}

Result<> Credentials::take_plugin_output(const std::string& text) {
  const auto value = parse_json(text);
  const Json* status = value ? find(*value, "status") : nullptr;
  if (status == nullptr) {
    return Error(Code::unauthenticated,
                 fmt::format("the program {} of {} printed no ExecCredential", access_.exec->command, access_.origin));
  }
  token_ = Secret(text_or(*status, "token"));
  if (const auto certificate = text_or(*status, "clientCertificateData"); !certificate.empty())
    use(certificate, Secret(text_or(*status, "clientKeyData")));
  good_until_ = parse_time(text_or(*status, "expirationTimestamp"));
  if (good_until_) *good_until_ -= kEarly;
  fetched_ = true;
  return {};
}

Task<> Credentials::apply(net::ClientRequest& request) {
  CO_TRY_VOID(co_await refresh());
  request.tls = tls_;
  if (!token_.empty()) {
    request.headers.set("Authorization", "Bearer " + token_.reveal());
  } else if (!access_.password.empty()) {
    request.user = access_.user;
    request.password = access_.password;
  }
  if (!access_.impersonate.empty()) request.headers.set("Impersonate-User", access_.impersonate);
  co_return Result<>();
}

}  // namespace slipway::kube
