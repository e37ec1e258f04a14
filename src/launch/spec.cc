#include "launch/spec.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "launch/fields.h"
#include "launch/priority.h"

namespace slipway::launch {
namespace {

constexpr int kMostResumes = 1000;

Overrides read_overrides(const JsonObject& object, const SpecLimits& limits, ProblemList& problems) {
  FieldReader fields(object, "overrides", problems);
  Overrides out;
  out.args = fields.texts("args", limits.max_items, limits.max_text);
  out.entry_point = fields.texts("entry_point", limits.max_items, limits.max_text);
  out.run_config = fields.object("run_config");
  out.artifacts = fields.object("artifacts");
  out.files = fields.object("files");
  out.dockerfile = fields.text("dockerfile", limits.max_text);
  out.working_dir = fields.text("working_dir", limits.max_text);
  out.other = fields.rest();
  return out;
}

/// A path that must stay inside the source or the run's files.
void check_relative(const std::string& path, std::string field, ProblemList& problems) {
  if (path.starts_with('/'))
    problems.add(std::move(field), fmt::format("'{}' is an absolute path. Give it relative to the source", path));
  else if (("/" + path + "/").find("/../") != std::string::npos)
    problems.add(std::move(field), fmt::format("'{}' leads out of the source ('..')", path));
}

void check_overrides(const Overrides& overrides, ProblemList& problems) {
  check_relative(overrides.dockerfile, "overrides.dockerfile", problems);
  check_relative(overrides.working_dir, "overrides.working_dir", problems);
  for (const auto& file : overrides.files) {
    check_relative(std::string(file.key()), join_path("overrides.files", file.key()), problems);
    if (!file.value().is_object())
      problems.add(join_path("overrides.files", file.key()),
                   fmt::format("expected a map, got {}", kind_name(file.value())));
  }
}

/// A run id becomes part of URLs, file names and backend names.
void check_run_id(const std::string& id, ProblemList& problems) {
  if (id.size() > 128) problems.add("run_id", "longer than 128 characters");
  const auto bad = id.find_first_of("/\\#?%:");
  const bool control =
      std::ranges::any_of(id, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (bad != std::string::npos || control)
    problems.add("run_id", fmt::format("'{}' holds characters that a run id cannot have (/ \\ # ? % :)", id));
}

void read_image(FieldReader& fields, LaunchSpec& spec, const SpecLimits& limits, ProblemList& problems) {
  const JsonObject docker_object = fields.object("docker");
  FieldReader docker(docker_object, "docker", problems);
  spec.docker_image = docker.text("docker_image", limits.max_text);
  if (const auto user = docker.integer("user_id", 0, INT32_MAX)) spec.user_id = static_cast<int>(*user);
  const auto image_uri = fields.text("image_uri", limits.max_text);
  if (!image_uri.empty() && !spec.docker_image.empty() && image_uri != spec.docker_image) {
    problems.add("image_uri", fmt::format("'{}' differs from docker.docker_image '{}'. Give one of them", image_uri,
                                          spec.docker_image));
  }
  if (spec.docker_image.empty()) spec.docker_image = image_uri;
}

void read_resource_args(FieldReader& fields, LaunchSpec& spec, ProblemList& problems) {
  spec.resource_args = fields.object("resource_args");
  for (const auto& resource : spec.resource_args) {
    if (!resource.value().is_object() && !resource.value().is_null()) {
      problems.add(join_path("resource_args", resource.key()),
                   fmt::format("expected a map, got {}", kind_name(resource.value())));
    }
  }
}

void put_text(JsonObject& object, std::string_view key, const std::string& value) {
  if (!value.empty()) object[key] = text_value(value);
}

void put_object(JsonObject& object, std::string_view key, const JsonObject& value) {
  if (!value.empty()) object[key] = value;
}

void put_texts(JsonObject& object, std::string_view key, const std::vector<std::string>& values) {
  if (values.empty()) return;
  JsonArray out;
  for (const auto& each : values) out.push_back(text_value(each));
  object[key] = std::move(out);
}

void put_rest(JsonObject& object, const JsonObject& rest) {
  for (const auto& member : rest) object.emplace(member.key(), member.value());
}

JsonObject overrides_to_json(const Overrides& overrides) {
  JsonObject out;
  put_texts(out, "args", overrides.args);
  put_texts(out, "entry_point", overrides.entry_point);
  put_object(out, "run_config", overrides.run_config);
  put_object(out, "artifacts", overrides.artifacts);
  put_object(out, "files", overrides.files);
  put_text(out, "dockerfile", overrides.dockerfile);
  put_text(out, "working_dir", overrides.working_dir);
  put_rest(out, overrides.other);
  return out;
}

void take(std::string& base, const std::string& overlay) {
  if (!overlay.empty()) base = overlay;
}

void take(std::vector<std::string>& base, const std::vector<std::string>& overlay) {
  if (!overlay.empty()) base = overlay;
}

void merge(JsonObject& base, const JsonObject& overlay) {
  base = merge_deep(Json(std::move(base)), Json(overlay)).get_object();
}

}  // namespace

Result<LaunchSpec> parse_launch_spec(const Json& value, const SpecLimits& limits) {
  if (!value.is_object())
    return Error(Code::invalid_argument, fmt::format("the launch spec must be a map, got {}", kind_name(value)));
  ProblemList problems;
  FieldReader fields(value.get_object(), "", problems);
  LaunchSpec spec;
  const auto text = [&](std::string_view key) { return fields.text(key, limits.max_text); };
  spec.entity = text("entity");
  spec.project = text("project");
  spec.job = text("job");
  spec.uri = text("uri");
  read_image(fields, spec, limits, problems);
  spec.git = fields.object("git");
  spec.name = text("name");
  spec.run_id = text("run_id");
  spec.author = text("author");
  spec.resource = text("resource");
  read_resource_args(fields, spec, problems);
  const JsonObject overrides = fields.object("overrides");
  spec.overrides = read_overrides(overrides, limits, problems);
  spec.template_variables = fields.object("template_variables");
  if (const auto priority = fields.integer("priority", 0, 3)) spec.priority = static_cast<int>(*priority);
  spec.queue_entity = text("queue_entity");
  spec.sweep_id = text("sweep_id");
  spec.additional_services = fields.array("additional_services", limits.max_items);
  spec.resume_count = static_cast<int>(fields.integer("_resume_count", 0, kMostResumes).value_or(0));
  spec.api_key = Secret(text("_wandb_api_key"));
  spec.python_version = text("python_version");
  spec.other = fields.rest();
  check_run_id(spec.run_id, problems);
  check_overrides(spec.overrides, problems);
  if (!problems.empty()) return problems.error("the launch spec is not valid");
  return spec;
}

Result<LaunchSpec> parse_launch_spec_text(std::string_view text, const SpecLimits& limits) {
  auto value = parse_json(text, limits.json);
  if (!value) return std::move(value.error()).wrap("reading the launch spec");
  return parse_launch_spec(*value, limits);
}

Result<> check_source(const LaunchSpec& spec) {
  if (spec.uri == kSchedulerUri) return {};
  if (!spec.job.empty() && !spec.docker_image.empty()) {
    return Error(Code::invalid_argument, "the launch spec names two sources: job and docker.docker_image",
                 {Problem{"docker.docker_image",
                          fmt::format("'{}' is given beside job '{}'", spec.docker_image, spec.job)}})
        .hint("Give exactly one of job and docker image");
  }
  if (!spec.job.empty() || !spec.docker_image.empty()) return {};
  auto error = Error(Code::invalid_argument, "the launch spec names no source",
                     {Problem{"job", "missing"}, Problem{"docker.docker_image", "missing"}});
  if (spec.uri.empty()) return std::move(error).hint("Give exactly one of job and docker image");
  return std::move(error).hint(fmt::format(
      "uri '{}' cannot be queued as it is: make a job of it first (slipway job create, or slipway launch -u)",
      spec.uri));
}

Json to_json(const LaunchSpec& spec) {
  JsonObject out;
  put_text(out, "entity", spec.entity);
  put_text(out, "project", spec.project);
  put_text(out, "job", spec.job);
  put_text(out, "uri", spec.uri);
  JsonObject docker;
  put_text(docker, "docker_image", spec.docker_image);
  if (spec.user_id) docker["user_id"] = *spec.user_id;
  put_object(out, "docker", docker);
  put_object(out, "git", spec.git);
  put_text(out, "name", spec.name);
  put_text(out, "run_id", spec.run_id);
  put_text(out, "author", spec.author);
  put_text(out, "resource", spec.resource);
  put_object(out, "resource_args", spec.resource_args);
  put_object(out, "overrides", overrides_to_json(spec.overrides));
  put_object(out, "template_variables", spec.template_variables);
  if (spec.priority) out["priority"] = *spec.priority;
  put_text(out, "queue_entity", spec.queue_entity);
  put_text(out, "sweep_id", spec.sweep_id);
  if (!spec.additional_services.empty()) out["additional_services"] = spec.additional_services;
  if (spec.resume_count > 0) out["_resume_count"] = spec.resume_count;
  put_text(out, "python_version", spec.python_version);
  put_rest(out, spec.other);
  return out;
}

Json to_wire_json(const LaunchSpec& spec) {
  Json out = to_json(spec);
  put_text(out.get_object(), "_wandb_api_key", spec.api_key.reveal());
  return out;
}

LaunchSpec merge_specs(LaunchSpec base, const LaunchSpec& overlay) {
  // A source given on the command line replaces the one of the file, whatever its kind.
  if (!overlay.job.empty() || !overlay.docker_image.empty() || !overlay.uri.empty()) {
    base.job.clear();
    base.docker_image.clear();
    base.uri.clear();
  }
  take(base.entity, overlay.entity);
  take(base.project, overlay.project);
  take(base.job, overlay.job);
  take(base.uri, overlay.uri);
  take(base.docker_image, overlay.docker_image);
  if (overlay.user_id) base.user_id = overlay.user_id;
  merge(base.git, overlay.git);
  take(base.name, overlay.name);
  take(base.run_id, overlay.run_id);
  take(base.author, overlay.author);
  take(base.resource, overlay.resource);
  merge(base.resource_args, overlay.resource_args);
  take(base.overrides.args, overlay.overrides.args);
  take(base.overrides.entry_point, overlay.overrides.entry_point);
  merge(base.overrides.run_config, overlay.overrides.run_config);
  merge(base.overrides.artifacts, overlay.overrides.artifacts);
  merge(base.overrides.files, overlay.overrides.files);
  take(base.overrides.dockerfile, overlay.overrides.dockerfile);
  take(base.overrides.working_dir, overlay.overrides.working_dir);
  merge(base.overrides.other, overlay.overrides.other);
  merge(base.template_variables, overlay.template_variables);
  if (overlay.priority) base.priority = overlay.priority;
  take(base.queue_entity, overlay.queue_entity);
  take(base.sweep_id, overlay.sweep_id);
  if (!overlay.additional_services.empty()) base.additional_services = overlay.additional_services;
  base.resume_count = std::max(base.resume_count, overlay.resume_count);
  if (!overlay.api_key.empty()) base.api_key = overlay.api_key;
  take(base.python_version, overlay.python_version);
  merge(base.other, overlay.other);
  return base;
}

}  // namespace slipway::launch
