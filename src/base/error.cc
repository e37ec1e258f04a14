#include "base/error.h"

#include <array>

#include <fmt/format.h>

namespace slipway {
namespace {

struct CodeRow {
  Code code;
  std::string_view name;
  int http;
  int exit;
  bool retry;
};

constexpr std::array kCodes = {
    CodeRow{Code::invalid_argument, "invalid_argument", 400, 2, false},
    CodeRow{Code::unauthenticated, "unauthenticated", 401, 4, false},
    CodeRow{Code::permission_denied, "permission_denied", 403, 4, false},
    CodeRow{Code::not_found, "not_found", 404, 3, false},
    CodeRow{Code::conflict, "conflict", 409, 6, false},
    CodeRow{Code::stale, "stale", 409, 6, false},
    CodeRow{Code::resource_exhausted, "resource_exhausted", 413, 7, false},
    CodeRow{Code::unavailable, "unavailable", 503, 5, true},
    CodeRow{Code::deadline_exceeded, "deadline_exceeded", 504, 5, true},
    CodeRow{Code::cancelled, "cancelled", 410, 8, false},
    CodeRow{Code::failed_precondition, "failed_precondition", 422, 9, false},
    CodeRow{Code::internal, "internal", 500, 70, false},
};

const CodeRow& row(Code code) { return kCodes.at(static_cast<std::size_t>(code)); }

}  // namespace

std::string_view code_name(Code code) { return row(code).name; }
int http_status(Code code) { return row(code).http; }
int exit_status(Code code) { return row(code).exit; }
bool retryable(Code code) { return row(code).retry; }

std::optional<Code> code_from_name(std::string_view name) {
  for (const auto& each : kCodes) {
    if (each.name == name) return each.code;
  }
  return std::nullopt;
}

std::string Problem::to_string() const {
  std::string out = file;
  if (line > 0) out += fmt::format("{}line {}", out.empty() ? "" : ", ", line);
  if (line > 0 && column > 0) out += fmt::format(", column {}", column);
  if (!path.empty()) out += fmt::format("{}{}", out.empty() ? "" : ": ", path);
  if (!out.empty()) out += ": ";
  return out + message;
}

Error Error::wrap(std::string_view doing) && {
  message_.insert(0, ": ").insert(0, doing);
  return std::move(*this);
}

Error Error::hint(std::string text) && {
  hint_ = std::move(text);
  return std::move(*this);
}

std::string Error::to_string() const {
  std::string out = message_;
  for (const auto& problem : problems_) out += "\n  " + problem.to_string();
  if (!hint_.empty()) out += "\n" + hint_;
  return out;
}

}  // namespace slipway
