#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/practice/act.h"
#include "storage/referral/entity.h"
#include "storage/referral/fact.h"
#include "storage/referral/matching.h"

namespace referrald::ledger {

// Body of kPartySeen and kOpportunitySeen: one row of a system, whole.
struct RowSeen {
  referral::EntityKind kind = referral::EntityKind::kUnknown;
  EntityId entity;  // New (its id is this event's sequence), or the one the row belongs to.
  referral::MatchBasis basis = referral::MatchBasis::kNew;
  referral::ExternalRef ref;  // The id is sealed.
  std::string feed;
  uint32_t priority = 0;
  RunId run;
  uint64_t row = 0;
  Sequence previous{};      // The event before this one that is about the same row; 0: none.
  referral::Fields fields;  // Sealed.
  std::vector<referral::Association> associations;  // Sealed.
  friend bool operator==(const RowSeen&, const RowSeen&) = default;
};

// Body of kRowDeleted.
struct RowDeleted {
  EntityId entity;
  referral::ExternalRef ref;  // The id is sealed.
  std::string feed;
  RunId run;
  uint64_t row = 0;
  Sequence previous{};  // As in RowSeen.
  friend bool operator==(const RowDeleted&, const RowDeleted&) = default;
};

// Body of kPartyMerged: `loser` is `winner`; its links move there, its id keeps resolving.
struct PartyMerged {
  EntityId loser, winner;
  std::string feed;
  RunId run;
  uint64_t row = 0;
  friend bool operator==(const PartyMerged&, const PartyMerged&) = default;
};

// Body of kPartyErased.
struct PartyErased {
  EntityId entity;                  // 0: of a party that this log never had (restored_log.h).
  std::vector<EntityId> members;    // Ids that were merged into it, ascending: erased with it.
  std::vector<Hash128> tombstones;  // Blind indexes by which a later row is known and suppressed.
  std::string reason;               // Sealed for the store itself.
  friend bool operator==(const PartyErased&, const PartyErased&) = default;
};

// Body of kHeadAccepted.
struct HeadAccepted {
  Sequence expected;   // What the head file said.
  Sequence found;      // Where the log ended.
  std::string reason;  // Sealed for the store itself.
  friend bool operator==(const HeadAccepted&, const HeadAccepted&) = default;
};

// Body of kNumberRetired: nothing but its own number.
struct NumberRetired {
  friend bool operator==(const NumberRetired&, const NumberRetired&) = default;
};

// Body of kWishAnswered: what the receipt of a wish said that led to nothing new. The key and the
// payload of the wish stand in the event like those of any other.
struct WishAnswered {
  Sequence sequence;  // Of the event that said it before.
  EntityId entity;
  friend bool operator==(const WishAnswered&, const WishAnswered&) = default;
};

// Body of kCheckpointSigned.
struct CheckpointSigned {
  std::string note;  // The signed checkpoint (storage/doc/proof.md) of the log before this event.
  friend bool operator==(const CheckpointSigned&, const CheckpointSigned&) = default;
};

// Body of kSyncFinished.
struct SyncFinished {
  RunId run;
  Hash128 digest{};  // Of the run's record and rejects (run_digest.h).
  friend bool operator==(const SyncFinished&, const SyncFinished&) = default;
};

// What the log keeps, opened. On disk: storage/doc/format.md.
struct Event {
  Sequence sequence;
  Timestamp occurred_at{}, recorded_at{};
  std::string actor;      // "uid:1000", "feed:hubspot-eu", "rpc:billing"; never a person's name.
  Hash128 idempotency{};  // Blind index of the caller's key; zero: none.
  Hash128 payload{};      // Of the wish that came with the key.
  Hash256 chain{};        // Its link in the hash chain; set when it is appended.
  // Somebody it is about was erased: ids remain, sealed texts are `kErasedText` or empty.
  bool redacted = false;
  std::variant<RowSeen, RowDeleted, PartyMerged, PartyErased, HeadAccepted, NumberRetired,
               WishAnswered, CheckpointSigned, SyncFinished, practice::Act, referral::Fact>
      body;

  static constexpr std::string_view kErasedText = "(erased)";

  referral::EventType type() const;
  friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace referrald::ledger
