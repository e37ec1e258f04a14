#include "graphql/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/printer.h"

namespace slipway::graphql {
namespace {

struct Case {
  std::string_view name;
  std::string_view text;
  std::string_view expected;  ///< The printed document, or the message.
  int line = 0;
  int column = 0;
};

class GoodText : public testing::TestWithParam<Case> {};
class BadText : public testing::TestWithParam<Case> {};
const auto kCaseName = [](const auto& info) { return std::string(info.param.name); };

TEST_P(GoodText, prints_and_parses_to_the_same_text) {
  const auto document = parse(std::string(GetParam().text));
  ASSERT_TRUE(document) << document.error().to_string();
  const std::string printed = print(**document);
  EXPECT_EQ(printed, GetParam().expected);
  const auto again = parse(printed);
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_EQ(print(**again), printed);
}

INSTANTIATE_TEST_SUITE_P(
    Executable, GoodText,
    testing::Values(Case{"shorthand", "{ a, b c, }", "{\n  a\n  b\n  c\n}\n"},
                    Case{"graphql_comment_line", "#graphql\nquery Q { a # why\n }", "query Q {\n  a\n}\n"},
                    Case{"byte_order_mark", "\xEF\xBB\xBF{ a }", "{\n  a\n}\n"},
                    Case{"alias_arguments_directives", "{ x: a(b: 1, c: $d,) @e(f: true) }",
                         "{\n  x: a(b: 1, c: $d) @e(f: true)\n}\n"},
                    Case{"keywords_as_names", "{ query on: true(type: null, input: on) }",
                         "{\n  query\n  on: true(type: null, input: on)\n}\n"},
                    Case{"variables", "mutation M($a: [Int!]! = [1] @x, $b: B) { c }",
                         "mutation M($a: [Int!]! = [1] @x, $b: B) {\n  c\n}\n"},
                    Case{"fragments", "{ ...F ... on T { a } ... @b { c } } fragment F on T { d }",
                         "{\n  ...F\n  ... on T {\n    a\n  }\n  ... @b {\n    c\n  }\n}\nfragment F on T {\n  d\n}\n"},
                    Case{"numbers", "{ a(b: [0, -1, 1.5, 1e3, -2.5E-7]) }",
                         "{\n  a(b: [0, -1, 1.5, 1e3, -2.5E-7])\n}\n"},
                    Case{"nested_values", "{ a(b: {c: [{d: E}], f: {}}) }", "{\n  a(b: {c: [{d: E}], f: {}})\n}\n"},
                    Case{"string_escapes", R"({ a(b: "\"\\\/\b\f\n\r\tä😀\u{1F600}") })",
                         "{\n  a(b: \"\\\"\\\\/\\b\\f\\n\\r\\tä😀😀\")\n}\n"},
                    Case{"block_string", "{ a(b: \"\"\"\n    x\n      \"y\"\n\n    \\\"\"\"z\n  \"\"\") }",
                         "{\n  a(b: \"x\\n  \\\"y\\\"\\n\\n\\\"\\\"\\\"z\")\n}\n"},
                    Case{"carriage_returns", "{ a(b: \"\"\"x\r\ny\rz\"\"\")\r\n}", "{\n  a(b: \"x\\ny\\nz\")\n}\n"}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Sdl, GoodText,
    testing::Values(Case{"schema", "\"d\" schema @a { query: Q mutation: M }",
                         "\"d\"\nschema @a {\n  query: Q\n  mutation: M\n}\n"},
                    Case{"object", "\"\"\"d\"\"\" type A implements & B & C @d { \"f\" e(g: H = 1 @i): J! @k }",
                         "\"d\"\ntype A implements B & C @d {\n  \"f\"\n  e(g: H = 1 @i): J! @k\n}\n"},
                    Case{"empty_object", "type A", "type A\n"},
                    Case{"interface", "interface A implements B { c: [D!] }",
                         "interface A implements B {\n  c: [D!]\n}\n"},
                    Case{"union_with_leading_bar", "union A = | B | C", "union A = B | C\n"},
                    Case{"enumeration", "enum A { B @c \"e\" D }", "enum A {\n  B @c\n  \"e\"\n  D\n}\n"},
                    Case{"input", "input A { b: C = {d: E} }", "input A {\n  b: C = {d: E}\n}\n"},
                    Case{"directive", "directive @a(b: C) repeatable on | FIELD | ENUM_VALUE",
                         "directive @a(b: C) repeatable on FIELD | ENUM_VALUE\n"},
                    Case{"extensions", "extend schema { mutation: M } extend scalar A @b extend type C implements D",
                         "extend schema {\n  mutation: M\n}\nextend scalar A @b\nextend type C implements D\n"}),
    kCaseName);

