// Readers: a few threads with a read-only connection each. For short reads: a long one holds the write-ahead log.
#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "db/sqlite/work.h"

namespace slipway::db::sqlite {

class Readers {
 public:
  /// One thread for each connection.
  explicit Readers(std::vector<std::unique_ptr<Connection>> connections);
  ~Readers();

  /// `function`: Result<T>(Connection&), run in one snapshot. Resumes on the caller's executor; not cancellable.
  template <class F>
  Task<typename WorkResult<F>::value_type> read(F function) {
    TypedWork<F> work(std::move(function));
    auto done = suspend_until_done(work, [this](Work* queued) { enqueue(queued); });
    co_await std::move(done);
    co_return work.take();
  }
  /// Runs what is queued and joins. Idempotent; what comes afterwards fails as unavailable.
  void close();

 private:
  void enqueue(Work* work);
  void loop(Connection& connection);

  std::vector<std::unique_ptr<Connection>> connections_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work*> queue_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace slipway::db::sqlite
