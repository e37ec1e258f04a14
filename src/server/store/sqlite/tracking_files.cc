#include "server/store/sqlite/tracking_sqlite.h"

namespace slipway::server::sqlite {

namespace {

RunFile read_run_file(Rows& rows) {
  RunFile file;
  rows.read(file.name, file.sha256, file.md5, file.size, file.updated_at);
  return file;
}

}  // namespace

Task<> SqliteTracking::put_run_file(Id run, RunFile file) {
  auto work = [run, file = std::move(file), now = clock_.now()](Connection& connection) -> Result<> {
    // An address that is given out again does not take away the bytes that are there.
    if (file.sha256.empty()) {
      TRY_VOID(
          connection.run("INSERT INTO run_files (run, name, sha256, md5, size, updated_at) VALUES (?, ?, '', '', 0, ?) "
                         "ON CONFLICT (run, name) DO NOTHING",
                         run, file.name, now));
      return Result<>();
    }
    TRY(const auto exists, connection.value<Id>("SELECT id FROM runs WHERE id = ?", run));
    if (!exists) return Error(Code::not_found, "the run of file '" + file.name + "' is gone");
    TRY_VOID(
        connection.run("INSERT INTO run_files (run, name, sha256, md5, size, updated_at) VALUES (?, ?, ?, ?, ?, ?)"
                       " ON CONFLICT (run, name) DO UPDATE SET sha256 = excluded.sha256, md5 = excluded.md5, size = "
                       "excluded.size, updated_at = excluded.updated_at",
                       run, file.name, file.sha256, file.md5, file.size, now));
    return Result<>();
  };
  return database_.write(std::move(work));
}

Task<std::optional<RunFile>> SqliteTracking::find_run_file(Id run, std::string name) {
  auto work = [run, name = std::move(name)](Connection& connection) -> Result<std::optional<RunFile>> {
    TRY(auto rows,
        connection.query("SELECT name, sha256, md5, size, updated_at FROM run_files WHERE run = ? AND name = ?", run,
                         name));
    TRY(const bool found, rows.next());
    std::optional<RunFile> file;
    if (found) file = read_run_file(rows);
    return file;
  };
  return database_.read(std::move(work));
}

Task<Paged<RunFile>> SqliteTracking::list_run_files(Id run, std::vector<std::string> names, std::string like,
                                                    Page page) {
  auto work = [run, names = std::move(names), like = std::move(like),
               page = std::move(page)](Connection& connection) -> Result<Paged<RunFile>> {
    TRY(auto rows,
        connection.query("SELECT name, sha256, md5, size, updated_at FROM run_files WHERE run = ?1 AND name > ?2"
                         " AND (?3 = '[]' OR name IN (SELECT value FROM json_each(?3))) AND (?4 = '' OR name LIKE ?4) "
                         "AND sha256 <> '' ORDER BY name LIMIT ?5",
                         run, cursor_text(page), write_list(names), like, page_size(page) + 1));
    std::vector<RunFile> files;
    TRY_VOID(rows.each([&] { files.push_back(read_run_file(rows)); }));
    return paged(std::move(files), page, [](const RunFile& file) { return file.name; });
  };
  return database_.read(std::move(work));
}

Task<std::int64_t> SqliteTracking::count_run_files(Id run) {
  auto work = [run](Connection& connection) -> Result<std::int64_t> {
    TRY(const auto count,
        connection.value<std::int64_t>("SELECT count(*) FROM run_files WHERE run = ? AND sha256 <> ''", run));
    return count.value_or(0);
  };
  return database_.read(std::move(work));
}

Task<> SqliteTracking::remove_run_files(Id run, std::vector<std::string> names) {
  auto work = [run, names = std::move(names)](Connection& connection) -> Result<> {
    TRY_VOID(connection.run("DELETE FROM run_files WHERE run = ? AND name IN (SELECT value FROM json_each(?))", run,
                            write_list(names)));
    return Result<>();
  };
  return database_.write(std::move(work));
}

}  // namespace slipway::server::sqlite
