// Hostile tar files: whatever the bytes are, nothing appears outside the folder and no link leads out of it.
#include <cstdlib>
#include <fstream>

#include "archive/archive.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace fs = std::filesystem;
  using namespace slipway::archive;
  const auto folder = TemporaryFolder::create("tar-fuzz-");
  if (!folder) std::abort();
  const auto tar = folder->path() / "in.tar";
  std::ofstream(tar, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto out = folder->path() / "out";
  const auto extracted = extract_tar(tar, out, 1 << 20);
  std::size_t found = 0;
  for ([[maybe_unused]] const auto& each : fs::directory_iterator(folder->path())) ++found;
  if (found != (extracted ? 2u : 1u)) std::abort();
  // What was extracted can be listed again: list_tree refuses links that leave the tree.
  if (extracted && !list_tree(out)) std::abort();
  return 0;
}
