#include <algorithm>

#include "server/store/run_query.h"
#include "server/store/sqlite/tracking_sqlite.h"

namespace slipway::server::sqlite {

namespace {

/// Walks over the runs of the filter's entity and project, from `from` (not included) on, until `visit` says false.
template <class Visit>
Result<> walk(Connection& connection, const RunFilter& filter, bool ascending, std::int64_t from, Visit visit) {
  static constexpr std::string_view kStates = " AND (?4 = '[]' OR r.state IN (SELECT value FROM json_each(?4)))";
  // A unary plus keeps the order of all runs from being an index that is not the entity's.
  static const std::string newest_of_project =
      sql_of({"SELECT ", kRunColumns, " FROM runs r WHERE r.entity = ?1 AND r.project = ?2 AND r.id < ?3", kStates,
              " ORDER BY r.id DESC"});
  static const std::string oldest_of_project =
      sql_of({"SELECT ", kRunColumns, " FROM runs r WHERE r.entity = ?1 AND r.project = ?2 AND r.id > ?3", kStates,
              " ORDER BY r.id"});
  static const std::string newest_of_entity =
      sql_of({"SELECT ", kRunColumns, " FROM runs r WHERE r.entity = ?1 AND ?2 = '' AND r.id < ?3", kStates,
              " ORDER BY +r.id DESC"});
  static const std::string oldest_of_entity =
      sql_of({"SELECT ", kRunColumns, " FROM runs r WHERE r.entity = ?1 AND ?2 = '' AND r.id > ?3", kStates,
              " ORDER BY +r.id"});
  const std::string& sql = filter.project.empty() ? (ascending ? oldest_of_entity : newest_of_entity)
                                                  : (ascending ? oldest_of_project : newest_of_project);
  TRY(auto rows, connection.query(sql, filter.entity, filter.project, from, write_list(filter.states)));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return Result<>();
    Run run = read_run(rows);
    if (filter.query && !filter.query->matches(run)) continue;
    if (!visit(std::move(run))) return Result<>();
  }
}

Result<Paged<Run>> by_creation(Connection& connection, const RunFilter& filter, const Page& page) {
  const bool ascending = filter.query && filter.query->ascending();
  std::vector<Run> runs;
  TRY_VOID(walk(connection, filter, ascending, cursor_number(page, ascending ? 0 : INT64_MAX), [&](Run run) {
    runs.push_back(std::move(run));
    return runs.size() <= page_size(page);
  }));
  return paged(std::move(runs), page, [](const Run& run) { return std::to_string(run.id); });
}

/// Any other order: all runs are looked at, and the cursor is how many came before.
Result<Paged<Run>> by_value(Connection& connection, const RunFilter& filter, const Page& page) {
  const RunQuery& query = *filter.query;
  std::vector<std::pair<Json, Id>> sorted;
  TRY_VOID(walk(connection, filter, query.ascending(), query.ascending() ? 0 : INT64_MAX, [&](const Run& run) {
    sorted.emplace_back(query.sort_value(run), run.id);
    return true;
  }));
  std::ranges::sort(sorted, [&](const auto& a, const auto& b) {
    if (a.first.is_null() != b.first.is_null()) return b.first.is_null();
    const auto& [low, high] = query.ascending() ? std::tie(a, b) : std::tie(b, a);
    if (RunQuery::before(low.first, high.first)) return true;
    return !RunQuery::before(high.first, low.first) && low.second < high.second;
  });
  const auto skip = static_cast<std::size_t>(std::max<std::int64_t>(cursor_number(page, 0), 0));
  Paged<Run> out;
  for (std::size_t i = skip; i < sorted.size() && out.rows.size() < page_size(page); ++i) {
    TRY(auto run, load_run(connection, sorted[i].second));
    if (run) out.rows.push_back(std::move(*run));
  }
  const std::size_t end = std::min(skip, sorted.size()) + out.rows.size();
  out.has_next = end < sorted.size();
  if (!out.rows.empty()) out.end_cursor = std::to_string(end);
  return out;
}

}  // namespace

Task<Paged<Run>> SqliteTracking::list_runs(RunFilter filter, Page page) {
  auto work = [filter = std::move(filter), page = std::move(page)](Connection& connection) -> Result<Paged<Run>> {
    return filter.query && !filter.query->by_creation() ? by_value(connection, filter, page)
                                                        : by_creation(connection, filter, page);
  };
  return database_.read(std::move(work));
}

Task<std::int64_t> SqliteTracking::count_runs(RunFilter filter) {
  auto work = [filter = std::move(filter)](Connection& connection) -> Result<std::int64_t> {
    std::int64_t count = 0;
    TRY_VOID(walk(connection, filter, true, 0, [&](const Run&) { return ++count > 0; }));
    return count;
  };
  return database_.read(std::move(work));
}

}  // namespace slipway::server::sqlite
