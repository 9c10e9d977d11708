#include "storage/ledger/ledger.h"

#include <atomic>
#include <future>
#include <string>
#include <utility>

#include "storage/ledger/dry_run.h"
#include "storage/ledger/generation.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/observe.h"
#include "storage/ledger/record.h"
#include "storage/ledger/stored_reader.h"
#include "storage/ledger/verify.h"
#include "storage/ledger/writer.h"

namespace referrald::ledger {
namespace {

constexpr std::string_view kCheckText = "referrald store check";

// A wish with its decision and the promise of an answer; outlives a caller who stopped waiting.
template <typename Wish, typename Answer>
class Pending final : public Command {
 public:
  using Decision = Result<Answer> (*)(CommandScope&, const Wish&);
  Pending(Wish wish, Decision decision) : wish_(std::move(wish)), decision_(decision) {}

  std::future<Result<Answer>> answer() { return promise_.get_future(); }

  Status Decide(CommandScope& scope) override {
    decided_ = decision_(scope, wish_);
    return StatusOf(decided_);
  }
  void Finish(const Status& outcome) override {
    promise_.set_value(outcome.ok() ? std::move(decided_) : Result<Answer>(outcome));
  }

 private:
  const Wish wish_;
  const Decision decision_;
  Result<Answer> decided_ = Status::Internal("not decided");
  std::promise<Result<Answer>> promise_;
};

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

class StoredLedger final : public Ledger {
 public:
  StoredLedger(const Writer::Parts& parts, uint8_t generation)
      : place_{.engine = parts.engine,
               .vault = parts.vault,
               .partition = parts.partition,
               .interrupted = &interrupted_},
        clock_(parts.clock),
        writer_(parts, generation) {}

  Result<Receipt> Record(RecordFact wish, Deadline deadline) override {
    return Submit(std::move(wish), &DecideRecordFact, deadline);
  }
  Result<Receipt> Observe(ObserveParty wish, Deadline deadline) override {
    return Submit(std::move(wish), &DecideObserveParty, deadline);
  }
  Result<ObserveResult> Observe(ObserveRows wish, Deadline deadline) override {
    return Submit(std::move(wish), &DecideObserveRows, deadline);
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

  Result<VerifyReport> Verify(const Progress& progress) override {
    return Alone<VerifyReport>(
        [this, &progress](uint8_t& live) { return VerifyStore(place_, live, progress); });
  }
  Result<uint64_t> Rebuild(const Progress& progress) override {
    return Alone<uint64_t>(
        [this, &progress](uint8_t& live) { return ledger::Rebuild(place_, live, progress); });
  }

 private:
  template <typename Wish, typename Answer>
  Result<Answer> Submit(Wish wish, Result<Answer> (*decision)(CommandScope&, const Wish&),
                        Deadline deadline) {
    if (std::chrono::steady_clock::now() >= deadline) {
      return Status::DeadlineExceeded("not begun in time; it will not happen");
    }
    auto command = std::make_unique<Pending<Wish, Answer>>(std::move(wish), decision);
    std::future<Result<Answer>> answer = command->answer();
    const Status accepted = writer_.Submit(std::move(command));
    if (!accepted.ok()) return accepted;
    if (answer.wait_until(deadline) != std::future_status::ready) {
      return Status::DeadlineExceeded("not stored in time; it may still happen");
    }
    return answer.get();
  }

  template <typename Answer>
  Result<Answer> Alone(const std::function<Result<Answer>(uint8_t& live)>& work) {
    Result<Answer> answer = Status::Internal("not done");
    // The caller blocks until it is done, so it may borrow from here.
    Writer::AloneWork task([&](uint8_t& live) { answer = work(live); });
    const std::future<void> done = task.get_future();
    const Status accepted = writer_.RunAlone(std::move(task));
    if (!accepted.ok()) return accepted;
    done.wait();
    return answer;
  }

  std::atomic<bool> interrupted_ = false;  // Before place_, which points to it.
  const StorePlace place_;
  const Clock& clock_;
  Writer writer_;
};

Hash128 CheckOf(const vault::Vault& vault) {
  return vault.BlindIndex(vault::IndexKind::kFingerprint, kCheckText);
}

Status CheckInfo(const StoreInfo& info, const vault::Vault& vault, const std::string& path) {
  if (info.format_version > kFormatVersion) {
    return Status::FailedPrecondition(
        "store " + path + " has format " + std::to_string(info.format_version) +
            ", this program knows up to " + std::to_string(kFormatVersion) + ": use a newer one",
        4202);
  }
  if (info.check != CheckOf(vault)) {
    return Status::FailedPrecondition(
        "store " + path + " was written with another key: give the one it was made with", 4202);
  }
  return Status::Ok();
}

Status Disagree(Sequence head, Sequence last) {
  return Status::Corruption(
      "the head says " + ToText(head) + ", the log ends at " + ToText(last) + ": restore a backup",
      4201);
}

// Events are dense, so the last one tells whether any is missing at the end.
Status CheckHead(const engine::View& view) {
  const Result<std::optional<std::string>> bytes = view.Get(keys::Head());
  if (!bytes) return bytes.error();
  const Result<Head> head = *bytes ? DecodeHead(**bytes) : Head{};
  if (!head) return head.error();
  engine::Range range = engine::PrefixRange(keys::kEvents);
  range.reverse = true;
  range.row_count_max = 1;
  Sequence last;
  const Status status = view.Scan(range, [&last](std::string_view key, std::string_view) {
    last = {keys::LastNumber(key)};
    return false;
  });
  if (!status.ok()) return status;
  return last == head->last ? Status::Ok() : Disagree(head->last, last);
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::Open(engine::Engine& engine, const vault::Vault& vault,
                                             const Clock& clock, const Logger& logger,
                                             const LedgerOptions& options) {
  const StorePlace place{.engine = engine, .vault = vault, .partition = options.partition};
  const Result<std::unique_ptr<engine::View>> view = engine.Read(options.partition);
  if (!view) return view.error();
  Result<std::optional<StoreInfo>> info = ReadStoreInfo(**view);
  if (!info) return info.error();
  Status status = CheckHead(**view);
  if (!status.ok()) return status;
  if (!*info) {
    *info = StoreInfo{.format_version = kFormatVersion, .check = CheckOf(vault), .generation = 1};
    status = CommitDirectly(
        place, [&](engine::Batch& batch) { batch.Put(keys::StoreInfo(), Encode(**info)); });
    if (!status.ok()) return status;
  }
  status = CheckInfo(**info, vault, options.store_path);
  if (!status.ok()) return status;
  status = DropOthers(place, (*info)->generation);
  if (!status.ok()) return status;
  return std::unique_ptr<Ledger>(new StoredLedger({.engine = engine,
                                                   .vault = vault,
                                                   .clock = clock,
                                                   .logger = logger,
                                                   .partition = options.partition},
                                                  (*info)->generation));
}

}  // namespace referrald::ledger
