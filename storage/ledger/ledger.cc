#include "storage/ledger/ledger.h"

#include <atomic>
#include <future>
#include <mutex>
#include <string>
#include <utility>

#include "storage/ledger/drain.h"
#include "storage/ledger/dry_run.h"
#include "storage/ledger/erase.h"
#include "storage/ledger/generation.h"
#include "storage/ledger/instant.h"
#include "storage/ledger/lookup.h"
#include "storage/ledger/observe.h"
#include "storage/ledger/open_store.h"
#include "storage/ledger/pending.h"
#include "storage/ledger/prove.h"
#include "storage/ledger/record.h"
#include "storage/ledger/record_act.h"
#include "storage/ledger/restored_log.h"
#include "storage/ledger/stored_reader.h"
#include "storage/ledger/verify.h"
#include "storage/ledger/writer.h"

namespace referrald::ledger {
namespace {

struct RunWish {
  RunRecord run;
  std::vector<Reject> rejects;
};
struct Done {};

Result<Done> DecideRun(CommandScope& scope, const RunWish& wish) {
  const Status put = DecidePutRun(scope, wish.run, wish.rejects);
  if (!put.ok()) return put;
  return Done{};
}

constexpr int kStorageFull = 4002;

// For what is done before anybody else has the ledger.
Ledger::Deadline LongFromNow() { return std::chrono::steady_clock::now() + std::chrono::hours(1); }

struct AcceptWish {
  HeadAccepted accepted;
  std::string actor;
};

Result<Receipt> DecideAccept(CommandScope& scope, const AcceptWish& wish) {
  const Result<Sequence> sequence = scope.Append({.sequence = {},
                                                  .occurred_at = scope.now(),
                                                  .recorded_at = {},
                                                  .actor = wish.actor,
                                                  .body = wish.accepted});
  if (!sequence) return sequence.error();
  return Receipt{.sequence = *sequence, .referral = {}, .entity = {}, .log = {}};
}

class StoredLedger final : public Ledger {
 public:
  struct Parts {
    StorePlace place;
    vault::Vault& vault;
    const Clock& clock;
    const Logger& logger;
  };
  StoredLedger(const Parts& parts, std::unique_ptr<Tail> tail, OpenedStore opened)
      : tail_(std::move(tail)),
        head_file_(std::move(opened.head_file)),
        place_{.engine = parts.place.engine,
               .vault = parts.vault,
               .partition = parts.place.partition,
               .tail = *tail_,
               .interrupted = &interrupted_},
        vault_(parts.vault),
        info_(opened.info),
        identity_(opened.info.identity),
        clock_(parts.clock),
        drain_(place_, parts.logger),
        writer_({.place = place_,
                 .clock = parts.clock,
                 .logger = parts.logger,
                 .identity = opened.info.identity,
                 .head_file = head_file_ ? &*head_file_ : nullptr}) {}

  // What is left to do when a store was opened: the acceptance is recorded.
  Status Accept(const HeadAccepted& accepted, const std::string& actor) {
    return StatusOf(
        Submit(AcceptWish{.accepted = accepted, .actor = actor}, &DecideAccept, LongFromNow()));
  }
  // Projects onto the tail what could not be written for want of space.
  Status FollowLog() {
    const Result<Sequence> last = Alone([this]() -> Result<Sequence> {
      if (Status status = CatchUpTail(place_); !status.ok()) return status;
      return tail_->Read().last;
    });
    return StatusOf(last);
  }
  // A log that is older than its keys is told what it does not know.
  Status Remind(const std::vector<vault::Erasure>& forgotten, Sequence given) {
    for (;;) {
      const auto retired = Submit(RetireNumbers{given}, &DecideRetireNumbers, LongFromNow());
      if (!retired) return retired.error();
      if (!retired->sequence || retired->sequence >= given) break;
    }
    for (const vault::Erasure& erasure : forgotten) {
      const auto erased = Submit(EraseAgain{erasure}, &DecideEraseAgain, LongFromNow());
      if (!erased) return erased.error();
    }
    return Status::Ok();
  }
  // Destroys the keys of parties that the log says are erased: a crash may have come between.
  Status FinishErasures() {
    const Result<std::vector<Sequence>> erased = ErasedParties(place_);
    if (!erased) return erased.error();
    for (const Sequence sequence : *erased) {
      if (Status status = DestroyKeys(sequence); !status.ok()) return status;
    }
    return Status::Ok();
  }

