#include "cli/commands/queue_document.h"

#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "archive/archive.h"
#include "base/strings.h"
#include "base/yaml.h"

namespace slipway::cli {

Result<Json> read_document(const std::string& text_or_path, const std::string& option) {
  const std::string_view shown = trim(text_or_path);
  if (shown.empty()) return Json(JsonObject());
  std::string text;
  std::string file;
  if (shown.front() == '{') {
    text = shown;
  } else if (shown == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
    file = "standard input";
  } else {
    auto content = archive::read_file(std::string(shown));
    if (!content) return std::move(content).error().wrap("reading " + option);
    text = *std::move(content);
    file = shown;
  }
  auto document = parse_yaml_or_json(text, file);
  if (!document) return std::move(document).error().wrap("reading " + option);
  if (document->value.is_null()) return Json(JsonObject());
  if (!document->value.is_object()) {
    return Error(Code::invalid_argument,
                 fmt::format("reading {}: expected a map, got {}", option, kind_name(document->value)));
  }
  return std::move(document->value);
}

Result<Json> find_queue(Session& session, const std::string& entity, const std::string& name) {
  const std::string document = fmt::format(
      "query Queue($entity: String!, $project: String!, $name: String!) {{ project(entityName: $entity, name: "
      "$project) {{"
      " runQueue(name: $name) {{ {} }} runQueues {{ name }} }} }}",
      kQueueFields);
  JsonObject variables{{"entity", entity}, {"project", kQueueProject}, {"name", name}};
  TRY(const Json data, session.call(document, std::move(variables)));
  if (const Json* queue = find_path(data, "project.runQueue"); queue && queue->is_object()) return *queue;
  std::vector<std::string> names;
  if (const Json* queues = find_path(data, "project.runQueues"); queues && queues->is_array()) {
    for (const auto& queue : queues->get_array()) names.push_back(text_or(queue, "name"));
  }
  return Error(Code::not_found,
               fmt::format("entity '{}' has no queue '{}'.{}", entity, name, did_you_mean(name, names)))
      .hint(names.empty() ? "Create it with `slipway queue create`." : "It has: " + join(names, ", "));
}

std::string queue_activity(const Json& queue) {
  if (text_or(queue, "state") == "PAUSED") return "paused";
  const Json* agents = find(queue, "agents");
  if (agents && agents->is_array()) {
    for (const auto& agent : agents->get_array()) {
      if (bool_or(agent, "alive", false)) return "active";
    }
  }
  return "not running";
}

Result<Json> external_links(const std::vector<std::string>& pairs) {
  JsonArray links;
  for (const auto& pair : pairs) {
    const auto equals = pair.find('=');
    const std::string url = equals == std::string::npos ? "" : pair.substr(equals + 1);
    if (equals == 0 || (!url.starts_with("https://") && !url.starts_with("http://"))) {
      return Error(Code::invalid_argument,
                   fmt::format("--link: '{}' is not LABEL=URL with an http or https address", pair));
    }
    links.push_back(JsonObject{{"label", pair.substr(0, equals)}, {"url", url}});
  }
  return Json(JsonObject{{"links", std::move(links)}});
}

}  // namespace slipway::cli
