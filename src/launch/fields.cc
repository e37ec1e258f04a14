#include "launch/fields.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::launch {

std::string join_path(std::string_view parent, std::string_view member) {
  return parent.empty() ? std::string(member) : fmt::format("{}.{}", parent, member);
}

std::string join_path(std::string_view parent, std::size_t index) { return fmt::format("{}[{}]", parent, index); }

void ProblemList::add(std::string path, std::string message) {
  const bool known = std::ranges::find(problems_, path, &Problem::path) != problems_.end();
  if (known && repeats_ == Repeats::first_per_path) return;
  problems_.push_back(document_ ? document_->problem(std::move(path), std::move(message))
                                : Problem{std::move(path), std::move(message)});
}

const Json* FieldReader::raw(std::string_view key) {
  known_.emplace(key);
  const Json* value = find(object_, key);
  return value && !value->is_null() ? value : nullptr;
}

std::string FieldReader::text(std::string_view key, std::size_t max_bytes) {
  const Json* value = raw(key);
  if (!value) return "";
  if (!value->is_string()) {
    problems_.add(path_of(key),
                  fmt::format("expected text, got {} {}", kind_name(*value), to_text(*value).substr(0, 60)));
    return "";
  }
  const std::string_view content = value->get_string();
  if (content.size() > max_bytes) {
    problems_.add(path_of(key), fmt::format("longer than {} bytes", max_bytes));
    return "";
  }
  if (content.find('\0') != std::string_view::npos) {
    problems_.add(path_of(key), "holds a NUL character");
    return "";
  }
  return std::string(content);
}

std::optional<std::int64_t> FieldReader::integer(std::string_view key, std::int64_t minimum, std::int64_t maximum) {
  const Json* value = raw(key);
  if (!value) return std::nullopt;
  const auto number = as_integer(*value);
  if (!number) {
    problems_.add(path_of(key),
                  fmt::format("expected an integer, got {} {}", kind_name(*value), to_text(*value).substr(0, 60)));
  } else if (*number < minimum || *number > maximum) {
    problems_.add(path_of(key), fmt::format("{} is out of range {} to {}", *number, minimum, maximum));
    return std::nullopt;
  }
  return number;
}

bool FieldReader::boolean(std::string_view key, bool otherwise) {
  const Json* value = raw(key);
  if (!value) return otherwise;
  if (value->is_bool()) return value->get_bool();
  problems_.add(path_of(key),
                fmt::format("expected true or false, got {} {}", kind_name(*value), to_text(*value).substr(0, 60)));
  return otherwise;
}

JsonObject FieldReader::object(std::string_view key) {
  const Json* value = raw(key);
  if (!value) return {};
  if (value->is_object()) return value->get_object();
  problems_.add(path_of(key), fmt::format("expected a map, got {}", kind_name(*value)));
  return {};
}

JsonArray FieldReader::array(std::string_view key, std::size_t max_items) {
  const Json* value = raw(key);
  if (!value) return {};
  if (!value->is_array()) {
    problems_.add(path_of(key), fmt::format("expected a list, got {}", kind_name(*value)));
    return {};
  }
  if (value->get_array().size() > max_items) {
    problems_.add(path_of(key), fmt::format("more than {} items", max_items));
    return {};
  }
  return value->get_array();
}

std::vector<std::string> FieldReader::texts(std::string_view key, std::size_t max_items, std::size_t max_bytes) {
  std::vector<std::string> out;
  std::size_t index = 0;
  for (const auto& item : array(key, max_items)) {
    const auto path = join_path(path_of(key), index++);
    if (!item.is_string()) {
      problems_.add(path, fmt::format("expected text, got {} {}", kind_name(item), to_text(item).substr(0, 60)));
      continue;
    }
    const std::string_view content = item.get_string();
    if (content.size() > max_bytes) problems_.add(path, fmt::format("longer than {} bytes", max_bytes));
    if (content.find('\0') != std::string_view::npos) problems_.add(path, "holds a NUL character");
    out.emplace_back(content);
  }
  return out;
}

JsonObject FieldReader::rest() const {
  JsonObject out;
  for (const auto& member : object_) {
    if (!known_.contains(std::string_view(member.key()))) out.emplace(member.key(), member.value());
  }
  return out;
}

void FieldReader::refuse_rest(std::string_view what) {
  const std::vector<std::string> known(known_.begin(), known_.end());
  for (const auto& member : rest()) {
    problems_.add(path_of(member.key()), fmt::format("unknown {} '{}'.{}", what, std::string_view(member.key()),
                                                     did_you_mean(member.key(), known)));
  }
}

}  // namespace slipway::launch
