// Grants: signed addresses that carry their own permission, because uploads and downloads come without credentials (protocol 1.1.3).
// A grant names one thing to do with one thing, and ends. Who holds the address may do that, and nothing else.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"

namespace slipway::server {

enum class GrantKind { put_artifact_file, put_manifest, put_run_file, get_blob, put_part };

struct Grant {
  GrantKind kind = GrantKind::get_blob;
  std::string entity;
  std::string digest;      ///< put: MD5 hex that the bytes must have, "" for any; get: SHA-256 hex.
  std::int64_t owner = 0;  ///< put_manifest: the artifact; put_run_file: the run; put_part: its number.
  std::string name;        ///< File name, for put_run_file and for the name of a download; put_part: the upload.
};

class Grants {
 public:
  Grants(Secret key, const Clock& clock) : key_(std::move(key)), clock_(clock) {}
  /// Reads the key, or makes one of 32 random bytes (mode 0600).
  static Result<Grants> load(const std::filesystem::path& key_file, const Clock& clock);

  /// "/storage/<token>": path below the server's address, good for `lifetime`.
  std::string address(const Grant& grant, Millis lifetime) const;
  /// permission_denied for anything that is not ours, was changed or has ended: one text for all, except that an ended one says so.
  Result<Grant> verify(std::string_view token) const;

 private:
  Secret key_;
  const Clock& clock_;
};

}  // namespace slipway::server
