#include "plugins/runners/local_container/log_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::plugins::runners::local_container {
namespace {

using testing::ElementsAre;
using Lines = std::vector<std::string>;

std::string frame(char stream, std::string_view text) {
  std::string out{stream, 0, 0, 0};
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(text.size() >> shift & 0xFF));
  return out.append(text);
}

Lines read(LogFrames::Format format, std::string_view bytes, std::size_t piece, std::uint64_t skip = 0) {
  LogFrames frames(format, skip);
  Lines lines;
  for (std::size_t at = 0; at < bytes.size(); at += piece) frames.feed(bytes.substr(at, piece), lines);
  frames.finish(lines);
  return lines;
}

const std::string kBytes =
    frame(1, "out 1\nout") + frame(2, "err 1\n") + frame(1, " 2\n") + frame(2, "") + frame(1, "last");

TEST(LogFrames, KeepsTheStreamsApartInAnyPieces) {
  for (const std::size_t piece : {1u, 3u, 8u, 1000u}) {
    EXPECT_THAT(read(LogFrames::Format::frames, kBytes, piece), ElementsAre("out 1", "err 1", "out 2", "last"))
        << piece;
  }
}

TEST(LogFrames, ResumesFromAnyLine) {
  const Lines all = read(LogFrames::Format::frames, kBytes, 1000);
  for (std::size_t from = 0; from <= all.size() + 1; ++from) {
    EXPECT_EQ(read(LogFrames::Format::frames, kBytes, 5, from),
              Lines(all.begin() + static_cast<std::ptrdiff_t>(std::min(from, all.size())), all.end()));
  }
}

TEST(LogFrames, ReadsATerminalsOutputAsItIs) {
  EXPECT_THAT(read(LogFrames::Format::raw, "a\r\nb\r\n", 2), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace slipway::plugins::runners::local_container
