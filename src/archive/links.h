// Do symbolic links stay inside their tree? Private to archive.
#pragma once
#include <filesystem>
#include <string>

namespace slipway::archive {

/// Follows the link root/path through all other links. Links to nothing count by their text; loops and
/// absolute targets do not stay inside.
bool link_stays_inside(const std::filesystem::path& root, const std::string& path);

}  // namespace slipway::archive
