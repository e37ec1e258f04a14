#include "plugins/runners/kubernetes/manifest.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/names.h"
#include "plugins/runners/kubernetes/pod_templates.h"
#include "plugins/runners/start_script.h"
#include "plugins/runners/working_dir.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

constexpr std::string_view kWorkFolder = "/mnt/wandb";
constexpr std::string_view kStartFolder = "/mnt/slipway";
constexpr std::string_view kWorkVolume = "slipway-source";
constexpr int kBackoffLimit = 0;           // S-83
constexpr int kSecondsAfterFinished = 60;  // S-83

JsonArray words(const std::vector<std::string>& from) {
  JsonArray out;
  for (const auto& word : from) out.push_back(text_value(word));
  return out;
}

bool has_name(const JsonArray& list, std::string_view name) {
  return std::ranges::any_of(list, [&](const Json& item) { return text_or(item, "name") == name; });
}

void add_labels(JsonObject& holder, const SubmitRequest& request) {
  JsonObject& labels = object_member(object_member(holder, "metadata"), "labels");
  for (const auto& [key, value] : request.identity.labels) labels[key] = value;
  const auto run = request.env.find("WANDB_RUN_ID");
  if (run != request.env.end()) set_missing(labels, "wandb.ai/run-id", text_value(launch::label_value(run->second)));
}

/// S-83, S-85: what the admin wrote stays, key by key; what a pod says for all its containers counts as written.
void harden(JsonObject& container, const Json* pod_context) {
  JsonObject& context = object_member(container, "securityContext");
  const bool privileged = bool_or(context, "privileged", false);
  if (!privileged) set_missing(context, "allowPrivilegeEscalation", false);
  if (!privileged && context.if_contains("capabilities") == nullptr)
    object_member(context, "capabilities")["drop"] = JsonArray{"ALL"};
  const bool pod_decides = pod_context != nullptr && slipway::find(*pod_context, "seccompProfile") != nullptr;
  if (!pod_decides && !privileged) set_missing(context, "seccompProfile", JsonObject{{"type", "RuntimeDefault"}});
}

Json secret_reference(const std::string& secret, const std::string& key) {
  JsonObject reference;
  reference["name"] = secret;
  reference["key"] = key;
  return JsonObject{{"secretKeyRef", std::move(reference)}};
}

void add_environment(JsonObject& container, const SubmitRequest& request) {
  JsonArray& env = array_member(container, "env");
  for (const auto& [name, value] : request.env) {
    if (request.secret_env.contains(name) || has_name(env, name)) continue;
    JsonObject entry;
    entry["name"] = name;
    // Kubernetes expands $(NAME) in values.
    entry["value"] = replace_all(value, "$(", "$$(");
    env.push_back(std::move(entry));
  }
  for (const auto& [name, value] : request.secret_env) {
    if (has_name(env, name)) continue;
    JsonObject entry;
    entry["name"] = name;
    entry["valueFrom"] = secret_reference(secret_name(request), name);
    env.push_back(std::move(entry));
  }
}

/// Kubernetes expands $(NAME) in command and arguments too; a job's words are passed on as they are.
std::vector<std::string> unexpanded(const std::vector<std::string>& from) {
  std::vector<std::string> out;
  for (const auto& word : from) out.push_back(replace_all(word, "$(", "$$("));
  return out;
}

Json mount(std::string_view volume, std::string_view path, bool read_only) {
  JsonObject out;
  out["name"] = volume;
  out["mountPath"] = path;
  if (read_only) out["readOnly"] = true;
  return out;
}

/// Works on one pod template.
class PodFiller {
 public:
  PodFiller(const SubmitRequest& request, std::string below, bool plain_job)
      : request_(request), below_(std::move(below)), plain_job_(plain_job) {}

  void fill(JsonObject& holder) {
    add_labels(holder, request_);
    JsonObject& spec = object_member(holder, "spec");
    if (plain_job_) set_missing(spec, "restartPolicy", "Never");
    JsonArray& containers = array_member(spec, "containers");
    if (containers.empty()) containers.push_back(JsonObject());
    choose_image(containers);
    for (std::size_t i = 0; i < containers.size(); ++i) {
      if (!containers[i].is_object()) continue;
      JsonObject& container = containers[i].get_object();
      set_missing(container, "name", text_value(fmt::format("launch{}", i)));
      if (runs_the_job(container)) set_program(container);
      add_environment(container, request_);
    }
    if (!request_.source_dir.empty()) add_source(spec);
    harden_all(spec);
  }

 private:
  bool runs_the_job(const JsonObject& container) const {
    return text_or(container, "image") == request_.image && !request_.image.empty();
  }

