// Whatever filter and order come in (two lines): no crash, and what is accepted answers for any run.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/store/run_query.h"
#include "server/store/tracking.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const auto query =
      slipway::server::RunQuery::parse(text.substr(0, line), text.substr(std::min(line + 1, text.size())));
  if (!query) return query.error().message().empty() ? std::abort(), 0 : 0;
  slipway::server::Run run;
  run.display_name = "run 1";
  run.config = *slipway::parse_json(R"({"lr":{"value":0.1},"model":{"value":{"size":2}},"a.b":{"value":[1,"x"]}})");
  run.summary = *slipway::parse_json(R"({"loss":1,"val":{"acc":"NaN"}})");
  run.tags = *slipway::parse_json(R"(["best","x"])");
  query->matches(run);
  const auto value = query->sort_value(run);
  if (slipway::server::RunQuery::before(value, value)) std::abort();
  return 0;
}
