#include "plugins/sources/repo/submodules.h"

#include <algorithm>

#include "base/strings.h"

namespace slipway::plugins::sources::repo {
namespace {

bool is_safe_path(const std::string& path) {
  if (path.empty() || path.front() == '/') return false;
  return std::ranges::none_of(split(path, '/'), [](const std::string& part) {
    return part.empty() || part == "." || part == ".." || lower(part) == ".git";
  });
}

/// path → commit of the entries with mode 160000 of `git ls-tree -r -z`.
std::map<std::string, std::string> gitlinks(const std::string& text) {
  std::map<std::string, std::string> links;
  for (const auto& entry : split(text, '\0')) {
    const auto tab = entry.find('\t');
    if (!entry.starts_with("160000 ") || tab == std::string::npos) continue;
    const auto words = split(entry.substr(0, tab), ' ');
    if (words.size() == 3) links[entry.substr(tab + 1)] = words[2];
  }
  return links;
}

/// path → URL of `git config --null --list`.
std::map<std::string, std::string> urls_by_path(const std::string& text) {
  std::map<std::string, std::string> path_of, url_of, urls;
  for (const auto& entry : split(text, '\0')) {
    const auto end = entry.find('\n');
    if (end == std::string::npos || !entry.starts_with("submodule.")) continue;
    const auto key = entry.substr(0, end);
    const auto dot = key.rfind('.');
    const auto name = key.substr(0, dot);
    if (key.substr(dot) == ".path") path_of[name] = entry.substr(end + 1);
    if (key.substr(dot) == ".url") url_of[name] = entry.substr(end + 1);
  }
  for (const auto& [name, path] : path_of) {
    if (url_of.contains(name)) urls[path] = url_of[name];
  }
  return urls;
}

}  // namespace

Result<std::string> resolve_submodule_url(const std::string& parent, const std::string& url) {
  if (!url.starts_with("./") && !url.starts_with("../")) return url;
  std::string base = parent;
  while (base.ends_with('/')) base.pop_back();
  std::string_view rest = url;
  const auto scheme = base.find("://");
  for (;;) {
    if (rest.starts_with("./")) {
      rest.remove_prefix(2);
      continue;
    }
    if (!rest.starts_with("../")) break;
    rest.remove_prefix(3);
    const auto from = scheme == std::string::npos ? 0 : scheme + 3;
    const auto slash = base.rfind('/');
    if (slash != std::string::npos && slash >= from) {
      base.resize(slash);
      continue;
    }
    const auto colon = base.rfind(':');
    const bool scp_root = scheme == std::string::npos && colon != std::string::npos && colon + 1 < base.size();
    if (!scp_root)
      return Error(Code::invalid_argument, "the submodule URL '" + url + "' leaves the host of its parent");
    base.resize(colon + 1);
  }
  return base.ends_with(':') ? base + std::string(rest) : base + "/" + std::string(rest);
}

Task<std::vector<Submodule>> list_submodules(std::map<std::string, std::string> env, MirroredCommit commit,
                                             launch::GitRemote parent, LineSink log) {
  GitCommand tree;
  tree.git_dir = commit.git_dir;
  tree.arguments = {"ls-tree", "-r", "-z", "--full-tree", commit.commit};
  CO_TRY(const auto entries, co_await run_git(env, std::move(tree)));
  if (!entries.ok()) co_return Error(Code::internal, "listing the files of " + commit.commit + ": " + entries.tail(3));
  const auto links = gitlinks(entries.out);
  std::vector<Submodule> found;
  if (links.empty()) co_return found;

  GitCommand config;
  config.git_dir = commit.git_dir;
  config.arguments = {"config", "--null", "--list", "--blob", commit.commit + ":.gitmodules"};
  CO_TRY(const auto settings, co_await run_git(env, std::move(config)));
  const auto urls = urls_by_path(settings.ok() ? settings.out : "");
  for (const auto& [path, id] : links) {
    if (!is_safe_path(path)) co_return Error(Code::invalid_argument, "the submodule path '" + path + "' is refused");
    const auto url = urls.find(path);
    if (url == urls.end()) {
      if (log) log("git: the submodule '" + path + "' has no URL in .gitmodules and is left empty");
      continue;
    }
    CO_TRY(const auto resolved, resolve_submodule_url(parent.url, url->second));
    auto remote = launch::parse_git_remote(resolved);
    if (!remote) co_return std::move(remote).error().wrap("submodule '" + path + "'");
    found.push_back({.path = path, .commit = id, .remote = *std::move(remote)});
  }
  co_return found;
}

}  // namespace slipway::plugins::sources::repo
