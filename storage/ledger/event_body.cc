#include "storage/ledger/event_body.h"

#include <algorithm>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/ledger/act_body.h"
#include "storage/ledger/records.h"
#include "storage/ledger/row_content.h"

namespace referrald::ledger {
namespace {

using referral::EventType;
using referral::Fact;

// Which texts of a fact are there, told in the open: what follows from a fact must not change when
// the texts can no longer be read.
constexpr uint64_t kHasReason = 1;
constexpr uint64_t kHasProvenance = 2;
constexpr uint64_t kHasReference = 4;

uint64_t TextsOf(const Fact& fact) {
  uint64_t texts = 0;
  if (!fact.reason.empty()) texts |= kHasReason;
  if (!fact.provenance.empty()) texts |= kHasProvenance;
  if (!fact.evidence.reference.empty()) texts |= kHasReference;
  return texts;
}

EventBody ToBody(const RowSeen& row) {
  TaggedWriter out;
  out.Unsigned(1, static_cast<uint64_t>(row.kind));
  out.Unsigned(2, row.entity.value);
  out.Unsigned(3, static_cast<uint64_t>(row.basis));
  out.Bytes(4, row.ref.system);
  out.Bytes(5, row.ref.object);
  out.Bytes(6, row.feed);
  out.Unsigned(7, row.priority);
  PutRunId(out, 8, row.run);
  out.Unsigned(9, row.row);
  out.Unsigned(10, row.previous.value);
  return {.subjects = {row.entity},
          .open = out.Take(),
          .secret = EncodeRowContent(row.ref.id, row.fields, row.associations),
          .owner = row.entity,
          .second = {}};
}

EventBody ToBody(const RowDeleted& row) {
  TaggedWriter out;
  out.Unsigned(1, row.entity.value);
  out.Bytes(2, row.ref.system);
  out.Bytes(3, row.ref.object);
  out.Bytes(4, row.feed);
  PutRunId(out, 5, row.run);
  out.Unsigned(6, row.row);
  out.Unsigned(7, row.previous.value);
  return {.subjects = {row.entity},
          .open = out.Take(),
          .secret = EncodeRowContent(row.ref.id, {}, {}),
          .owner = row.entity,
          .second = {}};
}

EventBody ToBody(const PartyMerged& merged) {
  TaggedWriter out;
  out.Unsigned(1, merged.loser.value);
  out.Unsigned(2, merged.winner.value);
  out.Bytes(3, merged.feed);
  PutRunId(out, 4, merged.run);
  out.Unsigned(5, merged.row);
  return {.subjects = {merged.loser, merged.winner},
          .open = out.Take(),
          .secret = {},
          .owner = {},
          .second = {}};
}

std::string SealedReason(const std::string& reason) {
  TaggedWriter out;
  out.Bytes(1, reason);
  return out.Take();
}

EventBody ToBody(const PartyErased& erased) {
  TaggedWriter out;
  out.Unsigned(1, erased.entity.value);
  for (const EntityId member : erased.members) out.Element(2, EncodeNumber(member.value));
  for (const Hash128& tombstone : erased.tombstones) out.Element(3, AsBytes(tombstone));
  EventBody body{.subjects = erased.members,
                 .open = out.Take(),
                 .secret = SealedReason(erased.reason),
                 .owner = {},
                 .second = {}};
  body.subjects.push_back(erased.entity);
  return body;
}

EventBody ToBody(const HeadAccepted& accepted) {
  TaggedWriter out;
  out.Unsigned(1, accepted.expected.value);
  out.Unsigned(2, accepted.found.value);
  return {.subjects = {},
          .open = out.Take(),
          .secret = SealedReason(accepted.reason),
          .owner = {},
          .second = {}};
}

EventBody ToBody(const NumberRetired&) { return {}; }

// A body that holds nothing personal.
EventBody OpenBody(std::string open) {
  return {.subjects = {}, .open = std::move(open), .secret = {}, .owner = {}, .second = {}};
}

EventBody ToBody(const WishAnswered& answered) {
  TaggedWriter out;
  out.Unsigned(1, answered.sequence.value);
  out.Unsigned(2, answered.entity.value);
  EventBody body = OpenBody(out.Take());
  body.subjects = {answered.entity};
  return body;
}

EventBody ToBody(const CheckpointSigned& checkpoint) {
  TaggedWriter out;
  out.Bytes(1, checkpoint.note);
  return OpenBody(out.Take());
}

EventBody ToBody(const SyncFinished& finished) {
  TaggedWriter out;
  PutRunId(out, 1, finished.run);
  out.Bytes(2, AsBytes(finished.digest));
  return OpenBody(out.Take());
}

EventBody ToBody(const practice::Act& act) {
  return {.subjects = {act.party, act.rep, act.other, act.opportunity},
          .open = EncodeAct(act),
          .secret = act.text.empty() ? std::string() : SealedReason(act.text),
          .owner = act.party ? act.party : act.rep,
          .second = act.party ? act.other : EntityId{}};
}

EventBody ToBody(const Fact& fact) {
  TaggedWriter out;
  out.Unsigned(1, fact.referral.value);
  out.Unsigned(2, fact.source.value);
  out.Unsigned(3, fact.contact.value);
  out.Unsigned(4, fact.rep.value);
  out.Unsigned(5, fact.opportunity.value);
  out.Unsigned(6, static_cast<uint64_t>(fact.channel));
  out.Bytes(7, fact.evidence.sha256);
  out.Unsigned(8, fact.evidence.contact_expects ? 1 : 0);
  out.Signed(9, fact.amount.minor_units);
  out.Bytes(10, fact.amount.currency);
  out.Unsigned(11, fact.implied ? 1 : 0);
  out.Unsigned(12, fact.because.value);
  out.Unsigned(13, TextsOf(fact));
  out.Unsigned(14, fact.source_slot);
  out.Unsigned(15, fact.survivor.value);
  out.Unsigned(16, fact.reviewer.value);
  out.Unsigned(17, fact.decision_maker ? 1 : 0);
  TaggedWriter secret;
  secret.Bytes(1, fact.reason);
  secret.Bytes(2, fact.provenance);
  secret.Bytes(3, fact.evidence.reference);
  return {.subjects = {fact.source, fact.contact, fact.rep, fact.opportunity},
          .open = out.Take(),
          .secret = secret.Take(),
          .owner = fact.contact ? fact.contact : (fact.source ? fact.source : fact.rep),
          .second = fact.contact ? fact.source : EntityId{}};
}

Status TakeRun(const TaggedReader& reader, RunId& into) {
  const Result<RunId> run = TakeRunId(reader.value());
  if (run) into = *run;
  return StatusOf(run);
}

Status Take(TaggedReader& reader, RowSeen& row) {
  switch (reader.tag()) {
    case 1: row.kind = static_cast<referral::EntityKind>(reader.Unsigned()); break;
    case 2: row.entity.value = reader.Unsigned(); break;
    case 3: row.basis = static_cast<referral::MatchBasis>(reader.Unsigned()); break;
    case 4: row.ref.system = reader.Text(); break;
    case 5: row.ref.object = reader.Text(); break;
    case 6: row.feed = reader.Text(); break;
    case 7: row.priority = static_cast<uint32_t>(reader.Unsigned()); break;
    case 8: return TakeRun(reader, row.run);
    case 9: row.row = reader.Unsigned(); break;
    case 10: row.previous.value = reader.Unsigned(); break;
    default: break;
  }
  return Status::Ok();
}

Status Take(TaggedReader& reader, RowDeleted& row) {
  switch (reader.tag()) {
    case 1: row.entity.value = reader.Unsigned(); break;
    case 2: row.ref.system = reader.Text(); break;
    case 3: row.ref.object = reader.Text(); break;
    case 4: row.feed = reader.Text(); break;
    case 5: return TakeRun(reader, row.run);
    case 6: row.row = reader.Unsigned(); break;
    case 7: row.previous.value = reader.Unsigned(); break;
    default: break;
  }
  return Status::Ok();
}

Status Take(TaggedReader& reader, PartyMerged& merged) {
  switch (reader.tag()) {
    case 1: merged.loser.value = reader.Unsigned(); break;
    case 2: merged.winner.value = reader.Unsigned(); break;
    case 3: merged.feed = reader.Text(); break;
    case 4: return TakeRun(reader, merged.run);
    case 5: merged.row = reader.Unsigned(); break;
    default: break;
  }
  return Status::Ok();
}

Status Take(TaggedReader& reader, PartyErased& erased) {
  switch (reader.tag()) {
    case 1: erased.entity.value = reader.Unsigned(); break;
    case 2: {
      const Result<uint64_t> member = DecodeNumber(reader.value());
      if (!member) return member.error();
      erased.members.push_back(EntityId{*member});
      break;
    }
    case 3: {
      const Result<Hash128> tombstone = TakeHash(reader.value());
      if (!tombstone) return tombstone.error();
      erased.tombstones.push_back(*tombstone);
      break;
    }
    default: break;
  }
  return Status::Ok();
}

Status Take(TaggedReader&, NumberRetired&) { return Status::Ok(); }

Status Take(TaggedReader& reader, HeadAccepted& accepted) {
  switch (reader.tag()) {
    case 1: accepted.expected.value = reader.Unsigned(); break;
    case 2: accepted.found.value = reader.Unsigned(); break;
    default: break;
  }
  return Status::Ok();
}

Status Take(TaggedReader& reader, WishAnswered& answered) {
  switch (reader.tag()) {
    case 1: answered.sequence.value = reader.Unsigned(); break;
    case 2: answered.entity.value = reader.Unsigned(); break;
    default: break;
  }
  return Status::Ok();
}

Status Take(TaggedReader& reader, CheckpointSigned& checkpoint) {
  if (reader.tag() == 1) checkpoint.note = reader.Text();
  return Status::Ok();
}

Status Take(TaggedReader& reader, SyncFinished& finished) {
  if (reader.tag() == 1) return TakeRun(reader, finished.run);
  if (reader.tag() != 2) return Status::Ok();
  const Result<Hash128> digest = TakeHash(reader.value());
  if (digest) finished.digest = *digest;
  return StatusOf(digest);
}

// The texts themselves are in the sealed part; until that is opened they are only known to be.
void TakeTexts(uint64_t texts, Fact& fact) {
  if ((texts & kHasReason) != 0) fact.reason = Event::kErasedText;
  if ((texts & kHasProvenance) != 0) fact.provenance = Event::kErasedText;
  if ((texts & kHasReference) != 0) fact.evidence.reference = Event::kErasedText;
}

Status Take(TaggedReader& reader, Fact& fact) {
  switch (reader.tag()) {
    case 1: fact.referral.value = reader.Unsigned(); break;
    case 2: fact.source.value = reader.Unsigned(); break;
    case 3: fact.contact.value = reader.Unsigned(); break;
    case 4: fact.rep.value = reader.Unsigned(); break;
    case 5: fact.opportunity.value = reader.Unsigned(); break;
    case 6: fact.channel = static_cast<referral::Channel>(reader.Unsigned()); break;
    case 7: fact.evidence.sha256 = reader.Text(); break;
    case 8: fact.evidence.contact_expects = reader.Unsigned() != 0; break;
    case 9: fact.amount.minor_units = reader.Signed(); break;
    case 10: fact.amount.currency = reader.Text(); break;
    case 11: fact.implied = reader.Unsigned() != 0; break;
    case 12: fact.because.value = reader.Unsigned(); break;
    case 13: TakeTexts(reader.Unsigned(), fact); break;
    case 14: fact.source_slot = static_cast<uint8_t>(reader.Unsigned()); break;
    case 15: fact.survivor.value = reader.Unsigned(); break;
    case 16: fact.reviewer.value = reader.Unsigned(); break;
    case 17: fact.decision_maker = reader.Unsigned() != 0; break;
    default: break;
  }
  return Status::Ok();
}

template <typename Body>
Status TakeAll(std::string_view open, Body& body) {
  TaggedReader reader(open);
  while (reader.Next()) {
    if (!Take(reader, body).ok()) return Damaged("event body");
  }
  return reader.status().ok() ? Status::Ok() : Damaged("event body");
}

Status TakeSecret(std::string_view secret, RowSeen& row) {
  Result<RowContent> content = DecodeRowContent(secret);
  if (!content) return content.error();
  row.ref.id = std::move(content->external_id);
  row.fields = std::move(content->fields);
  row.associations = std::move(content->associations);
  return Status::Ok();
}

Status TakeSecret(std::string_view secret, RowDeleted& row) {
  Result<RowContent> content = DecodeRowContent(secret);
  if (!content) return content.error();
  row.ref.id = std::move(content->external_id);
  return Status::Ok();
}

Status TakeNothing(std::string_view secret) {
  return secret.empty() ? Status::Ok() : Damaged("event body");
}

Status TakeSecret(std::string_view secret, PartyMerged&) { return TakeNothing(secret); }
Status TakeSecret(std::string_view secret, NumberRetired&) { return TakeNothing(secret); }
Status TakeSecret(std::string_view secret, WishAnswered&) { return TakeNothing(secret); }
Status TakeSecret(std::string_view secret, CheckpointSigned&) { return TakeNothing(secret); }
Status TakeSecret(std::string_view secret, SyncFinished&) { return TakeNothing(secret); }

Status TakeReason(std::string_view secret, std::string& reason) {
  TaggedReader reader(secret);
  while (reader.Next()) {
    if (reader.tag() == 1) reason = reader.Text();
  }
  return reader.status().ok() ? Status::Ok() : Damaged("event body");
}

Status TakeSecret(std::string_view secret, PartyErased& erased) {
  return TakeReason(secret, erased.reason);
}

Status TakeSecret(std::string_view secret, HeadAccepted& accepted) {
  return TakeReason(secret, accepted.reason);
}

Status TakeSecret(std::string_view secret, Fact& fact) {
  const uint64_t promised = TextsOf(fact);
  fact.reason.clear();
  fact.provenance.clear();
  fact.evidence.reference.clear();
  TaggedReader reader(secret);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: fact.reason = reader.Text(); break;
      case 2: fact.provenance = reader.Text(); break;
      case 3: fact.evidence.reference = reader.Text(); break;
      default: break;
    }
  }
  const bool kept = reader.status().ok() && TextsOf(fact) == promised;
  return kept ? Status::Ok() : Damaged("event body");
}

