// ProgramLines: pieces of a program's output become whole lines for a LineSink.
#pragma once
#include <string>
#include <string_view>

#include "plugins/context.h"

namespace slipway::plugins {

/// A carriage return takes back what stands on its line (progress bars), control sequences of terminals are dropped, bytes that are no
/// UTF-8 become U+FFFD, and a line ends after 16 KiB at the latest.
class ProgramLines {
 public:
  explicit ProgramLines(LineSink sink) : sink_(std::move(sink)) {}
  void feed(std::string_view piece);
  /// The rest, when the output has ended without a newline.
  void finish();

 private:
  void end_line();

  LineSink sink_;
  std::string line_;
};

}  // namespace slipway::plugins
