// The job's own copy of its source: the fetched one belongs to a cache and is read only.
#pragma once
#include <filesystem>

#include "base/error.h"

namespace slipway::plugins::runners::local_process {

/// Copies the tree; links stay links, everything becomes writable for its owner. `to` appears complete or not
/// at all; when it exists nothing is done. Blocking.
Result<> copy_source(const std::filesystem::path& from, const std::filesystem::path& to);
/// Removes a tree, also folders that were made read-only. An absent one is a success. Blocking.
Result<> remove_tree(const std::filesystem::path& tree);

}  // namespace slipway::plugins::runners::local_process
