#include "db/sqlite/database.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace slipway::db::sqlite {
namespace {

constexpr std::string_view kMemory = ":memory:";

/// Two writers of one file would not corrupt it, but each would keep state in memory that the other does not see.
Result<int> lock_file(const std::string& path) {
  const std::string name = path + ".lock";
  const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Error(Code::failed_precondition, fmt::format("opening the database {}: {}", path, std::strerror(errno)))
        .hint("The directory must exist and be writable.");
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  ::close(fd);
  return Error(Code::failed_precondition, fmt::format("opening the database {}: another process has it open", path))
      .hint("Stop the other server, or give this one a directory of its own.");
}

Result<std::unique_ptr<Connection>> open_for_writing(const DatabaseOptions& options) {
  TRY(auto connection, Connection::open(options.path, Access::read_write));
  // FULL: a commit returns after the log is on disk, so nothing that was answered is lost by a power failure.
  TRY_VOID(connection->script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0"));
  TRY_VOID(migrate(*connection, options.migrations));
  return connection;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const DatabaseOptions& options) {
  std::unique_ptr<Database> database(new Database());
  const bool in_memory = options.path == kMemory;
  if (!in_memory) {
    TRY(database->lock_, lock_file(options.path));
  }
  TRY(auto connection, open_for_writing(options));
  std::vector<std::unique_ptr<Connection>> reading;
  for (int i = 0; i < options.readers && !in_memory; ++i) {
    TRY(auto reader, Connection::open(options.path, Access::read_only));
    reading.push_back(std::move(reader));
  }
  if (!reading.empty()) database->readers_ = std::make_unique<Readers>(std::move(reading));
  database->writer_ = std::make_unique<Writer>(std::move(connection), options.limits);
  return database;
}

Database::~Database() {
  close();
  // The log can be emptied and removed only when the readers' connections are gone.
  readers_.reset();
  writer_.reset();
  if (lock_ >= 0) ::close(lock_);
}

void Database::close() {
  if (readers_) readers_->close();
  if (writer_) writer_->close();
}

}  // namespace slipway::db::sqlite
