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
    files = *BlobFiles::open(folder.path(), io.get_executor(), pool, *index, limits);
  }
  Result<Blob> put(const std::vector<std::string>& pieces, const std::string& entity = "default") {
    return run_task(io, [&]() -> Task<Blob> {
      CO_TRY(auto upload, co_await files->begin(std::nullopt));
      for (const std::string& piece : pieces) CO_TRY_VOID(co_await upload->write(piece));
      CO_TRY_VOID(co_await upload->finish());
      co_return co_await files->keep(std::move(upload), entity);
    });
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
  EXPECT_EQ(files->path_of(blob->sha256), folder.path() / "blobs" / blob->sha256.substr(0, 2) / blob->sha256.substr(2));
  EXPECT_EQ(*run_task(io, [&] { return files->read(blob->sha256, 100); }), "hello");
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
  fs::create_directories(files->path_of(orphan).parent_path());
  std::ofstream(files->path_of(orphan)) << "orphan";
  fs::last_write_time(files->path_of(orphan), fs::file_time_type::clock::now() - std::chrono::hours(1));
  ASSERT_TRUE(put({"named"}));
  fs::last_write_time(files->path_of(sha256_hex("named")), fs::file_time_type::clock::now() - std::chrono::hours(1));
  std::size_t removed = 0;
  for (int round = 0; round < 256; ++round) removed += *run_task(io, [&] { return files->collect(Millis(60'000)); });
  EXPECT_EQ(removed, 1u);
  EXPECT_FALSE(fs::exists(files->path_of(orphan)));
  EXPECT_TRUE(fs::exists(files->path_of(sha256_hex("named"))));
}

}  // namespace
}  // namespace slipway::server
