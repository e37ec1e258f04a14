#include "launch/agent_config_blocks.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/image_ref.h"

namespace slipway::launch {
namespace {

using Words = std::vector<std::string>;

/// A word out of a closed list, "" with a problem for any other.
std::string read_word(FieldReader& fields, std::string_view key, const Words& words, BlockContext& context) {
  const auto word = fields.text(key);
  if (word.empty() || std::ranges::find(words, word) != words.end()) return word;
  const auto path = fields.path_of(key);
  if (word.find('|') != std::string::npos) {
    context.problems.add(path, fmt::format("'{}' is the list of choices. Write one of {}", word, join(words, ", ")));
  } else {
    context.problems.add(
        path, fmt::format("'{}' is not known.{} It is one of {}", word, did_you_mean(word, words), join(words, ", ")));
  }
  return "";
}

/// A registry address made exact; "" with a problem when it cannot be used.
std::string read_destination(FieldReader& fields, std::string_view key, BlockContext& context) {
  const auto text = fields.text(key);
  if (text.empty()) return "";
  const auto path = fields.path_of(key);
  auto destination = parse_destination(text);
  if (!destination) {
    const auto& error = destination.error();
    context.problems.add(path,
                         error.mend().empty() ? error.message() : fmt::format("{}. {}", error.message(), error.mend()));
    return "";
  }
  for (auto& notice : destination->notices) context.notice(path, notice);
  return destination->repository;
}

void require(FieldReader& fields, std::string_view key, const std::string& value, std::string_view type,
             BlockContext& context) {
  if (value.empty() && !fields.raw(key))
    context.problems.add(fields.path_of(key), fmt::format("missing. An environment of type '{}' needs it", type));
}

/// Host of the registry against its type.
void check_kind(const std::string& type, const std::string& uri, BlockContext& context) {
  const auto destination = parse_destination(uri);
  if (uri.empty() || !destination) return;
  const bool fits = (type != "ecr" || destination->kind == RegistryKind::ecr) &&
                    (type != "acr" || destination->kind == RegistryKind::acr);
  if (!fits)
    context.problems.add("registry.uri", fmt::format("'{}' is not the address of a registry of type '{}'", uri, type));
}

/// Older guides give an Artifact Registry in pieces.
std::string compose_gcr(FieldReader& fields, const EnvironmentConfig& environment, BlockContext& context) {
  const auto region = fields.text("region").empty() ? environment.region : fields.text("region");
  const auto project = fields.text("project").empty() ? environment.project : fields.text("project");
  const auto repository = fields.text("repository");
  const auto image = fields.text("image-name");
  if (region.empty() || project.empty() || repository.empty() || image.empty()) return "";
  auto uri = fmt::format("{}-docker.pkg.dev/{}/{}/{}", region, project, repository, image);
  context.notice("registry", fmt::format("read as uri: {}", uri));
  return uri;
}

void check_store(const std::string& store, BlockContext& context) {
  const bool blob = store.starts_with("https://") && store.find(".blob.core.windows.net/") != std::string::npos;
  if (store.empty() || store.starts_with("s3://") || store.starts_with("gs://") || blob) return;
  context.problems.add("builder.build-context-store",
                       fmt::format("'{}' is no bucket. Use s3://bucket/path, gs://bucket/path or "
                                   "https://account.blob.core.windows.net/container",
                                   store));
}

/// Arguments of the build container are merged by name, so each needs one (S-53).
void check_kaniko_config(const Json& config, BlockContext& context) {
  const Json* containers = find_path(config, "spec.template.spec.containers");
  if (!containers || !containers->is_array()) return;
  const std::string path = "builder.kaniko-config.spec.template.spec.containers";
  if (containers->get_array().size() > 1)
    return context.problems.add(path, "more than one container. The build job has one");
  for (std::size_t i = 0; i < containers->get_array().size(); ++i) {
    const Json* args = find(containers->get_array()[i], "args");
    if (!args || !args->is_array()) continue;
    for (std::size_t j = 0; j < args->get_array().size(); ++j) {
      const auto* arg = args->get_array()[j].if_string();
      if (arg && std::string_view(*arg).find('=') != std::string_view::npos) continue;
      context.problems.add(join_path(join_path(path, i) + ".args", j), "expected text of the form --key=value");
    }
  }
}

void read_kaniko_keys(FieldReader& fields, BuilderConfig& builder, BlockContext& context) {
  builder.build_context_store = fields.text("build-context-store");
  check_store(builder.build_context_store, context);
  const auto name = fields.text("build-job-name");
  if (!name.empty()) builder.build_job_name = name;
  builder.secret_name = fields.text("secret-name");
  builder.secret_key = fields.text("secret-key");
  if (builder.secret_name.empty() != builder.secret_key.empty()) {
    context.problems.add(fields.path_of(builder.secret_name.empty() ? "secret-name" : "secret-key"),
                         "missing. secret-name and secret-key belong together");
  }
  builder.kaniko_image = fields.text("kaniko-image");
  builder.kaniko_config = fields.object("kaniko-config");
  check_kaniko_config(builder.kaniko_config, context);
}

std::string choose_destination(FieldReader& fields, const RegistryConfig& registry, BlockContext& context) {
  auto destination = read_destination(fields, "destination", context);
  const auto alias = read_destination(fields, "uri", context);
  if (!alias.empty()) {
    if (!destination.empty() && destination != alias)
      context.problems.add(fields.path_of("uri"), "differs from builder.destination. Keep destination");
    context.notice("builder.uri", "read as destination");
    if (destination.empty()) destination = alias;
  }
  if (destination.empty()) return registry.uri;
  if (!registry.uri.empty() && registry.uri != destination)
    context.notice("registry.uri", "builder.destination is used instead");
  return destination;
}

}  // namespace

EnvironmentConfig read_environment(FieldReader& top, BlockContext& context) {
  EnvironmentConfig out;
  const JsonObject object = top.object("environment");
  if (object.empty()) return out;
  FieldReader fields(object, "environment", context.problems);
  out.raw = object;
  if (!fields.raw("type")) context.problems.add("environment.type", "missing. It is aws, gcp, azure or local");
  out.type = read_word(fields, "type", {"aws", "gcp", "azure", "local"}, context);
  out.region = fields.text("region");
  out.project = fields.text("project");
  if (out.type == "aws" || out.type == "gcp") require(fields, "region", out.region, out.type, context);
  if (out.type == "gcp") require(fields, "project", out.project, out.type, context);
  for (const auto& member : fields.rest()) context.notice(fields.path_of(member.key()), "unknown key, not used");
  return out;
}

RegistryConfig read_registry(FieldReader& top, const EnvironmentConfig& environment, BlockContext& context) {
  RegistryConfig out;
  const JsonObject object = top.object("registry");
  if (object.empty()) return out;
  FieldReader fields(object, "registry", context.problems);
  out.raw = object;
  out.type = read_word(fields, "type", {"ecr", "gcr", "acr", "oci", "local"}, context);
  out.uri = read_destination(fields, "uri", context);
  // "oci" says how the registry of builder.destination is used, so it is no older way to say where images go.
  const bool settings = out.type == "oci";
  if (settings) fields.boolean("insecure", false);
  if (!settings) context.notice("registry", "this block is deprecated. Use builder.destination");
  for (const std::string_view legacy :
       {"url", "repository", "image-name", "region", "project", "account_id", "repo_name", "credentials"})
    fields.raw(legacy);
  if (out.uri.empty() && out.type == "gcr") out.uri = compose_gcr(fields, environment, context);
  if (out.uri.empty() && !fields.raw("uri") && !out.type.empty() && out.type != "local" && !settings) {
    context.problems.add("registry.uri", fmt::format("missing. A registry of type '{}' needs it", out.type));
  }
  check_kind(out.type, out.uri, context);
  fields.refuse_rest("key of the registry block");
  return out;
}

BuilderConfig read_builder(FieldReader& top, const RegistryConfig& registry, BlockContext& context) {
  BuilderConfig out;
  const JsonObject object = top.object("builder");
  out.destination = registry.uri;
  if (object.empty()) return out;
  FieldReader fields(object, "builder", context.problems);
  out.raw = object;
  out.type = read_word(fields, "type", {"docker", "kaniko", "noop"}, context);
  out.destination = choose_destination(fields, registry, context);
  out.platform = read_word(fields, "platform", {"linux/amd64", "linux/arm64"}, context);
  read_kaniko_keys(fields, out, context);
  // The docker builder checks them itself.
  for (const std::string_view own : {"python-image", "python-build-image", "conda-image", "pull-base-image",
                                     "build-network", "build-args", "build-timeout"})
    fields.raw(own);
  const bool named = fields.raw("destination") || fields.raw("uri") || !registry.raw.is_null();
  if (out.type == "kaniko" && !named)
    context.problems.add("builder.destination", "missing. A kaniko build has nowhere else to put the image");
  if (fields.raw("credentials")) context.notice("builder.credentials", "not used");
  if (fields.raw("accelerator"))
    context.problems.add("builder.accelerator",
                         "belongs in the queue's configuration (builder.accelerator.base_image), not in the agent's");
  fields.refuse_rest("key of the builder block");
  return out;
}

void check_regions(const EnvironmentConfig& environment, const std::string& destination, BlockContext& context) {
  const auto parsed = parse_destination(destination);
  if (environment.type != "aws" || environment.region.empty() || destination.empty() || !parsed) return;
  if (parsed->kind != RegistryKind::ecr || parsed->region == environment.region) return;
  context.problems.add("environment.region", fmt::format("'{}' differs from the region '{}' of the registry {}",
                                                         environment.region, parsed->region, destination));
}

}  // namespace slipway::launch