  /// The image goes where none is written. A Job always runs the item's: without such a place its first container does.
  void choose_image(JsonArray& containers) {
    if (request_.image.empty()) return;
    bool used = false;
    for (auto& item : containers) {
      if (!item.is_object()) continue;
      set_missing(item.get_object(), "image", text_value(request_.image));
      used = used || runs_the_job(item.get_object());
    }
    if (!used && plain_job_ && containers[0].is_object()) containers[0].get_object()["image"] = request_.image;
  }

  void set_program(JsonObject& container) {
    const bool own_command = container.if_contains("command") != nullptr;
    if (!own_command && !request_.entry_point.empty() && !request_.entry_point_in_image) {
      auto command = unexpanded(request_.entry_point);
      if (request_.install_dependencies)
        command.insert(command.begin(), {"/bin/sh", std::string(kStartFolder) + "/start.sh"});
      container["command"] = words(command);
    }
    if (!request_.args.empty()) set_missing(container, "args", words(unexpanded(request_.args)));
    if (request_.source_dir.empty()) return;
    set_missing(container, "workingDir", text_value(std::string(kWorkFolder) + (below_.empty() ? "" : "/" + below_)));
    JsonArray& mounts = array_member(container, "volumeMounts");
    mounts.push_back(mount(kWorkVolume, kWorkFolder, false));
    if (request_.install_dependencies) mounts.push_back(mount(kSourceVolume, kStartFolder, true));
  }

  /// The source travels in Secrets and is unpacked by the job's own image, so that neither a volume nor another image
  /// is needed (protocol 7.3.3). The Secrets are named in the volume when their number is known.
  void add_source(JsonObject& spec) {
    JsonArray& volumes = array_member(spec, "volumes");
    JsonObject work;
    work["name"] = kWorkVolume;
    work["emptyDir"] = JsonObject();
    volumes.push_back(std::move(work));
    JsonObject packed;
    packed["name"] = kSourceVolume;
    packed["projected"] = JsonObject{{"sources", JsonArray()}};
    volumes.push_back(std::move(packed));
    JsonObject unpack;
    unpack["name"] = kSourceContainer;
    unpack["image"] = request_.image;
    unpack["command"] = JsonArray{"/bin/sh", "-c", "cat /mnt/slipway/part-* | tar -xzpf - -C /mnt/wandb"};
    unpack["volumeMounts"] =
        JsonArray{mount(kSourceVolume, kStartFolder, true), mount(kWorkVolume, kWorkFolder, false)};
    JsonArray& before = array_member(spec, "initContainers");
    before.insert(before.begin(), std::move(unpack));
  }

  void harden_all(JsonObject& spec) {
    const Json* context = spec.if_contains("securityContext");
    for (const char* list : {"containers", "initContainers"}) {
      Json* containers = spec.if_contains(list);
      if (containers == nullptr || !containers->is_array()) continue;
      for (auto& container : containers->get_array()) {
        if (container.is_object()) harden(container.get_object(), context);
      }
    }
  }

  const SubmitRequest& request_;
  std::string below_;
  bool plain_job_;
};

Json take(JsonObject& from, std::string_view key) {
  const auto found = from.find(key);
  if (found == from.end()) return Json();
  Json value = std::move(found->value());
  from.erase(found);
  return value;
}

Result<std::string> take_text(JsonObject& from, std::string_view key) {
  const Json value = take(from, key);
  if (value.is_null()) return std::string();
  if (value.is_string()) return std::string(value.get_string());
  return Error(Code::invalid_argument,
               fmt::format("resource_args.kubernetes.{}: expected text, not {}", key, kind_name(value)));
}

Result<QueueSettings> take_settings(JsonObject& document) {
  QueueSettings settings;
  TRY(settings.config_file, take_text(document, "configFile"));
  TRY(settings.context, take_text(document, "context"));
  TRY(settings.space, take_text(document, "namespace"));
  const Json services = take(document, "additional_services");
  if (services.is_array()) settings.services = services.get_array();
  const Json wait = take(document, "wait_for_ready");
  if (wait.is_bool()) settings.wait_for_ready = wait.get_bool();
  settings.wait_timeout = static_cast<int>(as_integer(take(document, "wait_timeout")).value_or(300));
  settings.status_mapping = take(document, "status_mapping");
  return settings;
}

void correct_spelling(JsonObject& spec, std::vector<std::string>& notices) {  // S-84
  const Json wrong = take(spec, "backOffLimit");
  if (wrong.is_null()) return;
  notices.push_back("spec.backOffLimit was read as spec.backoffLimit");
  set_missing(spec, "backoffLimit", wrong);
}

