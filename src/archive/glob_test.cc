#include "archive/glob.h"

#include <gtest/gtest.h>

#include "base/strings.h"

namespace slipway::archive {
namespace {

struct SegmentCase {
  std::string pattern;
  std::string name;
  bool matches;
};
class Segments : public ::testing::TestWithParam<SegmentCase> {};

TEST_P(Segments, Match) {
  const auto& [pattern, name, matches] = GetParam();
  EXPECT_EQ(segment_matches(pattern, name), matches) << pattern << " against " << name;
}

INSTANTIATE_TEST_SUITE_P(Glob, Segments,
                         ::testing::Values(SegmentCase{"a", "a", true}, SegmentCase{"a", "b", false},
                                           SegmentCase{"a", "ab", false}, SegmentCase{"*", "", true},
                                           SegmentCase{"*", "anything.py", true}, SegmentCase{"*.py", "a.py", true},
                                           SegmentCase{"*.py", "a.pyc", false}, SegmentCase{"a*b*c", "axxbyyc", true},
                                           SegmentCase{"a*b*c", "axxbyy", false}, SegmentCase{"a**b", "a-b", true},
                                           SegmentCase{"?", "x", true}, SegmentCase{"?", "", false},
                                           SegmentCase{"[abc]", "b", true}, SegmentCase{"[abc]", "d", false},
                                           SegmentCase{"[a-c]x", "bx", true}, SegmentCase{"[!a-c]", "d", true},
                                           SegmentCase{"[^a-c]", "b", false}, SegmentCase{"[]]", "]", true},
                                           SegmentCase{"[a-]", "-", true}, SegmentCase{"[open", "[open", true},
                                           SegmentCase{"\\*", "*", true}, SegmentCase{"\\*", "x", false},
                                           SegmentCase{"\\[a]", "[a]", true}, SegmentCase{"", "", true},
                                           SegmentCase{"", "a", false}));

TEST(Glob, StaysFastOnHostilePatterns) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(segment_matches(pattern + "b", std::string(5000, 'a')));
}

struct PathCase {
  std::string pattern;
  std::string path;
  bool matches;
};
class Paths : public ::testing::TestWithParam<PathCase> {};

TEST_P(Paths, Match) {
  const auto& [pattern, path, matches] = GetParam();
  EXPECT_EQ(path_matches(split(pattern, '/'), split(path, '/')), matches) << pattern << " against " << path;
}

INSTANTIATE_TEST_SUITE_P(Glob, Paths,
                         ::testing::Values(PathCase{"a/b", "a/b", true}, PathCase{"a/b", "a/b/c", false},
                                           PathCase{"*/b", "a/b", true}, PathCase{"**/b", "b", true},
                                           PathCase{"**/b", "x/y/b", true}, PathCase{"a/**/b", "a/b", true},
                                           PathCase{"a/**/b", "a/x/y/b", true}, PathCase{"a/**/b", "c/b", false},
                                           PathCase{"a/**", "a/x/y", true}, PathCase{"a/**", "a", false},
                                           PathCase{"**", "a/b", true}, PathCase{"**/**/c", "a/c", true},
                                           PathCase{"a*/b?", "ax/by", true}));

}  // namespace
}  // namespace slipway::archive
