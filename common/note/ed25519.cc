#include "common/note/ed25519.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

#include "common/base/strings.h"

namespace sothon::note {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, Free>;
using ContextHandle = std::unique_ptr<EVP_MD_CTX, Free>;

// A refused signature leaves errors in the thread's queue, where TLS of the same thread would trip over them.
class ErrorsForgotten {
 public:
  ErrorsForgotten() { ERR_set_mark(); }
  ~ErrorsForgotten() { ERR_pop_to_mark(); }
  ErrorsForgotten(const ErrorsForgotten&) = delete;
  ErrorsForgotten& operator=(const ErrorsForgotten&) = delete;
};

const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

template <typename Seed>
KeyHandle MakeKey(const Seed& seed) {
  return KeyHandle(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
}

}  // namespace

absl::StatusOr<PrivateKey> PrivateKey::Generate() {
  const ErrorsForgotten forgotten;
  std::array<uint8_t, 32> seed;
  if (RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) != 1) {
    return absl::InternalError("no random bytes to be had for a key");
  }
  absl::StatusOr<PrivateKey> key = FromSeed({reinterpret_cast<const char*>(seed.data()), seed.size()});
  OPENSSL_cleanse(seed.data(), seed.size());
  return key;
}

absl::StatusOr<PrivateKey> PrivateKey::FromSeed(std::string_view seed) {
  const ErrorsForgotten forgotten;
  PrivateKey key;
  if (seed.size() != key.seed_.size()) {
    return absl::InvalidArgumentError(StrCat("the seed of an Ed25519 key is 32 bytes, not ", seed.size()));
  }
  std::copy(seed.begin(), seed.end(), key.seed_.begin());
  const KeyHandle handle = MakeKey(key.seed_);
  size_t size = key.public_key_.bytes.size();
  if (handle == nullptr || EVP_PKEY_get_raw_public_key(handle.get(), key.public_key_.bytes.data(), &size) != 1) {
    return absl::InternalError("OpenSSL makes no Ed25519 key");
  }
  return key;
}

PrivateKey::PrivateKey(PrivateKey&& other) noexcept : seed_(other.seed_), public_key_(other.public_key_) {
  OPENSSL_cleanse(other.seed_.data(), other.seed_.size());
}

PrivateKey& PrivateKey::operator=(PrivateKey&& other) noexcept {
  if (this == &other) return *this;
  seed_ = other.seed_;
  public_key_ = other.public_key_;
  OPENSSL_cleanse(other.seed_.data(), other.seed_.size());
  return *this;
}

PrivateKey::~PrivateKey() { OPENSSL_cleanse(seed_.data(), seed_.size()); }

absl::StatusOr<std::string> PrivateKey::Sign(std::string_view message) const {
  const ErrorsForgotten forgotten;
  const KeyHandle key = MakeKey(seed_);
  const ContextHandle context(EVP_MD_CTX_new());
  std::string signature(kEd25519SignatureSize, '\0');
  size_t size = signature.size();
  if (key == nullptr || context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<uint8_t*>(signature.data()), &size, Bytes(message),
                     message.size()) != 1 ||
      size != signature.size()) {
    return absl::InternalError("OpenSSL makes no Ed25519 signature");
  }
  return signature;
}

bool Verify(const PublicKey& key, std::string_view message, std::string_view signature) {
  if (signature.size() != kEd25519SignatureSize) return false;
  const ErrorsForgotten forgotten;
  const KeyHandle handle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
  const ContextHandle context(EVP_MD_CTX_new());
  return handle != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message), message.size()) == 1;
}

}  // namespace sothon::note
