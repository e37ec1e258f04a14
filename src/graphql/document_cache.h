// DocumentCache: the documents of the last requests, by their text.
#pragma once
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "graphql/document.h"

namespace slipway::graphql {

/// Least recently used documents go first. Bounded by number and by bytes of text. Safe to use from any
/// thread.
class DocumentCache {
 public:
  static constexpr std::size_t kMaxBytes = 16 << 20;

  explicit DocumentCache(std::size_t capacity) : capacity_(capacity) {}

  /// Null when the text is not known.
  std::shared_ptr<const Document> find(std::string_view text);
  void insert(std::shared_ptr<const Document> document);
  std::size_t size() const;

 private:
  using Entries = std::list<std::shared_ptr<const Document>>;

  void drop_oldest();

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  Entries entries_;  ///< Last used first.
  std::unordered_map<std::string_view, Entries::iterator> index_;
  std::size_t bytes_ = 0;
};

}  // namespace slipway::graphql
