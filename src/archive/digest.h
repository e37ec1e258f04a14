// Digests of streams. Private to archive; base/ids.h has those of texts.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace slipway::archive {

enum class DigestKind { md5, sha256 };

class Digest {
 public:
  explicit Digest(DigestKind kind);
  void update(std::string_view bytes);
  /// The raw digest. Once.
  std::string finish();

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

}  // namespace slipway::archive
