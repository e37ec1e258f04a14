#include "plugins/runners/log_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::plugins {
namespace {

using Lines = std::vector<std::string>;

Lines split(std::string_view bytes, std::size_t piece, std::uint64_t skip = 0) {
  LineSplitter splitter(skip);
  Lines lines;
  for (std::size_t at = 0; at < bytes.size(); at += piece) splitter.feed(bytes.substr(at, piece), lines);
  splitter.finish(lines);
  return lines;
}

struct Case {
  std::string name;
  std::string bytes;
  Lines lines;
};

class LineSplitterTable : public testing::TestWithParam<Case> {};

TEST_P(LineSplitterTable, GivesTheSameLinesInAnyPieces) {
  for (const std::size_t piece : {1u, 2u, 3u, 7u, 4096u}) {
    EXPECT_EQ(split(GetParam().bytes, piece), GetParam().lines) << "pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rules, LineSplitterTable,
    testing::Values(Case{"nothing", "", {}}, Case{"one", "a\n", {"a"}},
                    Case{"no_newline_at_the_end", "a\nb", {"a", "b"}}, Case{"empty_lines", "\n\na\n", {"", "", "a"}},
                    Case{"windows_line_ends", "a\r\nb\r\n", {"a", "b"}},
                    Case{"progress_keeps_the_last_state", "1%\r50%\r100%\ndone\n", {"100%", "done"}},
                    Case{"progress_with_final_return", "1%\r100%\r\n", {"100%"}},
                    Case{"progress_cut_short", "1%\r2%\r", {"2%"}},
                    Case{"not_utf8",
                         "a\xff"
                         "b\n",
                         {"a\xEF\xBF\xBD"
                          "b"}},
                    Case{"characters", "gr\xC3\xBC\xC3\x9F\n", {"gr\xC3\xBC\xC3\x9F"}}),
    [](const auto& info) { return info.param.name; });

TEST(LineSplitter, ShowsLongProgressNowAndThen) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += fmt::format("step {:04} {:30}\r", i, "");
  bytes += "\n";
  const Lines lines = split(bytes, 100);
  EXPECT_THAT(lines.size(), testing::AllOf(testing::Ge(3u), testing::Le(6u)));
  EXPECT_THAT(lines.back(), testing::StartsWith("step 0999"));
  EXPECT_EQ(lines, split(bytes, 1));
}

TEST(LineSplitter, CutsALongLineWithAMarkAndLosesNothing) {
  const std::string text(LineSplitter::kMaxLine * 2 + 10, 'x');
  for (const std::size_t piece : {1000u, 1u << 20}) {
    const Lines lines = split(text + "\nnext\n", piece);
    ASSERT_EQ(lines.size(), 4u);
    EXPECT_THAT(lines[0], testing::EndsWith(LineSplitter::kCutMark));
    std::string joined =
        lines[0].substr(0, LineSplitter::kMaxLine) + lines[1].substr(0, LineSplitter::kMaxLine) + lines[2];
    EXPECT_EQ(joined, text);
    EXPECT_EQ(lines[3], "next");
  }
}

TEST(LineSplitter, ALineOfExactlyTheLimitIsNotCut) {
  const std::string text(LineSplitter::kMaxLine, 'x');
  EXPECT_THAT(split(text + "\n", 4096), testing::ElementsAre(text));
}

TEST(LineSplitter, NeverCutsACharacter) {
  std::string text;
  while (text.size() <= LineSplitter::kMaxLine) text += "\xE2\x82\xAC";
  for (const std::string& line : split(text, 4096)) EXPECT_EQ(line.find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(LineSplitter, ResumesFromAnyLine) {
  const std::string bytes = "a\nb\r\n1%\r2%\nlast";
  const Lines all = split(bytes, 4096);
  for (std::size_t from = 0; from <= all.size(); ++from) {
    EXPECT_EQ(split(bytes, 3, from), Lines(all.begin() + static_cast<std::ptrdiff_t>(from), all.end()));
  }
}

}  // namespace
}  // namespace slipway::plugins
