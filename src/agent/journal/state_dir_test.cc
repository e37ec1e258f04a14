#include "agent/journal/state_dir.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "archive/archive.h"

namespace slipway::agent {
namespace {

TEST(StateDir, IsTheSameAgentAfterARestart) {
  auto folder = archive::TemporaryFolder::create("state");
  ASSERT_TRUE(folder);
  std::string first;
  {
    auto state = StateDir::open(folder->path() / "agent");
    ASSERT_TRUE(state);
    first = state->stable_id();
  }
  auto again = StateDir::open(folder->path() / "agent");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->stable_id(), first);
  EXPECT_EQ(std::filesystem::status(again->path()).permissions(), std::filesystem::perms::owner_all);
}

TEST(StateDir, RefusesASecondAgentByTheFirstOnesProcess) {
  auto folder = archive::TemporaryFolder::create("state");
  ASSERT_TRUE(folder);
  auto first = StateDir::open(folder->path());
  ASSERT_TRUE(first);
  auto second = StateDir::open(folder->path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Code::failed_precondition);
  EXPECT_NE(second.error().message().find(std::to_string(::getpid())), std::string::npos);
}

}  // namespace
}  // namespace slipway::agent
