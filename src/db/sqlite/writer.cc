#include "db/sqlite/writer.h"

#include <algorithm>
#include <iterator>

#include <sqlite3.h>

#include "base/log.h"

namespace slipway::db::sqlite {
namespace {

/// After this long without work the log is emptied, so that an idle server leaves a small file and the next write starts at its front.
constexpr std::chrono::seconds kIdle{2};
constexpr int kCheckpointBusyMillis = 50;
constexpr int kBusyMillis = 5'000;

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, WriterLimits limits)
    : connection_(std::move(connection)), limits_(limits) {
  sqlite3_wal_hook(
      connection_->handle(),
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Writer*>(self)->log_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() { close(); }

void Writer::close() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Writer::enqueue(Entry entry) {
  {
    const std::scoped_lock lock(mutex_);
    if (!closing_) {
      queue_.push_back(std::move(entry));
      if (queue_.size() == 1) wake_.notify_one();
      return;
    }
  }
  refuse(*entry.work);
}

bool Writer::somebody_waits() {
  const std::scoped_lock lock(mutex_);
  return !queue_.empty();
}

void Writer::loop() {
  Batch batch;
  while (take(batch)) {
    commit(batch);
    batch.clear();
    checkpoint_if_due();
  }
  checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

/// False when closing and nothing is left.
bool Writer::take(Batch& batch) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return closing_ || !queue_.empty(); };
  while (!wake_.wait_for(lock, kIdle, ready)) {
    if (log_pages_ == 0) continue;
    lock.unlock();
    checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
    lock.lock();
  }
  if (queue_.size() <= limits_.batch) {
    batch.swap(queue_);
  } else {
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(limits_.batch);
    batch.assign(std::move_iterator(queue_.begin()), std::move_iterator(end));
    queue_.erase(queue_.begin(), end);
  }
  return !batch.empty();
}

void Writer::commit(Batch& batch) {
  auto done = try_commit(batch);
  if (!done && batch.size() == 1) batch.front().work->fail(std::move(done).error());
  if (!done && batch.size() > 1) {
    for (auto& entry : batch) {
      auto alone = try_commit(std::span(&entry, 1));
      if (!alone) entry.work->fail(std::move(alone).error());
    }
  }
  std::vector<std::unique_ptr<Waiter>> waiters;
  waiters.reserve(batch.size());
  for (auto& entry : batch) {
    const Error* failure = entry.owned ? entry.work->error() : nullptr;
    if (failure) log::warn("a write in the background failed", {{"error", failure->message()}});
    if (entry.work->waiter) waiters.push_back(std::move(entry.work->waiter));
  }
  // From here on a work belongs to its waiter: it must not be touched any more.
  resume_all(std::move(waiters));
}

/// An error means that nothing of it was written.
Result<> Writer::try_commit(std::span<Entry> entries) {
  TRY_VOID(connection_->run("BEGIN IMMEDIATE"));
  for (auto& entry : entries) {
    const bool ok = run_in_savepoint(*entry.work);
    if (connection_->in_transaction()) continue;
    // SQLite has undone everything by itself. Alone, the work's own error says why.
    if (entries.size() == 1 && !ok) return Result<>();
    return Error(Code::internal, "writing the database: the transaction was undone");
  }
  auto committed = connection_->run("COMMIT");
  if (committed) return Result<>();
  if (connection_->in_transaction()) (void)connection_->run("ROLLBACK");
  return std::move(committed).error();
}

bool Writer::run_in_savepoint(Work& work) {
  auto begun = connection_->run("SAVEPOINT one");
  if (!begun) {
    work.fail(std::move(begun).error());
    return false;
  }
  const bool ok = work.run(*connection_);
  if (!connection_->in_transaction()) return ok;
  if (!ok) (void)connection_->run("ROLLBACK TO one");
  (void)connection_->run("RELEASE one");
  return ok;
}

void Writer::checkpoint_if_due() {
  if (log_pages_ >= limits_.longest_pages) {
    checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
  } else if (log_pages_ >= limits_.busy_pages || (log_pages_ >= limits_.idle_pages && !somebody_waits())) {
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
  }
}

void Writer::checkpoint(int mode) {
  auto* handle = connection_->handle();
  int in_log = 0;
  int done = 0;
  sqlite3_busy_timeout(handle, kCheckpointBusyMillis);
  const int status = sqlite3_wal_checkpoint_v2(handle, nullptr, mode, &in_log, &done);
  sqlite3_busy_timeout(handle, kBusyMillis);
  if (status == SQLITE_OK && done >= in_log) log_pages_ = 0;
  if (status != SQLITE_OK && status != SQLITE_BUSY) {
    log::warn("the database's log could not be checkpointed", {{"error", last_error(handle, "checkpoint").message()}});
  }
}

}  // namespace slipway::db::sqlite
