#include "server/service/live.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::server {

std::string queue_topic(Id queue) { return fmt::format("queue:{}", queue); }
std::string item_topic(Id item) { return fmt::format("item:{}", item); }
std::string agent_topic(Id agent) { return fmt::format("agent:{}", agent); }
std::string run_topic(std::string_view entity, std::string_view project, std::string_view name) {
  return fmt::format("run:{}/{}/{}", entity, project, name);
}

struct Live::Waiter {
  Waiter(Live& owner, std::string wanted, std::uint64_t place)
      : live(owner), topic(std::move(wanted)), read_to(place), event(owner.executor_) {}

  bool wants(const Change& change) const {
    return topic.empty() || std::ranges::find(change.topics, topic) != change.topics.end();
  }

  Live& live;
  std::string topic;
  std::uint64_t read_to;  ///< The last sequence that was looked at.
  bool lost = false;
  Event event;
};

Live::Live(asio::any_io_executor executor, const Clock& clock, std::size_t capacity)
    : executor_(std::move(executor)), clock_(clock), capacity_(capacity) {}

Live::~Live() = default;

void Live::publish(Change change) {
  change.sequence = next_++;
  change.at = clock_.now();
  const auto wake = [&](const std::string& topic) {
    const auto [first, last] = waiters_.equal_range(topic);
    for (auto each = first; each != last; ++each) each->second->event.notify_all();
  };
  if (!waiters_.empty()) {
    wake("");
    for (const auto& topic : change.topics) wake(topic);
  }
  ring_.push_back(std::move(change));
  if (ring_.size() > capacity_) ring_.pop_front();
}

Live::Subscription Live::subscribe(std::string topic, std::optional<std::uint64_t> after) {
  const std::uint64_t place = std::min(after.value_or(next_ - 1), next_ - 1);
  auto waiter = std::make_unique<Waiter>(*this, std::move(topic), place);
  waiters_.emplace(waiter->topic, waiter.get());
  return Subscription(std::move(waiter));
}

std::size_t Live::subscribers() const { return waiters_.size(); }

void Live::close() {
  closed_ = true;
  for (const auto& [topic, waiter] : waiters_) waiter->event.notify_all();
}

Live::Subscription::Subscription(std::unique_ptr<Waiter> waiter) : waiter_(std::move(waiter)) {}
Live::Subscription::Subscription(Subscription&&) noexcept = default;

Live::Subscription::~Subscription() {
  if (!waiter_) return;
  auto& waiters = waiter_->live.waiters_;
  const auto [first, last] = waiters.equal_range(waiter_->topic);
  for (auto each = first; each != last; ++each) {
    if (each->second == waiter_.get()) {
      waiters.erase(each);
      return;
    }
  }
}

asio::awaitable<std::vector<Change>> Live::Subscription::next(
    std::optional<std::chrono::steady_clock::duration> limit) {
  constexpr std::size_t kBatch = 256;
  Live& live = waiter_->live;
  const auto deadline = limit ? std::optional(std::chrono::steady_clock::now() + *limit) : std::nullopt;
  std::vector<Change> found;
  for (;;) {
    if (live.closed_) co_return found;
    const std::uint64_t oldest = live.next_ - live.ring_.size();
    if (waiter_->read_to + 1 < oldest) {
      waiter_->lost = true;
      waiter_->read_to = oldest - 1;
    }
    while (waiter_->read_to + 1 < live.next_ && found.size() < kBatch) {
      const Change& change = live.ring_[static_cast<std::size_t>(++waiter_->read_to - oldest)];
      if (waiter_->wants(change)) found.push_back(change);
    }
    if (!found.empty() || waiter_->lost) co_return found;
    std::optional<std::chrono::steady_clock::duration> left;
    if (deadline) left = *deadline - std::chrono::steady_clock::now();
    const bool notified = co_await waiter_->event.wait(left);
    if (!notified) co_return found;
  }
}

bool Live::Subscription::take_lost() { return std::exchange(waiter_->lost, false); }

}  // namespace slipway::server
