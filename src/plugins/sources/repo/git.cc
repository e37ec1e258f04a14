#include "plugins/sources/repo/git.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ids.h"
#include "base/strings.h"
#include "net/http_types.h"

namespace slipway::plugins::sources::repo {
namespace {

/// They would point git at another repository, make it run something, or loosen what is allowed.
constexpr std::array kDropped = {"GIT_DIR",
                                 "GIT_WORK_TREE",
                                 "GIT_INDEX_FILE",
                                 "GIT_OBJECT_DIRECTORY",
                                 "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                 "GIT_COMMON_DIR",
                                 "GIT_NAMESPACE",
                                 "GIT_TEMPLATE_DIR",
                                 "GIT_EXTERNAL_DIFF",
                                 "GIT_EDITOR",
                                 "GIT_PAGER",
                                 "GIT_TRACE",
                                 "GIT_TRACE_CURL",
                                 "GIT_CURL_VERBOSE",
                                 "GIT_PROTOCOL_FROM_USER",
                                 "GIT_QUARANTINE_PATH",
                                 "GIT_PREFIX"};

struct Sign {
  std::string_view text;
  Code code;
  std::string_view mend;
};

constexpr std::string_view kHttpsLogin =
    "Give the agent's git a login for that host: a credential helper, ~/.netrc, or GIT_ASKPASS in the agent's "
    "environment.";
constexpr std::string_view kSshLogin =
    "Give the agent an ssh key that the host knows (ssh-agent, ~/.ssh/config or GIT_SSH_COMMAND).";

constexpr std::array kSigns = {
    Sign{"authentication failed", Code::unauthenticated, kHttpsLogin},
    Sign{"could not read username", Code::unauthenticated, kHttpsLogin},
    Sign{"could not read password", Code::unauthenticated, kHttpsLogin},
    Sign{"permission denied (", Code::unauthenticated, kSshLogin},
    Sign{"host key verification failed", Code::unauthenticated,
         "Add the host's key to the known_hosts file of the agent's user (ssh-keyscan HOST)."},
    Sign{"returned error: 403", Code::permission_denied, kHttpsLogin},
    Sign{"repository not found", Code::not_found,
         "Check the spelling; private repositories look absent without a login."},
    Sign{"does not appear to be a git repository", Code::not_found, "Check the spelling of the path."},
    Sign{"' not found", Code::not_found, "Check the spelling; private repositories look absent without a login."},
    Sign{"could not resolve host", Code::unavailable, "Check the host name and the agent's network."},
    Sign{"failed to connect", Code::unavailable, "Check the agent's network and proxy."},
    Sign{"connection refused", Code::unavailable, "Check the host, its port and the agent's network."},
    Sign{"timed out", Code::unavailable, "Check the agent's network and proxy."},
    Sign{"connection reset", Code::unavailable, ""},
    Sign{"certificate", Code::unavailable, "Set GIT_SSL_CAINFO or http.sslCAInfo to the authority's certificate."},
    Sign{"no space left on device", Code::resource_exhausted, "Free some space below the agent's state folder."},
};

}  // namespace

GitAddress git_address(const launch::GitRemote& remote) {
  GitAddress address{.url = remote.url, .shown = remote.shown(), .config = {}};
  if (!remote.has_password) return address;
  const auto scheme_end = remote.url.find("://") + 3;
  const auto slash = remote.url.find('/', scheme_end);
  const auto at = remote.url.rfind('@', slash);
  const auto user_info = remote.url.substr(scheme_end, at - scheme_end);
  const auto colon = user_info.find(':');
  const auto user = net::url_decode(user_info.substr(0, colon));
  address.url = remote.url.substr(0, scheme_end) + remote.url.substr(at + 1);
  if (remote.transport == launch::GitTransport::ssh) {
    address.url.insert(scheme_end, user_info.substr(0, colon) + "@");
    return address;
  }
  const auto host_end = address.url.find('/', scheme_end);
  const auto host = address.url.substr(0, host_end);
  if (colon == std::string::npos) {
    address.config.emplace_back("credential." + host + ".username", user);
  } else {
    const auto password = net::url_decode(user_info.substr(colon + 1));
    address.config.emplace_back("http." + host + "/.extraHeader",
                                "Authorization: Basic " + to_base64(user + ":" + password));
  }
  return address;
}

std::map<std::string, std::string> git_environment(std::map<std::string, std::string> env,
                                                   const std::vector<std::pair<std::string, std::string>>& extra) {
  for (const auto* name : kDropped) env.erase(name);
  env["GIT_TERMINAL_PROMPT"] = "0";
  env["GIT_ALLOW_PROTOCOL"] = "https:ssh";
  env["GIT_LFS_SKIP_SMUDGE"] = "1";
  env["GIT_OPTIONAL_LOCKS"] = "0";
  env["LC_ALL"] = "C";
  // ssh asks on the agent's terminal otherwise, for a host key or a passphrase, and waits.
  if (!env.contains("SSH_ASKPASS_REQUIRE")) {
    env["SSH_ASKPASS"] = "/bin/false";
    env["SSH_ASKPASS_REQUIRE"] = "force";
  }
  int count = 0;
  const auto& given = env["GIT_CONFIG_COUNT"];
  std::from_chars(given.data(), given.data() + given.size(), count);
  for (const auto& [key, value] : extra) {
    env["GIT_CONFIG_KEY_" + std::to_string(count)] = key;
    env["GIT_CONFIG_VALUE_" + std::to_string(count)] = value;
    ++count;
  }
  env["GIT_CONFIG_COUNT"] = std::to_string(count);
  return env;
}

std::vector<std::string> git_options() {
  constexpr std::array kSettings = {
      "protocol.allow=never",
      "protocol.https.allow=always",
      "protocol.ssh.allow=always",
      "protocol.ext.allow=never",
      "protocol.file.allow=never",
      "core.hooksPath=/dev/null",
      "core.fsmonitor=false",
      "core.attributesFile=/dev/null",
      "core.autocrlf=false",
      "core.protectHFS=true",
      "core.protectNTFS=true",
      "filter.lfs.process=",
      "filter.lfs.smudge=",
      "filter.lfs.required=false",
      "fetch.recurseSubmodules=false",
      "submodule.recurse=false",
      "gc.auto=0",
      "maintenance.auto=false",
      "advice.detachedHead=false",
      "http.lowSpeedLimit=100",
      "http.lowSpeedTime=120",
  };
  std::vector<std::string> options;
  for (const auto* setting : kSettings) {
    options.emplace_back("-c");
    options.emplace_back(setting);
  }
  return options;
}

std::string without_credentials(std::string text) {
  for (std::size_t from = text.find("://"); from != std::string::npos; from = text.find("://", from + 3)) {
    const auto begin = from + 3;
    const auto end = text.find_first_of("/ \t\r\n'\"<>", begin);
    const auto at = text.rfind('@', end == std::string::npos ? text.size() : end);
    if (at != std::string::npos && at > begin) text.replace(begin, at - begin, "***");
  }
  return text;
}

Error git_failure(const std::string& output, const GitAddress& address, std::string doing) {
  const auto said = lower(output);
  const auto sign = std::ranges::find_if(kSigns, [&](const Sign& s) { return said.find(s.text) != std::string::npos; });
  const auto message = std::move(doing) + " " + address.shown + ": " + without_credentials(std::string(trim(output)));
  if (sign == kSigns.end()) return Error(Code::failed_precondition, message);
  auto error = Error(sign->code, message);
  return sign->mend.empty() ? std::move(error) : std::move(error).hint(std::string(sign->mend));
}

Task<proc::ProcessResult> run_git(std::map<std::string, std::string> env, GitCommand command) {
  proc::ProcessSpec spec;
  spec.argv = git_options();
  spec.argv.insert(spec.argv.begin(), "git");
  if (!command.git_dir.empty()) spec.argv.push_back("--git-dir=" + command.git_dir.string());
  if (!command.work_tree.empty()) spec.argv.push_back("--work-tree=" + command.work_tree.string());
  spec.argv.insert(spec.argv.end(), command.arguments.begin(), command.arguments.end());
  spec.env = git_environment(std::move(env), command.config);
  if (!command.index.empty()) spec.env["GIT_INDEX_FILE"] = command.index.string();
  spec.cwd = command.work_tree.empty() ? command.git_dir : command.work_tree;
  spec.timeout = command.timeout;
  auto result = co_await proc::run(std::move(spec));
  if (!result && result.error().code() == Code::not_found) {
    co_return std::move(result).error().hint("Install git on the agent's machine.");
  }
  co_return result;
}

}  // namespace slipway::plugins::sources::repo
