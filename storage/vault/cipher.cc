#include "storage/vault/cipher.h"

#include <openssl/evp.h>

#include "storage/base/status.h"

namespace referrald::vault {
namespace {

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}
uint8_t* Bytes(char* text) { return reinterpret_cast<uint8_t*>(text); }
int Size(std::string_view text) { return static_cast<int>(text.size()); }

// With valid keys and sizes these calls fail only for want of memory or for a bug of ours; a record
// must never be written unsealed, so there is nothing to go on with.
void MustSucceed(int answer) { REFERRALD_CHECK(answer == 1); }

EVP_CIPHER_CTX* NewContext(bool encrypt) {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  REFERRALD_CHECK(context != nullptr);
  MustSucceed(
      EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nullptr, nullptr, nullptr, encrypt ? 1 : 0));
  return context;
}

}  // namespace

void FreeCipherContext::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);  // Wipes the key in it.
}

Sealer::Sealer() : context_(NewContext(/*encrypt=*/true)) {}

void Sealer::SetKey(const Key& key) {
  MustSucceed(EVP_EncryptInit_ex(context_.get(), nullptr, nullptr, key.data(), nullptr));
}

void Sealer::Seal(std::string_view nonce, std::string_view aad, std::string_view plain,
                  std::string& out) {
  REFERRALD_CHECK(nonce.size() == kNonceSize);
  EVP_CIPHER_CTX* const context = context_.get();
  const size_t start = out.size();
  out.resize(start + plain.size() + kTagSize);
  uint8_t* const cipher = Bytes(out.data() + start);
  uint8_t* const tag = cipher + plain.size();
  int size = 0;
  MustSucceed(EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, Bytes(nonce)));
  MustSucceed(EVP_EncryptUpdate(context, nullptr, &size, Bytes(aad), Size(aad)));
  MustSucceed(EVP_EncryptUpdate(context, cipher, &size, Bytes(plain), Size(plain)));
  MustSucceed(EVP_EncryptFinal_ex(context, tag, &size));
  MustSucceed(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagSize, tag));
}

Opener::Opener() : context_(NewContext(/*encrypt=*/false)) {}

void Opener::SetKey(const Key& key) {
  MustSucceed(EVP_DecryptInit_ex(context_.get(), nullptr, nullptr, key.data(), nullptr));
}

bool Opener::Open(std::string_view nonce, std::string_view aad, std::string_view sealed,
                  std::string& out) {
  out.clear();
  if (nonce.size() != kNonceSize || sealed.size() < kTagSize) return false;
  EVP_CIPHER_CTX* const context = context_.get();
  const std::string_view cipher = sealed.substr(0, sealed.size() - kTagSize);
  std::string tag(sealed.substr(cipher.size()));
  out.resize(cipher.size());
  uint8_t* const plain = Bytes(out.data());
  int size = 0;
  MustSucceed(EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, Bytes(nonce)));
  MustSucceed(EVP_DecryptUpdate(context, nullptr, &size, Bytes(aad), Size(aad)));
  MustSucceed(EVP_DecryptUpdate(context, plain, &size, Bytes(cipher), Size(cipher)));
  MustSucceed(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()));
  if (EVP_DecryptFinal_ex(context, plain + out.size(), &size) == 1) return true;
  // What was decrypted before the tag was checked is nobody's text.
  Wipe(out.data(), out.size());
  out.clear();
  return false;
}

}  // namespace referrald::vault
