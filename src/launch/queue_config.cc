#include "launch/queue_config.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::launch {
namespace {

bool names(const ResourceKind& kind, std::string_view key) {
  // "" is an alias of a resource in a spec, but no key that wraps a document.
  return !key.empty() && canonical_resource(std::span(&kind, 1), key).has_value();
}

/// The value below an outer key that names the resource, nullptr when the document has none.
const Json* below_outer_key(const JsonObject& document, const ResourceKind& kind) {
  if (document.size() != 1) return nullptr;
  const auto& only = *document.begin();
  const bool wraps = names(kind, only.key()) && (only.value().is_object() || only.value().is_null());
  return wraps ? &only.value() : nullptr;
}

Error must_be_map(const Json& value, const YamlDocument* source) {
  const auto message = fmt::format("the queue configuration must be a map, got {}", kind_name(value));
  return Error(Code::invalid_argument, message,
               source ? std::vector{Problem{"", message, source->file, 1, 1}} : std::vector<Problem>{});
}

Result<QueueConfig> unwrap(const Json& value, const ResourceKind& kind, const YamlDocument* source) {
  QueueConfig out;
  if (value.is_null()) return out;
  if (!value.is_object()) return must_be_map(value, source);
  const Json* document = &value;
  std::string taken;
  if (const Json* wrapped = find(*document, "resource_args"); wrapped && document->get_object().size() == 1) {
    if (!wrapped->is_object()) return must_be_map(*wrapped, source);
    document = wrapped;
    taken = "resource_args";
    if (!document->get_object().empty() && !below_outer_key(document->get_object(), kind)) {
      std::string keys;
      for (const auto& member : document->get_object())
        keys += fmt::format("{}'{}'", keys.empty() ? "" : ", ", std::string_view(member.key()));
      return Error(Code::invalid_argument,
                   fmt::format("resource_args names {}, but the queue's resource is '{}'", keys, kind.name));
    }
  }
  if (const Json* inner = below_outer_key(document->get_object(), kind)) {
    taken += (taken.empty() ? "" : ".") + std::string(document->get_object().begin()->key());
    document = inner;
  }
  if (!taken.empty())
    out.notices.push_back(
        Problem{taken, fmt::format("the outer key was taken off: the document is that of '{}' itself", kind.name)});
  if (document->is_object()) out.document = document->get_object();
  return out;
}

}  // namespace

Result<QueueConfig> parse_queue_config(std::string_view text, const ResourceKind& kind, std::string file) {
  auto document = parse_yaml_or_json(text, std::move(file));
  if (!document) return std::move(document.error()).wrap("reading the queue configuration");
  TRY(auto config, unwrap(document->value, kind, &*document));
  for (auto& notice : config.notices) notice = document->problem(notice.path, notice.message);
  return config;
}

Result<QueueConfig> queue_config_from_json(const Json& value, const ResourceKind& kind) {
  return unwrap(value, kind, nullptr);
}

Json to_wire(const ResourceKind& kind, const JsonObject& document) {
  return JsonObject{{"resource_args", JsonObject{{boost::json::string_view(kind.name), document}}}};
}

}  // namespace slipway::launch
