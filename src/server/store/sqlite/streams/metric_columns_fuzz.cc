// Damaged columns are refused or hold what they promise; whatever lines come in, their columns survive packing.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "base/strings.h"
#include "server/store/sqlite/streams/metric_columns.h"

using namespace slipway::server::sqlite::streams;

namespace {

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && !(std::isnan(a[i]) && std::isnan(b[i]))) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto column = unpack_column(text);
      column && column->numeric && column->values.size() != column->rows.size())
    std::abort();
  const std::vector<std::string> lines = slipway::split(text, '\n');
  for (const auto& [key, column] : columns_of(lines)) {
    const auto again = unpack_column(pack_column(column, lines.size()));
    if (!again || again->rows != column.rows || again->numeric != column.numeric) std::abort();
    if (column.numeric && !same(again->values, column.values)) std::abort();
  }
  return 0;
}
