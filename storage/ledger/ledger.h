#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "storage/base/log.h"
#include "storage/base/time.h"
#include "storage/engine/engine.h"
#include "storage/ledger/event.h"
#include "storage/ledger/merkle.h"
#include "storage/ledger/reader.h"
#include "storage/ledger/run.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// How a caller names a party: by our id, by a row of a system, or by e-mail address (which must
// have exactly one holder). Exactly one member is set.
struct PartyRef {
  EntityId id;
  std::optional<referral::ExternalRef> ref;
  std::string email;

  bool empty() const { return !id && !ref && email.empty(); }
};

// A wish: record this fact about a referral or relationship.
struct RecordFact {
  referral::Fact fact;  // source, contact, rep and opportunity are taken from below when set there.
  PartyRef source, contact, rep, opportunity;
  PartyRef reviewer{};
  Timestamp occurred_at{};  // In the past; zero: InvalidArgument, a time is never invented.
  bool accept_out_of_order = false;
  std::string idempotency_key;  // At most 128 bytes; kept for ever. Empty: none.
  std::string actor;
  // Set: the newest event of the referral that the caller has seen. Aborted (RFD3024) where the
  // referral has another newest one by now.
  Sequence base{};
};
// A rep who is named by an external ref that is not known yet is registered (PartySeen without
// fields) by the same command: calling somebody our rep needs no import.

// A wish: record this act (storage/practice/act.h). Parties as in RecordFact.
struct RecordAct {
  practice::Act act;
  PartyRef party, rep, other, opportunity;
  Timestamp occurred_at{};
  std::string idempotency_key;
  std::string actor;
};

// One mapped row of a system.
struct Row {
  uint64_t record = 0;
  referral::EntityKind kind = referral::EntityKind::kUnknown;
  referral::ExternalRef ref;
  referral::Fields fields;  // Normalised.
  std::vector<referral::Association> associations;
  Timestamp occurred_at{};                           // Zero: when it is recorded.
  bool deleted = false;                              // IsDeleted.
  std::optional<referral::ExternalRef> merged_into;  // MasterRecordId.
  uint64_t line = 0;  // Physical line in the file, kept with a reject; 0: not known.
  // Fields and roles that the row does not speak of, because its file lacks the column or the row
  // its end: what is known of them stays. Null: it speaks of all.
  std::shared_ptr<const std::vector<std::string>> silent{};
};

// A wish: these rows of a file, and the cursor that covers them, in one atomic commit.
struct ObserveRows {
  uint32_t priority = 0;
  std::vector<Row> rows;        // At most limits::kImportRowsPerCommand.
  std::vector<Reject> rejects;  // Rows of this stretch that never became a Row; counted in `run`.
  RunRecord run;                // As it shall stand after this stretch, but for the outcomes of
                                // `rows`, which the ledger adds. run.feed and run.id name the rest.
  std::string actor;
  // The rows are those that a whole snapshot lacks: nobody read them, so they are counted as
  // `run.gone` and not among the rows of the file.
  bool absent = false;
};

// A wish of a service: this is what I know of a party.
struct ObserveParty {
  Row row;
  std::string feed;  // "rpc".
  std::string idempotency_key;
  std::string actor;
};

// What became of a recorded wish. Everything in it is durable.
struct Receipt {
  Sequence sequence;      // The (first) event; of the original one when `replayed`.
  ReferralId referral;    // Of a referral fact.
  EntityId entity;        // Of an ObserveParty.
  bool replayed = false;  // The same idempotency key and payload were recorded before.
  // The log up to and with this event, or a later one that became durable with it: what a proof of
  // this receipt can be asked for. Empty where nothing was appended.
  TreeHead log{};
};

struct RowResult {
  uint64_t record = 0;
  RowOutcome outcome = RowOutcome::kUnchanged;
  EntityId entity;
  referral::MatchBasis basis = referral::MatchBasis::kExternalRef;
  std::vector<std::string> changed_fields;  // Names only.
  int number = 0;                           // Held or quarantined: why.
  std::string reason;
  bool stale = false;  // Unchanged, because the system changed it later than this row says.
};

struct ObserveResult {
  std::vector<RowResult> rows;  // In the order of the request.
  RunRecord run;                // As stored.
};

// A wish: forget this party for ever.
struct EraseParty {
  PartyRef party;
  std::string reason;  // Free text; kept sealed.
  std::string actor;
};

// What was forgotten. Ids and counts only, so that it can be filed.
struct ErasureReceipt {
  Sequence sequence;  // Of PartyErased.
  EntityId entity;
  std::vector<EntityId> members;  // Ids that were merged into it: erased with it.
  uint64_t tombstones = 0;        // By so many marks a later row is known and suppressed.
  // Where the party was last read from: these files, and others of their feeds, may still hold it.
  // Empty for one that was erased before.
  struct SeenAt {
    std::string feed;
    RunId run;
    uint64_t row = 0;
  };
  std::vector<SeenAt> rows;
  TreeHead log{};  // The log with the erasure in it.
};

// How much `verify` looks at.
struct VerifyScope {
  // Checkpoints that were kept elsewhere; the log must still be what each of them says.
  std::vector<std::string> heads{};
  // False: the log only, which is what tampering shows in, and many times faster.
  bool derived = true;
};

