// Ignore files are written by anybody: any text gives an answer, in bounded time.
#include "archive/ignore.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace slipway::archive;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto cut = text.find('\0');
  const auto path = cut == std::string_view::npos ? std::string_view("a/b/c.txt") : text.substr(cut + 1);
  for (const auto dialect : {IgnoreDialect::git, IgnoreDialect::docker}) {
    IgnoreRules rules;
    rules.add(text.substr(0, cut), dialect);
    static_cast<void>(rules.excludes(path, EntryKind::file, false));
    static_cast<void>(rules.excludes(path, EntryKind::folder, true));
  }
  return 0;
}
