#include "cli/app/digest.h"

#include "absl/strings/escaping.h"
#include "common/base/big_endian.h"

namespace sothon::cli {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }

void Sha256::Update(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

std::string Sha256::HexDigest() {
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return absl::BytesToHexString(digest);
}

std::string Sha256::HexDigestSoFar() const {
  Sha256 copy;
  EVP_MD_CTX_copy_ex(copy.context_.get(), context_.get());
  return copy.HexDigest();
}

std::string ShortDigest(std::string_view text) {
  Sha256 sha;
  sha.Update(text);
  return sha.HexDigest().substr(0, 24);
}

std::string DerivedId(std::string_view prefix, std::initializer_list<std::string_view> parts) {
  Sha256 sha;
  for (std::string_view part : parts) {
    sha.Update(BigEndian64(part.size()));
    sha.Update(part);
  }
  return std::string(prefix) + sha.HexDigest().substr(0, 40);
}

}  // namespace sothon::cli
