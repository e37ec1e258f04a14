#include "server/tracking/stream_body.h"

#include <gmock/gmock.h>

#include "base/json.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(StreamBody, reads_what_the_sdk_sends) {
  const auto body =
      decode_stream_body(R"({"files":{"wandb-history.jsonl":{"offset":3,"content":["{\"a\":1}","{\"a\":2}"]},
    "output.log":{"offset":0,"content":["one\n","two\r\n"]}},"uploaded":["a.txt"],"complete":true,"exitcode":0,"dropped":1})");
  ASSERT_TRUE(body) << body.error().to_string();
  ASSERT_EQ(body->parts.size(), 2u);
  EXPECT_EQ(body->parts[0].file, kHistory);
  EXPECT_EQ(body->parts[0].offset, 3);
  EXPECT_THAT(body->parts[0].lines, ElementsAre(R"({"a":1})", R"({"a":2})"));
  EXPECT_THAT(body->parts[1].lines, ElementsAre("one", "two"));
  EXPECT_THAT(body->uploaded, ElementsAre("a.txt"));
  EXPECT_TRUE(body->complete);
  EXPECT_EQ(body->exit_code, 0);
}

TEST(StreamBody, reads_our_own_members) {
  const auto body =
      decode_stream_body(R"({"files":{"launch.log":{"offset":7,"content":["x"],"attempt":2,"complete":true}}})");
  ASSERT_TRUE(body);
  EXPECT_EQ(body->parts[0].attempt, 2);
  EXPECT_TRUE(body->parts[0].complete);
  EXPECT_FALSE(body->complete);
}

TEST(StreamBody, a_heartbeat_is_empty) {
  const auto body = decode_stream_body("{}");
  ASSERT_TRUE(body);
  EXPECT_THAT(body->parts, IsEmpty());
  EXPECT_FALSE(body->exit_code.has_value());
}

TEST(StreamBody, keeps_text_and_cuts_endless_lines) {
  const std::string line(kMaxLine + 500, 'x');
  JsonObject file{{"offset", 0},
                  {"content", JsonArray{text_value("tab\tnul\0 ümlaut"), text_value(line), text_value("a\nb\n")}}};
  const auto body = decode_stream_body(to_text(JsonObject{{"files", JsonObject{{"launch.log", file}}}}));
  ASSERT_TRUE(body);
  EXPECT_THAT(body->parts[0].lines[1], HasSubstr("500 more bytes of this line are not kept"));
  EXPECT_EQ(body->parts[0].lines[2], "a\nb");
}

struct Refusal {
  const char* name;
  const char* text;
  const char* part;  ///< Of the error's text.
};

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, by_name) {
  const auto body = decode_stream_body(GetParam().text);
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code(), Code::invalid_argument);
  EXPECT_THAT(body.error().to_string(), HasSubstr(GetParam().part));
}

INSTANTIATE_TEST_SUITE_P(
    StreamBody, Refused,
    testing::Values(
        Refusal{"no_json", "{", "line 1"}, Refusal{"array", "[]", "got array"},
        Refusal{"files_array", R"({"files":[]})", "files"},
        Refusal{"file_text", R"({"files":{"a.log":"x"}})", "expected an object, got string"},
        Refusal{"path", R"({"files":{"../../etc/passwd":{"offset":0,"content":[]}}})", "no name of a stream"},
        Refusal{"hidden", R"({"files":{".a":{}}})", "no name of a stream"},
        Refusal{"empty_name", R"({"files":{"":{}}})", "no name of a stream"},
        Refusal{"negative", R"({"files":{"a.log":{"offset":-1}}})", "offset"},
        Refusal{"huge", R"({"files":{"a.log":{"offset":1e300}}})", "offset"},
        Refusal{"offset_text", R"({"files":{"a.log":{"offset":"1"}}})", "offset"},
        Refusal{"attempt_zero", R"({"files":{"a.log":{"attempt":0}}})", "attempt"},
        Refusal{"content_text", R"({"files":{"a.log":{"content":"x"}}})", "expected an array of lines"},
        Refusal{"line_number", R"({"files":{"a.log":{"content":["x",1]}}})", "content[1]"},
        Refusal{"exit_text", R"({"exitcode":"0"})", "exitcode"},
        Refusal{"exit_big", R"({"exitcode":99999999999})", "exitcode"},
        Refusal{
            "many_files",
            R"({"files":{"a":{},"b":{},"c":{},"d":{},"e":{},"f":{},"g":{},"h":{},"i":{},"j":{},"k":{},"l":{},"m":{},"n":{},"o":{},"p":{},"q":{}}})",
            "at most 16"},
        Refusal{"deep", R"({"x":[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]})", "file stream"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace slipway::server
