#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/base/status.h"
#include "storage/ledger/event.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// An event as the log keeps it (storage/doc/format.md, "Event envelope"): what may be read by
// anybody in the open, what is personal sealed under the key of the person it is about.
struct Envelope {
  struct Sealed {
    EntityId subject;
    std::string bytes;
    friend bool operator==(const Sealed&, const Sealed&) = default;
  };
  referral::EventType type = referral::EventType::kUnknown;
  Sequence sequence;
  Timestamp occurred_at{}, recorded_at{};
  std::string actor;
  Hash128 idempotency{};
  std::vector<EntityId> subjects;  // Ascending, each once.
  std::string body;                // Public.
  std::vector<Sealed> sealed;

  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// Bytes and back. Corruption (RFD4203): another version, a checksum that does not fit, or a form
// that Encode does not write; `sequence` is the one of the key and must be the envelope's own.
std::string EncodeEnvelope(const Envelope& envelope);
Result<Envelope> DecodeEnvelope(Sequence sequence, std::string_view bytes);

// Seals and opens. Corruption as above, or RFD4104 where the vault cannot open a part.
// FailedPrecondition (RFD4106): the person was erased.
Result<Envelope> Close(const vault::Vault& vault, const Event& event);
Result<Event> Open(const vault::Vault& vault, const Envelope& envelope);

// Both at once.
Result<std::string> EncodeEvent(const vault::Vault& vault, const Event& event);
Result<Event> DecodeEvent(const vault::Vault& vault, Sequence sequence, std::string_view bytes);

}  // namespace referrald::ledger
