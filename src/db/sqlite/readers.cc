#include "db/sqlite/readers.h"

namespace slipway::db::sqlite {
namespace {

void run_in_snapshot(Connection& connection, Work& work) {
  auto begun = connection.run("BEGIN");
  if (!begun) return work.fail(std::move(begun).error());
  (void)work.run(connection);
  (void)connection.run("COMMIT");
}

}  // namespace

Readers::Readers(std::vector<std::unique_ptr<Connection>> connections) : connections_(std::move(connections)) {
  for (auto& connection : connections_) threads_.emplace_back([this, &connection] { loop(*connection); });
}

Readers::~Readers() { close(); }

void Readers::close() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Readers::enqueue(Work* work) {
  {
    const std::scoped_lock lock(mutex_);
    if (!closing_) {
      queue_.push_back(work);
      wake_.notify_one();
      return;
    }
  }
  refuse(*work);
}

void Readers::loop(Connection& connection) {
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Work* work = queue_.front();
    queue_.pop_front();
    lock.unlock();
    run_in_snapshot(connection, *work);
    std::vector<std::unique_ptr<Waiter>> waiters;
    waiters.push_back(std::move(work->waiter));
    resume_all(std::move(waiters));
  }
}

}  // namespace slipway::db::sqlite
