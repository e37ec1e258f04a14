#include "archive/ignore.h"

#include <gtest/gtest.h>

#include "base/strings.h"

namespace slipway::archive {
namespace {

/// As the walk does it: folder by folder, each with the answer for its parent.
bool excluded(const IgnoreRules& rules, const std::string& path) {
  const bool is_folder = path.ends_with('/');
  auto segments = split(is_folder ? path.substr(0, path.size() - 1) : path, '/');
  bool answer = false;
  std::string prefix;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    prefix += (i == 0 ? "" : "/") + segments[i];
    const bool last = i + 1 == segments.size();
    answer = rules.excludes(prefix, last && !is_folder ? EntryKind::file : EntryKind::folder, answer);
  }
  return answer;
}

struct Case {
  std::string name;
  std::string rules;
  std::string path;  // With '/' at its end: a folder.
  bool excluded;
};

std::string name_of(const ::testing::TestParamInfo<Case>& info) { return info.param.name; }

class GitIgnore : public ::testing::TestWithParam<Case> {};

TEST_P(GitIgnore, DecidesAsGitDoes) {
  IgnoreRules rules;
  rules.add(GetParam().rules, IgnoreDialect::git);
  EXPECT_EQ(excluded(rules, GetParam().path), GetParam().excluded)
      << GetParam().rules << " against " << GetParam().path;
}

INSTANTIATE_TEST_SUITE_P(
    Table, GitIgnore,
    ::testing::Values(
        Case{"NothingSaid", "", "a", false}, Case{"Name", "a", "a", true}, Case{"NameAtAnyDepth", "a", "x/y/a", true},
        Case{"NameIsNoPrefix", "a", "ab", false}, Case{"BelowAnExcludedFolder", "data", "data/x/y.csv", true},
        Case{"Anchored", "/a", "a", true}, Case{"AnchoredNotBelow", "/a", "x/a", false},
        Case{"SlashInTheMiddleAnchors", "x/a", "y/x/a", false}, Case{"SlashInTheMiddle", "x/a", "x/a", true},
        Case{"FolderOnly", "build/", "build/", true}, Case{"FolderOnlyIsNoFile", "build/", "build", false},
        Case{"FolderOnlyAtAnyDepth", "build/", "x/build/y", true}, Case{"Star", "*.log", "x/y.log", true},
        Case{"StarDoesNotCrossFolders", "x/*.log", "x/y/z.log", false},
        Case{"LeadingDoubleStar", "**/tmp", "a/b/tmp", true}, Case{"InnerDoubleStar", "a/**/z", "a/b/c/z", true},
        Case{"TrailingDoubleStar", "a/**", "a/b", true}, Case{"TrailingDoubleStarKeepsTheFolder", "a/**", "a/", false},
        Case{"Negated", "*.log\n!keep.log", "keep.log", false}, Case{"LaterWins", "!keep.log\n*.log", "keep.log", true},
        Case{"NothingReturnsBelowAnExcludedFolder", "data\n!data/keep", "data/keep", true},
        Case{"ReturnsWhenOnlyTheContentIsExcluded", "data/*\n!data/keep", "data/keep", false},
        Case{"Comment", "# a\n#a", "#a", false}, Case{"EscapedHash", "\\#a", "#a", true},
        Case{"EscapedBang", "\\!a", "!a", true}, Case{"TrailingBlanksDoNotCount", "a   ", "a", true},
        Case{"EscapedTrailingBlank", "a\\ ", "a ", true}, Case{"CarriageReturn", "a\r\nb\r", "b", true},
        Case{"ByteOrderMark",
             "\xEF\xBB\xBF"
             "a",
             "a", true},
        Case{"Range", "v[0-9]", "v7", true}, Case{"OnlySlash", "/", "a", false}, Case{"OnlyBang", "!", "a", false}),
    name_of);

class DockerIgnore : public ::testing::TestWithParam<Case> {};

TEST_P(DockerIgnore, DecidesAsDockerDoes) {
  IgnoreRules rules;
  rules.add(GetParam().rules, IgnoreDialect::docker);
  EXPECT_EQ(excluded(rules, GetParam().path), GetParam().excluded)
      << GetParam().rules << " against " << GetParam().path;
}

INSTANTIATE_TEST_SUITE_P(Table, DockerIgnore,
                         ::testing::Values(Case{"Name", "a", "a", true}, Case{"NameIsAnchored", "a", "x/a", false},
                                           Case{"AnyDepth", "**/a", "x/a", true}, Case{"LeadingSlash", "/a", "a", true},
                                           Case{"TrailingSlashAlsoFiles", "a/", "a", true},
                                           Case{"Below", "a", "a/b/c", true},
                                           Case{"AllButOne", "*\n!src", "src/deep/x.py", false},
                                           Case{"AllButOneTheRest", "*\n!src", "data/x", true},
                                           Case{"ReturnsBelowAnExcludedFolder", "data\n!data/keep", "data/keep", false},
                                           Case{"LaterWins", "!data/keep\ndata", "data/keep", true},
                                           Case{"DotSlash", "./a", "a", true}),
                         name_of);

TEST(IgnoreRules, ReturnsBelowOnlyInDockersDialect) {
  IgnoreRules git;
  git.add("a\n!a/b", IgnoreDialect::git);
  EXPECT_FALSE(git.may_return_below());
  IgnoreRules docker;
  docker.add("a\n!a/b", IgnoreDialect::docker);
  EXPECT_TRUE(docker.may_return_below());
}

}  // namespace
}  // namespace slipway::archive
