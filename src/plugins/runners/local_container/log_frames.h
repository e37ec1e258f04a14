// The engine's log stream: frames of two streams, or plain bytes when the container has a terminal.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/runners/log_lines.h"

namespace slipway::plugins::runners::local_container {

/// Bytes of the stream to lines, counted over both streams in the order of their ends. The engine keeps what
/// it once got, so the same lines come on every reading.
class LogFrames {
 public:
  enum class Format { frames, raw };
  /// The first `skip` lines are counted and not given out.
  LogFrames(Format format, std::uint64_t skip) : format_(format), skip_(skip) {}
  void feed(std::string_view bytes, std::vector<std::string>& lines);
  /// The end of the output.
  void finish(std::vector<std::string>& lines);

 private:
  void drop_skipped(std::vector<std::string>& lines, std::size_t before);

  Format format_;
  std::uint64_t skip_;
  std::array<LineSplitter, 2> streams_;  ///< Standard output, standard error.
  std::string header_;
  std::size_t current_ = 0;
  std::size_t left_ = 0;  ///< Bytes of the frame that are still to come.
};

}  // namespace slipway::plugins::runners::local_container
