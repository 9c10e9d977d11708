#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/base/status.h"
#include "storage/ledger/event.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// An event as the log keeps it (storage/doc/format.md, "Event envelope"): what may be read by
// anybody in the open, what is personal sealed under the keys of the people it is about, and the
// link that ties it to all events before it.
struct Envelope {
  struct Sealed {
    EntityId subject;
    EntityId second{};  // Sealed once more for this one; 0: not.
    std::string bytes;
    friend bool operator==(const Sealed&, const Sealed&) = default;
  };
  referral::EventType type = referral::EventType::kUnknown;
  Sequence sequence;
  Timestamp occurred_at{}, recorded_at{};
  std::string actor;
  Hash128 idempotency{};
  Hash128 payload{};
  std::vector<EntityId> subjects;  // Ascending, each once.
  std::string body;                // Public.
  std::vector<Sealed> sealed;
  Hash256 chain{};

  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// Bytes and back. Corruption (RFD4203): another version, a checksum that does not fit, or a form
// that Encode does not write; `sequence` is the one of the key and must be the envelope's own.
std::string EncodeEnvelope(const Envelope& envelope);
Result<Envelope> DecodeEnvelope(Sequence sequence, std::string_view bytes);

// The link that stands in an encoded envelope and ties it to `previous`, the link of the event
// before it. Corruption (RFD4210): it does not; an event was altered, put in or taken out, or
// written by somebody without the key.
Result<Hash256> CheckLink(const vault::Vault& vault, const Hash256& previous, Sequence sequence,
                          std::string_view bytes);

// The type that an encoded envelope says it has, without a look at the rest; kUnknown: it is none.
referral::EventType TypeIn(std::string_view bytes);

// The link that an encoded envelope bears, whatever it ties to; zeros where it bears none.
Hash256 LinkOf(std::string_view bytes);

// An event in its stored form.
struct StoredEvent {
  Sequence sequence;
  std::string bytes;
};

// Seals, ties to `previous` and encodes; the link is put into event.chain. FailedPrecondition
// (RFD4106): somebody it has texts about was erased.
Result<std::string> EncodeEvent(const vault::Vault& vault, const Hash256& previous, Event& event);
// Decodes and opens; the link is not checked. Corruption as above, or RFD4104 where the vault
// cannot open a part. An event about somebody who was erased comes back redacted.
Result<Event> DecodeEvent(const vault::Vault& vault, Sequence sequence, std::string_view bytes);
Result<Event> Open(const vault::Vault& vault, const Envelope& envelope);

}  // namespace referrald::ledger
