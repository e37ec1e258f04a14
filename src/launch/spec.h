// The launch spec: what is pushed, stored, popped, and given with --config (protocol 4.7, D-41, D-42, D-84).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/secret.h"

namespace slipway::launch {

/// What a submitter changes of the job itself, beside resource_args.
struct Overrides {
  std::vector<std::string> args;
  std::vector<std::string> entry_point;
  JsonObject run_config;
  JsonObject artifacts;     ///< Slot → artifact.
  JsonObject files;         ///< Path → partial content, merged into that file before the run (protocol 4.6).
  std::string dockerfile;   ///< Relative to the build context.
  std::string working_dir;  ///< Relative to the mounted source.
  JsonObject other;         ///< Unknown keys, kept.
};

/// A parsed spec. A field that was null or absent is empty; fields that this version does not know are in
/// `other` and are written back.
struct LaunchSpec {
  std::string entity;
  std::string project;
  std::string job;  ///< Job artifact path "entity/project/name:alias". Exactly one of job, docker_image (or
                    ///< uri kSchedulerUri).
  std::string uri;
  std::string docker_image;    ///< From docker.docker_image or image_uri.
  std::optional<int> user_id;  ///< docker.user_id; images that we build run as this user, 1000 without it.
  JsonObject git;              ///< Legacy; kept.
  std::string name;            ///< Of the run.
  std::string run_id;
  std::string author;
  std::string resource;      ///< As written; "" lets the queue decide.
  JsonObject resource_args;  ///< By resource.
  Overrides overrides;
  JsonObject template_variables;
  std::optional<int> priority;
  std::string queue_entity;
  std::string sweep_id;
  JsonArray additional_services;
  int resume_count = 0;  ///< `_resume_count`.
  Secret api_key;        ///< `_wandb_api_key`. Only to_wire_json writes it.
  std::string python_version;
  JsonObject other;
};

/// The uri of sweep schedulers, which have no source of their own.
inline constexpr std::string_view kSchedulerUri = "placeholder-uri-scheduler";

struct SpecLimits {
  JsonLimits json{.max_bytes = 4u << 20, .max_depth = 48};
  std::size_t max_text = 32'768;   ///< Of one name, path or argument.
  std::size_t max_items = 10'000;  ///< Of args and additional_services.
};

/// All problems are collected, with the paths of the fields. The rules that hold for every spec: types,
/// sizes, run id and names that can be used. What a push needs besides is in check_source().
Result<LaunchSpec> parse_launch_spec(const Json& value, const SpecLimits& limits = {});
Result<LaunchSpec> parse_launch_spec_text(std::string_view text, const SpecLimits& limits = {});
/// Exactly one source (D-84).
Result<> check_source(const LaunchSpec& spec);
/// Without the API key: for storing, showing and comparing. parse_launch_spec(to_json(s)) equals s.
Json to_json(const LaunchSpec& spec);
/// With the API key, for the agent that runs it and nobody else.
Json to_wire_json(const LaunchSpec& spec);
/// Later values win: `overlay`'s non-empty fields over `base`; run_config, files, artifacts, resource_args
/// and template_variables are merged by key. For --config (base) and flags (overlay).
LaunchSpec merge_specs(LaunchSpec base, const LaunchSpec& overlay);

}  // namespace slipway::launch
