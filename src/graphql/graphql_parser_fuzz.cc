// Queries are written by anybody, schemas by us: neither may crash the parser, and what it accepts prints to
// a text that means the same.
#include <cstdlib>

#include "graphql/parser.h"
#include "graphql/printer.h"
#include "graphql/schema.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace slipway::graphql;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto document = parse(text);
  if (!document) {
    if (document.error().problems().empty() || document.error().problems()[0].line < 1) std::abort();
    return 0;
  }
  const std::string printed = print(**document);
  const auto again = parse(printed, {.max_tokens = 1'000'000});
  if (!again || print(**again) != printed) std::abort();
  static_cast<void>(Schema::load(text));
  return 0;
}
