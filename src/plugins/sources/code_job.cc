#include "plugins/sources/code_job.h"

#include <algorithm>

#include "base/strings.h"
#include "launch/image_ref.h"

namespace slipway::plugins::sources {
namespace fs = std::filesystem;

Result<fs::path> inside(const fs::path& root, const std::string& path, std::string_view what) {
  const fs::path relative(path);
  const bool climbs = std::ranges::any_of(relative, [](const fs::path& part) { return part == ".."; });
  if (relative.is_absolute() || climbs) {
    return Error(Code::invalid_argument,
                 std::string(what) + " '" + path + "' must be a path inside the source, without '..'");
  }
  std::error_code ec;
  const auto real_root = fs::canonical(root, ec);
  const auto real = ec ? fs::path() : fs::canonical(real_root / relative, ec);
  if (ec) return Error(Code::not_found, std::string(what) + " '" + path + "' does not exist in the source");
  const auto [end, ignored] = std::mismatch(real_root.begin(), real_root.end(), real.begin(), real.end());
  if (end != real_root.end())
    return Error(Code::invalid_argument, std::string(what) + " '" + path + "' is a link that leads out of the source");
  return root / relative;
}

Result<FetchedSource> describe_code_job(const launch::JobFile& job, const fs::path& dir, const std::string& identity) {
  FetchedSource fetched;
  fetched.dir = dir;
  fetched.identity = identity;
  fetched.entry_point = job.entry_point;
  fetched.build_context = job.build_context;
  fetched.dockerfile = job.dockerfile;
  fetched.base_image = job.base_image;
  if (!job.base_image.empty()) TRY_VOID(launch::parse_image_ref(job.base_image));
  auto context = dir;
  if (!job.build_context.empty()) {
    TRY(context, inside(dir, job.build_context, "the build context"));
    std::error_code ec;
    if (!fs::is_directory(context, ec))
      return Error(Code::invalid_argument, "the build context '" + job.build_context + "' is no directory");
  }
  if (!job.dockerfile.empty()) TRY_VOID(inside(context, job.dockerfile, "the Dockerfile"));
  if (!job.runtime.empty()) {
    TRY(fetched.python_version, launch::parse_runtime(job.runtime));
  }
  return fetched;
}

}  // namespace slipway::plugins::sources
