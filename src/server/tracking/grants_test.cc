#include "server/tracking/grants.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "archive/archive.h"
#include "base/ids.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;

constexpr std::string_view kPrefix = "/storage/";

class GrantsTest : public testing::Test {
 protected:
  std::string token(const Grant& wanted) {
    const std::string address = grants.address(wanted, Millis(1000));
    EXPECT_TRUE(address.starts_with(kPrefix));
    return address.substr(kPrefix.size());
  }
  void expect_refused(const std::string& text) {
    const auto verdict = grants.verify(text);
    ASSERT_FALSE(verdict) << text;
    EXPECT_EQ(verdict.error().code(), Code::permission_denied);
  }

  FakeClock clock;
  Grants grants{Secret(std::string(32, 'k')), clock};
  const Grant grant{.kind = GrantKind::put_run_file,
                    .entity = "default",
                    .digest = std::string(32, 'a'),
                    .owner = 12,
                    .name = "a b/ü?&=.txt"};
};

TEST_F(GrantsTest, give_back_what_was_granted) {
  const auto back = grants.verify(token(grant));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->kind, grant.kind);
  EXPECT_EQ(back->entity, grant.entity);
  EXPECT_EQ(back->digest, grant.digest);
  EXPECT_EQ(back->owner, 12);
  EXPECT_EQ(back->name, grant.name);
}

TEST_F(GrantsTest, need_no_escaping) {
  EXPECT_EQ(token(grant).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
            std::string::npos);
}

TEST_F(GrantsTest, end) {
  const std::string text = token(grant);
  clock.advance(Millis(1000));
  EXPECT_TRUE(grants.verify(text));
  clock.advance(Millis(1));
  const auto late = grants.verify(text);
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().message(), HasSubstr("has ended"));
}

TEST_F(GrantsTest, every_changed_character_is_noticed) {
  const std::string text = token(grant);
  const std::size_t dot = text.find('.');
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    // The last character of base64 text has bits that mean nothing.
    if (i == text.size() - 1 || i == dot - 1) continue;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    expect_refused(changed);
  }
}

TEST_F(GrantsTest, refuse_nonsense) {
  for (const char* text : {"", ".", "a", "a.b", "..", "AAAA.", ".AAAA", "\xff\xfe.\x01"}) expect_refused(text);
  expect_refused(std::string(100'000, 'A') + "." + std::string(43, 'A'));
}

TEST_F(GrantsTest, of_another_key_are_refused) {
  const Grants other{Secret(std::string(32, 'x')), clock};
  EXPECT_FALSE(other.verify(token(grant)));
}

TEST_F(GrantsTest, keep_their_key_in_a_private_file) {
  auto folder = archive::TemporaryFolder::create("grants");
  ASSERT_TRUE(folder);
  const auto file = folder->path() / "storage.key";
  const auto first = Grants::load(file, clock);
  ASSERT_TRUE(first);
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto second = Grants::load(file, clock);
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->verify(first->address(grant, Millis(10)).substr(kPrefix.size())));
  std::ofstream(file) << "damaged";
  EXPECT_FALSE(Grants::load(file, clock));
}

}  // namespace
}  // namespace slipway::server
