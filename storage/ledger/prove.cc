#include "storage/ledger/prove.h"

#include <memory>
#include <optional>

#include "storage/ledger/envelope.h"
#include "storage/ledger/instant.h"
#include "storage/ledger/log_tree.h"
#include "storage/ledger/proof_file.h"

namespace referrald::ledger {
namespace {

constexpr int kNotGrownFrom = 4214;

// One instant, and the log at it.
struct Proving {
  std::unique_ptr<Instant> instant;
  Checkpoint now;
};

Result<Hash256> LinkAt(const Instant& instant, Sequence last) {
  if (!last) return Hash256{};
  const Result<std::optional<std::string>> bytes = instant.Get(keys::Event(last));
  if (!bytes) return bytes.error();
  if (!*bytes) return Damaged("event " + ToText(last) + " is missing: the log");
  return LinkOf(**bytes);
}

Result<Proving> Begin(const StorePlace& place, const Hash128& identity, Timestamp now) {
  Result<std::unique_ptr<Instant>> instant = Instant::Take(place);
  if (!instant) return instant.error();
  const Result<Watermark> watermark = ReadWatermark(**instant, (*instant)->keys());
  if (!watermark) return watermark.error();
  const Result<Hash256> link = LinkAt(**instant, watermark->last);
  if (!link) return link.error();
  const Checkpoint checkpoint{
      .database = identity, .tree = watermark->tree.Head(), .chain = *link, .at = now};
  return Proving{.instant = *std::move(instant), .now = checkpoint};
}

}  // namespace

Result<Checkpoint> CheckpointNow(const StorePlace& place, const Hash128& identity, Timestamp now) {
  const Result<Proving> proving = Begin(place, identity, now);
  if (!proving) return proving.error();
  return proving->now;
}

std::string Signed(const vault::Vault& vault, const Checkpoint& checkpoint) {
  return EncodeCheckpoint(checkpoint, vault.public_key(),
                          [&vault](std::string_view message) { return vault.Sign(message); });
}

Result<std::string> ProveEvent(const StorePlace& place, const Hash128& identity, Timestamp now,
                               Sequence sequence) {
  const Result<Proving> proving = Begin(place, identity, now);
  if (!proving) return proving.error();
  const uint64_t size = proving->now.tree.size;
  if (!sequence || sequence.value > size) {
    return Status::NotFound("there is no event " + ToText(sequence), 3021);
  }
  const Instant& instant = *proving->instant;
  const Result<std::optional<std::string>> record = instant.Get(keys::Event(sequence));
  if (!record) return record.error();
  if (!*record) return Damaged("event " + ToText(sequence) + " is missing: the log");
  const uint64_t index = sequence.value - 1;
  Result<MerklePath> path =
      InclusionPath({.index = index, .size = size}, ReadSubtrees(instant, instant.keys()));
  if (!path) return path.error();
  return EncodeProofFile(InclusionProof{.checkpoint = Signed(place.vault, proving->now),
                                        .index = index,
                                        .record = **record,
                                        .path = *std::move(path)});
}

Result<std::string> ProveGrowth(const StorePlace& place, const Hash128& identity, Timestamp now,
                                std::string_view older) {
  const Result<Checkpoint> then = OpenCheckpoint(older, LogKey(identity, place.vault.public_key()));
  if (!then) return then.error();
  const Result<Proving> proving = Begin(place, identity, now);
  if (!proving) return proving.error();
  const auto not_grown = [](const std::string& why) {
    return Status::FailedPrecondition("the log does not begin with that one: " + why,
                                      kNotGrownFrom);
  };
  if (then->tree.size > proving->now.tree.size) return not_grown("it has fewer events now");
  const Instant& instant = *proving->instant;
  Result<MerklePath> path =
      ConsistencyPath({.old_size = then->tree.size, .new_size = proving->now.tree.size},
                      ReadSubtrees(instant, instant.keys()));
  if (!path) return path.error();
  if (!VerifyConsistency(then->tree, proving->now.tree, *path).ok()) {
    return not_grown("an event was altered since; run `referralctl verify`");
  }
  return EncodeProofFile(ConsistencyProof{.old_checkpoint = std::string(older),
                                          .new_checkpoint = Signed(place.vault, proving->now),
                                          .path = *std::move(path)});
}

}  // namespace referrald::ledger
