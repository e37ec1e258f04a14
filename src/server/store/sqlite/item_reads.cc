// Lists and look-ups of items, on the readers' connections. Pages go by id, which is the order of pushes.
#include <charconv>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
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

/// Parameters of every list: 1 queue, 2 and 9 the place to go on from, 3 limit, 4 entity, 5 author, 6 run, 7 states, 8 search, 10 project, 11 and 12 job.
std::string conditions_of(const ItemFilter& filter) {
  std::string sql;
  if (filter.entity) sql += " AND q.entity = ?4";
  if (filter.author) sql += " AND i.author = ?5";
  if (filter.run_name) sql += " AND i.run_name = ?6";
  if (!filter.states.empty()) sql += " AND (1 << i.state) & ?7 <> 0";
  if (filter.project) sql += " AND i.run_project = ?10";
  // Both ends of all versions of the job: ':' and the character behind it.
  if (filter.job) sql += " AND i.job > ?11 AND i.job < ?12 AND i.job <> ''";
  if (!filter.search.empty()) {
    sql +=
        " AND instr(lower(i.run_name || char(10) || i.run_project || char(10) || i.author || char(10) || i.job), ?8) > "
        "0";
  }
  return sql;
}

/// Where the page is read from: the states decide which index gives it without walking over what is not wanted.
std::string source_of(const ItemFilter& filter) {
  const unsigned states = mask_of(filter.states);
  const auto* beyond = filter.newest_first ? "<" : ">";
  const bool more_filters =
      filter.author || filter.run_name || filter.entity || filter.project || filter.job || !filter.search.empty();
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

std::string_view sort_expression(ItemSort sort) {
  switch (sort) {
    case ItemSort::pushed:
      return "i.id";
    case ItemSort::priority:
      return "i.priority";
    case ItemSort::state:
      return "i.state";
    case ItemSort::author:
      return "i.author";
    case ItemSort::run:
      return "i.run_name";
    case ItemSort::started:
      return "coalesce(i.started_at, 0)";
    case ItemSort::finished:
      return "coalesce(i.finished_at, 0)";
  }
  return "i.id";
}

std::string page_sql(const ItemFilter& filter, bool go_on) {
  const auto* direction = filter.newest_first ? "DESC" : "ASC";
  if (filter.sort == ItemSort::pushed) {
    return kSelectItem + "WHERE " + source_of(filter) + conditions_of(filter) +
           fmt::format(" ORDER BY i.id {} LIMIT ?3", direction);
  }
  const auto by = sort_expression(filter.sort);
  std::string sql = kSelectItem + (filter.queue ? "WHERE i.queue = ?1" : "WHERE 1") + conditions_of(filter);
  if (go_on) sql += fmt::format(" AND ({}, i.id) {} (?9, ?2)", by, filter.newest_first ? "<" : ">");
  return sql + fmt::format(" ORDER BY {0} {1}, i.id {1} LIMIT ?3", by, direction);
}

/// Where a page goes on: behind this value of what it is sorted by, and this id.
struct Place {
  std::optional<Json> value;
  Id id = 0;
};

Error bad_cursor() { return {Code::invalid_argument, "the cursor is not one that a list has given"}; }

/// By id: the number itself; otherwise base64 of [value, id].
Result<Place> place_of(const ItemFilter& filter, const Page& page) {
  if (!page.after) return Place{.id = filter.newest_first ? INT64_MAX : 0};
  if (filter.sort == ItemSort::pushed) {
    Place place;
    const char* end = page.after->data() + page.after->size();
    const auto parsed = std::from_chars(page.after->data(), end, place.id);
    if (parsed.ec != std::errc() || parsed.ptr != end) return bad_cursor();
    return place;
  }
  const auto text = from_base64(*page.after);
  const Json pair = text ? document(*text) : Json();
  if (!pair.is_array() || pair.get_array().size() != 2) return bad_cursor();
  const auto id = as_integer(pair.get_array()[1]);
  if (!id) return bad_cursor();
  return Place{.value = pair.get_array()[0], .id = *id};
}

Json sort_value(ItemSort sort, const Item& item) {
  switch (sort) {
    case ItemSort::pushed:
      return item.id;
    case ItemSort::priority:
      return item.priority;
    case ItemSort::state:
      return static_cast<int>(item.state);
    case ItemSort::author:
      return text_value(item.author);
    case ItemSort::run:
      return text_value(item.run_name);
    case ItemSort::started:
      return item.started_at.value_or(0);
    case ItemSort::finished:
      return item.finished_at.value_or(0);
  }
  return item.id;
}

std::string cursor_of(ItemSort sort, const Item& item) {
  if (sort == ItemSort::pushed) return std::to_string(item.id);
  return to_base64(to_text(JsonArray{sort_value(sort, item), item.id}));
}

/// `?11` and `?12`.
std::optional<std::string> job_bound(const ItemFilter& filter, char end) {
  return filter.job ? std::optional(*filter.job + end) : std::nullopt;
}

template <class Value>
Result<Rows> query_page(Connection& db, const std::string& sql, const ItemFilter& filter, const Place& place,
                        std::size_t limit, const Value& value) {
  return db.query(sql, filter.queue, place.id, limit, filter.entity, filter.author, filter.run_name,
                  mask_of(filter.states), lower(filter.search), value, filter.project, job_bound(filter, ':'),
                  job_bound(filter, ';'));
}

Result<Rows> query_page(Connection& db, const std::string& sql, const ItemFilter& filter, const Place& place,
                        std::size_t limit) {
  if (place.value && place.value->is_string()) {
    const std::string text(place.value->get_string().data(), place.value->get_string().size());
    return query_page(db, sql, filter, place, limit, text);
  }
  return query_page(db, sql, filter, place, limit, place.value ? as_integer(*place.value).value_or(0) : 0);
}

Result<Paged<Item>> read_page(Connection& db, const ItemFilter& filter, const Page& page) {
  if (page.first == 0 || page.first > kLargestPage) {
    return Error(Code::invalid_argument, fmt::format("a page holds 1 to {} items, not {}", kLargestPage, page.first));
  }
  TRY(const auto place, place_of(filter, page));
  TRY(auto rows, query_page(db, page_sql(filter, place.value.has_value()), filter, place, page.first + 1));
  Paged<Item> out;
  ItemRow row;
  TRY_VOID(rows.each([&] {
    read_item(rows, row);
    out.rows.push_back(public_item(row));
  }));
  out.has_next = out.rows.size() > page.first;
  if (out.has_next) out.rows.pop_back();
  if (!out.rows.empty()) out.end_cursor = cursor_of(filter.sort, out.rows.back());
  return out;
}

Result<std::int64_t> read_count(Connection& db, const ItemFilter& filter) {
  const std::string sql = "SELECT count(*) FROM items i CROSS JOIN queues q ON q.id = i.queue WHERE " +
                          std::string(filter.queue ? "i.queue = ?1" : "1") + conditions_of(filter);
  TRY(auto rows, query_page(db, sql, filter, {}, 0));
  std::int64_t count = 0;
  TRY_VOID(rows.next());
  rows.read(count);
  return count;
}

/// Each priority is a stretch of the index: counting takes time for what is counted only, and that is bounded.
Result<std::int64_t> count_before(Connection& db, const Item& item, bool prioritized) {
  std::int64_t before = 0;
  for (int priority = 0; priority <= (prioritized ? item.priority : 3) && before < ItemStore::kMostCounted;
       ++priority) {
    const Id below = prioritized && priority < item.priority ? INT64_MAX : item.id;
    TRY(const auto found, db.value<std::int64_t>("SELECT count(*) FROM (SELECT 1 FROM items INDEXED BY items_waiting"
                                                 " WHERE queue = ? AND state = 0 AND priority = ? AND id < ? LIMIT ?)",
                                                 item.queue, priority, below, ItemStore::kMostCounted - before));
    before += found.value_or(0);
  }
  return before;
}

Result<std::int64_t> read_position(Connection& db, Id id) {
  TRY(const auto row, must_load_item(db, id));
  if (row.item.state != ItemState::pending) {
    return Error(Code::failed_precondition,
                 fmt::format("item {} does not wait: it is {}", id, launch::state_name(row.item.state)));
  }
  TRY(const auto prioritized, db.value<bool>("SELECT prioritized FROM queues WHERE id = ?", row.item.queue));
  return count_before(db, row.item, prioritized.value_or(false));
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

Task<std::int64_t> SqliteStore::count(ItemFilter filter) {
  return database_->read([filter = std::move(filter)](Connection& db) { return read_count(db, filter); });
}

Task<std::int64_t> SqliteStore::position(Id item) {
  return database_->read([item](Connection& db) { return read_position(db, item); });
}

Task<std::optional<Item>> SqliteStore::find_by_run(std::string entity, std::string project, std::string run_name) {
  return database_->read([entity = std::move(entity), project = std::move(project), run_name = std::move(run_name)](
                             Connection& db) { return read_by_run(db, entity, project, run_name); });
}

}  // namespace slipway::server::sqlite
