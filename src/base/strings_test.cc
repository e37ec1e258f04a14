#include "base/strings.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

using Words = std::vector<std::string>;

TEST(Strings, TrimSplitJoinReplace) {
  EXPECT_EQ(trim(" \t a b\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(split("a,,b", ','), (Words{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (Words{""}));
  EXPECT_EQ(join(Words{"a", "b"}, ", "), "a, b");
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
}

TEST(Strings, NearestFindsTyposOnly) {
  const Words keys = {"max_jobs", "queues", "entity"};
  EXPECT_EQ(nearest("max_job", keys), "max_jobs");
  EXPECT_EQ(nearest("MAX-JOBS", keys), "max_jobs");
  EXPECT_EQ(nearest("banana", keys), std::nullopt);
  EXPECT_EQ(did_you_mean("quques", keys), " Did you mean 'queues'?");
  EXPECT_EQ(did_you_mean("zzz", keys), "");
}

struct WordCase {
  const char* command;
  std::optional<Words> words;
};

TEST(Strings, SplitsWordsAsAShellDoesWithoutExpanding) {
  const WordCase cases[] = {{"python3 train.py --lr 0.1", Words{"python3", "train.py", "--lr", "0.1"}},
                            {"  a   b ", Words{"a", "b"}},
                            {"", Words{}},
                            {"'a b' \"c d\" e\\ f", Words{"a b", "c d", "e f"}},
                            {"a'b'\"c\"", Words{"abc"}},
                            {"''", Words{""}},
                            {"\"\\\"\\$x\\n\"", Words{"\"$x\\n"}},
                            {"$HOME `ls` *", Words{"$HOME", "`ls`", "*"}},
                            {"'open", std::nullopt},
                            {"\"open", std::nullopt},
                            {"end\\", std::nullopt}};
  for (const auto& each : cases) EXPECT_EQ(split_words(each.command), each.words) << each.command;
}

TEST(Strings, QuotedWordsSplitBack) {
  for (const std::string word : {"plain", "", "two words", "it's", "$HOME", "a\"b", "--x=1", "new\nline"}) {
    EXPECT_EQ(split_words(quote_word(word)), Words{word}) << word;
  }
  EXPECT_EQ(quote_word("--x=1"), "--x=1");
}

TEST(Strings, KnowsUtf8) {
  for (const char* good : {"", "abc", "日本", "\xF0\x9F\x9A\xA2"}) EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE6\x97", "a\xFF"}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_TRUE(is_utf8(to_utf8_lossy(bad)));
  }
  EXPECT_EQ(to_utf8_lossy("a\xFF"
                          "b"),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(Strings, HumanNumbers) {
  EXPECT_EQ(human_bytes(512), "512 B");
  EXPECT_EQ(human_bytes(1'400'000), "1.4 MB");
  EXPECT_EQ(human_bytes(999'999), "1.0 MB");
  EXPECT_EQ(human_duration(350), "350 ms");
  EXPECT_EQ(human_duration(4200), "4.2 s");
  EXPECT_EQ(human_duration(200'000), "3 min 20 s");
  EXPECT_EQ(human_duration(7'500'000), "2 h 5 min");
}

}  // namespace
}  // namespace slipway
