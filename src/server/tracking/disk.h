// Files that are put into place so that a crash loses nothing that was acknowledged.
#pragma once
#include <filesystem>
#include <string_view>

#include "base/error.h"

namespace slipway::server {

/// From errno; a full disk is resource_exhausted and says what to do.
Error disk_error(std::string_view doing, int number);
/// Renames and flushes the folders. Makes the parent folder of `to`.
Result<> put_in_place(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace slipway::server
