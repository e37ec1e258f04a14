// What a queue did over time, added up from its items: each was waiting, at an agent and running for a stretch of time.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "server/store/sqlite/item_rows.h"
#include "server/store/sqlite/sqlite_store.h"

namespace slipway::server::sqlite {
namespace {

constexpr std::size_t kMostBuckets = 1'000;
constexpr std::size_t kMostItems = 200'000;  ///< Of each kind: waiting, active, ended.
constexpr std::size_t kMostRuns = 500;
constexpr std::size_t kMostErrors = 200;

struct Times {
  ItemState state = ItemState::pending;
  UnixMillis pushed = 0;
  std::optional<UnixMillis> leased, running, finished;
};

/// Counts of things that last: each adds one at the bucket in which it is there first, and takes it away where it is there no more.
class Buckets {
 public:
  explicit Buckets(const MonitorRange& range) : range_(range), changes_(range.buckets + 1), out_(range.buckets) {
    for (std::size_t i = 0; i < out_.size(); ++i) out_[i].at = end_of(i);
  }

  void add(const Times& item) {
    const UnixMillis never = INT64_MAX;
    const UnixMillis end = item.finished.value_or(never);
    const UnixMillis leased = std::min(item.leased.value_or(end), end);
    const UnixMillis running = std::min(item.running.value_or(end), end);
    lasts(&Change::waiting, item.pushed, std::min(leased, running));
    lasts(&Change::leased, leased, running);
    lasts(&Change::running, running, end);
    if (item.leased) count_start(*item.leased, *item.leased - item.pushed);
    if (item.finished) count_end(*item.finished, item.state);
  }

  std::vector<MonitorBucket> take() && {
    Change now;
    for (std::size_t i = 0; i < out_.size(); ++i) {
      now.waiting += changes_[i].waiting;
      now.leased += changes_[i].leased;
      now.running += changes_[i].running;
      out_[i].waiting = now.waiting;
      out_[i].leased = now.leased;
      out_[i].running = now.running;
    }
    return std::move(out_);
  }

 private:
  struct Change {
    std::int64_t waiting = 0, leased = 0, running = 0;
  };

  UnixMillis end_of(std::size_t bucket) const {
    const double share = static_cast<double>(bucket + 1) / static_cast<double>(range_.buckets);
    return range_.from + static_cast<UnixMillis>(std::llround(share * static_cast<double>(range_.to - range_.from)));
  }
  /// The first bucket whose end is not before `at`.
  std::size_t bucket_at(UnixMillis at) const {
    const auto found = std::ranges::lower_bound(out_, at, {}, &MonitorBucket::at);
    return static_cast<std::size_t>(found - out_.begin());
  }
  void lasts(std::int64_t Change::* what, UnixMillis from, UnixMillis to) {
    if (from >= to) return;
    ++(changes_[bucket_at(from)].*what);
    --(changes_[bucket_at(to)].*what);
  }
  MonitorBucket* bucket_of(UnixMillis at) {
    if (at <= range_.from || at > range_.to) return nullptr;
    return &out_[bucket_at(at)];
  }
  void count_start(UnixMillis at, UnixMillis queued) {
    auto* bucket = bucket_of(at);
    if (bucket == nullptr) return;
    ++bucket->started;
    bucket->queued_sum += queued;
    bucket->queued_max = std::max(bucket->queued_max, queued);
  }
  void count_end(UnixMillis at, ItemState state) {
    auto* bucket = bucket_of(at);
    if (bucket == nullptr) return;
    ++(state == ItemState::finished ? bucket->finished : state == ItemState::failed ? bucket->failed : bucket->stopped);
  }

  MonitorRange range_;
  std::vector<Change> changes_;
  std::vector<MonitorBucket> out_;
};

Result<> add_items(Buckets& buckets, bool& truncated, Result<Rows> query) {
  TRY(auto rows, std::move(query));
  std::size_t count = 0;
  TRY_VOID(rows.each([&] {
    if (++count > kMostItems) {
      truncated = true;
      return;
    }
    Times times;
    rows.read(times.state, times.pushed, times.leased, times.running, times.finished);
    buckets.add(times);
  }));
  return Result<>();
}

Result<std::vector<Item>> read_items(Result<Rows> query) {
  TRY(auto rows, std::move(query));
  std::vector<Item> items;
  ItemRow row;
  TRY_VOID(rows.each([&] {
    read_item(rows, row);
    items.push_back(public_item(row));
  }));
  return items;
}

Result<QueueMonitor> read_monitor(Connection& db, Id queue, const MonitorRange& range) {
  if (range.buckets == 0 || range.buckets > kMostBuckets) {
    return Error(Code::invalid_argument,
                 fmt::format("'buckets' is {}; it must be from 1 to {}", range.buckets, kMostBuckets));
  }
  if (range.from >= range.to) return Error(Code::invalid_argument, "the range of time ends before it begins");
  QueueMonitor out;
  Buckets buckets(range);
  const std::string times = "SELECT state, pushed_at, leased_at, running_at, finished_at FROM items ";
  TRY_VOID(add_items(
      buckets, out.truncated,
      db.query(times + "INDEXED BY items_waiting WHERE queue = ? AND state = 0 LIMIT ?", queue, kMostItems + 1)));
  TRY_VOID(add_items(buckets, out.truncated,
                     db.query(times + "INDEXED BY items_active WHERE queue = ? AND state BETWEEN 1 AND 5 LIMIT ?",
                              queue, kMostItems + 1)));
  TRY_VOID(add_items(
      buckets, out.truncated,
      db.query(times + "INDEXED BY items_ended WHERE queue = ? AND finished_at > ? ORDER BY finished_at DESC LIMIT ?",
               queue, range.from, kMostItems + 1)));
  out.buckets = std::move(buckets).take();
  static const std::string runs =
      kSelectItem +
      "WHERE i.id IN (SELECT id FROM items INDEXED BY items_active WHERE queue = ?1 AND state BETWEEN 1 AND 5"
      " UNION ALL SELECT id FROM (SELECT id FROM items INDEXED BY items_ended WHERE queue = ?1 AND finished_at > ?2"
      " ORDER BY finished_at DESC LIMIT ?4)) AND i.started_at <= ?3 ORDER BY i.started_at DESC LIMIT ?4";
  TRY(out.runs, read_items(db.query(runs, queue, range.from, range.to, kMostRuns)));
  static const std::string errors = kSelectItem +
                                    "WHERE i.queue = ?1 AND i.finished_at > ?2 AND i.finished_at <= ?3 AND i.state = 7"
                                    " ORDER BY i.finished_at DESC LIMIT ?4";
  TRY(out.errors, read_items(db.query(errors, queue, range.from, range.to, kMostErrors)));
  return out;
}

}  // namespace

Task<QueueMonitor> SqliteStore::monitor(Id queue, MonitorRange range) {
  return database_->read([queue, range](Connection& db) { return read_monitor(db, queue, range); });
}

}  // namespace slipway::server::sqlite
