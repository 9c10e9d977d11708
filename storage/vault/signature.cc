#include "storage/vault/signature.h"

#include <openssl/evp.h>

#include "storage/base/status.h"
#include "storage/vault/secret.h"

namespace referrald::vault {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

// Only want of memory, or a bug of ours.
void MustSucceed(int answer) { REFERRALD_CHECK(answer == 1); }

}  // namespace

bool VerifySignature(const PublicKey& signer, std::string_view message,
                     const Signature& signature) {
  EVP_PKEY* const key =
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, signer.data(), signer.size());
  REFERRALD_CHECK(key != nullptr);
  const Context context(EVP_MD_CTX_new());
  const int begun = EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key);
  EVP_PKEY_free(key);  // The context keeps its own reference.
  return begun == 1 && EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                        Bytes(message), message.size()) == 1;
}

Signer::Signer(const Key& private_key)
    : key_(
          EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, private_key.data(), Key::kSize)) {
  REFERRALD_CHECK(key_ != nullptr);
  size_t size = public_key_.size();
  MustSucceed(EVP_PKEY_get_raw_public_key(key_.get(), public_key_.data(), &size));
}

void Signer::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

Signature Signer::Sign(std::string_view message) const {
  const Context context(EVP_MD_CTX_new());
  MustSucceed(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()));
  Signature signature;
  size_t size = signature.size();
  MustSucceed(
      EVP_DigestSign(context.get(), signature.data(), &size, Bytes(message), message.size()));
  return signature;
}

}  // namespace referrald::vault
