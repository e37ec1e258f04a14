// B6: a run's history of many rows, straight at the store.
#pragma once
#include <string>

#include "base/json.h"

namespace slipway::bench {

Json history(const std::string& folder, int rounds, std::int64_t rows);

}  // namespace slipway::bench
