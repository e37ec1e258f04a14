#include "kube/kubeconfig.h"

#include <fmt/format.h>

#include "archive/archive.h"
#include "base/ids.h"
#include "base/strings.h"
#include "base/yaml.h"

namespace slipway::kube {
namespace {

namespace fs = std::filesystem;

/// A kubeconfig with the file that it came from, for paths and texts.
class Reader {
 public:
  Reader(fs::path file, Json document) : file_(std::move(file)), document_(std::move(document)) {}

  Result<Access> read(const std::string& wanted_context) const {
    const std::string name = wanted_context.empty() ? text_or(document_, "current-context") : wanted_context;
    if (name.empty()) {
      return Error(Code::failed_precondition, fmt::format("{} has no current context", file_.string()))
          .hint(
              "Choose one with `kubectl config use-context NAME`, or name it in the queue's configuration (context: "
              "NAME).");
    }
    TRY(const Json context, entry("contexts", "context", name));
    TRY(const Json cluster, entry("clusters", "cluster", text_or(context, "cluster")));
    Access access;
    access.origin = fmt::format("context {} of {}", name, file_.string());
    if (const auto space = text_or(context, "namespace"); !space.empty()) access.space = space;
    TRY_VOID(read_cluster(cluster, access));
    if (const auto user = text_or(context, "user"); !user.empty()) {
      TRY(const Json login, entry("users", "user", user));
      TRY_VOID(read_user(login, access));
    }
    return access;
  }

 private:
  Result<Json> entry(std::string_view list, std::string_view what, const std::string& name) const {
    std::vector<std::string> names;
    const Json* entries = find(document_, list);
    if (entries != nullptr && entries->is_array()) {
      for (const auto& candidate : entries->get_array()) {
        names.push_back(text_or(candidate, "name"));
        const Json* found = find(candidate, what);
        if (names.back() == name && found != nullptr) return *found;
      }
    }
    return Error(Code::failed_precondition,
                 fmt::format("{} has no {} named '{}'.{}", file_.string(), what, name, did_you_mean(name, names)))
        .hint(names.empty() ? fmt::format("It has no {} at all.", list)
                            : fmt::format("It has: {}.", join(names, ", ")));
  }

  fs::path beside(const std::string& name) const {
    const fs::path path(name);
    return path.is_absolute() ? path : file_.parent_path() / path;
  }

  /// "X-data" holds base64 and wins over "X", which names a file.
  Result<std::string> data_or_file(const Json& from, const std::string& key) const {
    if (const auto data = text_or(from, key + "-data"); !data.empty()) {
      auto decoded = from_base64(data);
      if (!decoded)
        return Error(Code::failed_precondition, fmt::format("{}: {}-data is not base64", file_.string(), key));
      return *std::move(decoded);
    }
    const auto name = text_or(from, key);
    if (name.empty()) return std::string();
    auto content = archive::read_file(beside(name), 1u << 20);
    if (!content) return std::move(content).error().wrap(fmt::format("reading the {} of {}", key, file_.string()));
    return content;
  }

  Result<> read_cluster(const Json& cluster, Access& access) const {
    access.server = text_or(cluster, "server");
    while (access.server.ends_with('/')) access.server.pop_back();
    if (access.server.empty())
      return Error(Code::failed_precondition, fmt::format("{}: the cluster has no server", file_.string()));
    access.server_name = text_or(cluster, "tls-server-name");
    access.verify = !bool_or(cluster, "insecure-skip-tls-verify", false);
    TRY(access.authorities, data_or_file(cluster, "certificate-authority"));
    return {};
  }

  Result<> read_user(const Json& user, Access& access) const {
    TRY(access.certificate, data_or_file(user, "client-certificate"));
    TRY(std::string key, data_or_file(user, "client-key"));
    access.key = Secret(std::move(key));
    access.token = Secret(text_or(user, "token"));
    if (const auto file = text_or(user, "tokenFile"); !file.empty()) access.token_file = beside(file);
    access.user = text_or(user, "username");
    access.password = Secret(text_or(user, "password"));
    access.impersonate = text_or(user, "as");
    if (const Json* exec = find(user, "exec"); exec != nullptr && exec->is_object()) access.exec = read_exec(*exec);
    if (find(user, "auth-provider") != nullptr && !access.exec) {
      return Error(Code::failed_precondition,
                   fmt::format("{} logs in through an auth-provider, which Kubernetes has removed", file_.string()))
          .hint(
              "Write the entry anew with your cloud's tool: `gcloud container clusters get-credentials`, "
              "`aws eks update-kubeconfig` or `az aks get-credentials`.");
    }
    return {};
  }