  Result<Receipt> Record(RecordFact wish, Deadline deadline) override {
    return Submit(std::move(wish), &DecideRecordFact, deadline);
  }
  Result<Receipt> Record(RecordAct wish, Deadline deadline) override {
    return Submit(std::move(wish), &DecideRecordAct, deadline);
  }
  Result<Receipt> Observe(ObserveParty wish, Deadline deadline) override {
    return Submit(std::move(wish), &DecideObserveParty, deadline);
  }
  Result<ObserveResult> Observe(ObserveRows wish, Deadline deadline) override {
    if (Status room = CheckAmpleSpace(); !room.ok()) return room;
    return Submit(std::move(wish), &DecideObserveRows, deadline);
  }
  // In this order: once the keys are gone, nobody could tell any more which index entries were the
  // party's, so these are gone before, for good. What has begun is finished whether or not the
  // caller still waits: an erasure in the log alone would leave the keys until somebody asks again.
  Result<ErasureReceipt> Erase(EraseParty wish, Deadline deadline) override {
    const std::unique_lock turn(upkeep_, std::try_to_lock);
    if (!turn) return Busy();
    if (std::chrono::steady_clock::now() >= deadline) return TooLate();
    Result<ErasureReceipt> receipt = Submit(std::move(wish), &DecideErase, LongFromNow());
    if (!receipt) return receipt;
    Status status = tail_->AwaitEmpty();
    if (status.ok()) status = place_.engine.Settle(place_.partition);
    if (status.ok()) status = DestroyKeys(receipt->sequence);
    if (!status.ok()) {
      return status.Prefixed("the erasure is in the log (" + ToText(receipt->sequence) +
                             "), but the keys are not destroyed yet; ask again");
    }
    return receipt;
  }
  Status PutRun(RunRecord run, std::vector<Reject> rejects, Deadline deadline) override {
    return StatusOf(Submit(RunWish{.run = std::move(run), .rejects = std::move(rejects)},
                           &DecideRun, deadline));
  }

  Result<std::unique_ptr<DryRun>> BeginDryRun() override {
    return std::unique_ptr<DryRun>(new StoredDryRun(place_, clock_));
  }

  Result<std::unique_ptr<Reader>> Read() const override { return OpenReader(place_, clock_); }

  void Interrupt() override { interrupted_ = true; }

  using Ledger::Verify;
  Result<VerifyReport> Verify(const Progress& progress, const VerifyScope& scope) override {
    const std::unique_lock turn(upkeep_, std::try_to_lock);
    if (!turn) return Busy();
    if (Status room = scope.derived ? CheckAmpleSpace() : Status::Ok(); !room.ok()) return room;
    return VerifyStore(place_, drain_, info_, scope, progress);
  }
  std::string PublicKey() const override {
    return EncodeNoteKey(LogKey(identity_, vault_.public_key()));
  }
  Result<std::string> SignedHead() const override {
    const Result<Checkpoint> now = CheckpointNow(place_, identity_, clock_.Now());
    if (!now) return now.error();
    return Signed(vault_, *now);
  }
  Result<std::string> ProveEvent(Sequence sequence) const override {
    return ledger::ProveEvent(place_, identity_, clock_.Now(), sequence);
  }
  Result<std::string> ProveGrowth(std::string_view older_checkpoint) const override {
    return ledger::ProveGrowth(place_, identity_, clock_.Now(), older_checkpoint);
  }
  Result<uint64_t> Rebuild(const Progress& progress) override {
    const std::unique_lock turn(upkeep_, std::try_to_lock);
    if (!turn) return Busy();
    if (Status room = CheckAmpleSpace(); !room.ok()) return room;
    return RebuildStore(progress);
  }

 private:
  template <typename Wish, typename Answer>
  Result<Answer> Submit(Wish wish, Result<Answer> (*decision)(CommandScope&, const Wish&),
                        Deadline deadline) {
    if (std::chrono::steady_clock::now() >= deadline) return TooLate();
    auto command = std::make_unique<Pending<Wish, Answer>>(std::move(wish), decision);
    std::future<Result<Answer>> answer = command->answer();
    const Status accepted = writer_.Submit(std::move(command));
    if (!accepted.ok()) return accepted;
    if (answer.wait_until(deadline) != std::future_status::ready) {
      return Status::DeadlineExceeded("not stored in time; it may still happen");
    }
    return answer.get();
  }

  Status DestroyKeys(Sequence sequence) {
    const Result<std::unique_ptr<Instant>> instant = Instant::Take(place_);
    if (!instant) return instant.error();
    const Lookup lookup(**instant, vault_, (*instant)->keys());
    const Result<Event> event = lookup.NeedEvent(sequence);
    if (!event) return event.error();
    const auto* const erased = std::get_if<PartyErased>(&event->body);
    if (erased == nullptr) return Damaged("erasure " + ToText(sequence));
    return vault_.Erase(ErasureOf(*erased, event->recorded_at));
  }

  // What takes much space waits while little is left, so that the rest lasts for what people do.
  Status CheckAmpleSpace() const {
    const engine::Condition now = place_.engine.Now();
    if (now.disk == engine::DiskLevel::kAmple) return Status::Ok();
    if (!now.reason.empty()) return Status::Unavailable(now.reason, kStorageFull);
    return Status::Unavailable(
        "storage low: less than twice the reserve is free on the disk of the store; imports, "
        "verify "
        "and rebuild wait until some space is freed",
        kStorageFull);
  }

