// The body of a file stream call (protocol 1.7), decoded and checked. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace slipway::server {

/// "files": {"launch.log": {"offset": 120, "content": ["…"], "attempt": 1, "complete": true}}. `attempt` and `complete` are ours.
struct StreamPart {
  std::string file;
  std::int64_t offset = 0;
  std::vector<std::string> lines;  ///< Without line ends.
  int attempt = 1;
  bool complete = false;
};

struct StreamBody {
  std::vector<StreamPart> parts;
  std::vector<std::string> uploaded;
  bool preempting = false;
  bool complete = false;  ///< The SDK is done with the run.
  std::optional<int> exit_code;
};

inline constexpr std::string_view kLaunchLog = "launch.log";
inline constexpr std::string_view kConsoleLog = "output.log";
inline constexpr std::string_view kHistory = "wandb-history.jsonl";
inline constexpr std::string_view kEvents = "wandb-events.jsonl";
inline constexpr std::string_view kSummary = "wandb-summary.json";

/// Longer lines are cut there and say so.
inline constexpr std::size_t kMaxLine = 1u << 20;

/// Letters, digits, '.', '_' and '-', at most 64, not starting with a dot.
bool is_stream_name(std::string_view name);
/// invalid_argument with the path of every member that is wrong. At most 16 files a call.
Result<StreamBody> decode_stream_body(std::string_view text);

}  // namespace slipway::server
