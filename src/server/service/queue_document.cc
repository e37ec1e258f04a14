#include "server/service/queue_document.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/policy.h"
#include "launch/queue_config.h"
#include "launch/template.h"
#include "server/service/queue_service.h"
#include "server/service/schema_check.h"

namespace slipway::server {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

Result<Json> one_link(std::string_view label, const Json* url) {
  if (url == nullptr || !url->is_string()) {
    return Error(Code::invalid_argument, fmt::format("external link '{}': 'url' must be a string", label));
  }
  const std::string address(url->get_string().data(), url->get_string().size());
  if (!address.starts_with("https://") && !address.starts_with("http://")) {
    return Error(Code::invalid_argument,
                 fmt::format("external link '{}': '{}' does not begin with https:// or http://", label, address));
  }
  if (address.size() > 2048 || label.size() > 256 || std::ranges::any_of(address, is_control)) {
    return Error(Code::invalid_argument,
                 fmt::format("external link '{}' is too long or has control characters", label.substr(0, 64)));
  }
  return Json{{"label", label}, {"url", address}};
}

/// The form is offered with REQUIRED at these places; a queue that still has the word there cannot run anything (S-102).
Result<> check_filled(const JsonObject& document, const plugins::RunnerPlugin& plugin,
                      std::vector<std::string>& warnings) {
  const auto offered = launch::find_required(plugin.default_config);
  std::vector<Problem> problems;
  for (const auto& path : launch::find_required(document)) {
    if (std::ranges::find(offered, path) != offered.end()) {
      problems.push_back({.path = path, .message = "still says REQUIRED. Put the value for your account here."});
    } else {
      warnings.push_back(fmt::format("{}: says REQUIRED. Is that a placeholder that was not filled in?", path));
    }
  }
  if (problems.empty()) return {};
  return Error(Code::invalid_argument, "the queue configuration has places that have to be filled in",
               std::move(problems));
}

Result<> apply_config(const QueueInput& input, const plugins::RunnerPlugin& plugin, Queue& queue,
                      std::vector<std::string>& warnings) {
  if (input.config) {
    const launch::ResourceKind kind{plugin.name, plugin.aliases};
    TRY(auto config, launch::parse_queue_config(*input.config, kind));
    for (const auto& notice : config.notices) warnings.push_back(notice.to_string());
    queue.config = std::move(config.document);
  }
  if (!queue.config.is_object()) queue.config = JsonObject();
  TRY_VOID(check_filled(queue.config.get_object(), plugin, warnings));
  for (const auto& problem : check_schema(plugin.config_schema, queue.config)) warnings.push_back(problem.to_string());
  return {};
}

}  // namespace

Result<> check_queue_name(std::string_view name) {
  if (name.empty() || name.size() > 64) {
    return Error(Code::invalid_argument,
                 fmt::format("a queue's name has 1 to 64 characters, this one has {}", name.size()));
  }
  if (name.find('/') != std::string_view::npos || std::ranges::any_of(name, is_control) ||
      trim(name).size() != name.size() || !is_utf8(name)) {
    return Error(Code::invalid_argument, "a queue's name has no '/', no control characters and no spaces at its ends");
  }
  return {};
}

Result<> check_account_name(std::string_view kind, std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const auto legal = [&](char c) { return is_word(c) || c == '_' || c == '-' || c == '.'; };
  if (!name.empty() && name.size() <= 64 && is_word(name.front()) && std::ranges::all_of(name, legal)) return {};
  return Error(Code::invalid_argument, fmt::format("'{}' is no name for {}: it takes 1 to 64 letters, digits, '_', '-' "
                                                   "and '.', beginning with a letter or digit",
                                                   to_utf8_lossy(name.substr(0, 80)), kind));
}

Result<Json> read_links(const Json& value) {
  JsonArray links;
  if (value.is_null()) return Json{{"links", links}};
  if (!value.is_object())
    return Error(Code::invalid_argument, fmt::format("external links: expected an object, got {}", kind_name(value)));
  const Json* list = find(value, "links");
  if (list != nullptr && list->is_array()) {
    for (const auto& each : list->get_array()) {
      TRY(auto link, one_link(text_or(each, "label"), find(each, "url")));
      links.push_back(std::move(link));
    }
  } else {
    for (const auto& member : value.get_object()) {
      const std::string label(member.key());
      TRY(auto link, one_link(label, &member.value()));
      links.push_back(std::move(link));
    }
  }
  if (links.size() > 100) return Error(Code::invalid_argument, "external links: at most 100");
  JsonObject out;
  out["links"] = std::move(links);
  return Json(std::move(out));
}

Result<> apply_documents(const QueueInput& input, const plugins::RunnerPlugin& plugin, Queue& queue,
                         std::vector<std::string>& warnings) {
  TRY_VOID(apply_config(input, plugin, queue, warnings));
  if (input.template_variables) queue.template_variables = *input.template_variables;
  TRY(const auto schema, launch::parse_template_schema(queue.template_variables));
  TRY_VOID(launch::check_template(queue.config, schema));
  queue.template_variables = launch::to_json(schema);
  if (input.external_links || !queue.external_links.is_object()) {
    TRY(queue.external_links, read_links(input.external_links.value_or(Json())));
  }
  if (input.policy) queue.policy = *input.policy;
  TRY(const auto policy, launch::parse_policy(queue.policy));
  queue.policy = launch::to_json(policy);
  return {};
}

JsonObject changeable_document(const Queue& queue) {
  JsonObject members;
  members["resource"] = text_value(queue.resource);
  members["access"] = text_value(queue.access);
  members["prioritizationMode"] = queue.prioritized ? "V0" : "DISABLED";
  members["state"] = queue.state == QueueState::paused ? "PAUSED" : "ACTIVE";
  members["config"] = queue.config;
  members["templateVariables"] = queue.template_variables;
  members["externalLinks"] = queue.external_links;
  members["policy"] = queue.policy;
  members["leaseSeconds"] = queue.lease_ttl.count() / 1000;
  members["maxDeliveries"] = queue.max_deliveries;
  members["lostAfterSeconds"] = queue.lost_after.count() / 1000;
  return members;
}

void apply_changed_members(JsonObject& document, const Json& changed) {
  if (!changed.is_object()) return;
  for (const auto& [key, value] : changed.get_object()) {
    const std::string_view name(key);
    if (name == "prioritized") {
      document["prioritizationMode"] = value == Json(true) ? "V0" : "DISABLED";
    } else if (name == "state") {
      document["state"] = value == Json("paused") ? "PAUSED" : "ACTIVE";
    } else if (name == "template_variables") {
      document["templateVariables"] = value;
    } else if (name == "external_links") {
      document["externalLinks"] = value;
    } else if (name == "max_deliveries") {
      document["maxDeliveries"] = value;
    } else if (name == "lease_ttl" || name == "lost_after") {
      document[name == "lease_ttl" ? "leaseSeconds" : "lostAfterSeconds"] = as_integer(value).value_or(0) / 1000;
    } else {
      document[name] = value;
    }
  }
}

}  // namespace slipway::server
