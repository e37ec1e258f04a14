#include "base/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway {
namespace {

using ::testing::HasSubstr;

struct ValueCase {
  const char* name;
  const char* yaml;
  const char* json;
};

class YamlValue : public ::testing::TestWithParam<ValueCase> {};

TEST_P(YamlValue, MeansTheSameAsTheJson) {
  const auto document = parse_yaml(GetParam().yaml);
  ASSERT_TRUE(document) << document.error().to_string();
  EXPECT_EQ(canonical_text(document->value), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Core, YamlValue,
    ::testing::Values(
        ValueCase{"empty", "", "null"}, ValueCase{"only_comment", "# nothing\n", "null"},
        ValueCase{"booleans", "a: true\nb: False\nc: TRUE", R"({"a":true,"b":false,"c":true})"},
        ValueCase{"yaml_1_1_booleans_are_text", "a: yes\nb: off\nc: y", R"({"a":"yes","b":"off","c":"y"})"},
        ValueCase{"nulls", "a: null\nb: ~\nc:\nd: NULL", R"({"a":null,"b":null,"c":null,"d":null})"},
        ValueCase{"integers", "a: -1\nb: +7\nc: 0x1F\nd: 0o17\ne: 007", R"({"a":-1,"b":7,"c":31,"d":15,"e":7})"},
        ValueCase{"unsigned_integer", "a: 18446744073709551615", R"({"a":18446744073709551615})"},
        ValueCase{"floats", "a: 1.5\nb: 2e3\nc: .5\nd: -1.", R"({"a":1.5E0,"b":2E3,"c":5E-1,"d":-1E0})"},
        ValueCase{"almost_numbers", "a: 1.2.3\nb: 12ab\nc: '.'\nd: 1_000\ne: 0x\nf: 1e",
                  R"({"a":"1.2.3","b":"12ab","c":".","d":"1_000","e":"0x","f":"1e"})"},
        ValueCase{"quoted_is_text", "a: '1'\nb: \"true\"\nc: 'null'", R"({"a":"1","b":"true","c":"null"})"},
        ValueCase{"cpu_quantity_is_text", "cpu: 1000m\nmemory: 1Gi", R"({"cpu":"1000m","memory":"1Gi"})"},
        ValueCase{"macro_is_text", "image: ${image_uri}", R"({"image":"${image_uri}"})"},
        ValueCase{"core_tags", "a: !!str 1\nb: !!float 1\nc: !!int 3", R"({"a":"1","b":1E0,"c":3})"},
        ValueCase{"flow", "{a: [1, {b: 2}], c: {}}", R"({"a":[1,{"b":2}],"c":{}})"},
        ValueCase{"block_text", "a: |\n  one\n  two\nb: >-\n  x\n  y", R"({"a":"one\ntwo\n","b":"x y"})"},
        ValueCase{"list_at_key_level", "queues:\n- a\n- b", R"({"queues":["a","b"]})"},
        ValueCase{"space_before_colon", "max_jobs : -1 \nentity : me ", R"({"entity":"me","max_jobs":-1})"},
        ValueCase{"byte_order_mark",
                  "\xEF\xBB\xBF"
                  "a: 1",
                  R"({"a":1})"},
        ValueCase{"tab_inside_quotes", "a: \"x\n\ty\"", R"({"a":"x y"})"},
        ValueCase{"tab_inside_flow", "a: [1,\n\t2]", R"({"a":[1,2]})"},
        ValueCase{"tab_in_block_text", "a: |\n  x\n  \ty", R"({"a":"x\n\ty"})"},
        ValueCase{"tab_after_colon", "a:\t1", R"({"a":1})"},
        ValueCase{"tab_on_blank_line", "a: 1\n\t\nb: 2", R"({"a":1,"b":2})"}),
    [](const auto& tested) { return tested.param.name; });

struct RefusedCase {
  const char* name;
  const char* yaml;
  const char* message;
  int line;
  int column;
};

class YamlRefused : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(YamlRefused, SaysWhatAndWhere) {
  const auto document = parse_yaml(GetParam().yaml, "f.yaml");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code(), Code::invalid_argument);
  ASSERT_FALSE(document.error().problems().empty());
  const Problem& first = document.error().problems().front();
  EXPECT_THAT(first.message, HasSubstr(GetParam().message));
  EXPECT_EQ(first.file, "f.yaml");
  EXPECT_EQ(first.line, GetParam().line) << first.to_string();
  EXPECT_EQ(first.column, GetParam().column) << first.to_string();
}

INSTANTIATE_TEST_SUITE_P(
    Rules, YamlRefused,
    ::testing::Values(RefusedCase{"tab", "queues:\n\t- q\n", "tab used for indentation", 2, 1},
                      RefusedCase{"tab_after_spaces", "a:\n  \tb: 1\n", "tab used for indentation", 2, 3},
                      RefusedCase{"tab_after_flow_closed", "a: [1,\n 2]\nb:\n\tc: 1", "tab used for indentation", 4, 1},
                      RefusedCase{"tab_after_block_text", "a: |\n  \tx\nb:\n\tc: 1", "tab used for indentation", 4, 1},
                      RefusedCase{"apostrophe_is_no_quote", "a: it's\nb:\n\tc: 1", "tab used for indentation", 3, 1},
                      RefusedCase{"duplicate_key", "a: 1\nb: 2\na: 3", "'a' is given twice, first in line 1", 3, 1},
                      RefusedCase{"anchor", "a: &x 1", "anchors", 1, 4},
                      RefusedCase{"tag", "a: !foo 1", "tag '!foo'", 1, 4},
                      RefusedCase{"wrong_core_tag", "a: !!int x", "does not fit", 1, 4},
                      RefusedCase{"integer_key", "1: x", "the key 1 is a integer", 1, 1},
                      RefusedCase{"boolean_key", "a:\n  true: x", "Put it in quotes", 2, 3},
                      RefusedCase{"list_as_key", "? [a]\n: b", "cannot be a key", 1, 3},
                      RefusedCase{"infinity", "a: .inf", "JSON cannot hold", 1, 4},
                      RefusedCase{"huge", "a: 1e999", "JSON cannot hold", 1, 4},
                      RefusedCase{"two_documents", "a: 1\n---\nb: 2", "more than one document", 0, 0},
                      RefusedCase{"control_character", "a: 1\nb: \x04", "control character", 2, 4},
                      RefusedCase{"not_utf8", "a: 1\nb: \xFF", "not UTF-8", 2, 0},
                      RefusedCase{"broken_flow", "a: [1, 2", "end of sequence flow not found", 1, 1}),
    [](const auto& tested) { return tested.param.name; });

TEST(Yaml, ReportsEveryProblem) {
  const auto document = parse_yaml("a: 1\na: 2\nb: &x 3\n4: c\n");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().problems().size(), 3U) << document.error().to_string();
}

