#pragma once

// The RFDnnnn of this folder; `referralctl explain` has the text.
namespace referrald::engine {

inline constexpr int kStoreInUse = 4001;
inline constexpr int kStorageFull = 4002;
inline constexpr int kStoreDamaged = 4003;
inline constexpr int kStoreForeign = 4004;
inline constexpr int kStoreUnusable = 4005;
inline constexpr int kStoreStopped = 4006;
inline constexpr int kHeadMissing = 4011;
inline constexpr int kHeadDamaged = 4012;
inline constexpr int kHeadUnusable = 4013;
inline constexpr int kBackupBusy = 4014;
inline constexpr int kBackupDamaged = 4015;
inline constexpr int kNoSuchBackup = 4016;
inline constexpr int kRestoreOverStore = 4017;

}  // namespace referrald::engine
