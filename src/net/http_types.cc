#include "net/http_types.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::net {
namespace {

char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower_char(x) == lower_char(y); });
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (lower_char(c) >= 'a' && lower_char(c) <= 'f') return lower_char(c) - 'a' + 10;
  return -1;
}

Error bad_url(std::string_view text, std::string_view what) {
  // The query is left out: signed addresses carry their signature there.
  const auto shown = text.substr(0, std::min<std::size_t>(text.find('?'), 200));
  return Error(Code::invalid_argument, fmt::format("bad address '{}': {}", shown, what));
}

/// The port after the host, -1 when it is none.
int parse_port(std::string_view digits) {
  int port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole && port > 0 && port < 65536 ? port : -1;
}

}  // namespace

void Headers::set(std::string name, std::string value) {
  std::erase_if(fields_, [&](const auto& field) { return same_name(field.first, name); });
  add(std::move(name), std::move(value));
}

std::string_view Headers::get(std::string_view name) const {
  const auto found = std::ranges::find_if(fields_, [&](const auto& field) { return same_name(field.first, name); });
  return found == fields_.end() ? std::string_view() : std::string_view(found->second);
}

bool Headers::has(std::string_view name) const {
  return std::ranges::any_of(fields_, [&](const auto& field) { return same_name(field.first, name); });
}

std::string url_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string url_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

Result<Url> parse_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return bad_url(text, "it must begin with http:// or https://");
  Url url;
  url.scheme = lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") return bad_url(text, "only http and https are supported");
  url.port = url.scheme == "https" ? 443 : 80;

  const auto rest = text.substr(colon + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  auto authority = rest.substr(0, end);
  if (authority.find('@') != std::string_view::npos) {
    return Error(Code::invalid_argument, "bad address: user name and password do not belong into an address");
  }
  const auto tail = rest.substr(end, rest.find('#') - end);
  url.path = tail.starts_with('/') ? std::string(tail) : "/" + std::string(tail);
  const bool printable = std::ranges::all_of(rest, [](unsigned char c) { return c > 0x20 && c != 0x7f; });
  if (!printable) return bad_url(text, "blanks and control characters must be written as %XX");

  auto host_end = authority.size();
  if (authority.starts_with('[')) {
    const auto bracket = authority.find(']');
    if (bracket == std::string_view::npos) return bad_url(text, "a bracket is not closed");
    host_end = bracket + 1;
  } else if (authority.find(':') != std::string_view::npos) {
    host_end = authority.find(':');
  }
  const auto port = authority.substr(host_end);
  if (!port.empty() && port != ":") {
    url.port = port.front() == ':' ? parse_port(port.substr(1)) : -1;
    if (url.port < 0) return bad_url(text, "the port must be a number from 1 to 65535");
  }
  authority = authority.substr(0, host_end);
  if (authority.starts_with('[')) authority = authority.substr(1, authority.size() - 2);
  if (authority.empty()) return bad_url(text, "there is no host name");
  url.host = lower(authority);
  return url;
}

}  // namespace slipway::net
