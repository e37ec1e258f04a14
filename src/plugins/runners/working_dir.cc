#include "plugins/runners/working_dir.h"

#include <filesystem>

#include <fmt/format.h>

namespace slipway::plugins::runners {

Result<std::string> working_dir_below(const std::string& working_dir) {
  const auto path = std::filesystem::path(working_dir).lexically_normal();
  const std::string text = path.string();
  if (path.is_absolute() || text == ".." || text.starts_with("../") || text.find('\0') != std::string::npos) {
    return Error(Code::invalid_argument,
                 fmt::format("overrides.working_dir '{}' is not below the job's source", working_dir))
        .hint("Give a path relative to the root of the source, without leading '/' or '..'.");
  }
  if (text.empty() || text == ".") return std::string();
  return text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
}

}  // namespace slipway::plugins::runners
