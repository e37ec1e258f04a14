#include "server/store/sqlite/item_rows.h"

#include <fmt/format.h>

namespace slipway::server::sqlite {

static_assert(static_cast<int>(ItemState::pending) == 0 && static_cast<int>(ItemState::preempted) == 5 &&
                  static_cast<int>(ItemState::stopped) == 8,
              "the numbers of the states are stored, and partial indexes name them");

std::string document_text(const Json& value, std::string_view otherwise) {
  return value.is_null() ? std::string(otherwise) : to_text(value);
}

Json document(const std::string& text) {
  auto parsed = parse_json(text, JsonLimits{.max_bytes = SIZE_MAX, .max_depth = 256});
  return parsed ? *std::move(parsed) : Json();
}

Item public_item(const ItemRow& row) {
  Item item = row.item;
  if (!row.held()) item.agent = 0;
  return item;
}

ItemPayload parse_payload(const PayloadText& text) {
  const auto optional = [](const std::optional<std::string>& value) { return value ? document(*value) : Json(); };
  return ItemPayload{.spec = document(text.spec),
                     .submitted = document(text.submitted),
                     .intent = optional(text.intent),
                     .backend = optional(text.backend),
                     .request = optional(text.request),
                     .image = text.image,
                     .warnings = document(text.warnings),
                     .file_paths = optional(text.file_paths)};
}

Lease parse_lease(LeaseRow row) {
  return Lease{.item = public_item(row.row), .payload = parse_payload(row.payload), .takeover = row.takeover};
}

// CROSS JOIN: SQLite keeps this order, so that a page is read from the items and not sorted after all of a queue was read.
const std::string kSelectItem =
    "SELECT i.id, i.queue, i.state, i.priority, i.attempt, i.epoch, i.deliveries, i.preemptions, i.cancel_requested, "
    "i.submitted,"
    " i.takeover, i.wire, i.agent, i.lease_expires_at, i.run, i.run_entity, i.run_project, i.run_name, i.author, "
    "i.pushed_at,"
    " i.leased_at, i.started_at, i.running_at, i.finished_at, i.unreachable_since, i.exit_code, i.failure_class, "
    "i.message, i.stage, i.job, i.scope,"
    " q.name, e.name, a.name, q.lease_ttl, q.max_deliveries, q.lost_after, q.deleting"
    " FROM items i CROSS JOIN queues q ON q.id = i.queue CROSS JOIN entities e ON e.id = q.entity"
    " LEFT JOIN agents a ON a.id = i.agent ";

void read_item(Rows& rows, ItemRow& out) {
  Item& item = out.item;
  std::int64_t ttl = 0;
  std::int64_t lost_after = 0;
  rows.read(item.id, item.queue, item.state, item.priority, item.attempt, item.epoch, item.deliveries, out.preemptions,
            item.cancel_requested, out.submitted, out.takeover, out.wire, item.agent, item.lease_expires_at, out.run,
            item.run_entity, item.run_project, item.run_name, item.author, item.pushed_at, item.leased_at,
            item.started_at, item.running_at, item.finished_at, item.unreachable_since, item.exit_code,
            item.failure_class, item.message, item.stage, item.job, item.scope, item.queue_name, item.queue_entity,
            item.agent_name, ttl, out.max_deliveries, lost_after, out.queue_deleting);
  out.lease_ttl = Millis(ttl);
  out.lost_after = Millis(lost_after);
}

Result<std::optional<ItemRow>> load_item(Connection& db, Id id) {
  static const std::string sql = kSelectItem + "WHERE i.id = ?";
  TRY(auto rows, db.query(sql, id));
  TRY(const bool found, rows.next());
  std::optional<ItemRow> row;
  if (found) read_item(rows, row.emplace());
  return row;
}

Result<ItemRow> must_load_item(Connection& db, Id id) {
  TRY(auto row, load_item(db, id));
  if (!row) return Error(Code::not_found, fmt::format("there is no item {}", id));
  return *std::move(row);
}

Result<std::optional<PayloadText>> load_payload(Connection& db, Id item) {
  TRY(auto rows, db.query("SELECT spec, submitted, intent, backend, request, image, warnings, file_paths"
                          " FROM item_payloads WHERE item = ?",
                          item));
  TRY(const bool found, rows.next());
  std::optional<PayloadText> text;
  if (found) {
    auto& out = text.emplace();
    rows.read(out.spec, out.submitted, out.intent, out.backend, out.request, out.image, out.warnings, out.file_paths);
  }
  return text;
}

Result<> save_item(const Tx& tx, const ItemRow& row, ItemState was) {
  const Item& item = row.item;
  const auto agent = item.agent == 0 ? std::optional<Id>() : item.agent;
  TRY(const auto changed,
      tx.db.run("UPDATE items SET state = ?, attempt = ?, deliveries = ?, preemptions = ?, cancel_requested = ?, "
                "submitted = ?,"
                " takeover = ?, wire = ?, agent = ?, lease_expires_at = ?, run = ?, run_name = ?, leased_at = ?, "
                "started_at = ?,"
                " running_at = ?, finished_at = ?, unreachable_since = ?, exit_code = ?, failure_class = ?, message = "
                "?, stage = ?, scope = ?"
                " WHERE id = ? AND epoch = ? AND state = ?",
                item.state, item.attempt, item.deliveries, row.preemptions, item.cancel_requested, row.submitted,
                row.takeover, row.wire, agent, item.lease_expires_at, row.run, item.run_name, item.leased_at,
                item.started_at, item.running_at, item.finished_at, item.unreachable_since, item.exit_code,
                item.failure_class, item.message, item.stage, item.scope, item.id, item.epoch, was));
  if (changed != 1) return Error(Code::stale, fmt::format("item {} has moved on", item.id));
  return Result<>();
}

Result<> add_event(const Tx& tx, Id item, int attempt, std::optional<ItemState> from, std::optional<ItemState> to,
                   const Cause& cause) {
  const auto number = [](std::optional<ItemState> state) { return state ? static_cast<int>(*state) : -1; };
  TRY_VOID(tx.db.run(
      "INSERT INTO item_events (item, at, attempt, from_state, to_state, actor, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
      item, tx.now, attempt, number(from), number(to), cause.actor, cause.reason));
  return Result<>();
}

Result<> add_note(const Tx& tx, const ItemRow& row, const Cause& cause) {
  return add_event(tx, row.item.id, row.item.attempt, row.item.state, row.item.state, cause);
}

Result<> update_run(const Tx& tx, const ItemRow& row) {
  if (!row.run) return Result<>();
  const Item& item = row.item;
  const auto state = launch::wire_run_state(item.state);
  // `item = ?`: a run that was pushed again belongs to its newest item.
  if (item.state == ItemState::pending) {
    TRY_VOID(tx.db.run(
        "UPDATE runs SET state = ?, exit_code = NULL, finished_at = NULL, stop_requested = 0 WHERE id = ? AND item = ?",
        state, *row.run, item.id));
  } else if (launch::is_terminal(item.state)) {
    TRY_VOID(tx.db.run(
        "UPDATE runs SET state = ?, exit_code = coalesce(?, exit_code), finished_at = coalesce(finished_at, ?)"
        " WHERE id = ? AND item = ?",
        state, item.exit_code, tx.now, *row.run, item.id));
  } else {
    // A run that its own process has ended already does not come to life again because the agent saw the start late.
    TRY_VOID(
        tx.db.run("UPDATE runs SET state = ?, started_at = coalesce(started_at, ?)"
                  " WHERE id = ? AND item = ? AND finished_at IS NULL",
                  state, item.running_at, *row.run, item.id));
  }
  return Result<>();
}

Result<> ask_run_to_stop(const Tx& tx, const ItemRow& row) {
  if (!row.run) return Result<>();
  TRY_VOID(tx.db.run("UPDATE runs SET stop_requested = 1 WHERE id = ? AND item = ?", *row.run, row.item.id));
  return Result<>();
}

}  // namespace slipway::server::sqlite
