// What an agent says about an item it holds: guarded by (item, epoch).
#include <fmt/format.h>

#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {
namespace {

constexpr int kMostWarnings = 100;

/// The documents of a report as text.
struct ReportText {
  ItemReport report;
  std::optional<std::string> intent, backend, request, warning, file_paths;
  std::optional<std::string> scope;  ///< Of the intent.
};

std::optional<std::string> text_of(std::optional<Json>& document) {
  if (!document) return std::nullopt;
  std::string text = to_text(*document);
  document.reset();
  return text;
}

ReportText to_report_text(ItemReport report) {
  ReportText text;
  if (report.intent) text.scope = text_or(*report.intent, "scope");
  text.intent = text_of(report.intent);
  text.backend = text_of(report.backend);
  text.request = text_of(report.request);
  text.warning = text_of(report.warning);
  text.file_paths = text_of(report.file_paths);
  text.report = std::move(report);
  return text;
}

Result<> check_ended(const Item& item, const ItemReport& report) {
  const bool same = report.state == item.state && (!report.exit_code || report.exit_code == item.exit_code);
  if (same) return Result<>();
  std::string outcome(launch::state_name(item.state));
  if (item.exit_code) outcome += fmt::format(" with exit code {}", *item.exit_code);
  return Error(Code::conflict, fmt::format("item {} already ended as {}", item.id, outcome));
}

Result<> check_move(const Item& item, ItemState to) {
  const bool by_report = to != ItemState::pending && to != ItemState::leased;
  if (to == item.state || (by_report && launch::can_move(item.state, to))) return Result<>();
  return Error(Code::conflict, fmt::format("item {} cannot go from {} to {}", item.id, launch::state_name(item.state),
                                           launch::state_name(to)));
}

Result<> save_payload(const Tx& tx, Id item, const ReportText& text) {
  if (text.intent || text.backend || text.request || text.report.image || text.file_paths) {
    TRY_VOID(
        tx.db.run("UPDATE item_payloads SET intent = coalesce(?, intent), backend = coalesce(?, backend),"
                  " request = coalesce(?, request), image = coalesce(?, image), file_paths = coalesce(?, file_paths)"
                  " WHERE item = ?",
                  text.intent, text.backend, text.request, text.report.image, text.file_paths, item));
  }
  if (!text.warning) return Result<>();
  TRY_VOID(
      tx.db.run("UPDATE item_payloads SET warnings = json_insert(warnings, '$[#]', json(?))"
                " WHERE item = ? AND json_array_length(warnings) < ?",
                *text.warning, item, kMostWarnings));
  return Result<>();
}

/// Everything but the state. True when people want to see it in the item's history.
bool apply_fields(const Tx& tx, ItemRow& row, ItemState to, const ReportText& text) {
  const ItemReport& report = text.report;
  Item& item = row.item;
  const bool new_stage = report.stage && *report.stage != item.stage;
  // Nobody held it; now its last holder does again.
  if (row.takeover) item.unreachable_since.reset();
  const bool was_reachable = !item.unreachable_since;
  if (report.stage) item.stage = *report.stage;
  if (report.message) item.message = *report.message;
  if (report.exit_code) item.exit_code = *report.exit_code;
  if (report.failure_class) item.failure_class = *report.failure_class;
  if (report.reachable == false && was_reachable) item.unreachable_since = tx.now;
  if (report.reachable == true) item.unreachable_since.reset();
  if (text.intent || text.backend) row.submitted = true;
  if (text.scope) item.scope = *text.scope;
  row.takeover = false;
  item.lease_expires_at = lease_end(tx, row, to);
  return new_stage || was_reachable != !item.unreachable_since;
}

Cause note_of(const Item& item, const Cause& cause) {
  if (!cause.reason.empty()) return cause;
  return Cause{cause.actor, item.unreachable_since ? "the backend cannot be reached" : item.stage};
}

Result<Item> report_on(const Tx& tx, Id id, std::int64_t epoch, const ReportText& text, const Cause& cause) {
  TRY(auto row, must_load_item(tx.db, id));
  const auto to = text.report.state.value_or(row.item.state);
  if (row.item.epoch != epoch) {
    return Error(Code::stale, fmt::format("item {}: epoch {} has moved on to {}", id, epoch, row.item.epoch));
  }
  if (launch::is_terminal(row.item.state)) {
    TRY_VOID(check_ended(row.item, text.report));
    return public_item(row);
  }
  // An item that waits for a takeover is still its last holder's until somebody else has it.
  if (row.item.state == ItemState::pending) return Error(Code::stale, fmt::format("item {}: the lease ran out", id));
  TRY_VOID(check_move(row.item, to));
  const bool note = apply_fields(tx, row, to, text);
  TRY_VOID(save_payload(tx, id, text));
  if (to == ItemState::preempted) {
    TRY_VOID(preempt(tx, row, cause));
  } else if (to != row.item.state) {
    TRY_VOID(move_item(tx, row, to, cause));
  } else {
    TRY_VOID(save_item(tx, row, row.item.state));
    if (note) TRY_VOID(add_note(tx, row, note_of(row.item, cause)));
  }
  return public_item(row);
}

}  // namespace

Task<Item> SqliteStore::report(Id item, std::int64_t epoch, ItemReport report, Cause cause) {
  ReportText text = to_report_text(std::move(report));
  return database_->write([this, item, epoch, text = std::move(text), cause = std::move(cause)](Connection& db) {
    return report_on(tx(db), item, epoch, text, cause);
  });
}

Task<bool> SqliteStore::warn(Id item, Json warning) {
  ReportText text;
  text.warning = to_text(warning);
  return database_->write([this, item, text = std::move(text)](Connection& db) -> Result<bool> {
    TRY_VOID(must_load_item(db, item));
    TRY_VOID(save_payload(tx(db), item, text));
    return true;
  });
}

}  // namespace slipway::server::sqlite
