// Mirrors: bare repositories below the state folder that hold what was fetched from a remote.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "plugins/context.h"
#include "plugins/sources/repo/git.h"
#include "plugins/sources/repo/turns.h"

namespace slipway::plugins::sources::repo {

struct MirroredCommit {
  std::filesystem::path git_dir;
  std::string commit;  ///< Full id.
};

/// The least recently used ones go when they are over the limit of the sources' cache. One mirror a remote (with its credentials: who has no login must not find what another one's login fetched).
class Mirrors {
 public:
  Mirrors(Context& context, std::filesystem::path root);

  /// Makes sure that the commit is here. `ref`: branch, tag, full or abbreviated commit, "" for the remote's default branch (else main, else master). A commit that is here
  /// already costs no request; everything else costs one to find it, and one shallow fetch; only a server that gives no single commits, or an abbreviated id, costs
  /// everything (L-38). not_found: the remote has no such branch, tag or commit.
  Task<MirroredCommit> fetch(launch::GitRemote remote, std::string ref, LineSink log);

 private:
  struct Wanted {
    std::string commit;  ///< "" when the remote has not named one.
    std::string name;    ///< "refs/heads/main"; "" for a bare commit.
  };
  using Dir = std::filesystem::path;

  Task<> prepare(Dir git_dir);
  Task<Wanted> resolve(GitAddress address, std::string ref);
  Task<bool> has_commit(Dir git_dir, std::string commit);
  Task<> obtain(Dir git_dir, GitAddress address, Wanted wanted, LineSink log);
  Task<> fetch_everything(Dir git_dir, GitAddress address, LineSink log);
  /// False: this server gives out whole branches only.
  Task<bool> fetch_one(Dir git_dir, GitAddress address, std::string what, std::string commit);
  void make_room() const;
  Task<std::string> complete(Dir git_dir, std::string ref, std::string shown);

  std::map<std::string, std::string> env_;
  Dir root_;
  Turns turns_;
};

}  // namespace slipway::plugins::sources::repo
