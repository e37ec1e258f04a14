#include "server/store/tracking_streams.h"

#include <algorithm>
#include <filesystem>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "async/testing.h"
#include "base/ids.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Streams : public testing::Test {
 protected:
  Streams() : folder_(std::filesystem::temp_directory_path() / ("slipway-streams-" + random_id(12))) {
    std::filesystem::create_directories(folder_);
    open(1 << 20);
  }
  ~Streams() override {
    store->close();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  void open(std::int64_t limit) {
    if (store) store->close();
    store.reset();
    auto opened = open_streams({.path = (folder_ / "logs.db").string(), .max_bytes_per_run = limit, .clock = &clock});
    if (!opened) throw std::runtime_error(opened.error().to_string());
    store = std::move(*opened);
  }
  Result<std::vector<StreamInfo>> append(std::int64_t offset, std::vector<std::string> lines,
                                         AppendRule rule = AppendRule::strict, bool complete = false) {
    return run_task([&] {
      std::vector<StreamChunk> chunks(1);
      chunks[0] = {.key = key, .offset = offset, .lines = lines, .rule = rule, .complete = complete};
      return store->append(std::move(chunks));
    });
  }
  StreamPiece read(std::int64_t first = 0, std::size_t max_lines = 1'000'000, std::size_t max_bytes = SIZE_MAX) {
    return *run_task([&] { return store->read(key, first, max_lines, max_bytes); });
  }

  FakeClock clock;
  StreamKey key{.run = 7, .file = "launch.log"};
  std::unique_ptr<StreamStore> store;

 private:
  std::filesystem::path folder_;
};

TEST_F(Streams, keeps_lines_in_order_and_finds_them_again) {
  ASSERT_TRUE(append(0, {"one", "", std::string("nul\0 and \n end", 14)}));
  ASSERT_TRUE(append(3, {"four"}, AppendRule::strict, true));
  open(1 << 20);
  const StreamPiece piece = read();
  EXPECT_THAT(piece.lines, ElementsAre("one", "", std::string("nul\0 and \n end", 14), "four"));
  EXPECT_EQ(piece.info.next_offset, 4);
  EXPECT_TRUE(piece.info.complete);
  EXPECT_THAT(read(2).lines.size(), 2u);
  EXPECT_THAT(read(4).lines, IsEmpty());
  EXPECT_THAT(read(99).lines, IsEmpty());
}

TEST_F(Streams, the_same_chunk_twice_is_a_success_and_a_gap_an_error) {
  ASSERT_TRUE(append(0, {"a", "b"}));
  ASSERT_TRUE(append(0, {"a", "b"}));
  ASSERT_TRUE(append(1, {"b", "c"}));
  EXPECT_THAT(read().lines, ElementsAre("a", "b", "c"));
  const auto gap = append(5, {"x"});
  ASSERT_FALSE(gap);
  EXPECT_EQ(gap.error().code(), Code::conflict);
  EXPECT_THAT(gap.error().message(), HasSubstr("expected offset 3, got 5"));
}

TEST_F(Streams, another_attempt_goes_on_behind_the_end) {
  ASSERT_TRUE(append(0, {"a"}, AppendRule::strict, true));
  ASSERT_TRUE(append(0, {"a"}));
  EXPECT_TRUE(read().info.complete);
  ASSERT_TRUE(append(1, {"b"}));
  EXPECT_FALSE(read().info.complete);
}

TEST_F(Streams, an_all_or_nothing_call) {
  std::vector<StreamChunk> chunks(2);
  chunks[0] = {.key = key, .offset = 0, .lines = {"a"}};
  chunks[1] = {.key = {.run = 7, .file = "x.log"}, .offset = 9, .lines = {"b"}};
  EXPECT_FALSE(run_task([&] { return store->append(chunks); }));
  EXPECT_THAT(read().lines, IsEmpty());
}

