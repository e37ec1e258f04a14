#include "plugins/runners/kubernetes/permissions.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/strings.h"
#include "kube/api.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

std::string resource_name(const Right& right) {
  return right.group.empty() ? right.resource : right.resource + "." + right.group;
}

Task<bool> allowed(std::shared_ptr<kube::Api> api, std::string space, Right right) {
  const auto slash = right.resource.find('/');
  JsonObject attributes;
  attributes["namespace"] = space;
  attributes["verb"] = right.verb;
  attributes["group"] = right.group;
  attributes["resource"] = right.resource.substr(0, slash);
  if (slash != std::string::npos) attributes["subresource"] = right.resource.substr(slash + 1);
  JsonObject review{{"apiVersion", "authorization.k8s.io/v1"}, {"kind", "SelfSubjectAccessReview"}};
  review["spec"] = JsonObject{{"resourceAttributes", std::move(attributes)}};
  CO_TRY(const Json answer,
         co_await api->create("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", Json(std::move(review))));
  const Json* verdict = find_path(answer, "status.allowed");
  co_return verdict != nullptr && verdict->is_bool() && verdict->get_bool();
}

/// Who asks, as a subject of a role binding: "--serviceaccount=space:name" or "--user=name".
Task<std::string> subject(std::shared_ptr<kube::Api> api) {
  const Json review(JsonObject{{"apiVersion", "authentication.k8s.io/v1"}, {"kind", "SelfSubjectReview"}});
  const auto answer = co_await api->create("/apis/authentication.k8s.io/v1/selfsubjectreviews", review);
  const Json* name = answer ? find_path(*answer, "status.userInfo.username") : nullptr;
  if (name == nullptr || !name->is_string()) co_return std::string("--serviceaccount=NAMESPACE:ACCOUNT");
  const std::string user(name->get_string());
  constexpr std::string_view kAccount = "system:serviceaccount:";
  co_return user.starts_with(kAccount) ? "--serviceaccount=" + user.substr(kAccount.size()) : "--user=" + user;
}

/// One role a verb set: kubectl gives every verb of a command to every resource of it.
std::string grant_commands(const std::string& space, const std::string& who, const std::vector<Right>& missing) {
  std::map<std::string, std::vector<std::string>> verbs;
  for (const auto& right : missing) verbs[resource_name(right)].push_back(right.verb);
  std::map<std::string, std::vector<std::string>> by_verbs;
  for (const auto& [resource, list] : verbs) by_verbs[join(list, ",")].push_back(resource);
  std::string out;
  int number = 0;
  for (const auto& [list, names] : by_verbs) {
    const std::string role = fmt::format("slipway-agent{}", number == 0 ? "" : fmt::format("-{}", number));
    out += fmt::format("kubectl -n {} create role {} --verb={} --resource={}\n", space, role, list, join(names, ","));
    out += fmt::format("kubectl -n {} create rolebinding {} --role={} {}\n", space, role, role, who);
    ++number;
  }
  return out;
}

}  // namespace

std::string Right::name() const { return verb + " " + resource_name(*this); }

const std::vector<Right>& needed_rights() {
  static const std::vector<Right> kRights = {
      {"get", "batch", "jobs", "to find a job again"},
      {"list", "batch", "jobs", "to watch jobs"},
      {"watch", "batch", "jobs", "to watch jobs"},
      {"create", "batch", "jobs", "to run jobs"},
      {"patch", "batch", "jobs", "to stop jobs"},
      {"delete", "batch", "jobs", "to remove ended jobs"},
      {"list", "", "pods", "to say how a job is"},
      {"watch", "", "pods", "to say how a job is"},
      {"patch", "", "pods", "to stop a job so that its output stays"},
      {"delete", "", "pods", "to stop a job that does not heed"},
      {"get", "", "pods/log", "to read a job's output"},
      {"get", "", "secrets", "to take over what another agent began"},
      {"create", "", "secrets", "to hand a run its key"},
      {"patch", "", "secrets", "to let a key go with its job"},
      {"delete", "", "secrets", "to take a run's key away"},
      {"get", "", "configmaps", "to find custom resources again"},
      {"create", "", "configmaps", "to find custom resources again"},
      {"delete", "", "configmaps", "to clean up"},
      {"list", "", "events", "to say why a job does not start"},
      {"watch", "", "events", "to say why a job does not start"},
  };
  return kRights;
}

Task<RightCheck> check_rights(Context& context, std::string space) {
  CO_TRY(auto access, kube::find_access({}, context.env));
  const auto api = std::make_shared<kube::Api>(context.http, std::move(access), context.env, *context.clock);
  RightCheck check{.space = space.empty() ? api->space() : space};
  for (const auto& right : needed_rights()) {
    CO_TRY(const bool may, co_await allowed(api, check.space, right));
    if (!may) check.missing.push_back(right);
  }
  if (check.missing.empty()) co_return check;
  CO_TRY(const std::string who, co_await subject(api));
  check.grant = grant_commands(check.space, who, check.missing);
  co_return check;
}

}  // namespace slipway::plugins::runners::kubernetes
