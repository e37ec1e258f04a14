#include "plugins/sources/repo/mirrors.h"

#include <algorithm>

#include "archive/archive.h"
#include "base/ids.h"
#include "base/strings.h"
#include "plugins/sources/source_cache.h"

namespace slipway::plugins::sources::repo {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kReady = "slipway-ready";

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}
bool is_full_commit(std::string_view text) { return (text.size() == 40 || text.size() == 64) && is_hex(text); }
bool may_be_abbreviated(std::string_view text) { return text.size() >= 4 && text.size() < 64 && is_hex(text); }

/// Lines of `git ls-remote --symref`: name → commit, and what HEAD points to.
struct RemoteRefs {
  std::map<std::string, std::string> commits;
  std::string head;

  std::string commit_of(const std::string& name) const {
    // An annotated tag is followed by "^{}" with the commit behind it.
    if (const auto peeled = commits.find(name + "^{}"); peeled != commits.end()) return peeled->second;
    const auto plain = commits.find(name);
    return plain == commits.end() ? "" : plain->second;
  }
};

RemoteRefs parse_refs(const std::string& text) {
  RemoteRefs refs;
  for (const auto& line : split(text, '\n')) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const auto name = line.substr(tab + 1);
    if (line.starts_with("ref: ")) {
      if (name == "HEAD") refs.head = line.substr(5, tab - 5);
    } else {
      refs.commits[name] = line.substr(0, tab);
    }
  }
  return refs;
}

/// The server works, but does not give out what was asked for in that way.
bool wants_whole_branches(const std::string& output) {
  const auto said = lower(output);
  constexpr std::array kSays = {"not our ref",
                                "does not allow request for unadvertised object",
                                "dumb http transport does not support shallow",
                                "shallow file has changed",
                                "remote error: upload-pack",
                                "does not support shallow"};
  return std::ranges::any_of(kSays, [&](const char* text) { return said.find(text) != std::string::npos; });
}

}  // namespace

Mirrors::Mirrors(Context& context, fs::path root)
    : env_(context.env), root_(std::move(root)), turns_(context.executor) {}

Task<MirroredCommit> Mirrors::fetch(launch::GitRemote remote, std::string ref, LineSink log) {
  if (!ref.empty()) CO_TRY_VOID(launch::check_git_ref(ref));
  const auto address = git_address(remote);
  const auto git_dir = root_ / sha256_hex(remote.url).substr(0, 32);
  CO_TRY(const auto turn, co_await turns_.take(git_dir.filename().string()));
  CO_TRY_VOID(co_await prepare(git_dir));
  MirroredCommit found{.git_dir = git_dir, .commit = lower(ref)};
  if (is_full_commit(ref)) {
    CO_TRY(const bool here, co_await has_commit(git_dir, found.commit));
    if (here) co_return found;
  }
  Wanted wanted{.commit = found.commit, .name = ""};
  if (!is_full_commit(ref)) {
    CO_TRY(wanted, co_await resolve(address, ref));
  }
  if (!wanted.commit.empty()) {
    CO_TRY(const bool here, co_await has_commit(git_dir, wanted.commit));
    if (!here) CO_TRY_VOID(co_await obtain(git_dir, address, wanted, log));
    found.commit = wanted.commit;
  } else {
    CO_TRY_VOID(co_await fetch_everything(git_dir, address, log));
  }
  const auto looked_up = wanted.commit.empty() ? ref : wanted.commit;
  CO_TRY(found.commit, co_await complete(git_dir, looked_up, address.shown));
  make_room();
  co_return found;
}

Task<> Mirrors::prepare(Dir git_dir) {
  std::error_code ec;
  // The mark is there once the mirror is complete; its time is that of the last use.
  fs::last_write_time(git_dir / kReady, fs::file_time_type::clock::now(), ec);
  if (!ec) co_return Result<>();
  fs::remove_all(git_dir, ec);
  fs::create_directories(git_dir, ec);
  if (ec) co_return Error(Code::internal, "creating " + git_dir.string() + ": " + ec.message());
  GitCommand init;
  init.arguments = {"init", "--quiet", "--bare", "--template=", git_dir.string()};
  CO_TRY(const auto result, co_await run_git(env_, std::move(init)));
  if (!result.ok()) co_return Error(Code::internal, "preparing a git mirror: " + result.tail(5));
  // Wins over every .gitattributes of the repository: no filter program of this machine's configuration sees its content.
  fs::create_directories(git_dir / "info", ec);
  CO_TRY_VOID(
      archive::write_file_atomically(git_dir / "info" / "attributes", "* -filter -working-tree-encoding -ident\n"));
  co_return archive::write_file_atomically(git_dir / kReady, "");
}

