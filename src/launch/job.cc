#include "launch/job.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/fields.h"

namespace slipway::launch {
namespace {

constexpr std::string_view kNotValid = "not a valid job description (wandb-job.json)";

std::optional<JobSourceType> source_type(std::string_view name) {
  if (name == "repo") return JobSourceType::repo;
  if (name == "artifact") return JobSourceType::artifact;
  if (name == "image") return JobSourceType::image;
  return std::nullopt;
}

void read_source(const JsonObject& source, JobFile& job, ProblemList& problems) {
  FieldReader fields(source, "source", problems);
  const auto required = [&](std::string_view key, const std::string& value) {
    if (value.empty())
      problems.add(fields.path_of(key),
                   fmt::format("missing. A job of type '{}' needs it", source_type_name(job.type)));
  };
  job.entry_point = fields.texts("entrypoint");
  job.notebook = fields.boolean("notebook", false);
  job.build_context = fields.text("build_context");
  job.dockerfile = fields.text("dockerfile");
  job.base_image = fields.text("base_image");
  if (job.type == JobSourceType::repo) {
    const JsonObject git_object = fields.object("git");
    FieldReader git(git_object, fields.path_of("git"), problems);
    job.git_remote = git.text("remote");
    job.git_commit = git.text("commit");
    required("git.remote", job.git_remote);
  } else if (job.type == JobSourceType::artifact) {
    job.artifact = fields.text("artifact");
    required("artifact", job.artifact);
  } else {
    job.image = fields.text("image");
    job.args = fields.texts("args");
    required("image", job.image);
  }
}

/// A job may come from another tool: paths in it must stay inside the source.
void check_inside(std::string_view field, std::string_view path, ProblemList& problems) {
  const auto parts = split(path, '/');
  if (std::ranges::find(parts, "..") != parts.end())
    problems.add(std::string(field), fmt::format("'{}' leads out of the source ('..')", path));
  if (path.starts_with('/')) problems.add(std::string(field), fmt::format("'{}' is an absolute path", path));
}

void put_text(JsonObject& object, std::string_view key, const std::string& value) {
  if (!value.empty()) object[key] = text_value(value);
}

JsonArray texts_to_json(const std::vector<std::string>& texts) {
  JsonArray out;
  for (const auto& each : texts) out.push_back(text_value(each));
  return out;
}

}  // namespace

std::string_view source_type_name(JobSourceType type) {
  switch (type) {
    case JobSourceType::repo:
      return "repo";
    case JobSourceType::artifact:
      return "artifact";
    case JobSourceType::image:
      return "image";
  }
  return "";
}

Result<JobFile> parse_job_file(const Json& value) {
  if (!value.is_object())
    return Error(Code::invalid_argument, fmt::format("{}: expected a map, got {}", kNotValid, kind_name(value)));
  ProblemList problems;
  FieldReader fields(value.get_object(), "", problems);
  JobFile job;
  const auto version = fields.text("_version");
  if (!version.empty()) job.version = version;
  const auto type_name = fields.text("source_type");
  const auto type = source_type(type_name);
  if (!type) {
    problems.add("source_type", type_name.empty()
                                    ? "missing. It is 'repo', 'artifact' or 'image'"
                                    : fmt::format("'{}' is not known. It is 'repo', 'artifact' or 'image'", type_name));
    return problems.error(std::string(kNotValid));
  }
  job.type = *type;
  const JsonObject source = fields.object("source");
  read_source(source, job, problems);
  check_inside("source.build_context", job.build_context, problems);
  check_inside("source.dockerfile", job.dockerfile, problems);
  job.runtime = fields.text("runtime");
  if (const Json* types = fields.raw("input_types")) job.input_types = *types;
  if (const Json* types = fields.raw("output_types")) job.output_types = *types;
  job.services = fields.object("services");
  for (const auto& service : job.services) {
    const bool known = service.value().is_string() &&
                       (service.value().get_string() == "always" || service.value().get_string() == "never");
    if (!known) problems.add(join_path("services", service.key()), "expected 'always' or 'never'");
  }
  job.other = fields.rest();
  if (!problems.empty()) return problems.error(std::string(kNotValid));
  return job;
}

Json to_json(const JobFile& job) {
  JsonObject source;
  if (job.type == JobSourceType::repo) {
    JsonObject git;
    put_text(git, "remote", job.git_remote);
    put_text(git, "commit", job.git_commit);
    source["git"] = std::move(git);
  }
  put_text(source, "artifact", job.artifact);
  put_text(source, "image", job.image);
  if (job.type != JobSourceType::image || !job.entry_point.empty())
    source["entrypoint"] = texts_to_json(job.entry_point);
  if (!job.args.empty()) source["args"] = texts_to_json(job.args);
  if (job.type != JobSourceType::image || job.notebook) source["notebook"] = job.notebook;
  put_text(source, "build_context", job.build_context);
  put_text(source, "dockerfile", job.dockerfile);
  put_text(source, "base_image", job.base_image);

  JsonObject out;
  out["_version"] = text_value(job.version);
  out["source_type"] = text_value(source_type_name(job.type));
  out["source"] = std::move(source);
  out["input_types"] = job.input_types;
  out["output_types"] = job.output_types;
  put_text(out, "runtime", job.runtime);
  if (!job.services.empty()) out["services"] = job.services;
  for (const auto& member : job.other) out.emplace(member.key(), member.value());
  return out;
}

Result<std::vector<std::string>> parse_entry_point(std::string_view text) {
  auto words = split_words(text);
  if (!words) {
    return Error(Code::invalid_argument, fmt::format("entry point '{}': a quote is not closed", text))
        .hint("Example: \"python3 train.py\"");
  }
  if (words->empty())
    return Error(Code::invalid_argument, "the entry point is empty").hint("Example: \"python3 train.py\"");
  for (const auto& word : *words) {
    const auto parts = split(word, '/');
    if (std::ranges::find(parts, "..") == parts.end()) continue;
    return Error(Code::invalid_argument, fmt::format("entry point '{}': '{}' leads out of the source", text, word))
        .hint("Give the path from the root of the source");
  }
  const std::string& first = words->front();
  if (words->size() == 1 && first.ends_with(".py")) return std::vector<std::string>{"python", first};
  if (words->size() == 1 && first.ends_with(".sh")) return std::vector<std::string>{"bash", first};
  return *std::move(words);
}

std::string entry_point_file(const std::vector<std::string>& entry_point) {
  if (entry_point.empty()) return "";
  if (entry_point[0].ends_with(".py") || entry_point[0].ends_with(".sh")) return entry_point[0];
  return entry_point.size() > 1 ? entry_point[1] : "";
}

Result<std::string> parse_runtime(std::string_view text) {
  std::string_view version = trim(text);
  if (version.starts_with("python-")) version.remove_prefix(7);
  const auto parts = split(version, '.');
  const auto number = [](const std::string& part) {
    return !part.empty() && part.size() <= 3 && part.find_first_not_of("0123456789") == std::string::npos;
  };
  if (parts.size() < 2 || parts.size() > 3 || parts[0] != "3" || !std::ranges::all_of(parts, number)) {
    return Error(Code::invalid_argument, fmt::format("'{}' is no Python version", text)).hint("Example: 3.11");
  }
  return fmt::format("3.{}", parts[1]);
}

}  // namespace slipway::launch
