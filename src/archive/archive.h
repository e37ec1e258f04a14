// Directory trees: listing under an ignore file, content hashes, tar streams.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace slipway::archive {

struct TreeEntry {
  std::string path;  ///< Relative, '/'-separated, no "." or ".." segments.
  std::uint64_t size = 0;
  bool executable = false;
  std::string link_target;  ///< For symbolic links; kept as links.
};

struct TreeOptions {
  /// Patterns in .gitignore syntax, on top of the tree's own ignore file and of what is always left out:
  /// .git,
  /// __pycache__ and the wandb folder at the root.
  std::vector<std::string> ignore;
  /// .wandbignore and .dockerignore are read too when it is absent.
  std::string ignore_file = ".slipwayignore";
  std::uint64_t max_bytes = 10ull << 30;
  std::size_t max_files = 200'000;
};

/// All files below `root` in byte order of their paths. Special files are refused by name; links that leave
/// the tree are refused. Blocking: run it on a pool.
Result<std::vector<TreeEntry>> list_tree(const std::filesystem::path& root, const TreeOptions& options = {});
/// SHA-256 over paths, modes, link targets and contents of the entries: equal for equal trees on any machine.
/// Hex. Blocking.
Result<std::string> hash_tree(const std::filesystem::path& root, const std::vector<TreeEntry>& entries);
/// Deterministic tar (sorted, zero times, root-owned), gzip when the name ends in gz. Blocking.
enum class TarModes {
  plain,            ///< 0644 and 0755; folders have no entries of their own.
  writable_by_all,  ///< 0666 and 0777, folders too: for a container whose user is not known.
};
struct TarOptions {
  std::string below;  ///< Put in front of every path: "mnt/wandb".
  TarModes modes = TarModes::plain;
};
Result<> write_tar(const std::filesystem::path& root, const std::vector<TreeEntry>& entries,
                   const std::filesystem::path& tar_file, const TarOptions& options = {});
/// Extracts into an empty or absent folder. Absolute paths, "..", links that leave it and special files are
/// refused; nothing half-done stays. Blocking.
Result<> extract_tar(const std::filesystem::path& tar_file, const std::filesystem::path& into, std::uint64_t max_bytes);
/// Base64 MD5 and SHA-256 hex of a file in one pass. Blocking.
struct FileDigest {
  std::string md5_base64;
  std::string sha256_hex;
  std::uint64_t size = 0;
};
Result<FileDigest> digest_file(const std::filesystem::path& file);
/// Writes to a temporary file beside it, flushes, renames: never a half-written file, also after a power cut.
Result<> write_file_atomically(const std::filesystem::path& file, std::string_view content, int mode = 0644);
Result<std::string> read_file(const std::filesystem::path& file, std::uint64_t max_bytes = 64ull << 20);

/// A folder that is removed with its contents when the object goes.
class TemporaryFolder {
 public:
  /// Below `parent` (the system's temporary folder when empty), mode 0700.
  static Result<TemporaryFolder> create(const std::string& prefix, const std::filesystem::path& parent = {});
  TemporaryFolder(TemporaryFolder&&) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) noexcept;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path);
  std::filesystem::path path_;
};

}  // namespace slipway::archive
