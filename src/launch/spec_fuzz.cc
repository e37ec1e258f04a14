// Never crashes; a spec that is read is written and read back as the same text, and never shows its key.
#include <cstdint>
#include <cstdlib>

#include "launch/environment.h"
#include "launch/spec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway::launch;
  const auto spec = parse_launch_spec_text({reinterpret_cast<const char*>(data), size});
  if (!spec) return 0;
  const auto written = to_wire_json(*spec);
  const auto again = parse_launch_spec(written);
  if (!again || slipway::canonical_text(to_wire_json(*again)) != slipway::canonical_text(written)) std::abort();
  if (slipway::find(to_json(*spec), "_wandb_api_key")) std::abort();
  if (slipway::canonical_text(to_json(merge_specs(LaunchSpec(), *spec))) != slipway::canonical_text(to_json(*spec)))
    std::abort();
  (void)check_source(*spec);
  (void)job_environment(*spec, {.base_url = "u", .run_id = "r", .max_value = 16});
  return 0;
}
