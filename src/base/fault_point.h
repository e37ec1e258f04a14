// Named steps at which a test kills the real process: SLIPWAY_KILL_AT=after_intent makes the process kill itself with SIGKILL when it gets there. Costs one comparison.
#pragma once
#include <string_view>

namespace slipway {

/// The steps are listed in docs/design/faults.md; tests/faults kills at each of them.
void fault_point(std::string_view step);

}  // namespace slipway
