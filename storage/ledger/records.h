#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/bytes.h"
#include "storage/base/ids.h"
#include "storage/base/status.h"
#include "storage/ledger/merkle.h"
#include "storage/ledger/reader.h"
#include "storage/ledger/run.h"
#include "storage/referral/entity.h"
#include "storage/referral/referral.h"

// The values of the store but for the envelope and the entity: storage/doc/format.md. Every
// Decode answers Corruption (RFD4203) for bytes that the Encode beside it could not have written.
namespace referrald::ledger {

// 'V'.
struct StoreInfo {
  uint64_t format_version = 0;
  Hash128 check{};
  uint8_t generation = 1;
  Hash128 identity{};          // Of this database; names its checkpoints.
  bool has_head_file = false;  // One was made, and must be there.
  // What wrote the read models of `generation`; others than kDerivedVersion are made anew at start.
  uint64_t derived_version = 0;
};
inline constexpr uint64_t kFormatVersion = 3;
// One more with every release that derives other keys or values from the same log.
inline constexpr uint64_t kDerivedVersion = 3;
std::string Encode(const StoreInfo& info);
Result<StoreInfo> DecodeStoreInfo(std::string_view bytes);

// 'H'.
struct Head {
  Sequence last;
  Hash256 chain{};      // Link of that event.
  MerkleFrontier tree;  // Over all events up to it.
};
std::string Encode(const Head& head);
Result<Head> DecodeHead(std::string_view bytes);

// 'D' .. 'j': what an idempotency key stands for.
struct IdempotencyRecord {
  Hash128 payload{};
  Sequence sequence;
  ReferralId referral;
  EntityId entity;
};
std::string Encode(const IdempotencyRecord& record);
Result<IdempotencyRecord> DecodeIdempotency(std::string_view bytes);

// 'D' .. 'x'.
struct LinkRecord {
  EntityId entity;  // 0: the row was gone before we saw it.
  Hash128 fingerprint{};
  Sequence event;
  bool deleted = false;
};
std::string Encode(const LinkRecord& record);
Result<LinkRecord> DecodeLink(std::string_view bytes);

// 'D' .. 'r': the folded state and the facts it was folded from.
struct ReferralRecord {
  referral::Referral referral;
  std::vector<Sequence> facts;
};
std::string Encode(const ReferralRecord& record);
Result<ReferralRecord> DecodeReferral(ReferralId id, std::string_view bytes);

// 'D' .. 'k'; `events` is not kept here: the head knows it.
std::string Encode(const Totals& totals);
Result<Totals> DecodeTotals(std::string_view bytes);

// 'D' .. 'w': how far the read models of a generation go. Written with what it covers.
struct Watermark {
  Sequence last;
  MerkleFrontier tree;  // Over the events up to it.
};
std::string Encode(const Watermark& watermark);
Result<Watermark> DecodeWatermark(std::string_view bytes);

// 'D' .. 'g' and 'i': the other end of an introduction.
struct IntroductionEnd {
  EntityId person;
  Sequence sequence;
  Timestamp occurred_at{};
};
std::string Encode(const IntroductionEnd& end);
Result<IntroductionEnd> DecodeIntroductionEnd(std::string_view bytes);

std::string Encode(const RunRecord& run);
Result<RunRecord> DecodeRun(const RunId& id, std::string_view bytes);

std::string Encode(const Reject& reject);
Result<Reject> DecodeReject(uint64_t record, std::string_view bytes);

// A big-endian number alone, as the value of 'E'-less look-ups such as triples.
std::string EncodeNumber(uint64_t value);
Result<uint64_t> DecodeNumber(std::string_view bytes);

// Parts that several records share.
void PutRunId(TaggedWriter& out, uint32_t tag, const RunId& run);
Result<RunId> TakeRunId(std::string_view bytes);
Result<Hash128> TakeHash(std::string_view bytes);
Result<Hash256> TakeHash256(std::string_view bytes);
// What is damaged, and where: RFD4203.
Status Damaged(std::string_view what);

}  // namespace referrald::ledger
