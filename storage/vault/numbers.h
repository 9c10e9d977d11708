#pragma once

// The RFDnnnn of this folder; `referralctl explain` has the text.
namespace referrald::vault {

inline constexpr int kKeyMissing = 4101;
inline constexpr int kKeyExposed = 4102;
inline constexpr int kKeyMalformed = 4103;
inline constexpr int kSealBroken = 4104;
inline constexpr int kKeyUnreadable = 4105;

}  // namespace referrald::vault
