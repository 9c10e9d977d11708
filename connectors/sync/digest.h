#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "storage/base/bytes.h"

namespace referrald::sync {

// SHA-256 of bytes that come in pieces. One thread at a time.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void Add(std::string_view bytes);
  // 64 hexadecimal digits; the object then starts anew.
  std::string Finish();
  // The first 16 bytes of the same.
  Hash128 FinishShort();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string Sha256Of(std::string_view bytes);

}  // namespace referrald::sync
