#include "plugins/runners/local_process/source_copy.h"

#include <fmt/format.h>

#include "base/ids.h"

namespace slipway::plugins::runners::local_process {
namespace {

namespace fs = std::filesystem;

Error failure(std::string_view doing, const fs::path& path, const std::error_code& error) {
  const bool full = error == std::errc::no_space_on_device;
  return Error(full ? Code::resource_exhausted : Code::failed_precondition,
               fmt::format("{} {}: {}", doing, path.string(), error.message()));
}

void make_writable(const fs::path& path, fs::perms needed) {
  std::error_code ignored;
  fs::permissions(path, needed, fs::perm_options::add, ignored);
}

Result<> copy_entry(const fs::directory_entry& entry, const fs::path& to) {
  std::error_code error;
  if (entry.is_symlink()) {
    fs::copy_symlink(entry.path(), to, error);
  } else if (entry.is_directory()) {
    fs::create_directory(to, entry.path(), error);
    make_writable(to, fs::perms::owner_all);
  } else if (entry.is_regular_file()) {
    fs::copy_file(entry.path(), to, error);
    make_writable(to, fs::perms::owner_read | fs::perms::owner_write);
  }
  if (error) return failure("copying", entry.path(), error);
  return {};
}

}  // namespace

Result<> copy_source(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::exists(to, error)) return {};
  const fs::path unfinished = fmt::format("{}.unfinished-{}", to.string(), random_hex(4));
  fs::create_directory(unfinished, error);
  if (error) return failure("making", unfinished, error);
  fs::recursive_directory_iterator entries(from, error);
  if (error) return failure("reading the source folder", from, error);
  for (; entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    if (error) return failure("reading", from, error);
    TRY_VOID(copy_entry(*entries, unfinished / fs::relative(entries->path(), from, error)));
  }
  fs::rename(unfinished, to, error);
  std::error_code ignored;
  if (error && !fs::exists(to, ignored)) return failure("renaming", unfinished, error);
  return error ? remove_tree(unfinished) : Result<>();
}

Result<> remove_tree(const fs::path& tree) {
  std::error_code error;
  fs::remove_all(tree, error);
  if (!error) return {};
  std::error_code ignored;
  for (fs::recursive_directory_iterator entries(tree, ignored); entries != fs::recursive_directory_iterator();
       entries.increment(ignored)) {
    if (entries->is_directory() && !entries->is_symlink()) make_writable(entries->path(), fs::perms::owner_all);
  }
  fs::remove_all(tree, error);
  if (error) return failure("removing", tree, error);
  return {};
}

}  // namespace slipway::plugins::runners::local_process
