#include "server/tracking/blob_files.h"

#include <fstream>

#include <gmock/gmock.h>

#include "archive/archive.h"
#include "async/testing.h"
#include "base/ids.h"
#include "server/store/tracking_store.h"

namespace slipway::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class BlobFilesTest : public testing::Test {
 protected:
  BlobFilesTest() : folder(*archive::TemporaryFolder::create("blobs")), pool(1) {
    store = *open_store({.url = "sqlite::memory:", .clock = &clock});
    index = open_tracking(*store);
    open({});
  }
  ~BlobFilesTest() override {
    files.reset();
    store->close();
    pool.join();
  }
  void open(BlobLimits limits) {
    files.reset();
    files = *BlobFiles::open(folder.path(), io.get_executor(), pool, *index,
                             *open_local_blobs(folder.path() / "blobs", pool), limits);
  }
  Result<Blob> put(const std::vector<std::string>& pieces, const std::string& entity = "default") {
    return run_task(io, [&]() -> Task<Blob> {
      CO_TRY(auto upload, co_await files->begin(std::nullopt));
      for (const std::string& piece : pieces) CO_TRY_VOID(co_await upload->write(piece));
      CO_TRY_VOID(co_await upload->finish());
      co_return co_await files->keep(std::move(upload), entity);
    });
  }
  fs::path place_of(const std::string& sha256) const {
    return folder.path() / "blobs" / sha256.substr(0, 2) / sha256.substr(2);
  }
  std::size_t count(const char* part) {
    std::size_t found = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path() / part))
      found += entry.is_regular_file() ? 1 : 0;
    return found;
  }

  FakeClock clock;
  archive::TemporaryFolder folder;
  asio::thread_pool pool;
  asio::io_context io;
  std::unique_ptr<Store> store;
  std::unique_ptr<TrackingStore> index;
  std::unique_ptr<BlobFiles> files;
};

TEST_F(BlobFilesTest, keeps_content_once_at_its_address) {
  const auto blob = put({"hel", "lo"});
  ASSERT_TRUE(blob) << blob.error().to_string();
  EXPECT_EQ(blob->sha256, sha256_hex("hello"));
  EXPECT_EQ(blob->md5, md5_hex("hello"));
  EXPECT_EQ(blob->size, 5);
  EXPECT_TRUE(fs::exists(place_of(blob->sha256)));
  EXPECT_EQ(*run_task(io, [&] { return files->store().read(blob->sha256, 100); }), "hello");
  ASSERT_TRUE(put({"hello"}, "other"));
  EXPECT_EQ(count("blobs"), 1u);
  EXPECT_EQ(count("uploads"), 0u);
  EXPECT_TRUE(put({}));
}

TEST_F(BlobFilesTest, an_aborted_upload_leaves_nothing) {
  {
    auto upload = run_task(io, [&] { return files->begin(5); });
    ASSERT_TRUE(upload);
    ASSERT_TRUE(run_task(io, [&] { return (*upload)->write("hel"); }));
    EXPECT_EQ(count("uploads"), 1u);
  }
  EXPECT_EQ(count("uploads"), 0u);
  EXPECT_EQ(count("blobs"), 0u);
}

TEST_F(BlobFilesTest, what_a_killed_server_left_behind_goes_at_the_next_start) {
  std::ofstream(folder.path() / "uploads" / "left") << "x";
  open({});
  EXPECT_EQ(count("uploads"), 0u);
}

TEST_F(BlobFilesTest, refuses_what_is_too_large) {
  open({.max_bytes = 4});
  EXPECT_EQ(put({"hel", "lo"}).error().code(), Code::resource_exhausted);
  EXPECT_EQ(run_task(io, [&] { return files->begin(5); }).error().code(), Code::resource_exhausted);
  EXPECT_TRUE(put({"four"}));
  EXPECT_EQ(count("uploads"), 0u);
}

TEST_F(BlobFilesTest, keeps_room_on_the_disk_for_the_database) {
  open({.keep_free = 1ull << 62});
  const auto blob = put({"x"});
  ASSERT_FALSE(blob);
  EXPECT_EQ(blob.error().code(), Code::resource_exhausted);
  EXPECT_THAT(blob.error().message(), HasSubstr("disk"));
}

