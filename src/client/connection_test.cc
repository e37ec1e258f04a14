#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ids.h"
#include "client/api_client.h"
#include "client/netrc.h"

namespace slipway::client {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Environment = std::map<std::string, std::string>;

class ConnectionTest : public ::testing::Test {
 protected:
  ConnectionTest() : home_(fs::temp_directory_path() / ("connection-test-" + random_id())) {
    fs::create_directories(home_ / ".config/wandb");
  }
  ~ConnectionTest() override { fs::remove_all(home_); }
  void write(const std::string& name, std::string_view content) { std::ofstream(home_ / name) << content; }
  Connection discover(const Environment& env = {}) {
    auto found = Connection::discover(env, home_);
    if (!found) throw std::runtime_error(found.error().to_string());
    return *std::move(found);
  }

  fs::path home_;
};

TEST_F(ConnectionTest, HasDefaults) {
  const auto connection = discover();
  EXPECT_EQ(connection.base_url, "https://api.wandb.ai");
  EXPECT_TRUE(connection.api_key.empty());
  EXPECT_EQ(connection.username, "");
  EXPECT_THAT(connection.user_agent, HasSubstr("slipway/"));
}

TEST_F(ConnectionTest, TakesTheEnvironmentFirst) {
  write(".config/wandb/settings", "[default]\nbase_url = http://from-file\n");
  write(".netrc", "machine here login user password from-netrc");
  const auto connection =
      discover({{"WANDB_BASE_URL", "http://here:8080//"}, {"WANDB_API_KEY", " from-env "}, {"WANDB_USERNAME", "ada"}});
  EXPECT_EQ(connection.base_url, "http://here:8080");
  EXPECT_EQ(connection.api_key.reveal(), "from-env");
  EXPECT_EQ(connection.username, "ada");
}

TEST_F(ConnectionTest, ReadsTheSettingsFile) {
  write(".config/wandb/settings",
        "# written by login\n[other]\nbase_url = http://wrong\n[default]\nbase_url=http://from-file/\nentity "
        "= e\n");
  write(".netrc", "machine from-file\n  login user\n  password secret\n");
  const auto connection = discover();
  EXPECT_EQ(connection.base_url, "http://from-file");
  EXPECT_EQ(connection.api_key.reveal(), "secret");
}

TEST_F(ConnectionTest, FollowsTheVariablesThatNameFiles) {
  fs::create_directories(home_ / "conf");
  write("conf/settings", "[default]\nbase_url = http://elsewhere\n");
  write("my-netrc", "machine elsewhere login user password p1");
  write(".netrc", "machine elsewhere login user password p2");
  const auto connection =
      discover({{"WANDB_CONFIG_DIR", (home_ / "conf").string()}, {"NETRC", (home_ / "my-netrc").string()}});
  EXPECT_EQ(connection.base_url, "http://elsewhere");
  EXPECT_EQ(connection.api_key.reveal(), "p1");
}

TEST_F(ConnectionTest, RefusesABadAddress) {
  const auto found = Connection::discover({{"WANDB_BASE_URL", "localhost:8080"}}, home_);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), Code::invalid_argument);
  EXPECT_THAT(found.error().mend(), HasSubstr("WANDB_BASE_URL"));
}

struct NetrcCase {
  std::string name;
  std::string text;
  std::optional<std::string> password;
};
class Netrc : public ::testing::TestWithParam<NetrcCase> {};

TEST_P(Netrc, GivesThePasswordOfTheHost) {
  EXPECT_EQ(netrc_password(GetParam().text, "host.example"), GetParam().password);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Netrc,
    ::testing::Values(
        NetrcCase{"Empty", "", std::nullopt}, NetrcCase{"OneLine", "machine host.example login user password p", "p"},
        NetrcCase{"ManyLines", "machine host.example\n\tlogin user\n\tpassword p\n", "p"},
        NetrcCase{"OtherHostFirst", "machine a login user password x\nmachine HOST.example login user password p", "p"},
        NetrcCase{"OtherHostOnly", "machine a login user password x", std::nullopt},
        NetrcCase{"SubDomainIsAnOtherHost", "machine example login user password x", std::nullopt},
        NetrcCase{"Default", "machine a password x default login user password p", "p"},
        NetrcCase{"Quoted", "machine host.example login user password \"a b\\\"c\"", "a b\"c"},
        NetrcCase{"Comment", "# machine host.example password x\nmachine host.example password p", "p"},
        NetrcCase{"LoginThatLooksLikeAKeyword", "machine host.example login password password p", "p"},
        NetrcCase{"Macro", "macdef init\nmachine host.example password x\n\nmachine host.example password p", "p"},
        NetrcCase{"CutOff", "machine host.example login user password", std::nullopt},
        NetrcCase{"OnlyMachine", "machine", std::nullopt}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace slipway::client
