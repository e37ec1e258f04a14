#include "graphql/document_cache.h"

#include <gtest/gtest.h>

namespace slipway::graphql {
namespace {

std::shared_ptr<const Document> document(std::string text) {
  auto out = std::make_shared<Document>();
  out->source = std::move(text);
  return out;
}

TEST(DocumentCache, forgets_the_least_recently_used) {
  DocumentCache cache(2);
  cache.insert(document("a"));
  cache.insert(document("b"));
  ASSERT_TRUE(cache.find("a"));
  cache.insert(document("c"));
  EXPECT_TRUE(cache.find("a"));
  EXPECT_FALSE(cache.find("b"));
  EXPECT_TRUE(cache.find("c"));
  EXPECT_EQ(cache.size(), 2u);
}

TEST(DocumentCache, keeps_documents_alive_that_are_in_use) {
  DocumentCache cache(1);
  cache.insert(document("a"));
  const auto used = cache.find("a");
  cache.insert(document("b"));
  EXPECT_FALSE(cache.find("a"));
  EXPECT_EQ(used->source, "a");
}

TEST(DocumentCache, is_bounded_in_bytes) {
  DocumentCache cache(1000);
  for (char c = 'a'; c < 'e'; ++c) cache.insert(document(std::string(DocumentCache::kMaxBytes / 2, c)));
  EXPECT_EQ(cache.size(), 2u);
  cache.insert(document(std::string(DocumentCache::kMaxBytes * 2, 'x')));
  EXPECT_EQ(cache.size(), 1u);
}

TEST(DocumentCache, a_second_insert_of_one_text_changes_nothing) {
  DocumentCache cache(2);
  cache.insert(document("a"));
  const auto first = cache.find("a");
  cache.insert(document("a"));
  EXPECT_EQ(cache.find("a"), first);
}

TEST(DocumentCache, may_be_switched_off) {
  DocumentCache cache(0);
  cache.insert(document("a"));
  EXPECT_FALSE(cache.find("a"));
}

}  // namespace
}  // namespace slipway::graphql
