#include "plugins/runners/kubernetes/submission.h"

#include <charconv>

#include <fmt/format.h>

#include "archive/archive.h"
#include "async/timeout.h"
#include "base/fault_point.h"
#include "base/ids.h"
#include "base/log.h"
#include "plugins/runners/kubernetes/pod_templates.h"
#include "plugins/runners/start_script.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPart = 1'000'000;        ///< A Secret holds at most 1 MiB.
constexpr std::size_t kMaxSource = 16 * kPart;  ///< Packed; more belongs into an image.
constexpr std::chrono::seconds kRemoval{60};    ///< For an earlier attempt to go.

Error too_large(std::size_t bytes) {
  return Error(Code::invalid_argument,
               fmt::format("the job's source is {} bytes when packed, and at most {} travel to a pod without an image",
                           bytes, kMaxSource))
      .hint(
          "Configure a builder for the agent, so that the source becomes part of an image, or leave files out with "
          ".slipwayignore.");
}

Result<std::string> pack(const fs::path& source, const fs::path& tar) {
  TRY(const auto entries, archive::list_tree(source));
  TRY_VOID(archive::write_tar(source, entries, tar, {.modes = archive::TarModes::writable_by_all}));
  std::error_code error;
  const auto size = fs::file_size(tar, error);
  if (!error && size > kMaxSource) return too_large(size);
  return archive::read_file(tar);
}

JsonObject secret(const std::string& name, const std::map<std::string, std::string>& labels, JsonObject data) {
  JsonObject meta;
  meta["name"] = name;
  JsonObject& marks = object_member(meta, "labels");
  for (const auto& [key, value] : labels) marks[key] = value;
  JsonObject out{{"apiVersion", "v1"}, {"kind", "Secret"}, {"type", "Opaque"}};
  out["metadata"] = std::move(meta);
  out["data"] = std::move(data);
  return out;
}

/// Names the Secrets of the source in every pod of the manifest.
void name_parts(JsonObject& object, const std::vector<std::string>& names) {
  Json document(std::move(object));
  for_each_pod_template(document, [&](JsonObject& holder) {
    for (auto& volume : array_member(object_member(holder, "spec"), "volumes")) {
      if (text_or(volume, "name") != kSourceVolume) continue;
      JsonArray& sources = array_member(object_member(volume.get_object(), "projected"), "sources");
      sources.clear();
      for (const auto& name : names) {
        JsonObject reference;
        reference["name"] = name;
        sources.push_back(JsonObject{{"secret", std::move(reference)}});
      }
    }
  });
  object = std::move(document.get_object());
}

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

bool has_labels(const Json& object, const std::map<std::string, std::string>& wanted) {
  for (const auto& [key, value] : wanted) {
    if (kube::label(object, key) != value) return false;
  }
  return true;
}

Error foreign(const kube::Resource& resource, const std::string& space, const std::string& name) {
  return Error(Code::conflict,
               fmt::format("a {} named {} exists already in the namespace {} and belongs to another item",
                           resource.kind, name, space))
      .hint(fmt::format("Look at it with `kubectl -n {} get {} {} -o yaml`. A fixed metadata.name in a queue's "
                        "configuration lets one job run at a time: put ${{run_id}} into it.",
                        space, resource.plural, name));
}

RunHandle make_handle(const std::string& identity_name, const kube::Resource& resource, const Json& object,
                      const QueueSettings& settings, bool keeps_itself) {
  JsonObject details;
  details["apiVersion"] = resource.group_version;
  details["kind"] = resource.kind;
  details["plural"] = resource.plural;
  details["namespaced"] = resource.namespaced;
  details["namespace"] = kube::metadata(object, "namespace");
  details["name"] = kube::metadata(object, "name");
  details["item"] = kube::label(object, kItemLabel);
  details["attempt"] = kube::label(object, "slipway.dev/attempt");
  if (!settings.config_file.empty()) details["configFile"] = settings.config_file;
  if (!settings.context.empty()) details["context"] = settings.context;
  if (!settings.status_mapping.is_null()) details["status_mapping"] = settings.status_mapping;
  if (keeps_itself) details["keep"] = true;
  return {.name = identity_name, .uid = kube::metadata(object, "uid"), .details = std::move(details)};
}

bool Submission::is_ours(const Json& object) const {
  return has_labels(object, request_.identity.labels) || has_labels(object, service_labels(request_.identity));
}

bool Submission::is_earlier_attempt(const Json& object) const {
  auto others = request_.identity.labels;
  const auto attempt = others.find("slipway.dev/attempt");
  if (attempt == others.end()) return false;
  const std::int64_t ours = number(attempt->second);
  others.erase(attempt);
  const std::int64_t theirs = number(kube::label(object, "slipway.dev/attempt"));
  return theirs > 0 && theirs < ours && has_labels(object, others);
}

