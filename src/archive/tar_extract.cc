#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "archive/archive.h"
#include "archive/file_handle.h"
#include "archive/links.h"
#include "base/ids.h"
#include "base/strings.h"

namespace slipway::archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEntries = 1'000'000;
constexpr std::size_t kMaxPath = 4096;

struct FreeReader {
  void operator()(struct ::archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<struct ::archive, FreeReader>;

std::string reason_of(struct ::archive* reader) {
  const char* text = archive_error_string(reader);
  return text != nullptr ? text : "unknown reason";
}

Error refused(std::string_view path, std::string_view why) {
  return Error(Code::invalid_argument,
               fmt::format("the archive is refused: '{}' {}", to_utf8_lossy(path.substr(0, 200)), why));
}

/// The path without "./" and doubled slashes, "" for the root itself.
Result<std::string> safe_path(std::string_view path) {
  if (path.starts_with('/')) return refused(path, "is an absolute path");
  if (path.size() > kMaxPath) return refused(path, "is too long");
  std::vector<std::string> segments;
  for (auto& segment : split(path, '/')) {
    if (segment == "..") return refused(path, "leaves the folder");
    if (!segment.empty() && segment != ".") segments.push_back(std::move(segment));
  }
  return join(segments, "/");
}

/// libarchive gives names in the locale's charset or, where that cannot hold them, only as UTF-8.
const char* either(const char* plain, const char* utf8) { return plain != nullptr ? plain : utf8; }

/// While files are written the folder holds no link at all, so that no path can lead out of it. Links come
/// last, and each is followed then.
class Extraction {
 public:
  Extraction(fs::path root, std::uint64_t max_bytes) : root_(std::move(root)), max_bytes_(max_bytes) {}

  Result<> run(struct ::archive* reader) {
    struct ::archive_entry* entry = nullptr;
    for (;;) {
      const int status = archive_read_next_header(reader, &entry);
      if (status == ARCHIVE_EOF) break;
      if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return unreadable(reader);
      if (++count_ > kMaxEntries)
        return Error(Code::resource_exhausted, fmt::format("the archive holds more than {} entries", kMaxEntries));
      TRY_VOID(extract(reader, entry));
    }
    return make_links();
  }

 private:
  static Error unreadable(struct ::archive* reader) {
    return Error(Code::invalid_argument, "the archive cannot be read: " + reason_of(reader));
  }

  Result<> extract(struct ::archive* reader, struct ::archive_entry* entry) {
    const char* raw = either(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry));
    if (raw == nullptr) return refused("?", "has no readable name");
    TRY(const auto path, safe_path(raw));
    const char* original = either(archive_entry_hardlink(entry), archive_entry_hardlink_utf8(entry));
    if (original != nullptr) return link_file(path, original);
    switch (archive_entry_filetype(entry)) {
      case AE_IFDIR:
        return make_folder(path);
      case AE_IFREG:
        return write_file(reader, entry, path);
      case AE_IFLNK:
        break;
      default:
        return refused(raw, "is a special file");
    }
    const char* target = either(archive_entry_symlink(entry), archive_entry_symlink_utf8(entry));
    if (path.empty() || target == nullptr || *target == '\0') return refused(raw, "is a link to nothing");
    if (*target == '/') return refused(raw, "is a link that leaves the folder");
    links_.emplace_back(path, target);
    return {};
  }

  Result<> make_folder(const std::string& path) {
    std::error_code ec;
    fs::create_directories(root_ / path, ec);
    if (ec) return Error(Code::failed_precondition, fmt::format("cannot make folder '{}': {}", path, ec.message()));
    return {};
  }

  Result<> make_room(const std::string& path) {
    if (path.empty()) return refused(path, "has no name");
    TRY_VOID(make_folder(fs::path(path).parent_path().string()));
    // A later entry of the same name replaces the earlier one, as tar does.
    if (::unlink((root_ / path).c_str()) != 0 && errno != ENOENT) return refused(path, "is both a folder and a file");
    return {};
  }

  Result<> write_file(struct ::archive* reader, struct ::archive_entry* entry, const std::string& path) {
    TRY_VOID(make_room(path));
    const bool executable = (archive_entry_perm(entry) & 0111) != 0;
    const FileHandle file(
        ::open((root_ / path).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, executable ? 0755 : 0644));
    if (file.get() < 0)
      return Error(Code::failed_precondition, fmt::format("cannot write '{}': {}", path, std::strerror(errno)));
    // The size that the head claims, before a byte is read: a bomb is refused at once.
    if (archive_entry_size_is_set(entry)) TRY_VOID(check_room(static_cast<std::uint64_t>(archive_entry_size(entry))));
    std::uint64_t length = 0;
    for (;;) {
      const void* data = nullptr;
      std::size_t size = 0;
      la_int64_t offset = 0;
      const int status = archive_read_data_block(reader, &data, &size, &offset);
      if (status == ARCHIVE_EOF) break;
      if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return unreadable(reader);
      if (offset < 0) return refused(path, "is broken");
      const auto end = static_cast<std::uint64_t>(offset) + size;
      if (end > length) TRY_VOID(spend(end - length));
      length = std::max(length, end);
      if (::pwrite(file.get(), data, size, offset) != static_cast<ssize_t>(size)) {
        return Error(Code::resource_exhausted, fmt::format("cannot write '{}': {}", path, std::strerror(errno)));
      }
    }
    return {};
  }

  Result<> spend(std::uint64_t bytes) {
    TRY_VOID(check_room(bytes));
    bytes_ += bytes;
    return {};
  }

  /// Holes count too: whoever reads the file later reads them.
  Result<> check_room(std::uint64_t more) const {
    if (more <= max_bytes_ - bytes_) return {};
    return Error(Code::resource_exhausted, fmt::format("the archive unpacks to more than {}", human_bytes(max_bytes_)));
  }

  Result<> link_file(const std::string& path, std::string_view original) {
    TRY(const auto source, safe_path(original));
    struct stat status{};
    if (::lstat((root_ / source).c_str(), &status) != 0 || !S_ISREG(status.st_mode) || source == path) {
      return refused(path, "is a link to a file that the archive does not hold");
    }
    TRY_VOID(make_room(path));
    // A copy, so that writing to one file never changes the other.
    TRY_VOID(spend(static_cast<std::uint64_t>(status.st_size)));
    std::error_code ec;
    fs::copy_file(root_ / source, root_ / path, ec);
    if (ec) return Error(Code::resource_exhausted, fmt::format("cannot write '{}': {}", path, ec.message()));
    return {};
  }

  Result<> make_links() {
    for (const auto& [path, target] : links_) {
      // A parent that became a link would lead this one out of the folder.
      for (auto parent = fs::path(path).parent_path(); !parent.empty(); parent = parent.parent_path()) {
        std::error_code ec;
        if (fs::is_symlink(fs::symlink_status(root_ / parent, ec))) return refused(path, "lies below a link");
      }
      TRY_VOID(make_room(path));
      if (::symlink(target.c_str(), (root_ / path).c_str()) != 0) return refused(path, "cannot be made");
    }
    for (const auto& [path, target] : links_) {
      if (!link_stays_inside(root_, path)) return refused(path, "is a link that leaves the folder");
    }
    return {};
  }

  fs::path root_;
  std::uint64_t max_bytes_;
  std::uint64_t bytes_ = 0;
  std::size_t count_ = 0;
  std::vector<std::pair<std::string, std::string>> links_;
};

Result<> extract_into(const fs::path& tar_file, const fs::path& folder, std::uint64_t max_bytes) {
  const Reader reader(archive_read_new());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_filename(reader.get(), tar_file.c_str(), 64 << 10) != ARCHIVE_OK) {
    const bool missing = ::access(tar_file.c_str(), R_OK) != 0;
    return Error(missing ? Code::not_found : Code::invalid_argument,
                 fmt::format("cannot read {}: {}", tar_file.string(), reason_of(reader.get())));
  }
  return Extraction(folder, max_bytes).run(reader.get());
}

}  // namespace

Result<> extract_tar(const fs::path& tar_file, const fs::path& into, std::uint64_t max_bytes) {
  std::error_code ec;
  if (fs::exists(fs::symlink_status(into, ec)) && (!fs::is_directory(into, ec) || !fs::is_empty(into, ec))) {
    return Error(Code::conflict, fmt::format("'{}' is not an empty folder", into.string()));
  }
  const auto absolute = fs::absolute(into, ec).lexically_normal();
  const auto parent = absolute.has_filename() ? absolute.parent_path() : absolute.parent_path().parent_path();
  fs::create_directories(parent, ec);
  TRY(const auto work, TemporaryFolder::create(".extract-", parent));
  const auto tree = work.path() / "tree";
  fs::create_directory(tree, ec);
  TRY_VOID(extract_into(tar_file, tree, max_bytes));
  fs::rename(tree, absolute.has_filename() ? absolute : absolute.parent_path(), ec);
  if (ec) return Error(Code::failed_precondition, fmt::format("cannot make '{}': {}", into.string(), ec.message()));
  return {};
}

}  // namespace slipway::archive
