#include "storage/ledger/event_body.h"

#include <algorithm>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/ledger/records.h"
#include "storage/ledger/row_content.h"

namespace referrald::ledger {
namespace {

using referral::EventType;
using referral::Fact;

// Sealed for nobody else: the sequence is the id that the entity would have got.
EntityId OwnerOr(EntityId entity, const Event& event) {
  return entity ? entity : EntityId{event.sequence.value};
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
  return {.subjects = {row.entity},
          .open = out.Take(),
          .secret = EncodeRowContent(row.ref.id, row.fields, row.associations),
          .owner = row.entity};
}

EventBody ToBody(const RowDeleted& row) {
  TaggedWriter out;
  out.Unsigned(1, row.entity.value);
  out.Bytes(2, row.ref.system);
  out.Bytes(3, row.ref.object);
  out.Bytes(4, row.feed);
  PutRunId(out, 5, row.run);
  out.Unsigned(6, row.row);
  return {.subjects = {row.entity},
          .open = out.Take(),
          .secret = EncodeRowContent(row.ref.id, {}, {}),
          .owner = row.entity};
}

EventBody ToBody(const PartyMerged& merged) {
  TaggedWriter out;
  out.Unsigned(1, merged.loser.value);
  out.Unsigned(2, merged.winner.value);
  out.Bytes(3, merged.feed);
  PutRunId(out, 4, merged.run);
  out.Unsigned(5, merged.row);
  return {.subjects = {merged.loser, merged.winner}, .open = out.Take(), .secret = {}, .owner = {}};
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
  TaggedWriter secret;
  secret.Bytes(1, fact.reason);
  secret.Bytes(2, fact.provenance);
  secret.Bytes(3, fact.evidence.reference);
  return {.subjects = {fact.source, fact.contact, fact.rep, fact.opportunity},
          .open = out.Take(),
          .secret = secret.Take(),
          .owner = fact.contact ? fact.contact : (fact.source ? fact.source : fact.rep)};
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

Status TakeSecret(std::string_view secret, PartyMerged&) {
  return secret.empty() ? Status::Ok() : Damaged("event body");
}

Status TakeSecret(std::string_view secret, Fact& fact) {
  TaggedReader reader(secret);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: fact.reason = reader.Text(); break;
      case 2: fact.provenance = reader.Text(); break;
      case 3: fact.evidence.reference = reader.Text(); break;
      default: break;
    }
  }
  return reader.status().ok() ? Status::Ok() : Damaged("event body");
}

template <typename Body>
Status FromParts(std::string_view open, std::string_view secret, Body body, Event& event) {
  Status status = TakeAll(open, body);
  if (status.ok()) status = TakeSecret(secret, body);
  if (status.ok()) event.body = std::move(body);
  return status;
}

}  // namespace

EventBody ToBody(const Event& event) {
  EventBody body = std::visit([](const auto& one) { return ToBody(one); }, event.body);
  body.owner = OwnerOr(body.owner, event);
  std::erase(body.subjects, EntityId{});
  std::ranges::sort(body.subjects);
  const auto repeats = std::ranges::unique(body.subjects);
  body.subjects.erase(repeats.begin(), repeats.end());
  return body;
}

Status FromBody(EventType type, std::string_view open, std::string_view secret, Event& event) {
  switch (type) {
    case EventType::kPartySeen:
    case EventType::kOpportunitySeen: return FromParts(open, secret, RowSeen{}, event);
    case EventType::kRowDeleted: return FromParts(open, secret, RowDeleted{}, event);
    case EventType::kPartyMerged: return FromParts(open, secret, PartyMerged{}, event);
    default: break;
  }
  if (referral::EventTypeName(type).starts_with("Unknown")) {
    return Status::Corruption("unknown event type; written by a later version?", 4203);
  }
  Fact fact;
  fact.type = type;
  return FromParts(open, secret, std::move(fact), event);
}

}  // namespace referrald::ledger
