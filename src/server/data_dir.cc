#include "server/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/strings.h"

namespace slipway::server {
namespace {

Error failed(std::string_view doing, const std::filesystem::path& where, int number) {
  Code code = Code::internal;
  if (number == ENOSPC || number == EDQUOT) code = Code::resource_exhausted;
  if (number == EACCES || number == EPERM || number == EROFS || number == ENOTDIR || number == EEXIST)
    code = Code::failed_precondition;
  return {code, fmt::format("{} '{}': {}", doing, where.string(), std::strerror(number))};
}

Result<> write_all(int file, std::string_view text, const std::filesystem::path& where) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("writing", where, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file) != 0) return failed("writing", where, errno);
  return {};
}

Result<> write_private(const std::filesystem::path& where, std::string_view text) {
  const std::filesystem::path beside = where.string() + ".new";
  ::unlink(beside.c_str());
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return failed("creating", beside, errno);
  auto written = write_all(file, text, beside);
  ::close(file);
  if (written && ::rename(beside.c_str(), where.c_str()) != 0) written = failed("creating", where, errno);
  if (!written) ::unlink(beside.c_str());
  return written;
}

std::string read_text(const std::filesystem::path& where) {
  std::ifstream in(where);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

Result<std::unique_ptr<DataDir>> DataDir::open(std::filesystem::path folder) {
  std::error_code error;
  folder = std::filesystem::absolute(folder, error);
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), error);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return failed("creating the data directory", folder, errno);
  if (!std::filesystem::is_directory(folder, error))
    return Error(Code::failed_precondition, fmt::format("the data directory '{}' is not a folder", folder.string()));
  std::unique_ptr<DataDir> opened(new DataDir(std::move(folder)));
  TRY_VOID(opened->lock());
  TRY_VOID(opened->load_identity());
  return opened;
}

DataDir::~DataDir() {
  if (lock_ >= 0) ::close(lock_);
}

Result<> DataDir::lock() {
  const auto file = folder_ / "lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return failed("opening", file, errno);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failed("locking", file, errno);
    const std::string holder(trim(read_text(file)));
    return Error(Code::failed_precondition, fmt::format("another server (process {}) uses the data directory '{}'",
                                                        holder.empty() ? "unknown" : holder, folder_.string()))
        .hint("Stop that server first, or give this one another --data folder.");
  }
  // The text is for people; the lock itself goes with the process, however it ends.
  if (::ftruncate(lock_, 0) != 0) return failed("writing", file, errno);
  return write_all(lock_, fmt::format("{}\n", ::getpid()), file);
}

Result<> DataDir::load_identity() {
  const auto file = folder_ / "server.json";
  if (std::filesystem::exists(file)) {
    auto parsed = parse_json(read_text(file));
    if (!parsed) return std::move(parsed).error().wrap(fmt::format("reading '{}'", file.string()));
    server_id_ = text_or(*parsed, "id");
    if (!server_id_.empty()) return {};
    return Error(Code::failed_precondition, fmt::format("'{}' has no 'id'", file.string()))
        .hint("Restore it from a backup: running jobs are found by it.");
  }
  server_id_ = random_id(10);
  const Json content{
      {"id", server_id_}, {"created_at", to_iso8601(system_clock().now())}, {"version", SLIPWAY_VERSION}};
  return write_private(file, pretty_text(content) + "\n");
}

Result<> DataDir::write_admin_key(const Secret& key) const {
  return write_private(admin_key_file(), key.reveal() + "\n");
}

}  // namespace slipway::server
