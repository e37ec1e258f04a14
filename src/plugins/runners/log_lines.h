// LineSplitter: the bytes that a job wrote, as numbered lines. The same bytes give the same lines on every
// reading, whatever pieces they come in: line numbers are how a log is resumed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::plugins {

/// Rules: a line ends at "\n" or "\r\n". Text overwritten with "\r" (progress bars) is dropped, except that
/// one state of it becomes a line for every 8 KiB of updates, so that a long progress is seen. A line longer
/// than 256 KiB goes on in the next one, with a mark at the cut. Bytes that are not UTF-8 become U+FFFD.
class LineSplitter {
 public:
  static constexpr std::size_t kMaxLine = 256u << 10;
  static constexpr std::size_t kUpdateBytes = 8u << 10;
  static constexpr std::string_view kCutMark = " [goes on in the next line]";

  /// The first `skip` lines are counted and not given out.
  explicit LineSplitter(std::uint64_t skip = 0) : skip_(skip) {}
  void feed(std::string_view bytes, std::vector<std::string>& lines);
  /// The end of the output: a last line without a newline.
  void finish(std::vector<std::string>& lines);

 private:
  void add_text(std::string_view text, std::vector<std::string>& lines);
  void carriage_return(std::vector<std::string>& lines);
  void end_line(std::vector<std::string>& lines);
  void cut(std::vector<std::string>& lines);
  void emit(std::string text, std::vector<std::string>& lines);

  std::uint64_t skip_;
  std::string current_;          ///< Since the last line end or carriage return.
  std::string overwritten_;      ///< What the last carriage return left on the screen.
  std::size_t updates_ = 0;      ///< Bytes overwritten since the last line given out.
  bool progress_shown_ = false;  ///< Nothing came since a state of the progress was given out.
};

}  // namespace slipway::plugins
