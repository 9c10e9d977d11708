#include "connectors/sync/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace referrald::sync {

struct Sha256::State {
  struct Free {
    void operator()(EVP_MD_CTX* done) const { EVP_MD_CTX_free(done); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};

  // Failure here means no memory or a build of OpenSSL without SHA-256; neither can be gone on
  // from.
  State() { Begin(); }
  void Begin() {
    REFERRALD_CHECK(context != nullptr);
    REFERRALD_CHECK(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  }

  using Bytes = std::array<unsigned char, 32>;
  Bytes Finish() {
    Bytes bytes{};
    REFERRALD_CHECK(EVP_DigestFinal_ex(context.get(), bytes.data(), nullptr) == 1);
    Begin();
    return bytes;
  }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::Add(std::string_view bytes) {
  REFERRALD_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::Finish() {
  const State::Bytes bytes = state_->Finish();
  return ToHex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Hash128 Sha256::FinishShort() {
  const State::Bytes bytes = state_->Finish();
  Hash128 hash{};
  std::copy_n(bytes.begin(), hash.size(), hash.begin());
  return hash;
}

std::string Sha256Of(std::string_view bytes) {
  Sha256 digest;
  digest.Add(bytes);
  return digest.Finish();
}

}  // namespace referrald::sync