Task<RunHandle> Submission::run(Manifest manifest, asio::thread_pool* blocking, fs::path folder) {
  CO_TRY(resource_, co_await target_->discovery().resource(manifest.api_version(), manifest.kind()));
  space_ = manifest.settings.space.empty() ? target_->space() : manifest.settings.space;
  if (resource_.namespaced) object_member(manifest.object, "metadata")["namespace"] = space_;
  CO_TRY(const auto there, co_await target_->api().find(resource_.path(space_, manifest.name())));
  if (there && is_ours(*there))
    co_return make_handle(request_.identity.name, resource_, *there, manifest.settings, manifest.keeps_itself);
  if (there && !is_earlier_attempt(*there)) co_return foreign(resource_, space_, manifest.name());

  CO_TRY_VOID(co_await announce(manifest));
  CO_TRY_VOID(co_await make_secret());
  if (!request_.source_dir.empty()) CO_TRY_VOID(co_await make_source(manifest.object, blocking, std::move(folder)));
  CO_TRY_VOID(co_await make_services(manifest));
  fault_point("kubernetes_prepared");
  CO_TRY(const Json created, co_await make(resource_, manifest.object));
  fault_point("kubernetes_created");
  CO_TRY_VOID(co_await hand_over(created));
  co_return make_handle(request_.identity.name, resource_, created, manifest.settings, manifest.keeps_itself);
}

/// A Job under the identity's own name in the home namespace is found without help.
Task<> Submission::announce(const Manifest& manifest) {
  if (manifest.plain_job && manifest.name() == request_.identity.name && home_ == target_ && space_ == home_->space())
    co_return Result<>();
  JsonObject data;
  data["apiVersion"] = resource_.group_version;
  data["kind"] = resource_.kind;
  data["namespace"] = space_;
  data["name"] = manifest.name();
  data["configFile"] = manifest.settings.config_file;
  data["context"] = manifest.settings.context;
  data["status_mapping"] = manifest.settings.status_mapping.is_null() ? "" : to_text(manifest.settings.status_mapping);
  data["keep"] = manifest.keeps_itself ? "true" : "";
  JsonObject object = secret(request_.identity.name, request_.identity.labels, std::move(data));
  object["kind"] = "ConfigMap";
  object.erase("type");
  auto made = co_await home_->api().create(kube::resources::config_maps.path(home_->space()), Json(object));
  if (made || made.error().code() == Code::conflict) co_return Result<>();
  co_return std::move(made).error().wrap("announcing the job in a ConfigMap");
}

Task<> Submission::put(kube::Resource resource, JsonObject object) {
  const std::string name = text_or(object["metadata"], "name");
  made_.push_back(Made{resource, name});
  auto created = co_await target_->api().create(resource.path(space_), Json(object));
  if (created) co_return Result<>();
  if (created.error().code() != Code::conflict)
    co_return std::move(created).error().wrap(fmt::format("creating the {} {}", resource.kind, name));
  CO_TRY(const auto there, co_await target_->api().find(resource.path(space_, name)));
  if (there && !is_ours(*there) && !is_earlier_attempt(*there)) co_return foreign(resource, space_, name);
  // Left by an earlier try: its content may be another.
  if (there) CO_TRY_VOID(co_await target_->api().patch(resource.path(space_, name), Json(object)));
  co_return Result<>();
}

Task<> Submission::make_secret() {
  if (request_.secret_env.empty()) co_return Result<>();
  JsonObject data;
  for (const auto& [name, value] : request_.secret_env) data[name] = to_base64(value.reveal());
  JsonObject object = secret(secret_name(request_), request_.identity.labels, std::move(data));
  co_return co_await put(kube::resources::secrets, std::move(object));
}

Task<> Submission::make_source(JsonObject& object, asio::thread_pool* blocking, fs::path folder) {
  CO_TRY(const auto temporary, archive::TemporaryFolder::create("slipway-source-", folder));
  std::function<Result<std::string>()> work = [from = request_.source_dir, tar = temporary.path() / "source.tar.gz"] {
    return pack(from, tar);
  };
  Result<std::string> packed = Error(Code::internal, "");
  if (blocking == nullptr) {
    packed = work();
  } else {
    packed = co_await on_pool(*blocking, std::move(work));
  }
  if (!packed) co_return std::move(packed).error().wrap("packing the job's source");
  std::vector<std::string> names;
  for (std::size_t at = 0; at < packed->size(); at += kPart) {
    JsonObject data;
    data[fmt::format("part-{:04}", names.size())] = to_base64(std::string_view(*packed).substr(at, kPart));
    if (at == 0) data["start.sh"] = to_base64(start_script());
    names.push_back(source_secret_name(request_.identity.name, names.size()));
    JsonObject part = secret(names.back(), request_.identity.labels, std::move(data));
    CO_TRY_VOID(co_await put(kube::resources::secrets, std::move(part)));
  }
  name_parts(object, names);
  co_return Result<>();
}

