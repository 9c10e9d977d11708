#include "storage/ledger/envelope.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/ledger/event_body.h"
#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

constexpr char kVersion = 2;
constexpr size_t kPrefixBytes = 9;  // Version and checksum.
// The link is the last field, so that what it covers is all that stands before it.
constexpr uint32_t kLinkTag = 15;
constexpr std::string_view kLinkField = "\x0f\x20";  // Its tag and length.
constexpr int kLinkBroken = 4210;
constexpr int kErased = 4106;

std::string SealContext(Sequence sequence) {
  std::string context = "E";
  AppendBigEndian64(context, sequence.value);
  return context;
}

// All fields but the link.
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
    part.Unsigned(3, sealed.second.value);
    out.Element(9, part.text());
  }
  if (envelope.payload != Hash128{}) out.Bytes(10, AsBytes(envelope.payload));
  return out.Take();
}

Status DecodeSealed(std::string_view bytes, Envelope& envelope) {
  Envelope::Sealed& sealed = envelope.sealed.emplace_back();
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: sealed.subject.value = reader.Unsigned(); break;
      case 2: sealed.bytes = reader.Text(); break;
      case 3: sealed.second.value = reader.Unsigned(); break;
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

Status DecodeLinkTag(std::string_view bytes, Envelope& envelope) {
  const Result<Hash256> link = TakeHash256(bytes);
  if (link) envelope.chain = *link;
  return StatusOf(link);
}

Status DecodeHash(std::string_view bytes, Hash128& into) {
  const Result<Hash128> hash = TakeHash(bytes);
  if (hash) into = *hash;
  return StatusOf(hash);
}

Status DecodeField(TaggedReader& reader, Envelope& envelope) {
  switch (reader.tag()) {
    case 1: envelope.type = static_cast<referral::EventType>(reader.Unsigned()); break;
    case 2: envelope.sequence.value = reader.Unsigned(); break;
    case 3: envelope.occurred_at = FromMicros(reader.Signed()); break;
    case 4: envelope.recorded_at = FromMicros(reader.Signed()); break;
    case 5: envelope.actor = reader.Text(); break;
    case 6: return DecodeHash(reader.value(), envelope.idempotency);
    case 7: return DecodeSubject(reader.value(), envelope);
    case 8: envelope.body = reader.Text(); break;
    case 9: return DecodeSealed(reader.value(), envelope);
    case 10: return DecodeHash(reader.value(), envelope.payload);
    case kLinkTag: return DecodeLinkTag(reader.value(), envelope);
    default: break;
  }
  return Status::Ok();
}

// Envelope version, checksum, fields and link.
std::string Assemble(std::string fields, const Hash256& link) {
  fields.append(kLinkField).append(AsBytes(link));
  std::string bytes;
  bytes.reserve(kPrefixBytes + fields.size());
  bytes.push_back(kVersion);
  AppendBigEndian64(bytes, Checksum64(fields));
  return bytes.append(fields);
}

Status DamagedEvent(Sequence sequence, std::string_view why) {
  return Status::Corruption(
      "event " + ToText(sequence) + ": " + std::string(why) + "; run `referralctl verify`", 4203);
}

}  // namespace