TEST_F(BlobFilesTest, unreferenced_bytes_go_after_two_sightings) {
  const auto blob = put({"x"});
  const auto collect = [&] { return *run_task(io, [&] { return files->collect(Millis(1'000)); }); };
  EXPECT_EQ(collect(), 0u);
  clock.advance(Millis(1'001));
  EXPECT_EQ(collect(), 0u);
  clock.advance(Millis(1'001));
  EXPECT_EQ(collect(), 1u);
  EXPECT_EQ(count("blobs"), 0u);
  EXPECT_TRUE(put({"x"}));
  EXPECT_EQ(count("blobs"), 1u);
}

TEST_F(BlobFilesTest, files_that_no_index_names_go) {
  const std::string orphan = sha256_hex("orphan");
  fs::create_directories(place_of(orphan).parent_path());
  std::ofstream(place_of(orphan)) << "orphan";
  fs::last_write_time(place_of(orphan), fs::file_time_type::clock::now() - std::chrono::hours(1));
  ASSERT_TRUE(put({"named"}));
  fs::last_write_time(place_of(sha256_hex("named")), fs::file_time_type::clock::now() - std::chrono::hours(1));
  std::size_t removed = 0;
  for (int round = 0; round < 256; ++round) removed += *run_task(io, [&] { return files->collect(Millis(60'000)); });
  EXPECT_EQ(removed, 1u);
  EXPECT_FALSE(fs::exists(place_of(orphan)));
  EXPECT_TRUE(fs::exists(place_of(sha256_hex("named"))));
}

class BlobParts : public BlobFilesTest {
 protected:
  Result<> part(std::int64_t number, const std::string& text) {
    return run_task(io, [&]() -> Task<> {
      CO_TRY(auto upload, co_await files->begin(std::nullopt));
      CO_TRY_VOID(co_await upload->write(text));
      CO_TRY_VOID(co_await upload->finish());
      co_return co_await files->keep_part(std::move(upload), "large", number);
    });
  }
  Result<Blob> join(std::int64_t count, const std::string& md5) {
    return run_task(io, [&] { return files->join("large", count, md5, "default"); });
  }
};

TEST_F(BlobParts, become_one_file_in_their_order) {
  ASSERT_TRUE(part(2, "lo"));
  ASSERT_TRUE(part(1, "nonsense"));
  ASSERT_TRUE(part(1, "hel"));
  const auto blob = join(2, md5_hex("hello"));
  ASSERT_TRUE(blob) << blob.error().to_string();
  EXPECT_EQ(blob->sha256, sha256_hex("hello"));
  EXPECT_EQ(*run_task(io, [&] { return files->store().read(blob->sha256, 100); }), "hello");
  EXPECT_EQ(count("parts"), 0u);
}

TEST_F(BlobParts, that_are_missing_or_have_another_digest_are_no_file) {
  ASSERT_TRUE(part(1, "hel"));
  const auto hole = join(2, md5_hex("hello"));
  ASSERT_FALSE(hole);
  EXPECT_EQ(hole.error().code(), Code::failed_precondition);
  ASSERT_TRUE(part(2, "LO"));
  const auto wrong = join(2, md5_hex("hello"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code(), Code::invalid_argument);
  EXPECT_EQ(count("blobs"), 0u);
  EXPECT_EQ(count("uploads"), 0u);
}

TEST_F(BlobParts, that_nobody_joins_go_after_the_grace_time) {
  ASSERT_TRUE(part(1, "hel"));
  fs::last_write_time(folder.path() / "parts" / "large", fs::file_time_type::clock::now() - std::chrono::hours(2));
  ASSERT_TRUE(run_task(io, [&] { return files->collect(std::chrono::hours(3)); }));
  EXPECT_EQ(count("parts"), 1u);
  ASSERT_TRUE(run_task(io, [&] { return files->collect(std::chrono::hours(1)); }));
  EXPECT_EQ(count("parts"), 0u);
}

}  // namespace
}  // namespace slipway::server
