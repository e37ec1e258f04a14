// Where the API server is and how one proves who one is: a kubeconfig, or the files that a pod gets.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace slipway::kube {

/// A program that prints an ExecCredential (client.authentication.k8s.io): how EKS, GKE and AKS log in.
struct ExecPlugin {
  std::string api_version;
  std::string command;
  std::vector<std::string> args;
  std::map<std::string, std::string> env;
  std::string install_hint;
  bool wants_cluster = false;       ///< provideClusterInfo.
  std::filesystem::path directory;  ///< A command with a '/' is relative to the kubeconfig.
};

/// Everything needed to talk to one API server. Values only; files that change (token_file) are read later.
struct Access {
  std::string server;       ///< "https://host:port[/path]", without a slash at its end.
  std::string authorities;  ///< PEM; "": the system's.
  std::string server_name;
  bool verify = true;
  std::string certificate;  ///< PEM.
  Secret key;
  Secret token;
  std::filesystem::path token_file;  ///< Read again and again: such tokens are short-lived.
  std::string user;                  ///< HTTP Basic.
  Secret password;
  std::optional<ExecPlugin> exec;
  std::string impersonate;
  std::string space = "default";  ///< The namespace that is meant when nobody names one.
  std::string origin;             ///< For texts: "context prod of /home/a/.kube/config".
};

/// `context`: "" is the file's current one. Files that it names are relative to the kubeconfig's folder. Errors name
/// the file, what is missing and what there is.
Result<Access> read_kubeconfig(const std::filesystem::path& file, const std::string& context = "");
/// What a pod finds in /var/run/secrets/kubernetes.io/serviceaccount, with KUBERNETES_SERVICE_HOST and _PORT.
Result<Access> in_cluster_access(const std::map<std::string, std::string>& env,
                                 const std::filesystem::path& account_folder);
inline constexpr std::string_view kAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

struct Wanted {
  std::string file;     ///< "configFile" of a queue. "": KUBECONFIG, then ~/.kube/config, then the pod's account.
  std::string context;  ///< "context" of a queue.
};
/// Picks one of the above. Of several files in KUBECONFIG the first that exists. not_found: nothing of the kind is here.
Result<Access> find_access(const Wanted& wanted, const std::map<std::string, std::string>& env);

}  // namespace slipway::kube
