#include "graphql/document_cache.h"

namespace slipway::graphql {

std::shared_ptr<const Document> DocumentCache::find(std::string_view text) {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(text);
  if (found == index_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return entries_.front();
}

void DocumentCache::insert(std::shared_ptr<const Document> document) {
  const std::lock_guard lock(mutex_);
  if (capacity_ == 0 || index_.contains(document->source)) return;
  bytes_ += document->source.size();
  entries_.push_front(std::move(document));
  index_.emplace(entries_.front()->source, entries_.begin());
  while (entries_.size() > capacity_ || (bytes_ > kMaxBytes && entries_.size() > 1)) drop_oldest();
}

void DocumentCache::drop_oldest() {
  const auto& oldest = entries_.back();
  bytes_ -= oldest->source.size();
  index_.erase(oldest->source);
  entries_.pop_back();
}

std::size_t DocumentCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace slipway::graphql
