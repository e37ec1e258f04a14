#include "kube/api.h"

#include <fmt/format.h>

namespace slipway::kube {
namespace {

Code code_of(int status, std::string_view reason, std::string_view message) {
  switch (status) {
    case 400:
    case 422:
      return Code::invalid_argument;
    case 401:
      return Code::unauthenticated;
    case 403:
      // A full quota is refused with the same status as a missing right.
      return message.find("exceeded quota") != std::string_view::npos ? Code::resource_exhausted
                                                                      : Code::permission_denied;
    case 404:
      return Code::not_found;
    case 409:
      return Code::conflict;
    case 410:
      return Code::stale;
    case 408:
    case 429:
      return Code::unavailable;
    case 500:
      // An admission webhook that cannot be called, or refuses in a way of its own, is answered like this; nothing was done.
      return reason == "InternalError" && message.find("webhook") != std::string_view::npos ? Code::failed_precondition
                                                                                            : Code::unavailable;
    default:
      return status > 500 ? Code::unavailable : Code::failed_precondition;
  }
}

std::vector<Problem> causes_of(const Json& status) {
  std::vector<Problem> problems;
  const Json* causes = find_path(status, "details.causes");
  if (causes == nullptr || !causes->is_array()) return problems;
  for (const auto& cause : causes->get_array())
    problems.push_back(Problem{.path = text_or(cause, "field"), .message = text_or(cause, "message")});
  return problems;
}

/// A transfer that was cut says nothing about what the server did.
Error transport_error(const Access& access, Error error) {
  if (error.code() == Code::cancelled) return error;
  Error out(Code::unavailable,
            fmt::format("the Kubernetes API server {} cannot be reached: {}", access.server, error.message()));
  return error.mend().empty() ? std::move(out) : std::move(out).hint(error.mend());
}

std::string_view word(Propagation propagation) {
  switch (propagation) {
    case Propagation::foreground:
      return "Foreground";
    case Propagation::orphan:
      return "Orphan";
    default:
      return "Background";
  }
}

}  // namespace

std::string Resource::group() const {
  const auto slash = group_version.find('/');
  return slash == std::string::npos ? "" : group_version.substr(0, slash);
}

std::string Resource::path(std::string_view space, std::string_view name) const {
  std::string out = (group().empty() ? "/api/" : "/apis/") + group_version;
  if (namespaced && !space.empty()) out += "/namespaces/" + net::url_encode(space);
  out += "/" + plural;
  if (!name.empty()) out += "/" + net::url_encode(name);
  return out;
}

Error api_error(int status, const std::string& body) {
  const auto value = parse_json(body);
  std::string message = value ? text_or(*value, "message") : "";
  const std::string reason = value ? text_or(*value, "reason") : "";
  if (message.empty()) message = fmt::format("the Kubernetes API server answered with status {}", status);
  return Error(code_of(status, reason, message), std::move(message),
               value ? causes_of(*value) : std::vector<Problem>());
}

std::string selector(const std::map<std::string, std::string>& labels) {
  std::string out;
  for (const auto& [key, value] : labels) out += (out.empty() ? "" : ",") + key + "=" + value;
  return net::url_encode(out);
}

std::string metadata(const Json& object, std::string_view key) {
  const Json* meta = slipway::find(object, "metadata");
  return meta == nullptr ? "" : text_or(*meta, key);
}

std::string label(const Json& object, std::string_view key) {
  const Json* labels = find_path(object, "metadata.labels");
  return labels == nullptr ? "" : text_or(*labels, key);
}

Api::Api(std::weak_ptr<net::HttpClient> http, Access access, std::map<std::string, std::string> env, const Clock& clock)
    : http_(std::move(http)), credentials_(std::move(access), std::move(env), clock) {}

net::ClientRequest Api::request(std::string method, const std::string& path) const {
  net::ClientRequest out;
  out.method = std::move(method);
  out.url = access().server + path;
  out.headers.set("Accept", "application/json");
  return out;
}

Task<net::ClientResponse> Api::exchange(net::ClientRequest request) {
  const auto self = shared_from_this();
  CO_TRY_VOID(co_await credentials_.apply(request));
  net::HttpClient* client = http_.lock().get();
  if (client == nullptr) co_return Error(Code::cancelled, "the HTTP client was closed");
  co_return co_await client->send(std::move(request));
}

Task<net::ClientResponse> Api::send(net::ClientRequest request) {
  auto again = request;
  auto answer = co_await exchange(std::move(request));
  if (answer && answer->status == 401) {
    credentials_.renew();
    answer = co_await exchange(std::move(again));
  }
  if (!answer && answer.error().code() != Code::unavailable && answer.error().code() != Code::deadline_exceeded)
    co_return std::move(answer).error();
  if (!answer) co_return transport_error(access(), std::move(answer).error());
  if (answer->status < 200 || answer->status > 299) co_return api_error(answer->status, answer->body);
  co_return answer;
}

Task<Json> Api::send_json(std::string method, std::string path, Json body, std::string content_type) {
  auto sent = request(std::move(method), path);
  if (!body.is_null()) {
    sent.body = to_text(body);
    sent.headers.set("Content-Type", std::move(content_type));
  }
  CO_TRY(const auto answer, co_await send(std::move(sent)));
  auto value = parse_json(answer.body, JsonLimits{.max_bytes = 64u << 20, .max_depth = 128});
  if (!value)
    co_return Error(Code::failed_precondition,
                    "the Kubernetes API server's answer is no JSON: " + value.error().message());
  co_return value;
}

Task<Json> Api::get(std::string path) { return send_json("GET", std::move(path), Json(), ""); }

Task<Json> Api::create(std::string path, Json object) {
  return send_json("POST", std::move(path), std::move(object), "application/json");
}

Task<Json> Api::patch(std::string path, Json changes) {
  return send_json("PATCH", std::move(path), std::move(changes), "application/merge-patch+json");
}

Task<std::optional<Json>> Api::find(std::string path) {
  auto found = co_await get(std::move(path));
  if (!found && found.error().code() == Code::not_found) co_return std::optional<Json>();
  if (!found) co_return std::move(found).error();
  co_return std::optional<Json>(*std::move(found));
}

Task<> Api::remove(std::string path, Propagation propagation, std::optional<int> grace_seconds, std::string uid) {
  JsonObject options{{"kind", "DeleteOptions"}, {"apiVersion", "v1"}};
  options["propagationPolicy"] = text_value(word(propagation));
  if (grace_seconds) options["gracePeriodSeconds"] = *grace_seconds;
  if (!uid.empty()) {
    JsonObject conditions;
    conditions["uid"] = uid;
    options["preconditions"] = std::move(conditions);
  }
  auto removed = co_await send_json("DELETE", std::move(path), Json(std::move(options)), "application/json");
  if (!removed && removed.error().code() != Code::not_found) co_return std::move(removed).error();
  co_return Result<>();
}

Task<> Api::stream(Stream stream) {
  struct Answer {
    int status = 0;
    std::string error_body;
    bool consumer_failed = false;
  };
  const auto answer = std::make_shared<Answer>();
  auto sent = request("GET", stream.path);
  sent.timeout = std::nullopt;
  sent.idle_timeout = stream.idle_timeout;
  sent.on_headers = [answer, opened = stream.on_open](int status, const net::Headers&) {
    answer->status = status;
    if (status == 200 && opened) opened();
  };
  sent.consume = [answer, consume = stream.consume](std::string piece) -> Task<bool> {
    if (answer->status == 200) {
      auto taken = co_await consume(std::move(piece));
      answer->consumer_failed = !taken;
      co_return taken;
    }
    if (answer->error_body.size() < 64 * 1024) answer->error_body += piece;
    co_return true;
  };
  auto ended = co_await exchange(std::move(sent));
  const bool as_it_is = !ended && (answer->consumer_failed || ended.error().code() == Code::cancelled ||
                                   ended.error().code() == Code::deadline_exceeded);
  if (as_it_is) co_return std::move(ended).error();
  if (!ended) co_return transport_error(access(), std::move(ended).error());
  if (ended->status == 401) credentials_.renew();
  if (ended->status != 200) co_return api_error(ended->status, answer->error_body);
  co_return Result<>();
}

}  // namespace slipway::kube
