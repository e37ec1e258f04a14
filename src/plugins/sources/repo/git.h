// Git through its command line, so that only https and ssh are ever spoken and nothing of a repository runs on this machine (C-30, F8, L-37, L-69).
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "launch/git_url.h"
#include "proc/process.h"

namespace slipway::plugins::sources::repo {

/// A remote as git gets it: credentials of the URL travel in the environment, never in argv (I6).
struct GitAddress {
  std::string url;                                          ///< Without credentials.
  std::string shown;                                        ///< For logs and errors.
  std::vector<std::pair<std::string, std::string>> config;  ///< For GIT_CONFIG_KEY_n and GIT_CONFIG_VALUE_n.
};
GitAddress git_address(const launch::GitRemote& remote);

/// `env` of the agent, made safe: nothing that points git at another repository, no prompts, https and ssh only, `extra` as configuration. What the person set up for
/// their own credentials stays (credential helpers, GIT_SSH_COMMAND, GIT_ASKPASS, GIT_SSL_CAINFO, proxies, ~/.gitconfig and /etc/gitconfig).
std::map<std::string, std::string> git_environment(std::map<std::string, std::string> env,
                                                   const std::vector<std::pair<std::string, std::string>>& extra);

/// "-c name=value" for every git command: no hooks, no file system monitor, no filters that a repository chooses, no other protocols.
std::vector<std::string> git_options();

/// Text of others without user information in URLs.
std::string without_credentials(std::string text);

/// An Error for git's failed output, with a code that says what the person can do and the tail of what git said.
Error git_failure(const std::string& output, const GitAddress& address, std::string doing);

struct GitCommand {
  std::vector<std::string> arguments;  ///< After "git" and the options above.
  std::filesystem::path git_dir;       ///< "": none.
  std::filesystem::path work_tree;     ///< Also the current folder.
  std::filesystem::path index;
  std::vector<std::pair<std::string, std::string>> config;
  Millis timeout{600'000};
};
Task<proc::ProcessResult> run_git(std::map<std::string, std::string> env, GitCommand command);

}  // namespace slipway::plugins::sources::repo
