#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.h"
#include "cli/commands/listen_address.h"
#include "cli/commands/queue_document.h"

namespace slipway::cli {
namespace {

using testing::HasSubstr;

TEST(Commands, EveryOneHasAPageWithAnExampleOfItself) {
  for (const auto& row : command_table()) {
    if (row.hidden) continue;
    EXPECT_THAT(std::string(command_doc(row.path)), HasSubstr("Example:\n  slipway " + row.path)) << row.path;
    EXPECT_NE(row.summary, "") << row.path;
  }
}

TEST(Commands, NoTwoHaveOneName) {
  std::set<std::string> names;
  for (const auto& row : command_table()) EXPECT_TRUE(names.insert(row.path).second) << row.path;
}

struct Case {
  const char* text;
  const char* host;  ///< Null: refused.
  int port;
};

TEST(ListenAddress, Table) {
  for (const auto& [text, host, port] :
       {Case{"127.0.0.1:8080", "127.0.0.1", 8080}, Case{"[::1]:80", "::1", 80}, Case{":0", "0.0.0.0", 0},
        Case{"localhost:65535", "localhost", 65535}, Case{"8080", nullptr, 0}, Case{"a:65536", nullptr, 0},
        Case{"a:", nullptr, 0}, Case{"a:-1", nullptr, 0}, Case{"", nullptr, 0}}) {
    const auto address = parse_listen_address(text);
    ASSERT_EQ(address.has_value(), host != nullptr) << text;
    if (!host) continue;
    EXPECT_EQ(address->host, host) << text;
    EXPECT_EQ(address->port, port) << text;
  }
}

TEST(QueueDocument, TextOrFile) {
  EXPECT_EQ(*read_document(R"({"a": 1})", "--config"), Json(JsonObject{{"a", 1}}));
  EXPECT_EQ(*read_document("", "--config"), Json(JsonObject()));
  const auto missing = read_document("/no/such/file.yaml", "--config");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message(), testing::AllOf(HasSubstr("--config"), HasSubstr("/no/such/file.yaml")));
  const auto broken = read_document(R"({"a": )", "--config");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code(), Code::invalid_argument);
}

TEST(QueueDocument, ExternalLinks) {
  EXPECT_EQ(to_text(*external_links({"Board=https://example.com/a=b"})),
            R"({"links":[{"label":"Board","url":"https://example.com/a=b"}]})");
  for (const char* wrong : {"Board", "=https://x", "Board=javascript:alert(1)", "Board="})
    EXPECT_FALSE(external_links({wrong})) << wrong;
}

}  // namespace
}  // namespace slipway::cli
