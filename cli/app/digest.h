// SHA-256, for event ids that are derived from what they name, and for knowing a file again.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "openssl/evp.h"

namespace sothon::cli {

// Thread-compatible.
class Sha256 {
 public:
  Sha256();
  void Update(std::string_view bytes);
  // Lower-case hexadecimal digits of what came so far.
  std::string HexDigestSoFar() const;
  // The same; once, nothing comes after it.
  std::string HexDigest();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

// The first 96 bits of the SHA-256 of `text`, 24 hexadecimal digits: for names within one plan.
std::string ShortDigest(std::string_view text);

// `prefix` and the first 160 bits of the SHA-256 of all parts, each with its length, so that no two lists of parts run
// together. An event id when prefix is short.
std::string DerivedId(std::string_view prefix, std::initializer_list<std::string_view> parts);

}  // namespace sothon::cli
