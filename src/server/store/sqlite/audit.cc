#include "server/store/sqlite/audit.h"

#include <charconv>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
#include "server/store/sqlite/sqlite_store.h"

namespace slipway::server::sqlite {
namespace {

constexpr std::size_t kNamedItems = 20;
constexpr std::size_t kLargestPage = 1'000;

Result<Id> before_of(const Page& page) {
  if (page.first == 0 || page.first > kLargestPage) {
    return Error(Code::invalid_argument, fmt::format("a page holds 1 to {} entries, not {}", kLargestPage, page.first));
  }
  if (!page.after) return INT64_MAX;
  Id id = 0;
  const char* end = page.after->data() + page.after->size();
  const auto parsed = std::from_chars(page.after->data(), end, id);
  if (parsed.ec == std::errc() && parsed.ptr == end) return id;
  return Error(Code::invalid_argument, "the cursor is not one that a list has given");
}

std::string ids_text(const std::vector<Id>& ids) {
  JsonArray out;
  for (const Id id : ids) out.emplace_back(id);
  return to_text(out);
}

AuditEntry read_entry(Rows& rows) {
  AuditEntry entry;
  std::string detail;
  rows.read(entry.id, entry.at, entry.entity, entry.entity_name, entry.actor, entry.action, entry.subject, detail);
  entry.detail = document(detail);
  return entry;
}

Result<Paged<AuditEntry>> read_log(Connection& db, const AuditFilter& filter, const Page& page) {
  TRY(const Id before, before_of(page));
  std::optional<std::string> entities;
  if (filter.entities) entities = ids_text(*filter.entities);
  TRY(auto rows,
      db.query("SELECT l.id, l.at, coalesce(l.entity, 0), coalesce(e.name, ''), l.actor, l.action, l.subject, l.detail"
               " FROM audit_log l LEFT JOIN entities e ON e.id = l.entity WHERE l.id < ?1"
               " AND (?2 IS NULL OR l.entity IN (SELECT value FROM json_each(?2)))"
               " AND (?3 = '' OR l.actor = ?3)"
               " AND (?4 = '' OR l.action = ?4 OR substr(l.action, 1, length(?4) + 1) = ?4 || '.')"
               " ORDER BY l.id DESC LIMIT ?5",
               before, entities, filter.actor, filter.action, page.first + 1));
  Paged<AuditEntry> out;
  TRY_VOID(rows.each([&] { out.rows.push_back(read_entry(rows)); }));
  out.has_next = out.rows.size() > page.first;
  if (out.has_next) out.rows.pop_back();
  if (!out.rows.empty()) out.end_cursor = std::to_string(out.rows.back().id);
  return out;
}

}  // namespace

Result<> add_audit(const Tx& tx, const Cause& cause, const Audited& audited) {
  TRY_VOID(tx.db.run("INSERT INTO audit_log (at, entity, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?)",
                     tx.now, audited.entity, cause.actor.empty() ? "server" : cause.actor, audited.action,
                     audited.subject, to_text(audited.detail)));
  return Result<>();
}

Result<> add_items_audit(const Tx& tx, const Cause& cause, std::string_view action, Id queue,
                         const std::vector<Id>& items) {
  TRY(auto rows, tx.db.query("SELECT entity, name FROM queues WHERE id = ?", queue));
  TRY_VOID(rows.next());
  Id entity = 0;
  std::string name;
  rows.read(entity, name);
  TRY_VOID(rows.next());
  JsonArray ids;
  for (std::size_t i = 0; i < items.size() && i < kNamedItems; ++i)
    ids.push_back(text_value(global_id("RunQueueItem", items[i])));
  Audited audited{
      .entity = entity, .action = action, .subject = fmt::format("{} items of queue {}", items.size(), name)};
  if (items.size() == 1) audited.subject = fmt::format("item {} of queue {}", items.front(), name);
  audited.detail["queue"] = text_value(name);
  audited.detail["count"] = items.size();
  audited.detail["items"] = std::move(ids);
  if (!cause.reason.empty()) audited.detail["reason"] = text_value(cause.reason);
  return add_audit(tx, cause, audited);
}

Task<> SqliteStore::record(AuditEntry entry) {
  return database_->write([this, entry = std::move(entry)](Connection& db) {
    Audited audited{.action = entry.action, .subject = entry.subject};
    if (entry.entity != 0) audited.entity = entry.entity;
    if (entry.detail.is_object()) audited.detail = entry.detail.get_object();
    return add_audit(tx(db), Cause{entry.actor, ""}, audited);
  });
}

Task<Paged<AuditEntry>> SqliteStore::audit_log(AuditFilter filter, Page page) {
  return database_->read(
      [filter = std::move(filter), page = std::move(page)](Connection& db) { return read_log(db, filter, page); });
}

}  // namespace slipway::server::sqlite