Task<> Submission::make_services(const Manifest& manifest) {
  std::vector<Made> services;
  for (const auto& entry : manifest.settings.services) {
    const Json* config = slipway::find(entry, "config");
    const Json& written = config == nullptr ? entry : *config;
    if (!written.is_object())
      co_return Error(Code::invalid_argument, "additional_services: expected a list of maps with 'config'");
    CO_TRY(JsonObject object, build_service(written.get_object(), request_, space_));
    CO_TRY(const auto resource,
           co_await target_->discovery().resource(text_or(object, "apiVersion"), text_or(object, "kind")));
    CO_TRY_VOID(co_await put(resource, std::move(object)));
    services.push_back(made_.back());
  }
  if (!manifest.settings.wait_for_ready) co_return Result<>();
  for (const auto& service : services) CO_TRY_VOID(co_await wait_for_service(service, manifest.settings.wait_timeout));
  co_return Result<>();
}

Task<> Submission::wait_for_service(Made service, int seconds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  for (;;) {
    CO_TRY(const bool ready, co_await is_ready(service));
    if (ready) co_return Result<>();
    if (std::chrono::steady_clock::now() >= until) {
      co_return Error(Code::failed_precondition, fmt::format("the additional service {} {} was not ready within {} s",
                                                             service.resource.kind, service.name, seconds))
          .hint(fmt::format(
              "Look at it with `kubectl -n {} describe {} {}`, or raise wait_timeout in the queue's configuration.",
              space_, service.resource.plural, service.name));
    }
    CO_TRY_VOID(co_await sleep_for(timing_.service_poll));
  }
}

/// Kinds that say how many of their pods are ready, services with endpoints, pods; everything else is ready when it is there.
Task<bool> Submission::is_ready(Made service) {
  const std::string& kind = service.resource.kind;
  if (kind == "Service") {
    const kube::Resource slices{"discovery.k8s.io/v1", "endpointslices", "EndpointSlice", true};
    CO_TRY(const Json found,
           co_await target_->api().get(slices.path(space_) + "?labelSelector=" +
                                       kube::selector({{"kubernetes.io/service-name", service.name}})));
    const Json* items = slipway::find(found, "items");
    for (const auto& slice : items != nullptr && items->is_array() ? items->get_array() : JsonArray()) {
      const Json* endpoints = slipway::find(slice, "endpoints");
      for (const auto& one : endpoints != nullptr && endpoints->is_array() ? endpoints->get_array() : JsonArray()) {
        const Json* ready = find_path(one, "conditions.ready");
        if (ready == nullptr || (ready->is_bool() && ready->get_bool())) co_return true;
      }
    }
    co_return false;
  }
  CO_TRY(const Json object, co_await target_->api().get(service.resource.path(space_, service.name)));
  const Json* status = slipway::find(object, "status");
  if (kind == "Pod") {
    const Json* conditions = status == nullptr ? nullptr : slipway::find(*status, "conditions");
    for (const auto& one : conditions != nullptr && conditions->is_array() ? conditions->get_array() : JsonArray()) {
      if (text_or(one, "type") == "Ready") co_return text_or(one, "status") == "True";
    }
    co_return false;
  }
  const Json* replicas = find_path(object, "spec.replicas");
  if (replicas == nullptr) co_return true;
  co_return status != nullptr&& int_or(*status, "readyReplicas", 0) >= as_integer(*replicas).value_or(1);
}

Task<Json> Submission::make(kube::Resource resource, JsonObject object) {
  const std::string name = text_or(object["metadata"], "name");
  const auto give_up = std::chrono::steady_clock::now() + kRemoval;
  for (;;) {
    auto created = co_await target_->api().create(resource.path(space_), Json(object));
    if (created || created.error().code() != Code::conflict) co_return created;
    CO_TRY(const auto there, co_await target_->api().find(resource.path(space_, name)));
    if (!there) continue;
    if (is_ours(*there)) co_return *there;
    if (!is_earlier_attempt(*there)) co_return foreign(resource, space_, name);
    CO_TRY_VOID(co_await target_->api().remove(resource.path(space_, name), kube::Propagation::background, {},
                                               kube::metadata(*there, "uid")));
    if (std::chrono::steady_clock::now() >= give_up)
      co_return Error(Code::unavailable,
                      fmt::format("the {} {} of the attempt before does not go away", resource.kind, name));
    CO_TRY_VOID(co_await sleep_for(timing_.service_poll));
  }
}

/// From here on the cluster itself removes what belongs to the job when the job goes.
Task<> Submission::hand_over(const Json& owner) {
  JsonObject reference;
  reference["apiVersion"] = resource_.group_version;
  reference["kind"] = resource_.kind;
  reference["name"] = kube::metadata(owner, "name");
  reference["uid"] = kube::metadata(owner, "uid");
  JsonObject meta{{"ownerReferences", JsonArray{std::move(reference)}}};
  const Json change(JsonObject{{"metadata", std::move(meta)}});
  for (const auto& one : made_) {
    const auto changed = co_await target_->api().patch(one.resource.path(space_, one.name), change);
    // The job is there, and that is what counts: clean_up() removes them too.
    if (!changed)
      log::warn("an object could not be handed over to its job",
                {{"kind", one.resource.kind}, {"name", one.name}, {"error", changed.error().message()}});
  }
  co_return Result<>();
}

}  // namespace slipway::plugins::runners::kubernetes
