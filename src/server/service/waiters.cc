#include "server/service/waiters.h"

namespace slipway::server {

std::uint64_t Waiters::generation(const std::vector<Id>& queues) const {
  std::uint64_t sum = 0;
  for (const Id queue : queues) {
    if (const auto found = queues_.find(queue); found != queues_.end()) sum += found->second.generation;
  }
  return sum;
}

std::shared_ptr<Parked> Waiters::park(LeaseRequest request) {
  auto parked = std::make_shared<Parked>(executor_, std::move(request));
  auto& places = all_[parked.get()];
  places.reserve(parked->request.queues.size());
  for (const Id queue : parked->request.queues) {
    Lines& lines = queues_[queue];
    Line& line = parked->request.slots > 0 ? lines.hungry : lines.full;
    places.emplace_back(&line, line.insert(line.end(), parked));
  }
  return parked;
}

void Waiters::unlink(const std::shared_ptr<Parked>& parked) {
  const auto found = all_.find(parked.get());
  if (found == all_.end()) return;
  for (auto& [line, place] : found->second) line->erase(place);
  all_.erase(found);
}

void Waiters::leave(const std::shared_ptr<Parked>& parked) {
  parked->gone = true;
  unlink(parked);
}

std::shared_ptr<Parked> Waiters::reserve(Id queue) {
  const auto found = queues_.find(queue);
  if (found == queues_.end() || found->second.hungry.empty()) return nullptr;
  auto parked = found->second.hungry.front();
  unlink(parked);
  parked->offered = true;
  return parked;
}

bool Waiters::deliver(const std::shared_ptr<Parked>& parked, std::vector<Lease> leases) {
  parked->offered = false;
  if (parked->gone) return leases.empty();
  parked->granted = std::move(leases);
  parked->woken = true;
  parked->timer.cancel();
  return true;
}

void Waiters::wake(Parked& parked) {
  parked.woken = true;
  parked.timer.cancel();
}

void Waiters::wake_one(Id queue) {
  Lines& lines = queues_[queue];
  ++lines.generation;
  for (auto& parked : lines.hungry) {
    if (parked->woken) continue;
    wake(*parked);
    return;
  }
}

void Waiters::wake_all(Id queue) {
  Lines& lines = queues_[queue];
  ++lines.generation;
  for (auto& parked : lines.hungry) wake(*parked);
  for (auto& parked : lines.full) wake(*parked);
}

void Waiters::wake_everybody() {
  for (auto& [parked, places] : all_) wake(*parked);
}

}  // namespace slipway::server