template <typename Body>
Status FromParts(std::string_view open, std::optional<std::string_view> secret, Body body,
                 Event& event) {
  Status status = TakeAll(open, body);
  event.redacted = !secret;
  if (status.ok() && secret) status = TakeSecret(*secret, body);
  if (status.ok()) event.body = std::move(body);
  return status;
}

Status FromAct(EventType type, std::string_view open, std::optional<std::string_view> secret,
               Event& event) {
  Result<practice::Act> act = DecodeAct(type, open);
  if (!act) return act.error();
  event.redacted = !secret;
  if (secret) {
    act->text.clear();
    if (Status status = TakeReason(*secret, act->text); !status.ok()) return status;
  }
  event.body = *std::move(act);
  return Status::Ok();
}

}  // namespace

EventBody ToBody(const Event& event) {
  EventBody body = std::visit([](const auto& one) { return ToBody(one); }, event.body);
  // A row that was gone before it was seen belongs to nobody: sealed for the id that it would have
  // got, the sequence.
  const bool is_row = std::holds_alternative<RowDeleted>(event.body);
  if (is_row && !body.owner) body.owner = EntityId{event.sequence.value};
  std::erase(body.subjects, EntityId{});
  std::ranges::sort(body.subjects);
  const auto repeats = std::ranges::unique(body.subjects);
  body.subjects.erase(repeats.begin(), repeats.end());
  return body;
}