TEST_P(BadText, says_what_and_where) {
  const auto document = parse(std::string(GetParam().text));
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().message(), GetParam().expected);
  EXPECT_EQ(document.error().code(), Code::invalid_argument);
  EXPECT_EQ(document.error().problems().at(0).line, GetParam().line);
  EXPECT_EQ(document.error().problems().at(0).column, GetParam().column);
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, BadText,
    testing::Values(
        Case{"empty", "", "Syntax Error: Unexpected <EOF>.", 1, 1},
        Case{"unclosed", "{ a", "Syntax Error: Expected Name, found <EOF>.", 1, 4},
        Case{"empty_selection", "{ a {} }", "Syntax Error: Expected Name, found \"}\".", 1, 6},
        Case{"empty_arguments", "{ a() }", "Syntax Error: Expected Name, found \")\".", 1, 5},
        Case{"unknown_definition", "\n nope { a }", "Syntax Error: Unexpected Name \"nope\".", 2, 2},
        Case{"fragment_on", "fragment on on T { a }", "Syntax Error: Unexpected Name \"on\".", 1, 10},
        Case{"variable_in_default", "query ($a: I = $b) { c }",
             "Syntax Error: Unexpected variable \"$b\" in constant value.", 1, 16},
        Case{"leading_zero", "{ a(b: 01) }", "Syntax Error: Invalid number, unexpected digit after 0: \"1\".", 1, 9},
        Case{"name_after_number", "{ a(b: 1x) }", "Syntax Error: Invalid number, expected digit but got: \"x\".", 1, 9},
        Case{"open_string", "{ a(b: \"x\n\") }", "Syntax Error: Unterminated string.", 1, 10},
        Case{"open_block_string", "{ a(b: \"\"\"x\n", "Syntax Error: Unterminated string.", 2, 1},
        Case{"bad_escape", "{ a(b: \"\\x\") }", "Syntax Error: Invalid character escape sequence: \"\\x\".", 1, 9},
        Case{"lone_surrogate", "{ a(b: \"\\uD83D\") }", "Syntax Error: Invalid Unicode escape sequence: \"\\uD83D\".",
             1, 9},
        Case{"two_dots", "{ ..a }", "Syntax Error: Unexpected character: \".\".", 1, 3},
        Case{"single_quote", "{ a(b: 'x') }",
             "Syntax Error: Unexpected single quote character ('), did you mean to use a double quote (\")?", 1, 8},
        Case{"not_utf8", "{ a(b: \"\xC3(\") }",
             "Syntax Error: Invalid character within String: a byte that is not UTF-8.", 1, 9},
        Case{"columns_count_utf16_units", "{ a(b: \"ü😀\") ? }", "Syntax Error: Unexpected character: \"?\".", 1, 15},
        Case{"reserved_enum_value", "enum A { true }",
             "Syntax Error: Name \"true\" is reserved and cannot be used for an enum value.", 1, 10},
        Case{"empty_extension", "extend type A", "Syntax Error: Unexpected <EOF>.", 1, 14},
        Case{"unknown_location", "directive @a on NOWHERE", "Syntax Error: Unexpected Name \"NOWHERE\".", 1, 17}),
    kCaseName);

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

class TooMuch : public testing::TestWithParam<std::pair<std::string_view, std::string>> {};

TEST_P(TooMuch, is_refused_without_using_up_the_stack) {
  const auto document = parse(GetParam().second, {.max_tokens = 10'000'000});
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code(), Code::resource_exhausted);
  EXPECT_THAT(document.error().message(), testing::HasSubstr("nested deeper than 100 levels"));
}

INSTANTIATE_TEST_SUITE_P(Nesting, TooMuch,
                         testing::Values(std::pair("selections", repeated("{a", 200'000)),
                                         std::pair("inline_fragments", "{" + repeated("...{", 200'000)),
                                         std::pair("lists", "{a(b:" + repeated("[", 200'000)),
                                         std::pair("objects", "{a(b:" + repeated("{c:", 200'000)),
                                         std::pair("default_values", "query($a:I=" + repeated("[", 200'000)),
                                         std::pair("sdl_values", "input A{b:C=" + repeated("[", 200'000)),
                                         std::pair("types", "query($a:" + repeated("[", 200'000) + "I" +
                                                                repeated("]", 200'000) + "){a}")),
                         [](const auto& info) { return std::string(info.param.first); });

TEST(Parser, counts_tokens) {
  const auto within = parse("{ a b c }", {.max_tokens = 5});
  EXPECT_TRUE(within);
  const auto beyond = parse("{ a b c d }", {.max_tokens = 5});
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code(), Code::resource_exhausted);
  EXPECT_EQ(beyond.error().message(), "Syntax Error: the document has more than 5 tokens, which is the limit");
}

TEST(Parser, survives_every_prefix_of_a_document) {
  const std::string text =
      "query Q($a: [Int!]! = [1, {b: \"\\u{61}\"}]) @c { ...F ... on T { d(e: \"\"\"x\"\"\") } } type A @b { "
      "c(d: E = 1): F }";
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto document = parse(text.substr(0, length));
    if (document) {
      EXPECT_NE(print(**document), "");
    }
  }
}

}  // namespace
}  // namespace slipway::graphql
