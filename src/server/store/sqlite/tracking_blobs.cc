#include <algorithm>

#include "server/store/sqlite/tracking_sqlite.h"

namespace slipway::server::sqlite {

namespace {

/// Does anything refer to the bytes of blob `b`?
constexpr std::string_view kReferenced =
    "(EXISTS (SELECT 1 FROM artifact_files f WHERE f.sha256 = b.sha256 AND f.sha256 <> '') OR EXISTS (SELECT 1 FROM "
    "run_files f WHERE f.sha256 = b.sha256)"
    " OR EXISTS (SELECT 1 FROM artifacts a WHERE a.manifest_sha256 = b.sha256 AND a.manifest_sha256 <> ''))";

struct Candidate {
  std::string entity, md5;
};

/// Unreferenced blobs behind `from`, and where the walk ended ("" "": at the end of the table).
struct Walk {
  std::vector<Candidate> found;
  std::pair<std::string, std::string> next;
};

Result<Walk> walk(Connection& connection, const std::pair<std::string, std::string>& from, UnixMillis unused_since,
                  std::size_t limit) {
  static const std::string sql =
      sql_of({"SELECT entity, md5, used_at, ", kReferenced,
              " FROM (SELECT * FROM blobs WHERE (entity, md5) > (?, ?) ORDER BY entity, md5 LIMIT ?) b"});
  Walk out;
  std::size_t seen = 0;
  TRY(auto rows, connection.query(sql, from.first, from.second, limit));
  TRY_VOID(rows.each([&] {
    Candidate blob;
    UnixMillis used = 0;
    bool referenced = false;
    rows.read(blob.entity, blob.md5, used, referenced);
    out.next = {blob.entity, blob.md5};
    ++seen;
    if (!referenced && used <= unused_since) out.found.push_back(std::move(blob));
  }));
  if (seen < limit) out.next = {};
  return out;
}

/// Marks at the first sighting, forgets at a later one. The SHA-256 of what was forgotten, "" for a blob that stays.
Result<std::string> sight(Connection& connection, const Candidate& blob, UnixMillis now, Millis grace) {
  static const std::string mark =
      sql_of({"UPDATE blobs AS b SET marked_at = ? WHERE entity = ? AND md5 = ? AND used_at <= ? AND marked_at IS NULL "
              "AND NOT ",
              kReferenced});
  static const std::string forget =
      sql_of({"DELETE FROM blobs AS b WHERE entity = ? AND md5 = ? AND marked_at <= ? AND used_at <= ? AND NOT ",
              kReferenced, " RETURNING sha256"});
  const UnixMillis before = now - grace.count();
  TRY(auto gone, connection.value<std::string>(forget, blob.entity, blob.md5, before, before));
  if (gone) return std::move(*gone);
  TRY_VOID(connection.run(mark, now, blob.entity, blob.md5, before));
  return std::string();
}

}  // namespace

Task<Blob> SqliteTracking::add_blob(std::string entity, Blob blob) {
  auto work = [entity = std::move(entity), blob = std::move(blob),
               now = clock_.now()](Connection& connection) -> Result<Blob> {
    TRY(auto rows, connection.query("INSERT INTO blobs (entity, md5, sha256, size, used_at) VALUES (?, ?, ?, ?, ?)"
                                    " ON CONFLICT (entity, md5) DO UPDATE SET used_at = excluded.used_at, marked_at = "
                                    "NULL RETURNING sha256, md5, size",
                                    entity, blob.md5, blob.sha256, blob.size, now));
    TRY(const bool found, rows.next());
    Blob kept;
    if (found) rows.read(kept.sha256, kept.md5, kept.size);
    TRY_VOID(rows.each([] {}));
    return kept;
  };
  return database_.write(std::move(work));
}

Task<std::vector<std::optional<Blob>>> SqliteTracking::find_blobs(std::string entity, std::vector<std::string> md5s) {
  auto work = [entity = std::move(entity), md5s = std::move(md5s),
               now = clock_.now()](Connection& connection) -> Result<std::vector<std::optional<Blob>>> {
    std::vector<std::optional<Blob>> found;
    found.reserve(md5s.size());
    for (const std::string& md5 : md5s) {
      TRY(auto rows,
          connection.query(
              "UPDATE blobs SET used_at = ?, marked_at = NULL WHERE entity = ? AND md5 = ? RETURNING sha256, md5, size",
              now, entity, md5));
      auto& slot = found.emplace_back();
      TRY_VOID(rows.each([&] {
        Blob& blob = slot.emplace();
        rows.read(blob.sha256, blob.md5, blob.size);
      }));
    }
    return found;
  };
  return database_.write(std::move(work));
}

Task<bool> SqliteTracking::has_bytes(std::string sha256) {
  auto work = [sha256 = std::move(sha256)](Connection& connection) -> Result<bool> {
    TRY(const auto found, connection.value<int>("SELECT 1 FROM blobs WHERE sha256 = ? LIMIT 1", sha256));
    return found.has_value();
  };
  return database_.write(std::move(work));
}

Task<std::vector<std::string>> SqliteTracking::collect(Millis grace, std::size_t limit) {
  const UnixMillis now = clock_.now();
  auto look = [from = collected_, since = now - grace.count(), limit](Connection& connection) {
    return walk(connection, from, since, limit);
  };
  CO_TRY(Walk walked, co_await database_.read(std::move(look)));
  collected_ = walked.next;
  auto work = [found = std::move(walked.found), now,
               grace](Connection& connection) -> Result<std::vector<std::string>> {
    std::vector<std::string> gone;
    for (const Candidate& blob : found) {
      TRY(std::string sha256, sight(connection, blob, now, grace));
      if (!sha256.empty()) gone.push_back(std::move(sha256));
    }
    std::vector<std::string> nobodys;
    for (std::string& sha256 : gone) {
      TRY(const auto other, connection.value<int>("SELECT 1 FROM blobs WHERE sha256 = ? LIMIT 1", sha256));
      if (!other) nobodys.push_back(std::move(sha256));
    }
    std::ranges::sort(nobodys);
    const auto doubles = std::ranges::unique(nobodys);
    nobodys.erase(doubles.begin(), doubles.end());
    return nobodys;
  };
  co_return co_await database_.write(std::move(work));
}

}  // namespace slipway::server::sqlite