std::string EncodeEnvelope(const Envelope& envelope) {
  return Assemble(EncodeFields(envelope), envelope.chain);
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

namespace {

Result<Envelope::Sealed> SealFor(const vault::Vault& vault, const EventBody& body,
                                 Sequence sequence) {
  const std::string context = SealContext(sequence);
  // A source who was erased stays in the chain without a name; what goes on to happen to the one
  // they introduced is still recorded, and sealed for that one alone.
  const bool needs_second = body.second && !vault.IsErased(body.second.value);
  const EntityId second = needs_second ? body.second : EntityId{};
  Result<std::string> sealed = vault.Seal(body.owner.value, context, body.secret);
  if (sealed && second) sealed = vault.Seal(second.value, context, *sealed);
  if (!sealed) return sealed.error();
  return Envelope::Sealed{.subject = body.owner, .second = second, .bytes = *std::move(sealed)};
}

struct Unsealed {
  std::string plain;
  bool erased = false;  // Somebody it is about was; there is no plain text any more.
};

Result<Unsealed> Unseal(const vault::Vault& vault, const Envelope::Sealed& sealed,
                        Sequence sequence) {
  const std::string context = SealContext(sequence);
  Result<std::string> plain = sealed.bytes;
  if (sealed.second) plain = vault.Unseal(sealed.second.value, context, *plain);
  if (plain) plain = vault.Unseal(sealed.subject.value, context, *plain);
  if (plain) return Unsealed{.plain = *std::move(plain)};
  if (plain.error().number() == kErased) return Unsealed{.plain = {}, .erased = true};
  return plain.error().Prefixed("event " + ToText(sequence));
}

Result<Envelope> Close(const vault::Vault& vault, const Event& event) {
  EventBody body = ToBody(event);
  Envelope envelope{.type = event.type(),
                    .sequence = event.sequence,
                    .occurred_at = event.occurred_at,
                    .recorded_at = event.recorded_at,
                    .actor = event.actor,
                    .idempotency = event.idempotency,
                    .payload = event.payload,
                    .subjects = std::move(body.subjects),
                    .body = std::move(body.open),
                    .sealed = {}};
  if (body.secret.empty()) return envelope;
  Result<Envelope::Sealed> sealed = SealFor(vault, body, event.sequence);
  if (!sealed) return sealed.error();
  envelope.sealed.push_back(*std::move(sealed));
  return envelope;
}

}  // namespace

Result<Event> Open(const vault::Vault& vault, const Envelope& envelope) {
  Unsealed secret;
  if (envelope.sealed.size() > 1) return DamagedEvent(envelope.sequence, "too many sealed parts");
  for (const Envelope::Sealed& sealed : envelope.sealed) {
    Result<Unsealed> unsealed = Unseal(vault, sealed, envelope.sequence);
    if (!unsealed) return unsealed.error();
    secret = *std::move(unsealed);
  }
  Event event{.sequence = envelope.sequence,
              .occurred_at = envelope.occurred_at,
              .recorded_at = envelope.recorded_at,
              .actor = envelope.actor,
              .idempotency = envelope.idempotency,
              .payload = envelope.payload,
              .chain = envelope.chain,
              .body = {}};
  std::optional<std::string_view> readable;
  if (!secret.erased) readable = secret.plain;
  const Status status = FromBody(envelope.type, envelope.body, readable, event);
  if (!status.ok()) return status.Prefixed("event " + ToText(envelope.sequence));
  return event;
}

namespace {

constexpr size_t kLinkBytes = kLinkField.size() + sizeof(Hash256);

// True where `bytes` end with the field of a link.
bool HasLink(std::string_view bytes) {
  return bytes.size() >= kPrefixBytes + kLinkBytes &&
         bytes.substr(bytes.size() - kLinkBytes, kLinkField.size()) == kLinkField;
}

}  // namespace

Hash256 LinkOf(std::string_view bytes) {
  Hash256 link{};
  if (HasLink(bytes)) std::ranges::copy(bytes.substr(bytes.size() - link.size()), link.begin());
  return link;
}

referral::EventType TypeIn(std::string_view bytes) {
  if (bytes.size() < kPrefixBytes) return referral::EventType::kUnknown;
  TaggedReader reader(bytes.substr(kPrefixBytes));
  const bool has_type = reader.Next() && reader.tag() == 1;
  return has_type ? static_cast<referral::EventType>(reader.Unsigned())
                  : referral::EventType::kUnknown;
}

Result<Hash256> CheckLink(const vault::Vault& vault, const Hash256& previous, Sequence sequence,
                          std::string_view bytes) {
  if (HasLink(bytes)) {
    const size_t covered = bytes.size() - kLinkBytes - kPrefixBytes;
    const Hash256 link = vault.ChainHash(previous, bytes.substr(kPrefixBytes, covered));
    const uint64_t checksum = ReadBigEndian64(bytes.substr(1));
    const bool whole = bytes[0] == kVersion && checksum == Checksum64(bytes.substr(kPrefixBytes));
    if (whole && link == LinkOf(bytes)) return link;
  }
  return Status::Corruption(
      "event " + ToText(sequence) + ": not tied to the event before it; the log was altered",
      kLinkBroken);
}

Result<std::string> EncodeEvent(const vault::Vault& vault, const Hash256& previous, Event& event) {
  const Result<Envelope> envelope = Close(vault, event);
  if (!envelope) return envelope.error();
  std::string fields = EncodeFields(*envelope);
  event.chain = vault.ChainHash(previous, fields);
  return Assemble(std::move(fields), event.chain);
}

Result<Event> DecodeEvent(const vault::Vault& vault, Sequence sequence, std::string_view bytes) {
  const Result<Envelope> envelope = DecodeEnvelope(sequence, bytes);
  if (!envelope) return envelope.error();
  return Open(vault, *envelope);
}

}  // namespace referrald::ledger
