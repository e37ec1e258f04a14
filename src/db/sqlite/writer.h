// Writer: the one thread that writes a database. Natural group commit: whatever arrived while the last transaction was flushed goes
// into the next one, so many callers share one fsync and a single caller waits for nobody.
//
//   auto work = [id](Connection& connection) -> Result<std::int64_t> { return connection.run("DELETE FROM t WHERE id = ?", id); };
//   CO_TRY(const auto removed, co_await writer.write(std::move(work)));
//
// Each closure runs in a savepoint of its own: one that fails is rolled back alone. A task ends after the commit is on disk.
// When the transaction itself fails (full disk), the closures are run again one by one, so that each gets its own verdict.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "db/sqlite/work.h"

namespace slipway::db::sqlite {

struct WriterLimits {
  std::size_t batch = 1'024;   ///< Closures in one transaction.
  int idle_pages = 1'000;      ///< Checkpoint when the log is longer than that and nobody waits.
  int busy_pages = 4'000;      ///< Checkpoint even when somebody waits.
  int longest_pages = 32'000;  ///< Make readers let go of the log (bounded log).
};

class Writer {
 public:
  /// Takes the connection (WAL mode, automatic checkpoints off) and starts the thread.
  explicit Writer(std::unique_ptr<Connection> connection, WriterLimits limits = {});
  ~Writer();

  /// `function`: Result<T>(Connection&), callable as const; it may run twice. Resumes on the caller's executor; not cancellable.
  template <class F>
  Task<typename WorkResult<F>::value_type> write(F function) {
    TypedWork<F> work(std::move(function));
    auto done = suspend_until_done(work, [this](Work* queued) { enqueue(Entry(queued)); });
    co_await std::move(done);
    co_return work.take();
  }
  /// The same without anybody waiting. Failures are logged.
  template <class F>
  void post(F function) {
    enqueue(Entry(std::make_unique<TypedWork<F>>(std::move(function))));
  }
  /// Runs what is queued, checkpoints, joins. Idempotent; what comes afterwards fails as unavailable.
  void close();

 private:
  struct Entry {
    explicit Entry(Work* waiting) : work(waiting) {}
    explicit Entry(std::unique_ptr<Work> mine) : work(mine.get()), owned(std::move(mine)) {}
    Work* work;
    std::unique_ptr<Work> owned;
  };
  using Batch = std::vector<Entry>;

  void enqueue(Entry entry);
  void loop();
  bool take(Batch& batch);
  void commit(Batch& batch);
  Result<> try_commit(std::span<Entry> entries);
  bool run_in_savepoint(Work& work);
  void checkpoint_if_due();
  void checkpoint(int mode);
  bool somebody_waits();

  std::unique_ptr<Connection> connection_;
  const WriterLimits limits_;
  int log_pages_ = 0;  ///< Set by SQLite's hook on this thread.
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Entry> queue_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace slipway::db::sqlite
