// list_tree and hash_tree.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "archive/archive.h"
#include "archive/digest.h"
#include "archive/ignore.h"
#include "archive/links.h"
#include "base/ids.h"
#include "base/strings.h"

namespace slipway::archive {
namespace {

namespace fs = std::filesystem;

/// Never part of a source: history, caches, and the folder that the SDK writes its runs into.
constexpr std::string_view kAlwaysIgnored = ".git\n__pycache__/\n/wandb/\n";
constexpr std::size_t kMaxDepth = 200;

class Walk {
 public:
  Walk(fs::path root, const TreeOptions& options) : root_(std::move(root)), options_(options) {}

  Result<std::vector<TreeEntry>> run() {
    std::error_code ec;
    if (!fs::is_directory(root_, ec))
      return Error(Code::not_found, fmt::format("there is no folder '{}'", root_.string()));
    TRY_VOID(read_rules());
    TRY_VOID(enter("", false, 0));
    std::ranges::sort(entries_, {}, &TreeEntry::path);
    return std::move(entries_);
  }

 private:
  Result<> read_rules() {
    rules_.add(kAlwaysIgnored, IgnoreDialect::git);
    const std::vector<std::pair<std::string, IgnoreDialect>> candidates = {{options_.ignore_file, IgnoreDialect::git},
                                                                           {".wandbignore", IgnoreDialect::git},
                                                                           {".dockerignore", IgnoreDialect::docker}};
    for (const auto& [name, dialect] : candidates) {
      std::error_code ec;
      if (name.empty() || !fs::is_regular_file(root_ / name, ec)) continue;
      TRY(const auto text, read_file(root_ / name, 1 << 20));
      rules_.add(text, dialect);
      break;
    }
    for (const auto& pattern : options_.ignore) rules_.add(pattern, IgnoreDialect::git);
    return {};
  }

  Result<> enter(const std::string& folder, bool excluded, std::size_t depth) {
    if (depth > kMaxDepth)
      return Error(Code::resource_exhausted, fmt::format("'{}': folders are nested too deep", folder));
    std::error_code ec;
    std::vector<std::string> names;
    for (fs::directory_iterator each(root_ / folder, ec); !ec && each != fs::directory_iterator(); each.increment(ec)) {
      names.push_back(each->path().filename().string());
    }
    if (ec) return Error(Code::failed_precondition, fmt::format("cannot read folder '{}': {}", folder, ec.message()));
    std::ranges::sort(names);
    for (const auto& name : names) TRY_VOID(visit(folder.empty() ? name : folder + "/" + name, excluded, depth));
    return {};
  }

  Result<> visit(const std::string& path, bool parent_excluded, std::size_t depth) {
    struct stat status{};
    if (::lstat((root_ / path).c_str(), &status) != 0)
      return Error(Code::not_found, fmt::format("'{}' went away while it was read", path));
    const bool is_folder = S_ISDIR(status.st_mode);
    const bool excluded = rules_.excludes(path, is_folder ? EntryKind::folder : EntryKind::file, parent_excluded);
    if (is_folder) return excluded && !rules_.may_return_below() ? Result<>() : enter(path, excluded, depth + 1);
    if (excluded) return {};
    return add(path, status);
  }

  Result<> add(const std::string& path, const struct stat& status) {
    TreeEntry entry;
    entry.path = path;
    if (S_ISLNK(status.st_mode)) {
      std::error_code ec;
      entry.link_target = fs::read_symlink(root_ / path, ec).string();
      if (ec || !link_stays_inside(root_, path)) {
        return Error(Code::invalid_argument, fmt::format("'{}' is a link that leaves the folder", path))
            .hint("Ignore it, or replace it by a copy of what it points to.");
      }
    } else if (S_ISREG(status.st_mode)) {
      entry.size = static_cast<std::uint64_t>(status.st_size);
      entry.executable = (status.st_mode & 0111) != 0;
    } else {
      return Error(Code::invalid_argument, fmt::format("'{}' is neither a file, a folder nor a link", path))
          .hint("Ignore or remove it.");
    }
    bytes_ += entry.size;
    entries_.push_back(std::move(entry));
    if (entries_.size() > options_.max_files) {
      return Error(Code::resource_exhausted, fmt::format("the folder holds more than {} files", options_.max_files))
          .hint(limit_hint());
    }
    if (bytes_ > options_.max_bytes) {
      return Error(Code::resource_exhausted,
                   fmt::format("the folder holds more than {}", human_bytes(options_.max_bytes)))
          .hint(limit_hint());
    }
    return {};
  }

  std::string limit_hint() const { return fmt::format("Name data sets and outputs in {}.", options_.ignore_file); }

  fs::path root_;
  const TreeOptions& options_;
  IgnoreRules rules_;
  std::vector<TreeEntry> entries_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

Result<std::vector<TreeEntry>> list_tree(const fs::path& root, const TreeOptions& options) {
  return Walk(root, options).run();
}

Result<std::string> hash_tree(const fs::path& root, const std::vector<TreeEntry>& entries) {
  // Lengths and kinds stand before the texts, so that no two trees give the same stream of bytes.
  Digest tree(DigestKind::sha256);
  tree.update("slipway-tree-v1\n");
  for (const auto& entry : entries) {
    const bool is_link = !entry.link_target.empty();
    const std::string_view kind = is_link ? "link" : entry.executable ? "exec" : "file";
    tree.update(fmt::format("{} {} {}", kind, entry.path.size(), entry.path));
    if (is_link) {
      tree.update(fmt::format(" {} {}\n", entry.link_target.size(), entry.link_target));
      continue;
    }
    TRY(const auto digest, digest_file(root / entry.path));
    tree.update(fmt::format(" {} {}\n", digest.size, digest.sha256_hex));
  }
  return to_hex(tree.finish());
}

}  // namespace slipway::archive
