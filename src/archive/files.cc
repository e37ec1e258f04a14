// Single files: digests, atomic writes, temporary folders.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "archive/archive.h"
#include "archive/digest.h"
#include "archive/file_handle.h"
#include "base/ids.h"
#include "base/strings.h"

namespace slipway::archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 256 << 10;

Error file_error(std::string_view doing, const fs::path& file) {
  const int reason = errno;
  Code code = Code::failed_precondition;
  if (reason == ENOENT || reason == ENOTDIR) code = Code::not_found;
  if (reason == EACCES || reason == EPERM) code = Code::permission_denied;
  if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG) code = Code::resource_exhausted;
  return Error(code, fmt::format("cannot {} {}: {}", doing, file.string(), std::strerror(reason)));
}

/// Reads to the end of the file; `use` gets each block.
template <class F>
Result<> for_each_block(const fs::path& file, F use) {
  const FileHandle handle(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (handle.get() < 0) return file_error("read", file);
  std::string block(kBlock, '\0');
  for (;;) {
    const auto got = ::read(handle.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("read", file);
    if (got == 0) return {};
    TRY_VOID(use(std::string_view(block.data(), static_cast<std::size_t>(got))));
  }
}

bool write_whole(int fd, std::string_view content) {
  while (!content.empty()) {
    const auto sent = ::write(fd, content.data(), content.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void flush_folder(const fs::path& folder) {
  const FileHandle handle(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.get() >= 0) ::fsync(handle.get());
}

}  // namespace

Digest::Digest(DigestKind kind) : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  EVP_DigestInit_ex(context_.get(), kind == DigestKind::md5 ? EVP_md5() : EVP_sha256(), nullptr);
}

void Digest::update(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

std::string Digest::finish() {
  unsigned char raw[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), raw, &size);
  return std::string(reinterpret_cast<const char*>(raw), size);
}

Result<FileDigest> digest_file(const fs::path& file) {
  Digest md5(DigestKind::md5);
  Digest sha256(DigestKind::sha256);
  FileDigest digest;
  auto use = [&](std::string_view block) -> Result<> {
    md5.update(block);
    sha256.update(block);
    digest.size += block.size();
    return {};
  };
  TRY_VOID(for_each_block(file, use));
  digest.md5_base64 = to_base64(md5.finish());
  digest.sha256_hex = to_hex(sha256.finish());
  return digest;
}

Result<std::string> read_file(const fs::path& file, std::uint64_t max_bytes) {
  std::string content;
  auto use = [&](std::string_view block) -> Result<> {
    if (content.size() + block.size() > max_bytes) {
      return Error(Code::resource_exhausted,
                   fmt::format("{} is larger than {}", file.string(), human_bytes(max_bytes)));
    }
    content.append(block);
    return {};
  };
  TRY_VOID(for_each_block(file, use));
  return content;
}

Result<> write_file_atomically(const fs::path& file, std::string_view content, int mode) {
  const fs::path part = file.string() + "." + random_id() + ".part";
  const FileHandle handle(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (handle.get() < 0) return file_error("write", file);
  const bool written = write_whole(handle.get(), content) && ::fchmod(handle.get(), static_cast<mode_t>(mode)) == 0 &&
                       ::fsync(handle.get()) == 0 && ::rename(part.c_str(), file.c_str()) == 0;
  if (!written) {
    auto error = file_error("write", file);
    ::unlink(part.c_str());
    return error;
  }
  flush_folder(file.parent_path());
  return {};
}

Result<TemporaryFolder> TemporaryFolder::create(const std::string& prefix, const fs::path& parent) {
  std::error_code ec;
  const auto base = parent.empty() ? fs::temp_directory_path(ec) : parent;
  auto name = (base / (prefix + "XXXXXX")).string();
  if (ec || ::mkdtemp(name.data()) == nullptr) return file_error("make a temporary folder in", base);
  return TemporaryFolder(name);
}

TemporaryFolder::TemporaryFolder(fs::path path) : path_(std::move(path)) {}
TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TemporaryFolder::~TemporaryFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace slipway::archive