  ExecPlugin read_exec(const Json& exec) const {
    ExecPlugin plugin{.api_version = text_or(exec, "apiVersion"),
                      .command = text_or(exec, "command"),
                      .install_hint = text_or(exec, "installHint"),
                      .wants_cluster = bool_or(exec, "provideClusterInfo", false),
                      .directory = file_.parent_path()};
    if (const Json* args = find(exec, "args"); args != nullptr && args->is_array()) {
      for (const auto& arg : args->get_array()) {
        if (arg.is_string()) plugin.args.emplace_back(arg.get_string());
      }
    }
    if (const Json* env = find(exec, "env"); env != nullptr && env->is_array()) {
      for (const auto& pair : env->get_array()) plugin.env[text_or(pair, "name")] = text_or(pair, "value");
    }
    return plugin;
  }

  fs::path file_;
  Json document_;
};

std::string of(const std::map<std::string, std::string>& env, const std::string& name) {
  const auto found = env.find(name);
  return found == env.end() ? "" : found->second;
}

fs::path expanded(const std::string& path, const std::map<std::string, std::string>& env) {
  return path.starts_with("~/") ? fs::path(of(env, "HOME")) / path.substr(2) : fs::path(path);
}

}  // namespace

Result<Access> read_kubeconfig(const fs::path& file, const std::string& context) {
  auto text = archive::read_file(file, 16u << 20);
  if (!text) {
    return Error(Code::failed_precondition,
                 fmt::format("the kubeconfig {} cannot be read: {}", file.string(), text.error().message()));
  }
  TRY(auto document, parse_yaml_or_json(*text, file.string()));
  if (!document.value.is_object())
    return Error(Code::failed_precondition, fmt::format("{} is no kubeconfig", file.string()));
  return Reader(file, std::move(document.value)).read(context);
}

Result<Access> in_cluster_access(const std::map<std::string, std::string>& env, const fs::path& account_folder) {
  const std::string host = of(env, "KUBERNETES_SERVICE_HOST");
  const std::string port = of(env, "KUBERNETES_SERVICE_PORT");
  Access access;
  access.server = fmt::format("https://{}:{}", host.find(':') == std::string::npos ? host : "[" + host + "]",
                              port.empty() ? "443" : port);
  TRY(access.authorities, archive::read_file(account_folder / "ca.crt", 1u << 20));
  access.token_file = account_folder / "token";
  if (auto space = archive::read_file(account_folder / "namespace", 1024); space && !trim(*space).empty())
    access.space = trim(*space);
  access.origin = "the pod's service account";
  return access;
}

Result<Access> find_access(const Wanted& wanted, const std::map<std::string, std::string>& env) {
  if (!wanted.file.empty()) return read_kubeconfig(expanded(wanted.file, env), wanted.context);
  std::error_code error;
  for (const auto& name : split(of(env, "KUBECONFIG"), ':')) {
    if (!name.empty() && fs::exists(expanded(name, env), error))
      return read_kubeconfig(expanded(name, env), wanted.context);
  }
  if (!of(env, "KUBECONFIG").empty()) {
    return Error(Code::failed_precondition,
                 fmt::format("KUBECONFIG is {}, and there is no such file", of(env, "KUBECONFIG")));
  }
  const fs::path usual = fs::path(of(env, "HOME")) / ".kube" / "config";
  if (fs::exists(usual, error)) return read_kubeconfig(usual, wanted.context);
  if (!of(env, "KUBERNETES_SERVICE_HOST").empty()) return in_cluster_access(env, kAccountFolder);
  return Error(Code::not_found, fmt::format("there is no kubeconfig ({}), and this is no pod", usual.string()))
      .hint(
          "Set KUBECONFIG, name the file in the queue's configuration (configFile: PATH), or run the agent in the "
          "cluster with the Helm chart.");
}

}  // namespace slipway::kube
