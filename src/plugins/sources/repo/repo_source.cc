#include "plugins/sources/repo/repo_source.h"

#include "archive/archive.h"
#include "base/ids.h"
#include "base/strings.h"
#include "launch/job.h"
#include "plugins/merged_work.h"
#include "plugins/sources/code_job.h"
#include "plugins/sources/repo/mirrors.h"
#include "plugins/sources/repo/submodules.h"
#include "plugins/sources/source_cache.h"

namespace slipway::plugins::sources::repo {
namespace fs = std::filesystem;
namespace {

constexpr int kMaxDepth = 10;  // Of submodules in submodules.

struct Checkout {
  fs::path dir;
  std::string identity;
};

class RepoSource final : public Source {
 public:
  explicit RepoSource(Context& context)
      : context_(context),
        mirrors_(context, context.state_dir / "git" / "mirrors"),
        cache_(context.state_dir / "git" / "checkouts", cache_limit(context.env)),
        merged_(context.executor) {}

  Task<FetchedSource> fetch(FetchRequest request) override {
    CO_TRY(const auto job, launch::parse_job_file(request.job));
    CO_TRY(const auto remote, launch::parse_git_remote(job.git_remote));
    CO_TRY(const auto patch, read_patch(request.job_dir));
    const auto key = remote.url + "\n" + job.git_commit + "\n" + sha256_hex(patch);
    auto work = [this, remote, ref = job.git_commit, patch](LineSink log) {
      return check_out(remote, ref, patch, std::move(log));
    };
    CO_TRY(const auto checkout, co_await merged_.run(key, request.log, std::move(work)));
    CO_TRY(auto fetched, describe_code_job(job, checkout.dir, checkout.identity));
    fetched.job_dir = request.job_dir;
    co_return fetched;
  }

 private:
  static Result<std::string> read_patch(const fs::path& job_dir) {
    std::error_code ec;
    const auto file = job_dir / "diff.patch";
    if (job_dir.empty() || !fs::exists(file, ec)) return std::string();
    return archive::read_file(file);
  }

  Task<Checkout> check_out(launch::GitRemote remote, std::string ref, std::string patch, LineSink log) {
    CO_TRY(const auto commit, co_await mirrors_.fetch(remote, ref, log));
    const bool patched = !trim(patch).empty();
    Checkout checkout{.dir = {}, .identity = commit.commit + (patched ? "+" + sha256_hex(patch).substr(0, 12) : "")};
    const auto key = sha256_hex(remote.url + "\n" + checkout.identity).substr(0, 40);
    if (log) log("git: " + remote.shown() + " is at " + commit.commit);
    if (const auto kept = cache_.find(key)) {
      checkout.dir = *kept;
      co_return checkout;
    }
    CO_TRY(const auto staging, cache_.staging());
    const auto tree = staging.path() / "tree";
    CO_TRY_VOID(co_await materialise(commit, remote, tree, kMaxDepth, log));
    if (patched) CO_TRY_VOID(co_await apply_patch(tree, patch, log));
    CO_TRY(checkout.dir, cache_.keep(key, tree));
    co_return checkout;
  }

  Task<> materialise(MirroredCommit commit, launch::GitRemote remote, fs::path tree, int depth, LineSink log) {
    CO_TRY_VOID(co_await write_files(commit, tree));
    CO_TRY(const auto submodules, co_await list_submodules(context_.env, commit, remote, log));
    if (!submodules.empty() && depth == 0) {
      co_return Error(Code::invalid_argument,
                      remote.shown() + ": submodules are nested more than " + std::to_string(kMaxDepth) + " deep");
    }
    for (const auto& submodule : submodules) {
      auto fetched = co_await mirrors_.fetch(submodule.remote, submodule.commit, log);
      if (!fetched) co_return std::move(fetched).error().wrap("submodule '" + submodule.path + "'");
      CO_TRY_VOID(co_await materialise(*fetched, submodule.remote, tree / submodule.path, depth - 1, log));
    }
    co_return Result<>();
  }

  /// Plumbing instead of `checkout`: no hooks, no work tree registration, no .git folder in the tree.
  Task<> write_files(MirroredCommit commit, fs::path tree) {
    std::error_code ec;
    fs::create_directories(tree, ec);
    if (ec) co_return Error(Code::internal, "creating " + tree.string() + ": " + ec.message());
    const auto index = tree.parent_path() / (tree.filename().string() + ".index-" + random_id());
    const std::vector<std::vector<std::string>> steps = {{"read-tree", commit.commit},
                                                         {"checkout-index", "--all", "--quiet"}};
    for (const auto& arguments : steps) {
      GitCommand command{
          .arguments = arguments, .git_dir = commit.git_dir, .work_tree = tree, .index = index, .config = {}};
      command.timeout = Millis(1'800'000);
      CO_TRY(const auto result, co_await run_git(context_.env, std::move(command)));
      if (!result.ok()) {
        const bool full = result.err.find("No space left") != std::string::npos;
        co_return Error(full ? Code::resource_exhausted : Code::failed_precondition,
                        "writing the files of " + commit.commit + ": " + result.tail(5));
      }
    }
    fs::remove(index, ec);
    co_return Result<>();
  }

  /// git apply refuses paths that leave the tree, by "..", absolute, or through a symbolic link.
  Task<> apply_patch(fs::path tree, std::string patch, LineSink log) {
    proc::ProcessSpec spec;
    spec.argv = git_options();
    spec.argv.insert(spec.argv.begin(), "git");
    for (const auto* argument : {"apply", "-p1", "--whitespace=nowarn", "-"}) spec.argv.emplace_back(argument);
    spec.env = git_environment(context_.env, {});
    // No repository above the tree may take part.
    spec.env["GIT_CEILING_DIRECTORIES"] = tree.parent_path().string();
    spec.cwd = tree;
    spec.input = std::move(patch);
    CO_TRY(const auto result, co_await proc::run(std::move(spec)));
    if (!result.ok()) {
      co_return Error(Code::failed_precondition, "the job's diff.patch does not apply: " + result.tail(5))
          .hint("Commit and push the changes, and create the job again.");
    }
    if (log) log("git: applied the job's diff.patch");
    co_return Result<>();
  }

  Context& context_;
  Mirrors mirrors_;
  SourceCache cache_;
  MergedWork<Checkout> merged_;
};

}  // namespace

SourcePlugin plugin() {
  return {.name = "repo",
          .doc = "A commit, branch or tag of a git remote over https or ssh.",
          .create = [](Context& context) -> Result<std::unique_ptr<Source>> {
            return std::make_unique<RepoSource>(context);
          }};
}

}  // namespace slipway::plugins::sources::repo