Status FromBody(EventType type, std::string_view open, std::optional<std::string_view> secret,
                Event& event) {
  switch (type) {
    case EventType::kPartySeen:
    case EventType::kOpportunitySeen: return FromParts(open, secret, RowSeen{}, event);
    case EventType::kRowDeleted: return FromParts(open, secret, RowDeleted{}, event);
    case EventType::kPartyMerged: return FromParts(open, secret, PartyMerged{}, event);
    case EventType::kPartyErased: return FromParts(open, secret, PartyErased{}, event);
    case EventType::kHeadAccepted: return FromParts(open, secret, HeadAccepted{}, event);
    case EventType::kNumberRetired: return FromParts(open, secret, NumberRetired{}, event);
    case EventType::kWishAnswered: return FromParts(open, secret, WishAnswered{}, event);
    case EventType::kCheckpointSigned: return FromParts(open, secret, CheckpointSigned{}, event);
    case EventType::kSyncFinished: return FromParts(open, secret, SyncFinished{}, event);
    default: break;
  }
  if (practice::FindActRule(type) != nullptr) return FromAct(type, open, secret, event);
  if (referral::EventTypeName(type).starts_with("Unknown")) {
    return Status::Corruption("unknown event type; written by a later version?", 4203);
  }
  Fact fact;
  fact.type = type;
  return FromParts(open, secret, std::move(fact), event);
}

}  // namespace referrald::ledger
