#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <set>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "archive/archive.h"
#include "archive/file_handle.h"
#include "base/ids.h"

namespace slipway::archive {
namespace {

namespace fs = std::filesystem;

struct FreeWriter {
  void operator()(struct ::archive* writer) const { archive_write_free(writer); }
};
struct FreeEntry {
  void operator()(struct ::archive_entry* entry) const { archive_entry_free(entry); }
};
using Writer = std::unique_ptr<struct ::archive, FreeWriter>;
using Entry = std::unique_ptr<struct ::archive_entry, FreeEntry>;

Error tar_error(const fs::path& file, struct ::archive* writer) {
  const char* text = archive_error_string(writer);
  return Error(Code::resource_exhausted,
               fmt::format("cannot write {}: {}", file.string(), text != nullptr ? text : "unknown reason"));
}

std::string stored_path(const std::string& path, const TarOptions& options) {
  return options.below.empty() ? path : options.below + "/" + path;
}

Entry make_entry(const TreeEntry& from, const TarOptions& options) {
  Entry entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), stored_path(from.path, options).c_str());
  archive_entry_set_uid(entry.get(), 0);
  archive_entry_set_gid(entry.get(), 0);
  archive_entry_set_mtime(entry.get(), 0, 0);
  if (from.link_target.empty()) {
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    const int open = options.modes == TarModes::writable_by_all ? 0022 : 0;
    archive_entry_set_perm(entry.get(), (from.executable ? 0755 : 0644) | open);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(from.size));
  } else {
    archive_entry_set_filetype(entry.get(), AE_IFLNK);
    archive_entry_set_perm(entry.get(), 0777);
    archive_entry_set_symlink(entry.get(), from.link_target.c_str());
  }
  return entry;
}

Error changed(const TreeEntry& entry) {
  return Error(Code::failed_precondition, fmt::format("'{}' changed while it was packed", entry.path));
}

Result<> copy_content(const fs::path& root, const TreeEntry& entry, const fs::path& tar_file,
                      struct ::archive* writer) {
  const FileHandle handle(::open((root / entry.path).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (handle.get() < 0) return changed(entry);
  std::string block(256 << 10, '\0');
  std::uint64_t copied = 0;
  for (;;) {
    const auto got = ::read(handle.get(), block.data(), block.size());
    if (got < 0) return changed(entry);
    if (got == 0) break;
    copied += static_cast<std::uint64_t>(got);
    if (copied > entry.size) return changed(entry);
    if (archive_write_data(writer, block.data(), static_cast<std::size_t>(got)) != got)
      return tar_error(tar_file, writer);
  }
  return copied == entry.size ? Result<>() : changed(entry);
}

/// Folders that no entry of the tar has named yet, outermost first.
Result<> write_folders(const std::string& path, std::set<std::string>& named, const fs::path& part,
                       struct ::archive* writer) {
  for (auto end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
    if (!named.insert(path.substr(0, end)).second) continue;
    const Entry entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), path.substr(0, end).c_str());
    archive_entry_set_filetype(entry.get(), AE_IFDIR);
    archive_entry_set_perm(entry.get(), 0777);
    archive_entry_set_mtime(entry.get(), 0, 0);
    if (archive_write_header(writer, entry.get()) != ARCHIVE_OK) return tar_error(part, writer);
  }
  return {};
}

Result<> write_entries(const fs::path& root, const std::vector<TreeEntry>& entries, const fs::path& part, bool zipped,
                       const TarOptions& options) {
  const Writer writer(archive_write_new());
  archive_write_set_format_gnutar(writer.get());  // Names are plain bytes in it: no locale decides what can be packed.
  if (zipped) {
    archive_write_add_filter_gzip(writer.get());
    archive_write_set_filter_option(writer.get(), "gzip", "timestamp", nullptr);
  }
  if (archive_write_open_filename(writer.get(), part.c_str()) != ARCHIVE_OK) return tar_error(part, writer.get());
  std::set<std::string> named;
  const bool with_folders = options.modes == TarModes::writable_by_all;
  if (with_folders && !options.below.empty()) TRY_VOID(write_folders(options.below + "/", named, part, writer.get()));
  for (const auto& from : entries) {
    if (with_folders) TRY_VOID(write_folders(stored_path(from.path, options), named, part, writer.get()));
    const auto entry = make_entry(from, options);
    if (archive_write_header(writer.get(), entry.get()) != ARCHIVE_OK) return tar_error(part, writer.get());
    if (from.link_target.empty()) TRY_VOID(copy_content(root, from, part, writer.get()));
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return tar_error(part, writer.get());
  return {};
}

}  // namespace

Result<> write_tar(const fs::path& root, const std::vector<TreeEntry>& entries, const fs::path& tar_file,
                   const TarOptions& options) {
  const fs::path part = tar_file.string() + "." + random_id() + ".part";
  auto written = write_entries(root, entries, part, tar_file.string().ends_with("gz"), options);
  std::error_code ec;
  if (written) fs::rename(part, tar_file, ec);
  if (ec)
    written = Error(Code::failed_precondition, fmt::format("cannot write {}: {}", tar_file.string(), ec.message()));
  if (!written) fs::remove(part, ec);
  return written;
}

}  // namespace slipway::archive