TEST(Yaml, RefusesTooManyLevelsAndBytes) {
  const auto deep = parse_yaml(std::string(100, '[') + std::string(100, ']'));
  ASSERT_FALSE(deep);
  EXPECT_THAT(deep.error().to_string(), HasSubstr("nested deeper than 64 levels"));
  const auto very_deep = parse_yaml(std::string(100'000, '['));
  EXPECT_FALSE(very_deep);
  const auto large = parse_yaml("a: 12345", "", TabPolicy::refuse, JsonLimits{.max_bytes = 4});
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code(), Code::resource_exhausted);
}

TEST(Yaml, KnowsWhereEverythingStands) {
  const auto document = parse_yaml("queues:\n  - a\n  - b\nbuilder:\n  type: x\n", "f.yaml");
  ASSERT_TRUE(document);
  const auto item = document->problem("queues[1]", "bad");
  EXPECT_EQ(item.to_string(), "f.yaml, line 3, column 5: queues[1]: bad");
  const auto member = document->problem("builder.type", "bad");
  EXPECT_EQ(member.line, 5);
  EXPECT_EQ(member.column, 3);
  const auto missing = document->problem("builder.destination", "missing");
  EXPECT_EQ(missing.line, 4) << "a missing member is reported at its parent";
  EXPECT_EQ(document->problem("entity", "missing").line, 0);
}

TEST(Yaml, ExpandsTabsOnRequestAndSaysSo) {
  const auto document = parse_yaml("queues:\n\t- <queue name>\nenvironment:\n\ttype: aws\n\tregion: us-east-1\n",
                                   "f.yaml", TabPolicy::expand);
  ASSERT_TRUE(document) << document.error().to_string();
  EXPECT_EQ(to_text(document->value),
            R"({"queues":["<queue name>"],"environment":{"type":"aws","region":"us-east-1"}})");
  ASSERT_EQ(document->notices.size(), 3U);
  EXPECT_EQ(document->notices[1].line, 4);
}

TEST(Yaml, ReadsJsonWhereJsonStands) {
  const auto json = parse_yaml_or_json("\n {\"a\":\t[1]}");
  ASSERT_TRUE(json);
  EXPECT_EQ(to_text(json->value), R"({"a":[1]})");
  const auto yaml = parse_yaml_or_json("a:\n- 1");
  ASSERT_TRUE(yaml);
  EXPECT_EQ(to_text(yaml->value), R"({"a":[1]})");
  const auto broken = parse_yaml_or_json("{\"a\":\n 1,}", "c.json");
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().to_string(), HasSubstr("c.json, line 2"));
}

TEST(Yaml, WritesWhatItReadsBack) {
  const Json value = boost::json::parse(R"({
    "text":"plain","number like":"12","word":"true","empty":"","colon":"a: b","lines":"one\ntwo\n","quote":"it's \"x\"","日本":"語",
    "macro":"${image_uri}","template":"{{gpus}}","dash":"- x","list":[1,2.5,[],{},[1,[2]],{"a":{"b":null}}],"float":3.0,"big":1e300,
    "neg":-4,"true":true,"1":"key like a number","space ":" x ","tab":"\t"})");
  const auto text = to_yaml(value);
  const auto back = parse_yaml(text);
  ASSERT_TRUE(back) << back.error().to_string() << "\n" << text;
  EXPECT_EQ(back->value, value) << text;
  EXPECT_EQ(to_yaml(boost::json::parse(R"({"queues":["a"],"builder":{"type":"docker"}})")),
            "queues:\n  - a\nbuilder:\n  type: docker\n");
}

}  // namespace
}  // namespace slipway
