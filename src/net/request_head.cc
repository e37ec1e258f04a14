#include "net/request_head.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::net {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7f; }

bool set_by_server(std::string_view name) {
  const auto small = lower(name);
  return small == "content-length" || small == "transfer-encoding" || small == "connection" || small == "date";
}

void append_clean(std::string& out, std::string_view text) {
  for (const char c : text) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
}

/// Formatting a date costs more than the rest of a head, and it changes once a second.
const std::string& date_now() {
  thread_local std::int64_t second = -1;
  thread_local std::string text;
  if (const auto now = static_cast<std::int64_t>(std::time(nullptr)); now != second) {
    second = now;
    text = http_date(now);
  }
  return text;
}

}  // namespace

Result<Target> parse_target(std::string_view target) {
  bool absolute = false;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (lower(target.substr(0, scheme.size())) != scheme) continue;
    absolute = true;
    const auto slash = target.find_first_of("/?", scheme.size());
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
    break;
  }
  if (!target.starts_with('/') && !absolute)
    return Error(Code::invalid_argument, "the request target must begin with '/'");
  const auto question = target.find('?');
  Target parsed;
  parsed.path = question == 0 ? "/" : url_decode(target.substr(0, question));
  if (question != std::string_view::npos) parsed.query = std::string(target.substr(question + 1));

  if (std::ranges::any_of(parsed.path, is_control)) {
    return Error(Code::invalid_argument, "the request path holds control characters");
  }
  for (const auto& segment : split(parsed.path, '/')) {
    if (segment == "." || segment == "..") {
      return Error(Code::invalid_argument, "the request path must not hold '.' or '..' segments");
    }
  }
  return parsed;
}

std::optional<std::string> find_query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    if (url_decode(pair.substr(0, equals), true) != name) continue;
    return url_decode(pair.substr(std::min(equals + 1, pair.size())), true);
  }
  return std::nullopt;
}

std::string head_text(const ResponseHead& head) {
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(head.status)));
  std::string out = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", head.status,
                                std::string_view(reason.data(), reason.size()), date_now());
  if (head.headers) {
    for (const auto& [name, value] : *head.headers) {
      if (set_by_server(name)) continue;
      append_clean(out, name);
      out += ": ";
      append_clean(out, value);
      out += "\r\n";
    }
  }
  if (head.content_length) out += fmt::format("Content-Length: {}\r\n", *head.content_length);
  if (head.chunked) out += "Transfer-Encoding: chunked\r\n";
  if (head.close) {
    out += "Connection: close\r\n";
  } else if (head.keep_alive_field) {
    out += "Connection: keep-alive\r\n";
  }
  return out += "\r\n";
}

std::string http_date(std::int64_t unix_seconds) {
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays.at(static_cast<std::size_t>(parts.tm_wday)),
                     parts.tm_mday, kMonths.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace slipway::net