  static Status TooLate() {
    return Status::DeadlineExceeded("not begun in time; it will not happen");
  }

  static Status Busy() {
    return Status::Unavailable("a verify, rebuild or erasure is under way; wait until it has ended",
                               4209);
  }

  // The new generation is built beside the writer, which waits only for its last events. Nothing is
  // read of the live one: it may be what is damaged.
  Result<uint64_t> RebuildStore(const Progress& progress) {
    const uint8_t live = info_.generation;
    const uint8_t next = NextGeneration(live);
    if (Status status = DropOthers(place_, live); !status.ok()) return status;
    Result<Sequence> built = CatchUp(place_, next, tail_->Read().last, progress);
    if (built) built = Alone([this, next] { return Swap(next); });
    if (built) info_.generation = next;
    if (Status status = DropOthers(place_, built ? next : live); !status.ok()) return status;
    if (!built) return built.error();
    return built->value;
  }

  Result<Sequence> Swap(uint8_t next) {
    if (Status status = tail_->AwaitEmpty(); !status.ok()) return status;
    const Result<Sequence> built = CatchUp(place_, next, tail_->Read().last, {});
    if (!built) return built.error();
    if (Status status = MakeLive(place_, next); !status.ok()) return status;
    return *built;
  }

  Result<Sequence> Alone(const std::function<Result<Sequence>()>& work) {
    Result<Sequence> answer = Status::Internal("not done");
    // The caller blocks until it is done, so it may borrow from here.
    Writer::AloneWork task([&] { answer = work(); });
    const std::future<void> done = task.get_future();
    const Status accepted = writer_.RunAlone(std::move(task));
    if (!accepted.ok()) return accepted;
    done.wait();
    return answer;
  }

  std::atomic<bool> interrupted_ = false;  // Before place_, which points to it.
  const std::unique_ptr<Tail> tail_;
  std::optional<engine::HeadFile> head_file_;  // The writer's.
  const StorePlace place_;
  vault::Vault& vault_;
  StoreInfo info_;  // As it should be stored. Guarded by upkeep_.
  const Hash128 identity_;
  const Clock& clock_;
  std::mutex upkeep_;  // The turn of whoever verifies, rebuilds or erases.
  Drain drain_;
  Writer writer_;  // Ends before the drain, which then moves what it left.
};

struct Parts {
  engine::Engine& engine;
  vault::Vault& vault;
  const Clock& clock;
  const Logger& logger;
};

// Opens the store, and has its log say what the head file and the vault know and it does not.
// `accepted`: whether that was an acceptance; then the head file is still the old one.
Result<std::unique_ptr<Ledger>> OpenAsIs(const Parts& parts, const LedgerOptions& options,
                                         bool& accepted) {
  auto tail = std::make_unique<Tail>();
  const StorePlace place{
      .engine = parts.engine, .vault = parts.vault, .partition = options.partition, .tail = *tail};
  Result<OpenedStore> opened = OpenStore(place, parts.clock, parts.logger, options);
  if (!opened) return opened.error();
  tail->StartAt(opened->last);
  const std::optional<HeadAccepted> acceptance = opened->accepted;
  const std::vector<vault::Erasure> forgotten = opened->forgotten;
  const Sequence given = opened->given;
  const bool is_behind = opened->is_behind;
  accepted = acceptance.has_value();
  auto ledger = std::make_unique<StoredLedger>(
      StoredLedger::Parts{
          .place = place, .vault = parts.vault, .clock = parts.clock, .logger = parts.logger},
      std::move(tail), *std::move(opened));
  Status status = is_behind ? ledger->FollowLog() : Status::Ok();
  if (status.ok() && acceptance) status = ledger->Accept(*acceptance, options.accept_actor);
  if (status.ok()) status = ledger->Remind(forgotten, given);
  if (status.ok()) status = ledger->FinishErasures();
  if (!status.ok()) return status;
  return std::unique_ptr<Ledger>(std::move(ledger));
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::Open(engine::Engine& engine, vault::Vault& vault,
                                             const Clock& clock, const Logger& logger,
                                             const LedgerOptions& options) {
  const Parts parts{.engine = engine, .vault = vault, .clock = clock, .logger = logger};
  bool accepted = false;
  Result<std::unique_ptr<Ledger>> ledger = OpenAsIs(parts, options, accepted);
  if (!ledger || !accepted) return ledger;
  ledger->reset();  // It had no head file; with the new one it is a store like any other.
  Tail tail;
  const StorePlace place{
      .engine = engine, .vault = vault, .partition = options.partition, .tail = tail};
  if (Status made = ReplaceHeadFile(place, options.head_file); !made.ok()) return made;
  LedgerOptions plain = options;
  plain.accept_head.reset();
  return OpenAsIs(parts, plain, accepted);
}

}  // namespace referrald::ledger