void fill_job(JsonObject& object, Manifest& manifest) {
  set_missing(object, "apiVersion", "batch/v1");
  set_missing(object, "kind", "Job");
  // Long gone from clusters, and the same document.
  if (text_or(object, "apiVersion") == "batch/v1beta1") object["apiVersion"] = "batch/v1";
  JsonObject& spec = object_member(object, "spec");
  correct_spelling(spec, manifest.notices);
  manifest.keeps_itself = spec.if_contains("ttlSecondsAfterFinished") != nullptr;
  set_missing(spec, "backoffLimit", kBackoffLimit);
  set_missing(spec, "ttlSecondsAfterFinished", kSecondsAfterFinished);
  array_member(object_member(object_member(spec, "template"), "spec"), "containers");
}

}  // namespace

std::map<std::string, std::string> service_labels(const Identity& identity) {
  auto labels = identity.labels;
  auto item = labels.extract(std::string(kItemLabel));
  if (item.empty()) return labels;
  item.key() = kServiceLabel;
  labels.insert(std::move(item));
  return labels;
}

std::string secret_name(const SubmitRequest& request) { return request.identity.name; }

std::string source_secret_name(const std::string& job, std::size_t part) {
  const std::string end = fmt::format("-source-{}", part);
  return job.substr(0, 253 - end.size()) + end;
}

std::string Manifest::api_version() const { return text_or(object, "apiVersion"); }
std::string Manifest::kind() const { return text_or(object, "kind"); }
std::string Manifest::name() const {
  const Json* meta = slipway::find(object, "metadata");
  return meta == nullptr ? "" : text_or(*meta, "name");
}

Result<Manifest> build_manifest(const SubmitRequest& request) {
  Manifest manifest;
  if (request.resource_args.is_object()) manifest.object = request.resource_args.get_object();
  JsonObject& object = manifest.object;
  TRY(manifest.settings, take_settings(object));
  const std::string version = text_or(object, "apiVersion", "batch/v1");
  manifest.plain_job = version == "batch/v1" || version == "batch/v1beta1";
  if (manifest.plain_job && text_or(object, "kind", "Job") != "Job") manifest.plain_job = false;
  if (manifest.plain_job) fill_job(object, manifest);
  if (text_or(object, "kind").empty())
    return Error(Code::invalid_argument,
                 fmt::format("resource_args.kubernetes.kind is missing (apiVersion is {})", version));
  std::string below;
  if (!request.source_dir.empty()) {
    TRY(below, working_dir_below(request.working_dir));
  }

  JsonObject& meta = object_member(object, "metadata");
  if (const auto space = text_or(meta, "namespace"); !space.empty()) manifest.settings.space = space;
  meta.erase("namespace");
  // A prefix would give a name that nobody could look up.
  meta.erase("generateName");
  set_missing(meta, "name", text_value(request.identity.name));
  Json document(std::move(object));
  PodFiller filler(request, std::move(below), manifest.plain_job);
  for_each_pod_template(document, [&](JsonObject& holder) { filler.fill(holder); });
  object = std::move(document.get_object());
  add_labels(object, request);
  return manifest;
}

Result<JsonObject> build_service(const JsonObject& config, const SubmitRequest& request, const std::string& space) {
  Json document(config);
  JsonObject& object = document.get_object();
  if (text_or(object, "kind").empty() || text_or(object, "apiVersion").empty())
    return Error(Code::invalid_argument, "additional_services: config needs apiVersion and kind");
  const auto mark = [labels = service_labels(request.identity)](JsonObject& holder) {
    JsonObject& marks = object_member(object_member(holder, "metadata"), "labels");
    for (const auto& [key, value] : labels) marks[key] = value;
  };
  for_each_pod_template(document, [&](JsonObject& holder) {
    mark(holder);
    JsonObject& spec = object_member(holder, "spec");
    const Json* context = spec.if_contains("securityContext");
    for (auto& container : array_member(spec, "containers")) {
      if (!container.is_object()) continue;
      set_missing(container.get_object(), "image", text_value(request.image));
      add_environment(container.get_object(), request);
      harden(container.get_object(), context);
    }
  });
  mark(object);
  JsonObject& meta = object_member(object, "metadata");
  std::string name = launch::backend_name(text_or(meta, "name", text_or(object, "kind")), 1);
  if (const auto own = text_or(meta, "name"); !own.empty()) name = own;
  meta["name"] = name;
  meta["namespace"] = space;
  return std::move(object);
}

}  // namespace slipway::plugins::runners::kubernetes
