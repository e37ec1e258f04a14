#include "server/tracking/disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace slipway::server {

namespace fs = std::filesystem;

namespace {

Result<> sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return disk_error("opening " + folder.string(), errno);
  const int failed = ::fsync(descriptor) != 0 ? errno : 0;
  ::close(descriptor);
  if (failed != 0) return disk_error("flushing " + folder.string(), failed);
  return Result<>();
}

}  // namespace

Error disk_error(std::string_view doing, int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  Error error(full ? Code::resource_exhausted : Code::internal, fmt::format("{}: {}", doing, std::strerror(number)));
  return full ? std::move(error).hint(
                    "The disk of the server's data directory is full: free some space, then try again.")
              : std::move(error);
}

Result<> put_in_place(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  const bool new_folder = fs::create_directory(to.parent_path(), failed);
  if (failed) return disk_error("making " + to.parent_path().string(), failed.value());
  if (::rename(from.c_str(), to.c_str()) != 0) return disk_error("storing " + to.string(), errno);
  TRY_VOID(sync_folder(to.parent_path()));
  if (new_folder) TRY_VOID(sync_folder(to.parent_path().parent_path()));
  return Result<>();
}

}  // namespace slipway::server
