#include "db/sqlite/work.h"

#include <vector>

#include <boost/asio/post.hpp>

namespace slipway::db::sqlite {
namespace {

using Waiters = std::vector<std::unique_ptr<Waiter>>;

/// A coroutine that ends in an exception may throw out of resume(): the others must still be resumed.
void resume_from(Waiters waiters, std::size_t next) {
  const auto executor = waiters.front()->executor();
  while (next < waiters.size()) {
    const auto waiter = std::move(waiters[next++]);
    try {
      waiter->resume();
    } catch (...) {
      waiters.erase(waiters.begin(), waiters.begin() + static_cast<std::ptrdiff_t>(next));
      if (!waiters.empty())
        asio::post(executor, [rest = std::move(waiters)]() mutable { resume_from(std::move(rest), 0); });
      throw;
    }
  }
}

}  // namespace

void resume_all(Waiters waiters) {
  while (!waiters.empty()) {
    const auto executor = waiters.front()->executor();
    Waiters group;
    Waiters rest;
    for (auto& waiter : waiters) (waiter->executor() == executor ? group : rest).push_back(std::move(waiter));
    asio::post(executor, [group = std::move(group)]() mutable { resume_from(std::move(group), 0); });
    waiters = std::move(rest);
  }
}

void refuse(Work& work) {
  work.fail(Error(Code::unavailable, "the database is closed"));
  Waiters waiters;
  if (work.waiter) waiters.push_back(std::move(work.waiter));
  resume_all(std::move(waiters));
}

}  // namespace slipway::db::sqlite
