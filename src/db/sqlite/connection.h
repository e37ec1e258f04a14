// One SQLite handle with its cache of prepared statements. One thread at a time.
//
//   TRY(auto rows, connection.query("SELECT id, name FROM queues WHERE entity = ?", entity));
//   TRY_VOID(rows.each([&] { rows.read(id, name); ... }));
//   TRY(const auto changed, connection.run("UPDATE queues SET state = ? WHERE id = ?", state, id));
//
// Codes: conflict (a UNIQUE rule), resource_exhausted (disk full), unavailable (locked by another process), failed_precondition
// (read-only), internal (everything else).
#pragma once
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace slipway::db::sqlite {

/// Bytes, bound as a BLOB.
struct Blob {
  std::string_view bytes;
};

/// A prepared statement, owned by the connection's cache (or by its user when the cached one was busy).
struct Prepared {
  sqlite3_stmt* statement = nullptr;
  bool busy = false;
  bool cached = false;
  explicit Prepared(sqlite3_stmt* prepared) : statement(prepared) {}
  ~Prepared();
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  void bind(int index, std::nullptr_t);
  void bind(int index, std::int64_t value);
  void bind(int index, double value);
  void bind(int index, std::string_view text);
  void bind(int index, Blob blob);
};

/// A running query. Resets its statement when it goes; do not keep it beyond the transaction.
class Rows {
 public:
  Rows(sqlite3* handle, Prepared* prepared) : handle_(handle), prepared_(prepared) {}
  Rows(Rows&& other) noexcept : handle_(other.handle_), prepared_(std::exchange(other.prepared_, nullptr)) {}
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  /// False at the end.
  Result<bool> next();
  /// Columns of the current row, from the first on. NULL reads as 0, "" or an empty optional.
  template <class... T>
  void read(T&... out) {
    int index = 0;
    (column(index++, out), ...);
  }
  /// Calls `row` for each row that is left.
  template <class F>
  Result<> each(F row) {
    for (;;) {
      TRY(const bool more, next());
      if (!more) return Result<>();
      row();
    }
  }

  void column(int index, std::string& out) const;
  void column(int index, double& out) const;
  template <class T>
    requires(std::integral<T> || std::is_enum_v<T>)
  void column(int index, T& out) const {
    out = static_cast<T>(integer(index));
  }
  template <class T>
  void column(int index, std::optional<T>& out) const {
    out.reset();
    if (!is_null(index)) column(index, out.emplace());
  }
  bool is_null(int index) const;

 private:
  std::int64_t integer(int index) const;

  sqlite3* handle_;
  Prepared* prepared_;
};

enum class Access { read_write, read_only };

class Connection {
 public:
  /// `path` ":memory:" makes a private database. Foreign keys are on, temporary data stays in memory.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  template <class... Args>
  Result<Rows> query(std::string_view sql, const Args&... args) {
    TRY(Prepared * prepared, prepare(sql));
    bind_all(*prepared, args...);
    return Rows(handle_, prepared);
  }
  /// Runs to the end; the number of rows that changed.
  template <class... Args>
  Result<std::int64_t> run(std::string_view sql, const Args&... args) {
    TRY(Prepared * prepared, prepare(sql));
    bind_all(*prepared, args...);
    return finish(prepared);
  }
  /// First column of the first row, nothing when there is none (or it is NULL).
  template <class T, class... Args>
  Result<std::optional<T>> value(std::string_view sql, const Args&... args) {
    TRY(auto rows, query(sql, args...));
    TRY(const bool found, rows.next());
    std::optional<T> out;
    if (found) rows.column(0, out);
    return out;
  }
  /// Several statements without arguments or results, not cached.
  Result<> script(const std::string& sql);

  std::int64_t last_id() const;
  /// False when SQLite has rolled the transaction back by itself (full disk, I/O error).
  bool in_transaction() const;
  sqlite3* handle() { return handle_; }

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  Result<Prepared*> prepare(std::string_view sql);
  Result<std::int64_t> finish(Prepared* prepared);

  template <class... Args>
  static void bind_all(Prepared& prepared, const Args&... args) {
    int index = 1;
    (bind_one(prepared, index++, args), ...);
  }
  template <class T>
  static void bind_one(Prepared& prepared, int index, const T& value) {
    if constexpr (std::is_null_pointer_v<T>)
      prepared.bind(index, nullptr);
    else if constexpr (std::integral<T> || std::is_enum_v<T>)
      prepared.bind(index, static_cast<std::int64_t>(value));
    else if constexpr (std::floating_point<T>)
      prepared.bind(index, static_cast<double>(value));
    else if constexpr (std::convertible_to<T, std::string_view>)
      prepared.bind(index, std::string_view(value));
    else
      prepared.bind(index, value);
  }
  template <class T>
  static void bind_one(Prepared& prepared, int index, const std::optional<T>& value) {
    if (value)
      bind_one(prepared, index, *value);
    else
      prepared.bind(index, nullptr);
  }

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  sqlite3* handle_;
  std::unordered_map<std::string, std::unique_ptr<Prepared>, Hash, std::equal_to<>> cache_;
};

/// The error of the handle's last call.
Error last_error(sqlite3* handle, std::string_view doing);

}  // namespace slipway::db::sqlite