TEST_F(Streams, a_thousand_chunks_out_of_order_and_repeated) {
  std::vector<std::pair<std::int64_t, std::vector<std::string>>> chunks;
  std::vector<std::string> all;
  std::mt19937 random(20261124);
  for (int i = 0; i < 1'000; ++i) {
    const auto offset = static_cast<std::int64_t>(all.size());
    std::vector<std::string> lines;
    for (unsigned k = 0, n = 1 + random() % 5; k < n; ++k)
      lines.push_back(fmt::format("line {} {}", all.size() + k, std::string(random() % 80, 'x')));
    all.insert(all.end(), lines.begin(), lines.end());
    chunks.emplace_back(offset, std::move(lines));
  }
  // A sender that loses replies: jumps back, tries ahead, goes on where it is told to.
  std::size_t next = 0;
  int refused = 0;
  while (next < chunks.size()) {
    const std::size_t ahead = std::min(next + random() % 4, chunks.size() - 1);
    const std::size_t tried = random() % 3 == 0 ? random() % (next + 1) : ahead;
    const auto outcome = append(chunks[tried].first, chunks[tried].second);
    if (tried > next) {
      ASSERT_FALSE(outcome);
      ++refused;
    } else {
      ASSERT_TRUE(outcome) << outcome.error().to_string();
      if (tried == next) ++next;
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_EQ(read().lines, all);
  EXPECT_EQ(read(1'234, 10).lines.front(), all[1'234]);
}

TEST_F(Streams, the_limit_leaves_one_line_and_goes_on_counting) {
  open(100);
  ASSERT_TRUE(append(0, {std::string(60, 'a'), std::string(60, 'b'), "c"}));
  ASSERT_TRUE(append(3, {"d"}));
  ASSERT_TRUE(append(3, {"d", "e"}));
  const StreamPiece piece = read();
  ASSERT_EQ(piece.lines.size(), 2u);
  EXPECT_THAT(piece.lines[1], HasSubstr("limit of 100 B"));
  EXPECT_TRUE(piece.info.truncated);
  EXPECT_EQ(piece.info.next_offset, 5);
  EXPECT_EQ(piece.info.lines, 2);
}

TEST_F(Streams, the_sdk_may_say_lines_anew) {
  const auto rewrite = AppendRule::rewrite;
  ASSERT_TRUE(append(0, {"a", "b", "c", "d"}, rewrite));
  ASSERT_TRUE(append(1, {"b", "c"}, rewrite));
  EXPECT_THAT(read().lines, ElementsAre("a", "b", "c", "d"));
  ASSERT_TRUE(append(2, {"C", "D", "E"}, rewrite));
  EXPECT_THAT(read().lines, ElementsAre("a", "b", "C", "D", "E"));
  ASSERT_TRUE(append(0, {"x"}, rewrite));
  EXPECT_THAT(read().lines, ElementsAre("x"));
  ASSERT_TRUE(append(3, {"y"}, rewrite));
  EXPECT_THAT(read().lines, ElementsAre("x", "", "", "y"));
  EXPECT_FALSE(append(1'000'000, {"z"}, rewrite));
}

TEST_F(Streams, a_rewrite_behind_the_limit_keeps_one_mark) {
  open(10);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(append(0, {"12345678", "abcdefgh", "x"}, AppendRule::rewrite));
  ASSERT_TRUE(append(3, {"y"}, AppendRule::rewrite));
  EXPECT_EQ(read().lines.size(), 2u);
}

TEST_F(Streams, pieces_are_bounded) {
  std::vector<std::string> lines;
  for (int i = 0; i < 5'000; ++i) lines.push_back(fmt::format("{:0100}", i));
  ASSERT_TRUE(append(0, lines));
  EXPECT_EQ(read(0, 10).lines.size(), 10u);
  EXPECT_EQ(read(100, 1'000'000, 1'000).lines.size(), 10u);
  EXPECT_EQ(read(4'999, 10, 1).lines.size(), 1u);
  std::vector<std::string> collected;
  while (collected.size() < lines.size()) {
    const auto piece = read(static_cast<std::int64_t>(collected.size()), 777, 50'000);
    ASSERT_FALSE(piece.lines.empty());
    collected.insert(collected.end(), piece.lines.begin(), piece.lines.end());
  }
  EXPECT_EQ(collected, lines);
}

TEST_F(Streams, attempts_and_files_are_apart) {
  ASSERT_TRUE(append(0, {"first"}));
  key.attempt = 2;
  ASSERT_TRUE(append(0, {"second"}));
  key.file = "output.log";
  ASSERT_TRUE(append(0, {"third"}));
  const auto infos = *run_task([&] { return store->list(7); });
  ASSERT_EQ(infos.size(), 3u);
  EXPECT_EQ(infos[1].key.attempt, 2);
  ASSERT_TRUE(run_task([&] { return store->remove(7); }));
  EXPECT_THAT(*run_task([&] { return store->list(7); }), IsEmpty());
  EXPECT_THAT(read().lines, IsEmpty());
}

TEST_F(Streams, remembers_signs_of_life) {
  EXPECT_FALSE(*run_task([&] { return store->last_touch(7); }));
  store->touch(7);
  EXPECT_EQ(*run_task([&] { return store->last_touch(7); }), clock.now());
  const UnixMillis written = clock.now();
  clock.advance(Millis(1'000));
  store->touch(7);
  EXPECT_EQ(*run_task([&] { return store->last_touch(7); }), clock.now());
  open(100);
  EXPECT_EQ(*run_task([&] { return store->last_touch(7); }), written);
}

}  // namespace
}  // namespace slipway::server