// What `verify` found.
struct VerifyReport {
  uint64_t events = 0;
  uint64_t projections = 0;           // Derived keys compared; none when only the log was read.
  std::vector<std::string> problems;  // At most 100: "event e_17: checksum mismatch".
};

struct LedgerOptions {
  engine::PartitionId partition = 1;
  std::string store_path;   // For messages.
  std::string head_file{};  // Beside the database; empty: none (engines without files).
  // Set: take a log that ends before what the head file says, and record that this was done.
  std::optional<std::string> accept_head{};  // The reason.
  std::string accept_actor{};
};

// The one write path. Commands go through a bounded queue to one writer thread, which decides each
// on what is stored and pending, and commits a group of them in one synced batch; a receipt is
// given only after that.
//
// Any thread may call anything. The engine, vault, clock and logger must outlive it. The destructor
// finishes what was accepted.
class Ledger {
 public:
  // Corruption (RFD4201): the log and its head disagree. FailedPrecondition (RFD4202): written by a
  // later version of this program, an unreleased one, or by another key. Corruption (RFD4213): the
  // head file knows of later events, or of another log; the message names the first one missing.
  static Result<std::unique_ptr<Ledger>> Open(engine::Engine& engine, vault::Vault& vault,
                                              const Clock& clock, const Logger& logger,
                                              const LedgerOptions& options);
  virtual ~Ledger() = default;

  // Each blocks until the command is durable or refused, or `deadline` passes (DeadlineExceeded: it
  // may still happen; the idempotency key tells). Unavailable: the queue is full (RFD4206), the
  // storage is full, for rows also low (RFD4002), or the ledger is closing (RFD4207). AlreadyExists
  // (RFD3020): the idempotency key was used for something else. NotFound (RFD3021),
  // FailedPrecondition (RFD3022): a party named is not known, or not one party. InvalidArgument
  // (RFD3023): malformed; (RFD4204): too much for one commit, send fewer rows. Aborted (RFD4205):
  // the run's record already stands at or behind this stretch. Corruption (RFD4208): damage was
  // found; nothing is accepted any more. Refusals as in referral::Decide; a held ObserveParty is
  // FailedPrecondition with its number.
  using Deadline = std::chrono::steady_clock::time_point;
  virtual Result<Receipt> Record(RecordFact wish, Deadline deadline) = 0;
  // Further refusals of an act as in practice::CheckAct and practice::DecideForCustomer.
  virtual Result<Receipt> Record(RecordAct wish, Deadline deadline) = 0;
  virtual Result<Receipt> Observe(ObserveParty wish, Deadline deadline) = 0;
  virtual Result<ObserveResult> Observe(ObserveRows wish, Deadline deadline) = 0;
  // Forgets a party: appends PartyErased, then destroys the key of everything that was sealed for
  // it (vault::Vault::Erase). Durable in the log, the read models and the key store on return.
  // Unavailable (RFD4209): a verify or rebuild is under way. IoError (RFD4109): a sync of the key
  // store failed; the erasure is in the log and is done again at the next start.
  virtual Result<ErasureReceipt> Erase(EraseParty wish, Deadline deadline) = 0;
  // Stores the run as it is, with its rejects: begin, progress without rows, end.
  virtual Status PutRun(RunRecord run, std::vector<Reject> rejects, Deadline deadline) = 0;

  // What Observe would answer, without writing; `memory` carries what earlier stretches of the same
  // dry run would have created. One thread at a time per memory.
  class DryRun {
   public:
    virtual ~DryRun() = default;
    virtual Result<std::vector<RowResult>> Observe(const ObserveRows& wish) = 0;
  };
  virtual Result<std::unique_ptr<DryRun>> BeginDryRun() = 0;

  // A reader over one instant that includes every receipt given so far.
  virtual Result<std::unique_ptr<Reader>> Read() const = 0;

  // Reads the whole log (sequence dense, every event tied to the one before, the tree as the head
  // and every checkpoint say), projects it into a second generation and compares that byte for byte
  // with the live one. Reads and writes go on. Blocks as long as it takes. Unavailable (RFD4209):
  // another one, a rebuild or an erasure is under way. `progress` is called now and then with
  // events done.
  using Progress = std::function<void(uint64_t done, uint64_t total)>;
  virtual Result<VerifyReport> Verify(const Progress& progress, const VerifyScope& scope) = 0;
  Result<VerifyReport> Verify(const Progress& progress) { return Verify(progress, {}); }
  // Projects the log anew and swaps the result in atomically; then drops the old one. Returns the
  // number of events projected.
  virtual Result<uint64_t> Rebuild(const Progress& progress) = 0;
  // What the log says of itself, for others to keep (storage/doc/proof.md): the public half of the
  // key it signs with, the log as it is now (a checkpoint), and proof files that hold against it.
  // Failures as in storage/ledger/prove.h.
  virtual std::string PublicKey() const = 0;
  virtual Result<std::string> SignedHead() const = 0;
  virtual Result<std::string> ProveEvent(Sequence sequence) const = 0;
  virtual Result<std::string> ProveGrowth(std::string_view older_checkpoint) const = 0;
  // Ends a Verify or Rebuild that is under way, and every later one, with Unavailable (RFD4207), so
  // that closing need not wait for it. What was half built is dropped by the next one.
  virtual void Interrupt() {}
};

}  // namespace referrald::ledger
