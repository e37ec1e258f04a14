#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/log.h"
#include "base/strings.h"
#include "server/api/request_context.h"
#include "server/tracking/run_resolvers.h"
#include "server/tracking/shapes.h"

namespace slipway::server {

using namespace tracking;

namespace {

constexpr Millis kLifetime = std::chrono::hours(24);
constexpr std::size_t kMaxFiles = 1'000;
constexpr std::size_t kMaxPattern = 256;
constexpr std::ptrdiff_t kMaxWildcards = 8;
constexpr std::string_view kFilePrefix = "File:";

std::string file_id(const RunKey& run, std::string_view name) {
  return to_base64(fmt::format("{}{}:{}", kFilePrefix, run_global_id(run), name));
}

struct FileName {
  RunKey run;
  std::string name;
};

std::optional<FileName> parse_file_id(std::string_view id) {
  const auto text = from_base64(id);
  if (!text || !text->starts_with(kFilePrefix)) return std::nullopt;
  const std::string_view rest = std::string_view(*text).substr(kFilePrefix.size());
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto run = parse_run_global_id(rest.substr(0, colon));
  if (!run) return std::nullopt;
  return FileName{.run = std::move(*run), .name = std::string(rest.substr(colon + 1))};
}

JsonObject done(const JsonObject& input, bool success) {
  JsonObject payload;
  payload["success"] = success;
  payload["clientMutationId"] = text_arg(input, "clientMutationId");
  return payload;
}

RunKey named_run(const JsonObject& input, const Principal& who) {
  RunKey key{.entity = text_arg(input, "entityName"),
             .project = text_arg(input, "projectName"),
             .name = text_arg(input, "runName")};
  if (key.entity.empty()) key.entity = default_entity(who);
  return key;
}

}  // namespace

void RunResolvers::bind_files(graphql::Resolvers& resolvers) {
  const auto bind = [&](std::string coordinate, Task<Json> (RunResolvers::*method)(const Call&)) {
    resolvers.bind(std::move(coordinate), [this, method](const Call& call) { return (this->*method)(call); });
  };
  bind("Run.files", &RunResolvers::files);
  bind("Run.fileCount", &RunResolvers::file_count);
  bind("Mutation.createRunFiles", &RunResolvers::create_run_files);
  bind("Mutation.markRunFilesUploaded", &RunResolvers::mark_uploaded);
  bind("Mutation.deleteFiles", &RunResolvers::delete_files);
  bind("Mutation.updateRunState", &RunResolvers::set_state);
  bind("Mutation.notifyScriptableRunAlert", &RunResolvers::alert);
}

Task<Json> RunResolvers::files(const Call& call) {
  const std::string base = request_of(call).base_url;
  const RunKey key{.entity = text_or(call.parent, "entityName"),
                   .project = text_or(call.parent, "projectName"),
                   .name = text_or(call.parent, "name")};
  const std::string like = text_arg(call.args, "pattern");
  if (like.size() > kMaxPattern || std::ranges::count(like, '%') > kMaxWildcards)
    co_return Error(Code::invalid_argument,
                    fmt::format("pattern: at most {} bytes with at most {} wildcards", kMaxPattern, kMaxWildcards));
  CO_TRY(const auto page, co_await store_.list_run_files(hidden_id(call.parent, "_run"), list_arg(call.args, "names"),
                                                         like, page_of(call.args)));
  const auto shape = [&](const RunFile& file) {
    JsonObject json;
    json["__typename"] = "File";
    json["id"] = file_id(key, file.name);
    json["name"] = file.name;
    json["displayName"] = file.name;
    json["sizeBytes"] = file.size;
    json["md5"] = file.md5;
    json["updatedAt"] = time_json(file.updated_at);
    const std::string address =
        base +
        grants_.address({.kind = GrantKind::get_blob, .entity = key.entity, .digest = file.sha256, .name = file.name},
                        kLifetime);
    json["url"] = file.sha256.empty() ? Json() : text_value(address);
    json["directUrl"] = json["url"];
    return Json(std::move(json));
  };
  co_return connection_of(page, shape);
}

Task<Json> RunResolvers::create_run_files(const Call& call) {
  const JsonObject& input = input_of(call.args);
  const RequestContext& request = request_of(call);
  CO_TRY(const Run run,
         co_await runs_.find(request.principal, named_run(input, request_of(call).principal), Role::agent));
  const auto names = list_arg(input, "files");
  if (names.size() > kMaxFiles)
    co_return Error(Code::invalid_argument,
                    fmt::format("at most {} files in one call, got {}", kMaxFiles, names.size()));
  JsonArray files;
  for (const std::string& name : names) {
    const std::string fault = path_fault(name);
    if (!fault.empty())
      co_return Error(Code::invalid_argument, fmt::format("file '{}' cannot be stored: {}",
                                                          to_utf8_lossy(std::string_view(name).substr(0, 200)), fault));
    RunFile file{.name = name};
    CO_TRY_VOID(co_await store_.put_run_file(run.id, std::move(file)));
    const Grant grant{.kind = GrantKind::put_run_file, .entity = run.key.entity, .owner = run.id, .name = name};
    JsonObject json;
    json["id"] = file_id(run.key, name);
    json["name"] = name;
    json["uploadUrl"] = request.base_url + grants_.address(grant, kLifetime);
    json["uploadHeaders"] = JsonArray();
    files.push_back(std::move(json));
  }
  JsonObject payload;
  payload["runID"] = run_global_id(run.key);
  payload["uploadHeaders"] = JsonArray();
  payload["files"] = std::move(files);
  payload["clientMutationId"] = text_arg(input, "clientMutationId");
  co_return payload;
}

Task<Json> RunResolvers::file_count(const Call& call) {
  CO_TRY(const auto count, co_await store_.count_run_files(hidden_id(call.parent, "_run")));
  co_return Json(count);
}

/// A file is there as soon as its bytes are: there is nothing left to do.
Task<Json> RunResolvers::mark_uploaded(const Call& call) {
  const JsonObject& input = input_of(call.args);
  CO_TRY_VOID(
      co_await runs_.find(request_of(call).principal, named_run(input, request_of(call).principal), Role::agent));
  co_return done(input, true);
}

Task<Json> RunResolvers::delete_files(const Call& call) {
  const JsonObject& input = input_of(call.args);
  std::map<RunKey, std::vector<std::string>> names;
  for (const std::string& id : list_arg(input, "files")) {
    auto file = parse_file_id(id);
    if (!file) co_return Error(Code::not_found, "file not found");
    names[file->run].push_back(std::move(file->name));
  }
  for (const auto& [key, files] : names) {
    CO_TRY(const Run run, co_await runs_.find(request_of(call).principal, key, Role::agent));
    CO_TRY_VOID(co_await store_.remove_run_files(run.id, files));
  }
  co_return done(input, true);
}

Task<Json> RunResolvers::set_state(const Call& call) {
  const JsonObject& input = input_of(call.args);
  const auto key = parse_run_global_id(text_arg(input, "id"));
  if (!key) co_return Error(Code::not_found, "run not found");
  CO_TRY(const bool changed, co_await runs_.set_state(request_of(call).principal, *key, text_arg(input, "state")));
  co_return done(input, changed);
}

/// Alerts go to the log; nobody is notified.
Task<Json> RunResolvers::alert(const Call& call) {
  const JsonObject& input = input_of(call.args);
  CO_TRY(const Run run,
         co_await runs_.find(request_of(call).principal, named_run(input, request_of(call).principal), Role::agent));
  log::info("alert of a run", {{"run", run.key.name},
                               {"project", run.key.project},
                               {"entity", run.key.entity},
                               {"severity", text_arg(input, "severity", "INFO")},
                               {"title", to_utf8_lossy(std::string_view(text_arg(input, "title")).substr(0, 200))}});
  co_return done(input, true);
}

}  // namespace slipway::server
