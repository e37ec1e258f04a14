// What is checked in a YAML text before a parser sees it: characters and tabs. Internal to base/yaml.cc.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace slipway {

/// A line whose indentation holds a tab.
struct TabLine {
  int line = 0;           ///< 1-based.
  int column = 0;         ///< Of the first tab, 1-based.
  bool harmless = false;  ///< Nothing but space or a comment follows, so it is no mistake, though yaml-cpp
                          ///< stumbles over it.
};

/// Bytes that are no UTF-8 and control characters that YAML forbids; at most ten.
std::vector<Problem> find_bad_characters(std::string_view text);
/// Lines that are indented with tabs, without those inside flow collections, quoted text and block text,
/// where YAML allows them.
std::vector<TabLine> find_tab_indentation(std::string_view text);
/// Every tab in the indentation of those lines becomes two spaces.
std::string expand_tab_indentation(std::string_view text, const std::vector<TabLine>& lines);

}  // namespace slipway
