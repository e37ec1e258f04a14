// Lists and look-ups of items, on the readers' connections. Pages go by id, which is the order of pushes.
#include <charconv>

#include <fmt/format.h>

#include "server/store/sqlite/item_rows.h"
#include "server/store/sqlite/sqlite_store.h"

namespace slipway::server::sqlite {
namespace {

constexpr std::size_t kLargestPage = 1'000;

std::string event_state(int number, std::string_view none) {
  return std::string(number < 0 ? none : launch::state_name(static_cast<ItemState>(number)));
}

Result<std::vector<ItemEvent>> read_events(Connection& db, Id item) {
  std::vector<ItemEvent> events;
  int from = 0;
  int to = 0;
  TRY(auto rows,
      db.query(
          "SELECT id, at, attempt, from_state, to_state, actor, reason FROM item_events WHERE item = ? ORDER BY id",
          item));
  TRY_VOID(rows.each([&] {
    auto& event = events.emplace_back();
    rows.read(event.id, event.at, event.attempt, from, to, event.actor, event.reason);
    event.from = event_state(from, "");
    event.to = event_state(to, "REMOVED");
  }));
  return events;
}

constexpr unsigned mask_of(ItemState state) { return 1u << static_cast<unsigned>(state); }

unsigned mask_of(const std::vector<ItemState>& states) {
  unsigned mask = 0;
  for (const auto state : states) mask |= mask_of(state);
  return mask;
}

constexpr unsigned kActive = mask_of(ItemState::leased) | mask_of(ItemState::claimed) | mask_of(ItemState::starting) |
                             mask_of(ItemState::running) | mask_of(ItemState::preempted);

/// The waiting items of a queue lie by priority; merging its few priorities gives them by id.
std::string waiting_ids(bool newest_first) {
  std::string sql;
  for (int priority = 0; priority < 4; ++priority) {
    sql += fmt::format(
        "{}SELECT id FROM (SELECT id FROM items INDEXED BY items_waiting WHERE queue = ?1 AND state = 0"
        " AND priority = {} AND id {} ?2 ORDER BY id {} LIMIT ?3)",
        priority == 0 ? "" : " UNION ALL ", priority, newest_first ? "<" : ">", newest_first ? "DESC" : "ASC");
  }
  return sql;
}

/// Where the page is read from: the states decide which index gives it without walking over what is not wanted.
std::string source_of(const ItemFilter& filter) {
  const unsigned states = mask_of(filter.states);
  const auto* beyond = filter.newest_first ? "<" : ">";
  const bool more_filters = filter.author || filter.run_name || filter.entity;
  if (filter.queue && states == mask_of(ItemState::pending) && !more_filters) {
    return "i.id IN (" + waiting_ids(filter.newest_first) + ")";
  }
  if (filter.queue && states != 0 && (states & ~kActive) == 0) {
    return fmt::format(
        "i.id IN (SELECT id FROM items INDEXED BY items_active WHERE queue = ?1 AND state BETWEEN 1 AND 5 AND id {} "
        "?2)",
        beyond);
  }
  return fmt::format("i.id {} ?2{}", beyond, filter.queue ? " AND i.queue = ?1" : "");
}

std::string page_sql(const ItemFilter& filter) {
  std::string sql = kSelectItem + "WHERE " + source_of(filter);
  if (filter.entity) sql += " AND q.entity = ?4";
  if (filter.author) sql += " AND i.author = ?5";
  if (filter.run_name) sql += " AND i.run_name = ?6";
  if (!filter.states.empty()) sql += " AND (1 << i.state) & ?7 <> 0";
  return sql + fmt::format(" ORDER BY i.id {} LIMIT ?3", filter.newest_first ? "DESC" : "ASC");
}

Result<Id> cursor_id(const ItemFilter& filter, const Page& page) {
  if (!page.after) return filter.newest_first ? INT64_MAX : 0;
  Id id = 0;
  const char* end = page.after->data() + page.after->size();
  const auto parsed = std::from_chars(page.after->data(), end, id);
  if (parsed.ec != std::errc() || parsed.ptr != end) {
    return Error(Code::invalid_argument, "the cursor is not one that a list has given");
  }
  return id;
}

Result<Paged<Item>> read_page(Connection& db, const ItemFilter& filter, const Page& page) {
  if (page.first == 0 || page.first > kLargestPage) {
    return Error(Code::invalid_argument, fmt::format("a page holds 1 to {} items, not {}", kLargestPage, page.first));
  }
  TRY(const auto after, cursor_id(filter, page));
  TRY(auto rows, db.query(page_sql(filter), filter.queue, after, page.first + 1, filter.entity, filter.author,
                          filter.run_name, mask_of(filter.states)));
  Paged<Item> out;
  ItemRow row;
  TRY_VOID(rows.each([&] {
    read_item(rows, row);
    out.rows.push_back(public_item(row));
  }));
  out.has_next = out.rows.size() > page.first;
  if (out.has_next) out.rows.pop_back();
  if (!out.rows.empty()) out.end_cursor = std::to_string(out.rows.back().id);
  return out;
}

Result<std::int64_t> read_position(Connection& db, Id id) {
  TRY(const auto row, must_load_item(db, id));
  if (row.item.state != ItemState::pending) {
    return Error(Code::failed_precondition,
                 fmt::format("item {} does not wait: it is {}", id, launch::state_name(row.item.state)));
  }
  TRY(const auto prioritized, db.value<bool>("SELECT prioritized FROM queues WHERE id = ?", row.item.queue));
  TRY(const auto before, db.value<std::int64_t>("SELECT count(*) FROM items WHERE queue = ?1 AND state = 0"
                                                " AND CASE WHEN ?2 THEN (priority, id) < (?3, ?4) ELSE id < ?4 END",
                                                row.item.queue, prioritized.value_or(false), row.item.priority, id));
  return before.value_or(0);
}

Result<std::optional<Item>> read_by_run(Connection& db, const std::string& entity, const std::string& project,
                                        const std::string& name) {
  std::optional<Item> item;
  TRY(const auto id,
      db.value<Id>("SELECT item FROM runs WHERE entity = ? AND project = ? AND name = ?", entity, project, name));
  if (!id) return item;
  TRY(const auto row, load_item(db, *id));
  if (row) item = public_item(*row);
  return item;
}

}  // namespace

Task<std::optional<Item>> SqliteStore::get(Id item) {
  return database_->read([item](Connection& db) -> Result<std::optional<Item>> {
    TRY(const auto row, load_item(db, item));
    if (!row) return std::optional<Item>();
    return std::optional<Item>(public_item(*row));
  });
}

Task<std::optional<ItemPayload>> SqliteStore::payload(Id item) {
  auto work = [item](Connection& db) { return load_payload(db, item); };
  auto loaded = co_await database_->read(std::move(work));
  CO_TRY(const auto text, std::move(loaded));
  std::optional<ItemPayload> payload;
  if (text) payload = parse_payload(*text);
  co_return payload;
}

Task<std::vector<ItemEvent>> SqliteStore::events(Id item) {
  return database_->read([item](Connection& db) { return read_events(db, item); });
}

Task<Paged<Item>> SqliteStore::list(ItemFilter filter, Page page) {
  return database_->read(
      [filter = std::move(filter), page = std::move(page)](Connection& db) { return read_page(db, filter, page); });
}

Task<std::int64_t> SqliteStore::position(Id item) {
  return database_->read([item](Connection& db) { return read_position(db, item); });
}

Task<std::optional<Item>> SqliteStore::find_by_run(std::string entity, std::string project, std::string run_name) {
  return database_->read([entity = std::move(entity), project = std::move(project), run_name = std::move(run_name)](
                             Connection& db) { return read_by_run(db, entity, project, run_name); });
}

}  // namespace slipway::server::sqlite