Task<Mirrors::Wanted> Mirrors::resolve(GitAddress address, std::string ref) {
  GitCommand list;
  list.arguments = {"ls-remote", "--symref", "--", address.url, "HEAD"};
  std::vector<std::string> candidates = {"refs/heads/" + ref, "refs/tags/" + ref, ref};
  if (ref.empty()) candidates = {"refs/heads/main", "refs/heads/master"};
  for (const auto& name : candidates) {
    if (!name.starts_with("refs/")) continue;
    list.arguments.push_back(name);
    list.arguments.push_back(name + "^{}");
  }
  list.config = address.config;
  CO_TRY(const auto result, co_await run_git(env_, std::move(list)));
  if (!result.ok()) co_return git_failure(result.tail(), address, "reading the branches of");
  const auto refs = parse_refs(result.out);
  if (ref.empty() && !refs.commit_of("HEAD").empty())
    co_return Wanted{.commit = refs.commit_of("HEAD"), .name = refs.head};
  for (const auto& name : candidates) {
    if (const auto commit = refs.commit_of(name); !commit.empty()) co_return Wanted{.commit = commit, .name = name};
  }
  if (may_be_abbreviated(ref)) co_return Wanted();
  if (ref.empty())
    co_return Error(Code::not_found, address.shown + " has no default branch, no main and no master")
        .hint("Name a branch, tag or commit.");
  co_return Error(Code::not_found, address.shown + " has no branch, tag or commit '" + ref + "'");
}

Task<bool> Mirrors::has_commit(Dir git_dir, std::string commit) {
  GitCommand look;
  look.git_dir = git_dir;
  look.arguments = {"cat-file", "-e", commit + "^{commit}"};
  CO_TRY(const auto result, co_await run_git(env_, std::move(look)));
  co_return result.ok();
}

void Mirrors::make_room() const {
  std::vector<Kept> all;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(root_, ec)) {
    std::error_code incomplete;
    const auto used = fs::last_write_time(entry.path() / kReady, incomplete);
    if (!incomplete) all.push_back({.paths = {entry.path()}, .bytes = bytes_below(entry.path()), .used = used});
  }
  remove_oldest(std::move(all), cache_limit(env_));
}

Task<> Mirrors::obtain(Dir git_dir, GitAddress address, Wanted wanted, LineSink log) {
  if (log) log("git: fetching " + (wanted.name.empty() ? wanted.commit : wanted.name) + " of " + address.shown);
  CO_TRY(bool done, co_await fetch_one(git_dir, address, wanted.commit, wanted.commit));
  if (!done && !wanted.name.empty()) {
    CO_TRY(done, co_await fetch_one(git_dir, address, wanted.name, wanted.commit));
    if (done) {
      CO_TRY(done, co_await has_commit(git_dir, wanted.commit));
    }
  }
  if (done) co_return Result<>();
  co_return co_await fetch_everything(git_dir, address, log);
}

Task<bool> Mirrors::fetch_one(Dir git_dir, GitAddress address, std::string what, std::string commit) {
  GitCommand fetch;
  fetch.git_dir = git_dir;
  fetch.arguments = {"fetch",   "--quiet", "--no-tags", "--depth=1",
                     "--force", "--",      address.url, what + ":refs/slipway/" + commit};
  fetch.config = address.config;
  CO_TRY(const auto result, co_await run_git(env_, std::move(fetch)));
  if (result.ok()) co_return true;
  if (wants_whole_branches(result.err)) co_return false;
  co_return git_failure(result.tail(), address, "fetching from");
}

Task<> Mirrors::fetch_everything(Dir git_dir, GitAddress address, LineSink log) {
  if (log) log("git: fetching all branches and tags of " + address.shown);
  GitCommand fetch;
  fetch.git_dir = git_dir;
  fetch.arguments = {"fetch", "--quiet", "--no-tags", "--force"};
  std::error_code ec;
  if (fs::exists(git_dir / "shallow", ec)) fetch.arguments.emplace_back("--unshallow");
  for (const auto* argument : {"--", address.url.c_str(), "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*"}) {
    fetch.arguments.emplace_back(argument);
  }
  fetch.config = address.config;
  fetch.timeout = Millis(3'600'000);
  CO_TRY(const auto result, co_await run_git(env_, std::move(fetch)));
  if (!result.ok()) co_return git_failure(result.tail(), address, "fetching from");
  co_return Result<>();
}

Task<std::string> Mirrors::complete(Dir git_dir, std::string ref, std::string shown) {
  GitCommand parse;
  parse.git_dir = git_dir;
  parse.arguments = {"rev-parse", "--quiet", "--verify", "--end-of-options", ref + "^{commit}"};
  CO_TRY(const auto result, co_await run_git(env_, std::move(parse)));
  if (!result.ok()) {
    co_return Error(Code::not_found, shown + " has no commit '" + ref + "' in any branch or tag")
        .hint("Push the commit, or name a branch or tag.");
  }
  co_return std::string(trim(result.out));
}

}  // namespace slipway::plugins::sources::repo
