// How a ClientRequest becomes the options of a curl handle.
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "base/strings.h"
#include "net/curl_transfer.h"

namespace slipway::net {
namespace {

bool holds_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

/// The file of certificate authorities that the environment asks for: the names that OpenSSL and Python's
/// requests use.
const char* certificate_file() {
  for (const char* name : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  }
  return nullptr;
}

/// curl reads it where it is: the request outlives the transfer.
curl_blob blob_of(const std::string& text) {
  return {.data = const_cast<char*>(text.data()), .len = text.size(), .flags = CURL_BLOB_NOCOPY};
}

}  // namespace

Result<> CurlTransfer::prepare(const HttpClient::Options& options) {
  TRY_VOID(parse_url(request_.url));
  easy_ = curl_easy_init();
  if (!easy_) return Error(Code::internal, "libcurl gave no handle");
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_USERAGENT, options.user_agent.c_str());
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
  if (request_.timeout) set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<Millis::rep>(1, request_.timeout->count())));
  if (!request_.unix_socket.empty()) {
    set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
    set(CURLOPT_PROXY, "");
  }
  TRY_VOID(set_body());
  set_method();
  TRY_VOID(set_fields());
  set_security();
  TRY_VOID(set_tls());
  set_callbacks();
  return {};
}

Result<> CurlTransfer::set_body() {
  upload_size_ = request_.body.size();
  if (!request_.body_file) return {};
  upload_ = std::fopen(request_.body_file->c_str(), "re");
  const bool measured = upload_ && ::fseeko(upload_, 0, SEEK_END) == 0;
  const auto size = measured ? ::ftello(upload_) : -1;
  if (size < 0) {
    return Error(Code::not_found,
                 fmt::format("cannot read {}: {}", request_.body_file->string(), std::strerror(errno)));
  }
  std::rewind(upload_);
  upload_size_ = static_cast<std::uint64_t>(size);
  return {};
}

void CurlTransfer::set_method() {
  const auto& method = request_.method;
  const bool may_have_body = upload_size_ > 0 || upload_ || method == "POST" || method == "PUT" || method == "PATCH";
  const auto size = static_cast<curl_off_t>(upload_size_);
  if (method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (!may_have_body) {
    set(CURLOPT_HTTPGET, 1L);
  } else if (upload_ && method == "PUT") {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, size);
  } else {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, size);
    if (!upload_) set(CURLOPT_POSTFIELDS, request_.body.data());
  }
  // A custom method would also be used after a redirect, so it is set only where curl has no option for the
  // method.
  const bool known = method == "GET" || method == "HEAD" || method == "POST" || (method == "PUT" && upload_);
  if (!known || (method == "GET" && may_have_body)) set(CURLOPT_CUSTOMREQUEST, method.c_str());
}

Result<> CurlTransfer::set_fields() {
  auto append = [this](const std::string& line) { fields_list_ = curl_slist_append(fields_list_, line.c_str()); };
  for (const auto& [name, value] : request_.headers) {
    if (holds_line_break(name) || holds_line_break(value)) {
      return Error(Code::invalid_argument,
                   fmt::format("header {}: line breaks are not allowed", replace_all(name, "\n", " ")));
    }
    append(value.empty() ? name + ";" : name + ": " + value);
  }
  // Without this curl would call every body a web form.
  if (!request_.headers.has("Content-Type")) append("Content-Type:");
  set(CURLOPT_HTTPHEADER, fields_list_);
  return {};
}

void CurlTransfer::set_security() {
  if (!request_.password.empty()) {
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERNAME, request_.user.c_str());
    set(CURLOPT_PASSWORD, request_.password.reveal().c_str());
  }
  if (const char* file = certificate_file()) set(CURLOPT_CAINFO, file);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  if (!request_.follow_redirects) return;
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 5L);
  const bool secure = lower(request_.url.substr(0, 8)) == "https://";
  set(CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
}

Result<> CurlTransfer::set_tls() {
  if (!request_.tls) return {};
  const ClientTls& tls = *request_.tls;
  if (!tls.authorities.empty()) {
    curl_blob authorities = blob_of(tls.authorities);
    set(CURLOPT_CAINFO, nullptr);
    set(CURLOPT_CAPATH, nullptr);
    set(CURLOPT_CAINFO_BLOB, &authorities);
  }
  if (!tls.certificate.empty()) {
    curl_blob certificate = blob_of(tls.certificate);
    curl_blob key = blob_of(tls.key.reveal());
    set(CURLOPT_SSLCERTTYPE, "PEM");
    set(CURLOPT_SSLCERT_BLOB, &certificate);
    set(CURLOPT_SSLKEYTYPE, "PEM");
    set(CURLOPT_SSLKEY_BLOB, &key);
  }
  set(CURLOPT_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
  if (!tls.server_name.empty()) TRY_VOID(connect_as(tls.server_name));
  return {};
}

/// The address then carries the name, and the connection goes to where the address led.
Result<> CurlTransfer::connect_as(const std::string& name) {
  TRY(const Url url, parse_url(request_.url));
  const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  set(CURLOPT_URL, fmt::format("{}://{}:{}{}", url.scheme, name, url.port, url.path).c_str());
  connect_to_ = curl_slist_append(nullptr, fmt::format("{}:{}:{}:{}", name, url.port, host, url.port).c_str());
  set(CURLOPT_CONNECT_TO, connect_to_);
  return {};
}

}  // namespace slipway::net
