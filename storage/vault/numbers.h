#pragma once

// The RFDnnnn of this folder; `referralctl explain` has the text.
namespace referrald::vault {

inline constexpr int kKeyMissing = 4101;
inline constexpr int kKeyExposed = 4102;
inline constexpr int kKeyMalformed = 4103;
inline constexpr int kSealBroken = 4104;
inline constexpr int kKeyUnreadable = 4105;
inline constexpr int kPersonErased = 4106;
inline constexpr int kKeyStoreUnusable = 4107;  // Missing, damaged, replaced, or of another key.
inline constexpr int kKeyStoreFull = 4108;
inline constexpr int kKeyStoreStopped = 4109;  // A sync failed; what the disk holds is not known.

}  // namespace referrald::vault
