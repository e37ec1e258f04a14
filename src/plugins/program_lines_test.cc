#include "plugins/program_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::plugins {
namespace {

using testing::ElementsAre;

std::vector<std::string> split_pieces(const std::vector<std::string>& pieces) {
  std::vector<std::string> lines;
  ProgramLines splitter([&](std::string_view line) { lines.emplace_back(line); });
  for (const auto& piece : pieces) splitter.feed(piece);
  splitter.finish();
  return lines;
}

TEST(ProgramLines, MakesLinesOfPieces) {
  EXPECT_THAT(split_pieces({"a", "b\nc", "\n\nlast"}), ElementsAre("ab", "c", "", "last"));
  EXPECT_THAT(split_pieces({}), ElementsAre());
}

TEST(ProgramLines, KeepsTheLastStateOfAProgressBar) {
  EXPECT_THAT(split_pieces({"10%\r50%\r100%\n"}), ElementsAre("100%"));
  EXPECT_THAT(split_pieces({"windows\r\n"}), ElementsAre("windows"));
}

TEST(ProgramLines, DropsTerminalSequencesAndBrokenText) {
  EXPECT_THAT(split_pieces({"\x1b[31mred\x1b[0m \xff\n"}), ElementsAre("red \xEF\xBF\xBD"));
}

TEST(ProgramLines, CutsLinesWithoutEnd) {
  const auto lines = split_pieces({std::string(40'000, 'x')});
  EXPECT_GT(lines.size(), 1u);
  for (const auto& line : lines) EXPECT_LE(line.size(), 16'384u);
}

}  // namespace
}  // namespace slipway::plugins
