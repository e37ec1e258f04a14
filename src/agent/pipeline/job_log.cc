#include "agent/pipeline/job_log.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/log.h"
#include "base/retry.h"
#include "base/strings.h"

namespace slipway::agent {
namespace {

constexpr std::size_t kMaxWaitingBytes = 4u << 20;
constexpr std::size_t kMaxChunkBytes = 512u << 10;

}  // namespace

JobLog::JobLog(Control& control, Lease lease, asio::any_io_executor executor)
    : control_(control), lease_(std::move(lease)), wake_(executor), flushed_(executor) {}

Task<> JobLog::open() {
  if (lease_.attempt == 1 && !lease_.takeover) co_return Result<>();
  Backoff backoff({.first = Millis(200), .max = Millis(5'000)});
  for (;;) {
    auto size = co_await control_.log_size(lease_);
    if (size) {
      next_ = *size;
      co_return Result<>();
    }
    if (!retryable(size.error().code())) co_return std::move(size).error().wrap("asking where the log ends");
    CO_TRY_VOID(co_await sleep_for(*backoff.next()));
  }
}

void JobLog::begin_output_at(std::uint64_t line) {
  output_start_ = line;
  output_begun_ = true;
}

void JobLog::line(std::string_view text) {
  if (output_begun_) {
    log::info(text, {{"run", lease_.run_name}});
    return;
  }
  if (waiting_bytes_ + text.size() > kMaxWaitingBytes) {
    ++dropped_;
    return;
  }
  if (dropped_ > 0)
    waiting_.push_back(fmt::format("[slipway] {} lines are missing here: the server could not be reached",
                                   std::exchange(dropped_, 0)));
  waiting_.push_back(to_utf8_lossy(text));
  waiting_bytes_ += waiting_.back().size();
  wake_.notify_all();
}

asio::awaitable<void> JobLog::run_flusher() {
  for (;;) {
    if (waiting_.empty()) co_await wake_.wait();
    auto sent = co_await flush();
    if (!sent) co_return;
  }
}

Task<> JobLog::flush() {
  // One at a time: two senders would number their lines alike.
  while (flushing_) co_await flushed_.wait();
  while (!waiting_.empty() && !closed_) {
    std::vector<std::string> chunk;
    std::size_t bytes = 0;
    while (!waiting_.empty() && bytes < kMaxChunkBytes) {
      bytes += waiting_.front().size();
      chunk.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    waiting_bytes_ -= std::min(bytes, waiting_bytes_);
    flushing_ = true;
    auto sent = co_await no_throw(append(std::move(chunk)));
    flushing_ = false;
    flushed_.notify_all();
    if (!sent) co_return sent;
  }
  co_return Result<>();
}

Task<> JobLog::output(std::uint64_t first, std::vector<std::string> lines) {
  CO_TRY_VOID(co_await flush());
  const std::uint64_t wanted = next_output();
  if (first < wanted) {
    const auto known = std::min<std::uint64_t>(wanted - first, lines.size());
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(known));
  }
  auto at = lines.begin();
  while (at != lines.end() && !closed_) {
    std::size_t bytes = 0;
    auto end = at;
    while (end != lines.end() && bytes < kMaxChunkBytes) bytes += (end++)->size();
    std::vector<std::string> chunk(std::make_move_iterator(at), std::make_move_iterator(end));
    CO_TRY_VOID(co_await append(std::move(chunk)));
    at = end;
  }
  co_return Result<>();
}

Task<> JobLog::finish() {
  CO_TRY_VOID(co_await flush());
  co_return co_await control_.end_log(lease_, next_);
}

Task<> JobLog::append(std::vector<std::string> lines) {
  Backoff backoff({.first = Millis(200), .max = Millis(5'000)});
  while (!lines.empty()) {
    auto sent = co_await control_.append_log(lease_, next_, lines);
    if (sent) {
      next_ += lines.size();
      co_return Result<>();
    }
    const Code code = sent.error().code();
    if (code == Code::conflict) {
      // The server has another end of the log than we think: an answer got lost after it took the lines, or
      // somebody else wrote.
      CO_TRY(const std::uint64_t size, co_await control_.log_size(lease_));
      const std::uint64_t known = size > next_ ? std::min<std::uint64_t>(size - next_, lines.size()) : 0;
      lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(known));
      next_ = size;
      continue;
    }
    if (!retryable(code)) {
      log::warn("the server takes no more log lines of this run",
                {{"run", lease_.run_name}, {"error", sent.error().message()}});
      closed_ = true;
      co_return Result<>();
    }
    CO_TRY_VOID(co_await sleep_for(*backoff.next()));
  }
  co_return Result<>();
}

}  // namespace slipway::agent
