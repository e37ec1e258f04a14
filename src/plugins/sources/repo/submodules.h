// Which submodules a commit has, read from its tree and its .gitmodules: git's own submodule command is never run.
#pragma once
#include <string>
#include <vector>

#include "plugins/sources/repo/mirrors.h"

namespace slipway::plugins::sources::repo {

struct Submodule {
  std::string path;  ///< Relative to the work tree; checked: no "..", no ".git".
  std::string commit;
  launch::GitRemote remote;  ///< Checked like every remote; a relative URL is taken from the parent's.
};

/// Submodules that .gitmodules gives no URL for are left out and named to `log`.
Task<std::vector<Submodule>> list_submodules(std::map<std::string, std::string> env, MirroredCommit commit,
                                             launch::GitRemote parent, LineSink log);

/// "../lib.git" seen from "https://host/team/app.git" is "https://host/team/lib.git".
Result<std::string> resolve_submodule_url(const std::string& parent, const std::string& url);

}  // namespace slipway::plugins::sources::repo
