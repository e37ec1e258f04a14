#include "launch/document_diff.h"

#include <charconv>

#include "launch/fields.h"

namespace slipway::launch {
namespace {

using Paths = std::vector<std::string>;

void compare(const Json& before, const Json& after, const std::string& path, Paths& out);

/// Members of `added`, down to the leaves, as paths.
void list_leaves(const Json& added, const std::string& path, Paths& out) {
  const auto* object = added.if_object();
  if (!object || object->empty()) {
    out.push_back(path);
    return;
  }
  for (const auto& member : *object) list_leaves(member.value(), join_path(path, member.key()), out);
}

void compare_lists(const JsonArray& before, const JsonArray& after, const std::string& path, Paths& out) {
  if (before.size() != after.size()) {
    out.push_back(path);
    return;
  }
  for (std::size_t i = 0; i < before.size(); ++i) compare(before[i], after[i], join_path(path, i), out);
}

/// Both ways: what is added, changed, gone.
void compare(const Json& before, const Json& after, const std::string& path, Paths& out) {
  if (before.is_object() && after.is_object()) {
    for (const auto& member : before.get_object()) {
      const Json* now = find(after, member.key());
      if (now)
        compare(member.value(), *now, join_path(path, member.key()), out);
      else
        out.push_back(join_path(path, member.key()));
    }
    for (const auto& member : after.get_object()) {
      if (!find(before, member.key())) list_leaves(member.value(), join_path(path, member.key()), out);
    }
  } else if (before.is_array() && after.is_array()) {
    compare_lists(before.get_array(), after.get_array(), path, out);
  } else if (before != after) {
    out.push_back(path);
  }
}

/// Only what `overlay` names.
void compare_overlay(const Json& base, const Json& overlay, const std::string& path, Paths& out) {
  if (!overlay.is_object() || !base.is_object()) return compare(base, overlay, path, out);
  for (const auto& member : overlay.get_object()) {
    const auto below = join_path(path, member.key());
    const Json* before = find(base, member.key());
    if (before)
      compare_overlay(*before, member.value(), below, out);
    else
      list_leaves(member.value(), below, out);
  }
}

const Json* item_at(const Json& list, std::string_view path) {
  const auto close = path.find(']');
  if (!list.is_array() || close == std::string_view::npos) return nullptr;
  std::size_t index = 0;
  const auto [end, ec] = std::from_chars(path.data() + 1, path.data() + close, index);
  if (ec != std::errc() || end != path.data() + close || index >= list.get_array().size()) return nullptr;
  return value_at(list.get_array()[index], path.substr(close + 1));
}

}  // namespace

std::vector<std::string> changed_paths(const Json& admin, const Json& submitter) {
  Paths out;
  compare_overlay(admin, submitter, "", out);
  return out;
}

const Json* value_at(const Json& document, std::string_view path) {
  if (path.empty()) return &document;
  if (path.starts_with('[')) return item_at(document, path);
  if (path.starts_with('.')) path.remove_prefix(1);
  const auto* object = document.if_object();
  if (!object) return nullptr;
  for (const auto& member : *object) {
    const std::string_view key = member.key();
    if (!path.starts_with(key)) continue;
    const auto rest = path.substr(key.size());
    if (!rest.empty() && rest.front() != '.' && rest.front() != '[') continue;
    if (const Json* found = value_at(member.value(), rest)) return found;
  }
  return nullptr;
}

}  // namespace slipway::launch
