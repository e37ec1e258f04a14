#include "db/sqlite/connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace slipway::db::sqlite {
namespace {

constexpr int kBusyMillis = 5'000;

/// ENOSPC is SQLITE_FULL, except for the shared-memory index; quotas and limits of file sizes arrive as failed writes, without a usable errno.
bool disk_takes_no_more(int code, int extended) {
  return code == SQLITE_FULL || extended == SQLITE_IOERR_WRITE || extended == SQLITE_IOERR_SHMSIZE ||
         extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_TRUNCATE;
}

Code code_of(int code, int extended) {
  if (disk_takes_no_more(code, extended)) return Code::resource_exhausted;
  if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY) return Code::conflict;
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return Code::unavailable;
  if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_PERM) return Code::failed_precondition;
  return Code::internal;
}

}  // namespace

Error last_error(sqlite3* handle, std::string_view doing) {
  const int extended = sqlite3_extended_errcode(handle);
  const int code = extended & 0xff;
  const Code kind = code_of(code, extended);
  if (kind == Code::resource_exhausted) {
    const auto* what = code == SQLITE_FULL ? "is full" : "takes no more data (it is full, over a quota, or failing)";
    return Error(kind, fmt::format("{}: the disk that holds the database {}; nothing was written", doing, what))
        .hint("Free some space on the disk of the data directory; nothing has to be restarted.");
  }
  return Error(kind, fmt::format("{}: {} (SQLite error {})", doing, sqlite3_errmsg(handle), extended));
}

Prepared::~Prepared() { sqlite3_finalize(statement); }

void Prepared::bind(int index, std::nullptr_t) { sqlite3_bind_null(statement, index); }
void Prepared::bind(int index, std::int64_t value) { sqlite3_bind_int64(statement, index, value); }
void Prepared::bind(int index, double value) { sqlite3_bind_double(statement, index, value); }
void Prepared::bind(int index, std::string_view text) {
  // An empty view may have a null pointer, which SQLite would bind as NULL.
  const char* data = text.empty() ? "" : text.data();
  sqlite3_bind_text64(statement, index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}
void Prepared::bind(int index, Blob blob) {
  const char* data = blob.bytes.empty() ? "" : blob.bytes.data();
  sqlite3_bind_blob64(statement, index, data, blob.bytes.size(), SQLITE_TRANSIENT);
}

namespace {

void give_back(Prepared* prepared) {
  sqlite3_reset(prepared->statement);
  sqlite3_clear_bindings(prepared->statement);
  prepared->busy = false;
  if (!prepared->cached) delete prepared;
}

}  // namespace

Rows::~Rows() {
  if (prepared_) give_back(prepared_);
}

Result<bool> Rows::next() {
  const int status = sqlite3_step(prepared_->statement);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  return last_error(handle_, "reading the database");
}

void Rows::column(int index, std::string& out) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(prepared_->statement, index));
  const int size = sqlite3_column_bytes(prepared_->statement, index);
  out.assign(data ? data : "", data ? static_cast<std::size_t>(size) : 0);
}

void Rows::column(int index, double& out) const { out = sqlite3_column_double(prepared_->statement, index); }
bool Rows::is_null(int index) const { return sqlite3_column_type(prepared_->statement, index) == SQLITE_NULL; }
std::int64_t Rows::integer(int index) const { return sqlite3_column_int64(prepared_->statement, index); }

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access) {
  sqlite3* handle = nullptr;
  const int mode = access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int status = sqlite3_open_v2(path.c_str(), &handle, mode | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Connection> connection(new Connection(handle));
  if (status != SQLITE_OK) return last_error(handle, fmt::format("opening the database {}", path));
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyMillis);
  TRY_VOID(connection->script("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768"));
  return connection;
}

Connection::~Connection() {
  cache_.clear();
  sqlite3_close_v2(handle_);
}

Result<Prepared*> Connection::prepare(std::string_view sql) {
  const auto known = cache_.find(sql);
  if (known != cache_.end() && !known->second->busy) {
    known->second->busy = true;
    return known->second.get();
  }
  sqlite3_stmt* statement = nullptr;
  const int status = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
  if (status != SQLITE_OK) return last_error(handle_, "preparing a statement");
  auto prepared = std::make_unique<Prepared>(statement);
  prepared->busy = true;
  // The same statement is running further up the stack: this one lives until its user is done with it.
  if (known != cache_.end()) return prepared.release();
  prepared->cached = true;
  return cache_.emplace(sql, std::move(prepared)).first->second.get();
}

Result<std::int64_t> Connection::finish(Prepared* prepared) {
  int status = sqlite3_step(prepared->statement);
  while (status == SQLITE_ROW) status = sqlite3_step(prepared->statement);
  if (status != SQLITE_DONE) {
    auto error = last_error(handle_, "writing the database");
    give_back(prepared);
    return error;
  }
  give_back(prepared);
  return sqlite3_changes64(handle_);
}

Result<> Connection::script(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return last_error(handle_, "running a script on the database");
  }
  return Result<>();
}

std::int64_t Connection::last_id() const { return sqlite3_last_insert_rowid(handle_); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

}  // namespace slipway::db::sqlite
