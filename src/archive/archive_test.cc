#include "archive/archive.h"

#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ids.h"

namespace slipway::archive {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

void put(const fs::path& file, std::string_view content) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

std::string get(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class ArchiveTest : public ::testing::Test {
 protected:
  ArchiveTest() : folder_(*TemporaryFolder::create("archive-test-")), root_(folder_.path() / "root") {
    fs::create_directories(root_);
  }

  std::vector<std::string> names(const TreeOptions& options = {}) {
    std::vector<std::string> found;
    const auto entries = list_tree(root_, options);
    if (!entries) return {"error: " + entries.error().message()};
    for (const auto& entry : *entries) found.push_back(entry.path);
    return found;
  }

  TemporaryFolder folder_;
  fs::path root_;
};

TEST_F(ArchiveTest, ListsInByteOrderWithModesAndLinks) {
  put(root_ / "b.py", "1");
  put(root_ / "a/z", "22");
  put(root_ / "a-b", "");
  fs::permissions(root_ / "b.py", fs::perms::owner_all);
  fs::create_symlink("b.py", root_ / "link");
  const auto entries = list_tree(root_);
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 4u);
  EXPECT_THAT(names(), ElementsAre("a-b", "a/z", "b.py", "link"));
  EXPECT_EQ((*entries)[1].size, 2u);
  EXPECT_TRUE((*entries)[2].executable);
  EXPECT_FALSE((*entries)[1].executable);
  EXPECT_EQ((*entries)[3].link_target, "b.py");
}

TEST_F(ArchiveTest, LeavesOutHistoryCachesAndRunFolders) {
  put(root_ / ".git/config", "");
  put(root_ / "sub/.git", "gitdir: elsewhere");
  put(root_ / "sub/__pycache__/x.pyc", "");
  put(root_ / "wandb/run-1/files", "");
  put(root_ / "sub/wandb/plugin.py", "");
  put(root_ / "train.py", "");
  EXPECT_THAT(names(), ElementsAre("sub/wandb/plugin.py", "train.py"));
}

TEST_F(ArchiveTest, ReadsTheFirstIgnoreFileThatExists) {
  put(root_ / "x/a.log", "");
  put(root_ / "a.log", "");
  put(root_ / ".dockerignore", "a.log");
  EXPECT_THAT(names(), ElementsAre(".dockerignore", "x/a.log"));
  put(root_ / ".wandbignore", "x");
  EXPECT_THAT(names(), ElementsAre(".dockerignore", ".wandbignore", "a.log"));
  put(root_ / ".slipwayignore", "*.log\n.*ignore\n");
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_THAT(names({.ignore = {"!a.log"}}), ElementsAre("a.log", "x/a.log"));
}

TEST_F(ArchiveTest, RefusesWhatCannotBePacked) {
  fs::create_symlink("../outside", root_ / "out");
  EXPECT_THAT(names(), ElementsAre(HasSubstr("'out' is a link that leaves the folder")));
  fs::remove(root_ / "out");
  fs::create_symlink("/etc/passwd", root_ / "abs");
  EXPECT_THAT(names(), ElementsAre(HasSubstr("'abs' is a link that leaves the folder")));
  fs::remove(root_ / "abs");
  fs::create_symlink("self", root_ / "self");
  EXPECT_THAT(names(), ElementsAre(HasSubstr("'self' is a link that leaves the folder")));
  fs::remove(root_ / "self");
  ASSERT_EQ(::mkfifo((root_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(names(), ElementsAre(HasSubstr("'pipe' is neither")));
  EXPECT_THAT(names({.ignore = {"pipe"}}), IsEmpty());
  EXPECT_EQ(list_tree(root_ / "nowhere").error().code(), Code::not_found);
}

TEST_F(ArchiveTest, KeepsItsLimits) {
  put(root_ / "a", "12345");
  put(root_ / "b", "12345");
  EXPECT_EQ(list_tree(root_, {.max_bytes = 9}).error().code(), Code::resource_exhausted);
  EXPECT_EQ(list_tree(root_, {.max_files = 1}).error().code(), Code::resource_exhausted);
  EXPECT_TRUE(list_tree(root_, {.max_bytes = 10, .max_files = 2}));
}

std::string tree_hash(const fs::path& root) { return *hash_tree(root, *list_tree(root)); }

TEST_F(ArchiveTest, HashIsOfTheContentAlone) {
  auto make = [](const fs::path& root) {
    put(root / "a/b.txt", "hello");
    put(root / "run.sh", "#!/bin/sh\n");
    fs::permissions(root / "run.sh", fs::perms::owner_all);
    fs::create_symlink("a/b.txt", root / "link");
  };
  make(root_);
  make(folder_.path() / "other");
  fs::last_write_time(folder_.path() / "other/a/b.txt", fs::file_time_type::clock::now() - std::chrono::hours(100));
  const auto hash = tree_hash(root_);
  EXPECT_EQ(hash, tree_hash(folder_.path() / "other"));
  // Written down: the hash names images that exist already, so it must not change between versions.
  EXPECT_EQ(hash, "ec7e662d695cf41dd2edb0868cb3997bfc14ac8b74b6c5852243a3177e0a381c");
}

struct Change {
  std::string name;
  std::function<void(const fs::path&)> apply;
};
class HashChanges : public ArchiveTest, public ::testing::WithParamInterface<Change> {};

TEST_P(HashChanges, AreSeen) {
  put(root_ / "a", "hello");
  put(root_ / "b", "");
  const auto before = tree_hash(root_);
  GetParam().apply(root_);
  EXPECT_NE(tree_hash(root_), before);
}

INSTANTIATE_TEST_SUITE_P(
    Table, HashChanges,
    ::testing::Values(Change{"Content", [](const fs::path& root) { put(root / "a", "hellO"); }},
                      Change{"Name", [](const fs::path& root) { fs::rename(root / "a", root / "c"); }},
                      Change{"Executable",
                             [](const fs::path& root) { fs::permissions(root / "a", fs::perms::owner_all); }},
                      Change{"MovedBytes", [](const fs::path& root) { put(root / "a", "hell"), put(root / "b", "o"); }},
                      Change{"LinkInsteadOfFile",
                             [](const fs::path& root) { fs::remove(root / "b"), fs::create_symlink("a", root / "b"); }},
                      Change{"NewFile", [](const fs::path& root) { put(root / "c", ""); }}),
    [](const auto& info) { return info.param.name; });

TEST_F(ArchiveTest, TarRoundTripKeepsTheHash) {
  put(root_ / "deep/er/file", std::string(300'000, 'x'));
  put(root_ / "empty", "");
  put(root_ / std::string(150, 'n') / std::string(150, 'm'), "a long name");
  put(root_ / "\xC3\xBC.txt", "not ASCII");
  put(root_ / "run.sh", "x");
  fs::permissions(root_ / "run.sh", fs::perms::owner_all);
  fs::create_symlink("../run.sh", root_ / "deep/link");
  for (const char* name : {"t.tar", "t.tar.gz"}) {
    const auto tar = folder_.path() / name;
    ASSERT_TRUE(write_tar(root_, *list_tree(root_), tar));
    const auto out = folder_.path() / (std::string(name) + ".out");
    const auto extracted = extract_tar(tar, out, 1 << 20);
    ASSERT_TRUE(extracted) << extracted.error().to_string();
    EXPECT_EQ(tree_hash(out), tree_hash(root_));
  }
  EXPECT_LT(fs::file_size(folder_.path() / "t.tar.gz"), 20'000u);
}

TEST_F(ArchiveTest, TarsOfEqualTreesAreEqual) {
  put(root_ / "a", "1");
  put(root_ / "b/c", "2");
  const auto entries = *list_tree(root_);
  ASSERT_TRUE(write_tar(root_, entries, folder_.path() / "1.tar.gz"));
  fs::last_write_time(root_ / "a", fs::file_time_type::clock::now() - std::chrono::hours(100));
  ASSERT_TRUE(write_tar(root_, entries, folder_.path() / "2.tar.gz"));
  EXPECT_EQ(get(folder_.path() / "1.tar.gz"), get(folder_.path() / "2.tar.gz"));
}

TEST_F(ArchiveTest, PacksForAContainerOfAnyUser) {
  put(root_ / "run.sh", "x");
  put(root_ / "a/b/c", "2");
  fs::permissions(root_ / "run.sh", fs::perms::owner_all);
  const auto tar = folder_.path() / "t.tar";
  ASSERT_TRUE(write_tar(root_, *list_tree(root_), tar, {.below = "mnt/work", .modes = TarModes::writable_by_all}));
  std::vector<std::string> found;
  struct ::archive* reader = archive_read_new();
  archive_read_support_format_tar(reader);
  ASSERT_EQ(archive_read_open_filename(reader, tar.c_str(), 10240), ARCHIVE_OK);
  for (struct ::archive_entry* entry = nullptr; archive_read_next_header(reader, &entry) == ARCHIVE_OK;) {
    found.push_back(fmt::format("{:o} {}", archive_entry_perm(entry), archive_entry_pathname(entry)));
  }
  archive_read_free(reader);
  EXPECT_THAT(found, ElementsAre("777 mnt/", "777 mnt/work/", "777 mnt/work/a/", "777 mnt/work/a/b/",
                                 "666 mnt/work/a/b/c", "777 mnt/work/run.sh"));
}

TEST_F(ArchiveTest, AFileThatChangedMeanwhileIsNotPacked) {
  put(root_ / "a", "12345");
  const auto entries = *list_tree(root_);
  put(root_ / "a", "1234567");
  EXPECT_EQ(write_tar(root_, entries, folder_.path() / "t.tar").error().code(), Code::failed_precondition);
  EXPECT_FALSE(fs::exists(folder_.path() / "t.tar"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
}

/// Hand-made archives, as an attacker makes them.
class TarMaker {
 public:
  explicit TarMaker(const fs::path& file) : writer_(archive_write_new()) {
    archive_write_set_format_gnutar(writer_);
    archive_write_open_filename(writer_, file.c_str());
  }
  ~TarMaker() { archive_write_free(writer_); }
  TarMaker& add(const std::string& path, const std::string& content, unsigned type = AE_IFREG,
                const std::string& link = "", bool hard = false) {
    auto* entry = archive_entry_new();
    archive_entry_set_pathname(entry, path.c_str());
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 04777);
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    if (!link.empty() && hard) archive_entry_set_hardlink(entry, link.c_str());
    if (!link.empty() && !hard) archive_entry_set_symlink(entry, link.c_str());
    archive_write_header(writer_, entry);
    archive_write_data(writer_, content.data(), content.size());
    archive_entry_free(entry);
    return *this;
  }

 private:
  struct ::archive* writer_;
};

struct Malicious {
  std::string name;
  std::function<void(TarMaker&)> fill;
  std::string why;
};
class MaliciousTars : public ArchiveTest, public ::testing::WithParamInterface<Malicious> {};

TEST_P(MaliciousTars, AreRefusedAndLeaveNothing) {
  const auto tar = folder_.path() / "bad.tar";
  {
    TarMaker maker(tar);
    GetParam().fill(maker);
  }
  const auto out = folder_.path() / "place/out";
  const auto extracted = extract_tar(tar, out, 1000);
  ASSERT_FALSE(extracted);
  EXPECT_THAT(extracted.error().message(), HasSubstr(GetParam().why));
  EXPECT_FALSE(fs::exists(out));
  EXPECT_TRUE(fs::is_empty(folder_.path() / "place"));
  EXPECT_FALSE(fs::exists(folder_.path() / "evil"));
  EXPECT_FALSE(fs::exists(folder_.path() / "place/evil"));
}

INSTANTIATE_TEST_SUITE_P(
    Table, MaliciousTars,
    ::testing::Values(
        Malicious{"DotDot", [](TarMaker& tar) { tar.add("../evil", "x"); }, "leaves the folder"},
        Malicious{"InnerDotDot", [](TarMaker& tar) { tar.add("a/../../evil", "x"); }, "leaves the folder"},
        Malicious{"Absolute", [](TarMaker& tar) { tar.add("/tmp/evil", "x"); }, "absolute path"},
        Malicious{"LinkOutside", [](TarMaker& tar) { tar.add("l", "", AE_IFLNK, "../.."); }, "link that leaves"},
        Malicious{"AbsoluteLink", [](TarMaker& tar) { tar.add("l", "", AE_IFLNK, "/etc"); }, "link that leaves"},
        Malicious{"WriteThroughALink", [](TarMaker& tar) { tar.add("d", "", AE_IFLNK, "..").add("d/evil", "x"); },
                  "refused"},
        Malicious{"LinkBelowALink",
                  [](TarMaker& tar) { tar.add("d", "", AE_IFLNK, ".").add("d/e", "", AE_IFLNK, "x"); },
                  "lies below a link"},
        Malicious{
            "ChainOfLinks",
            [](TarMaker& tar) { tar.add("s/t/d", "", AE_IFLNK, "../..").add("s/t/u/e", "", AE_IFLNK, "../d/../x"); },
            "link that leaves"},
        Malicious{"HardLinkOutside", [](TarMaker& tar) { tar.add("h", "", AE_IFREG, "../../../etc/passwd", true); },
                  "leaves the folder"},
        Malicious{"AbsoluteHardLink", [](TarMaker& tar) { tar.add("h", "", AE_IFREG, "/etc/passwd", true); },
                  "absolute path"},
        Malicious{"HardLinkToNothing", [](TarMaker& tar) { tar.add("h", "", AE_IFREG, "nothing", true); },
                  "does not hold"},
        Malicious{"Fifo", [](TarMaker& tar) { tar.add("p", "", AE_IFIFO); }, "special file"},
        Malicious{"Device", [](TarMaker& tar) { tar.add("dev", "", AE_IFCHR); }, "special file"},
        Malicious{"Bomb", [](TarMaker& tar) { tar.add("a", std::string(600, 'x')).add("b", std::string(600, 'x')); },
                  "unpacks to more than"},
        Malicious{"FolderAndFile", [](TarMaker& tar) { tar.add("a/b", "x").add("a", "x"); },
                  "both a folder and a file"}),
    [](const auto& info) { return info.param.name; });

TEST_F(ArchiveTest, ExtractsFriendlyOddities) {
  const auto tar = folder_.path() / "odd.tar";
  TarMaker(tar)
      .add("./", "", AE_IFDIR)
      .add("./a//b", "old")
      .add("./a//b", "new")
      .add("copy", "", AE_IFREG, "a/b", true)
      .add("dir/", "", AE_IFDIR)
      .add("link", "", AE_IFLNK, "a/b");
  const auto out = folder_.path() / "out";
  fs::create_directory(out);
  const auto extracted = extract_tar(tar, out, 1000);
  ASSERT_TRUE(extracted) << extracted.error().to_string();
  EXPECT_EQ(get(out / "a/b"), "new");
  EXPECT_EQ(get(out / "copy"), "new");
  EXPECT_EQ(get(out / "link"), "new");
  EXPECT_TRUE(fs::is_directory(out / "dir"));
  struct stat status{};
  ASSERT_EQ(::stat((out / "a/b").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07022, 0u) << "set-user-id and group-write bits must not survive";
}

/// One 512-byte header of the POSIX tar format. (libarchive cannot write such names in the C locale.)
std::string tar_header(const std::string& name, char type, std::size_t size) {
  std::string block(512, '\0');
  block.replace(0, name.size(), name);
  block.replace(100, 7, "0000644");
  block.replace(124, 11, fmt::format("{:011o}", size));
  block.replace(148, 8, "        ");
  block[156] = type;
  block.replace(257, 8,
                std::string("ustar\0"
                            "00",
                            8));
  unsigned sum = 0;
  for (const unsigned char byte : block) sum += byte;
  return block.replace(148, 7, fmt::format("{:06o}", sum) + std::string(1, '\0'));
}

TEST_F(ArchiveTest, ExtractsNamesThatTheLocaleDoesNotKnow) {
  const std::string record = "15 path=\xC3\xBC.txt\n";
  auto tar = tar_header("PaxHeader", 'x', record.size()) + record + std::string(512 - record.size(), '\0');
  tar += tar_header("fallback", '0', 0) + std::string(1024, '\0');
  put(folder_.path() / "pax.tar", tar);
  const auto extracted = extract_tar(folder_.path() / "pax.tar", folder_.path() / "out", 1000);
  ASSERT_TRUE(extracted) << extracted.error().to_string();
  EXPECT_TRUE(fs::exists(folder_.path() / "out/\xC3\xBC.txt"));
}

TEST_F(ArchiveTest, ExtractsOnlyIntoNothing) {
  const auto tar = folder_.path() / "t.tar";
  {
    TarMaker(tar).add("a", "x");
  }
  put(root_ / "file", "");
  EXPECT_EQ(extract_tar(tar, root_, 100).error().code(), Code::conflict);
  EXPECT_EQ(extract_tar(tar, root_ / "file", 100).error().code(), Code::conflict);
  EXPECT_EQ(extract_tar(folder_.path() / "missing", folder_.path() / "o", 100).error().code(), Code::not_found);
  put(folder_.path() / "garbage", "this is no archive at all");
  EXPECT_EQ(extract_tar(folder_.path() / "garbage", folder_.path() / "o", 100).error().code(), Code::invalid_argument);
  // A gzip file that is cut off in its second member: libarchive fails without giving a reason. (Found by
  // tar_fuzz.)
  const auto cut_off = from_base64(
      "H4sIAAAAAAAAA+3UPQ7DIAyGYc85BUfAEOrz0KmdIuXn/nW6tUMyhSjK+yyWMBLf8lHleNE9+v473f90WbTkqKnkUpKfm6lKiA2y"
      "yTLNdQxBxmGYt+7t7S/q9e7OjoATPTa8sRvczDb6H3/7r/5feP9TbRDu5v0HAAAAAAAAAAAAAADAtX0A1o8LCA==");
  put(folder_.path() / "cut-off.tar.gz", *cut_off);
  EXPECT_EQ(extract_tar(folder_.path() / "cut-off.tar.gz", folder_.path() / "o", 100).error().code(),
            Code::invalid_argument);
}

TEST_F(ArchiveTest, ATruncatedArchiveLeavesNothing) {
  put(root_ / "a", std::string(5000, 'x'));
  const auto tar = folder_.path() / "t.tar";
  ASSERT_TRUE(write_tar(root_, *list_tree(root_), tar));
  fs::resize_file(tar, 3000);
  EXPECT_FALSE(extract_tar(tar, folder_.path() / "out", 10'000));
  EXPECT_FALSE(fs::exists(folder_.path() / "out"));
}

TEST_F(ArchiveTest, DigestsAFile) {
  put(root_ / "f", "hello\n");
  const auto digest = digest_file(root_ / "f");
  ASSERT_TRUE(digest);
  EXPECT_EQ(digest->size, 6u);
  EXPECT_EQ(digest->md5_base64, md5_base64("hello\n"));
  EXPECT_EQ(digest->sha256_hex, sha256_hex("hello\n"));
  EXPECT_EQ(digest_file(root_ / "missing").error().code(), Code::not_found);
}

TEST_F(ArchiveTest, WritesAtomically) {
  const auto file = root_ / "f";
  ASSERT_TRUE(write_file_atomically(file, "one", 0600));
  ASSERT_TRUE(write_file_atomically(file, "two", 0600));
  EXPECT_EQ(get(file), "two");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms(0600));
  EXPECT_THAT(names(), ElementsAre("f"));
  EXPECT_EQ(write_file_atomically(root_ / "no/such/folder/f", "x").error().code(), Code::not_found);
}

TEST_F(ArchiveTest, ReadsUpToALimit) {
  put(root_ / "f", "12345");
  EXPECT_EQ(*read_file(root_ / "f", 5), "12345");
  EXPECT_EQ(read_file(root_ / "f", 4).error().code(), Code::resource_exhausted);
}

TEST(TemporaryFolder, GoesWithItsContents) {
  fs::path path;
  {
    auto folder = TemporaryFolder::create("temporary-folder-test-");
    ASSERT_TRUE(folder);
    path = folder->path();
    put(path / "a/b", "x");
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
    const TemporaryFolder moved = std::move(*folder);
    EXPECT_TRUE(fs::exists(moved.path()));
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace slipway::archive
