#include "storage/ledger/envelope.h"

#include <utility>

#include "storage/base/bytes.h"
#include "storage/ledger/event_body.h"
#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

constexpr char kVersion = 1;
constexpr size_t kPrefixBytes = 9;  // Version and checksum.

std::string SealContext(Sequence sequence) {
  std::string context = "E";
  AppendBigEndian64(context, sequence.value);
  return context;
}

std::string EncodeFields(const Envelope& envelope) {
  TaggedWriter out;
  out.Unsigned(1, static_cast<uint64_t>(envelope.type));
  out.Unsigned(2, envelope.sequence.value);
  out.Signed(3, ToMicros(envelope.occurred_at));
  out.Signed(4, ToMicros(envelope.recorded_at));
  out.Bytes(5, envelope.actor);
  if (envelope.idempotency != Hash128{}) out.Bytes(6, AsBytes(envelope.idempotency));
  for (const EntityId subject : envelope.subjects) out.Element(7, EncodeNumber(subject.value));
  out.Bytes(8, envelope.body);
  for (const Envelope::Sealed& sealed : envelope.sealed) {
    TaggedWriter part;
    part.Unsigned(1, sealed.subject.value);
    part.Bytes(2, sealed.bytes);
    out.Element(9, part.text());
  }
  return out.Take();
}

Status DecodeSealed(std::string_view bytes, Envelope& envelope) {
  Envelope::Sealed& sealed = envelope.sealed.emplace_back();
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: sealed.subject.value = reader.Unsigned(); break;
      case 2: sealed.bytes = reader.Text(); break;
      default: break;
    }
  }
  return reader.status();
}

Status DecodeSubject(std::string_view bytes, Envelope& envelope) {
  const Result<uint64_t> subject = DecodeNumber(bytes);
  if (!subject) return subject.error();
  envelope.subjects.push_back(EntityId{*subject});
  return Status::Ok();
}

Status DecodeField(TaggedReader& reader, Envelope& envelope) {
  switch (reader.tag()) {
    case 1: envelope.type = static_cast<referral::EventType>(reader.Unsigned()); break;
    case 2: envelope.sequence.value = reader.Unsigned(); break;
    case 3: envelope.occurred_at = FromMicros(reader.Signed()); break;
    case 4: envelope.recorded_at = FromMicros(reader.Signed()); break;
    case 5: envelope.actor = reader.Text(); break;
    case 6: {
      const Result<Hash128> hash = TakeHash(reader.value());
      if (!hash) return hash.error();
      envelope.idempotency = *hash;
      break;
    }
    case 7: return DecodeSubject(reader.value(), envelope);
    case 8: envelope.body = reader.Text(); break;
    case 9: return DecodeSealed(reader.value(), envelope);
    default: break;
  }
  return Status::Ok();
}

Status DamagedEvent(Sequence sequence, std::string_view why) {
  return Status::Corruption(
      "event " + ToText(sequence) + ": " + std::string(why) + "; run `referralctl verify`", 4203);
}

}  // namespace

std::string EncodeEnvelope(const Envelope& envelope) {
  const std::string fields = EncodeFields(envelope);
  std::string bytes;
  bytes.reserve(kPrefixBytes + fields.size());
  bytes.push_back(kVersion);
  AppendBigEndian64(bytes, Checksum64(fields));
  return bytes.append(fields);
}

Result<Envelope> DecodeEnvelope(Sequence sequence, std::string_view bytes) {
  if (bytes.size() < kPrefixBytes) return DamagedEvent(sequence, "truncated");
  if (bytes[0] != kVersion) return DamagedEvent(sequence, "unknown envelope version");
  const std::string_view fields = bytes.substr(kPrefixBytes);
  if (ReadBigEndian64(bytes.substr(1)) != Checksum64(fields)) {
    return DamagedEvent(sequence, "checksum mismatch");
  }
  Envelope envelope;
  TaggedReader reader(fields);
  while (reader.Next()) {
    if (!DecodeField(reader, envelope).ok()) return DamagedEvent(sequence, "malformed field");
  }
  if (!reader.status().ok()) return DamagedEvent(sequence, "malformed fields");
  if (envelope.sequence != sequence) return DamagedEvent(sequence, "holds another sequence");
  return envelope;
}

Result<Envelope> Close(const vault::Vault& vault, const Event& event) {
  EventBody body = ToBody(event);
  Envelope envelope{.type = event.type(),
                    .sequence = event.sequence,
                    .occurred_at = event.occurred_at,
                    .recorded_at = event.recorded_at,
                    .actor = event.actor,
                    .idempotency = event.idempotency,
                    .subjects = std::move(body.subjects),
                    .body = std::move(body.open),
                    .sealed = {}};
  if (!body.secret.empty()) {
    Result<std::string> sealed =
        vault.Seal(body.owner.value, SealContext(event.sequence), body.secret);
    if (!sealed) return sealed.error();
    envelope.sealed.push_back({.subject = body.owner, .bytes = *std::move(sealed)});
  }
  return envelope;
}

Result<Event> Open(const vault::Vault& vault, const Envelope& envelope) {
  std::string secret;
  if (envelope.sealed.size() > 1) return DamagedEvent(envelope.sequence, "too many sealed parts");
  for (const Envelope::Sealed& sealed : envelope.sealed) {
    Result<std::string> plain =
        vault.Unseal(sealed.subject.value, SealContext(envelope.sequence), sealed.bytes);
    if (!plain) return plain.error().Prefixed("event " + ToText(envelope.sequence));
    secret = std::move(*plain);
  }
  Event event{.sequence = envelope.sequence,
              .occurred_at = envelope.occurred_at,
              .recorded_at = envelope.recorded_at,
              .actor = envelope.actor,
              .idempotency = envelope.idempotency,
              .body = {}};
  const Status status = FromBody(envelope.type, envelope.body, secret, event);
  if (!status.ok()) return status.Prefixed("event " + ToText(envelope.sequence));
  return event;
}

Result<std::string> EncodeEvent(const vault::Vault& vault, const Event& event) {
  const Result<Envelope> envelope = Close(vault, event);
  if (!envelope) return envelope.error();
  return EncodeEnvelope(*envelope);
}

Result<Event> DecodeEvent(const vault::Vault& vault, Sequence sequence, std::string_view bytes) {
  const Result<Envelope> envelope = DecodeEnvelope(sequence, bytes);
  if (!envelope) return envelope.error();
  return Open(vault, *envelope);
}

}  // namespace referrald::ledger
