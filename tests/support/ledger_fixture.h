#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/vault/vault.h"
#include "tests/support/fake_clock.h"
#include "tests/support/log_capture.h"

namespace referrald::support {

// A real ledger over the memory engine, with a fake clock and a vault of a known key. Link
// referrald_ledger and referrald_test_support.
class LedgerFixture {
 public:
  LedgerFixture() { Reopen(); }

  ledger::Ledger& ledger() { return *ledger_; }
  engine::Engine& engine() { return *engine_; }
  vault::Vault& vault() { return *vault_; }
  FakeClock& clock() { return clock_; }
  const Logger& logger() const { return logger_; }
  LogCapture& log() { return log_; }

  // Drops the ledger as a crash between two commits would, and opens what is stored.
  void Reopen() {
    ledger_.reset();
    Result<std::unique_ptr<ledger::Ledger>> opened = Open(*vault_);
    ASSERT_TRUE(opened) << opened.error().ToString();
    ledger_ = std::move(*opened);
  }
  void Close() { ledger_.reset(); }
  Result<std::unique_ptr<ledger::Ledger>> Open(vault::Vault& vault,
                                               const ledger::LedgerOptions& options = {
                                                   .store_path = "memory"}) {
    return ledger::Ledger::Open(*engine_, vault, clock_, logger_, options);
  }
  // Takes what Open made for its own.
  void Use(std::unique_ptr<ledger::Ledger> ledger) { ledger_ = std::move(ledger); }

  // All that is stored, for PutBack: an older copy of the store. The ledger is open again after it.
  std::unique_ptr<engine::Engine> Copy() {
    Close();
    std::unique_ptr<engine::Engine> copy = engine::OpenMemory();
    engine::Batch batch(1, 0);
    const Status scanned = (*engine_->Read(1))->Scan({}, [&](auto key, auto value) {
      batch.Put(key, value);
      return true;
    });
    EXPECT_TRUE(scanned.ok()) << scanned.ToString();
    EXPECT_EQ(copy->Commit(batch).outcome, engine::Outcome::kOk);
    Reopen();
    return copy;
  }
  void PutBack(std::unique_ptr<engine::Engine> copy) {
    Close();
    engine_ = std::move(copy);
  }

  static ledger::Ledger::Deadline Soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(60);
  }

  std::unique_ptr<ledger::Reader> Read() {
    Result<std::unique_ptr<ledger::Reader>> reader = ledger_->Read();
    EXPECT_TRUE(reader) << StatusOf(reader).ToString();
    return reader ? std::move(*reader) : nullptr;
  }

  // A person's row of system "crm", object "Contact" unless `ref` says otherwise.
  static ledger::Row Person(const referral::ExternalRef& ref, std::string_view first,
                            std::string_view last, std::string_view email) {
    ledger::Row row;
    row.kind = referral::EntityKind::kPerson;
    row.ref = ref;
    row.fields =
        referral::Normalised({{std::string(referral::field::kFirstName), std::string(first)},
                              {std::string(referral::field::kLastName), std::string(last)},
                              {std::string(referral::field::kEmail), std::string(email)}});
    return row;
  }

  // A run with a name of its own, to hand rows in under.
  ledger::RunRecord NewRun(std::string_view feed = "crm-feed") {
    ledger::RunRecord run;
    std::array<uint8_t, 16> entropy{};
    ++run_count_;
    entropy[14] = static_cast<uint8_t>(run_count_ >> 8);
    entropy[15] = static_cast<uint8_t>(run_count_);
    run.id = RunId::Make(clock_.Now(), entropy);
    run.feed = feed;
    run.connector = "test";
    run.started_at = clock_.Now();
    return run;
  }

  // Hands `rows` in as one stretch behind run.cursor_record, and makes `run` what was stored.
  Result<std::vector<ledger::RowResult>> Import(std::vector<ledger::Row> rows,
                                                ledger::RunRecord& run, uint32_t priority = 100) {
    for (ledger::Row& row : rows) row.record = ++run.cursor_record;
    ledger::ObserveRows wish;
    wish.priority = priority;
    wish.rows = std::move(rows);
    wish.run = run;
    wish.actor = "feed:" + run.feed;
    Result<ledger::ObserveResult> result = ledger_->Observe(std::move(wish), Soon());
    if (!result) return result.error();
    run = result->run;
    return std::move(result->rows);
  }
  Result<std::vector<ledger::RowResult>> Import(std::vector<ledger::Row> rows) {
    ledger::RunRecord run = NewRun();
    return Import(std::move(rows), run);
  }

  // Imports one person and returns them.
  EntityId Add(const referral::ExternalRef& ref, std::string_view first, std::string_view last,
               std::string_view email) {
    const auto rows = Import({Person(ref, first, last, email)});
    EXPECT_TRUE(rows) << StatusOf(rows).ToString();
    return rows ? rows->front().entity : EntityId{};
  }

  // A wish about three parties, one hour ago.
  ledger::RecordFact Fact(referral::EventType type, EntityId source, EntityId contact,
                          EntityId rep) {
    ledger::RecordFact wish;
    wish.fact.type = type;
    wish.fact.source = source;
    wish.fact.contact = contact;
    wish.fact.rep = rep;
    wish.fact.channel = referral::Channel::kEmail;
    wish.occurred_at = clock_.Now() - std::chrono::hours(1);
    wish.actor = "test";
    if (type == referral::EventType::kIntroductionMade) {
      wish.fact.evidence.reference = "mail 17";
      wish.fact.evidence.contact_expects = true;
    }
    if (type == referral::EventType::kNameReceived) wish.fact.provenance = "asked";
    if (type == referral::EventType::kIntroductionRequested) wish.fact.reason = "both gain";
    return wish;
  }
  // A wish about `party`, one hour ago.
  ledger::RecordAct Act(practice::EventType type, EntityId party, EntityId rep = {}) {
    ledger::RecordAct wish;
    wish.act.type = type;
    wish.act.party = party;
    wish.act.rep = rep;
    wish.occurred_at = clock_.Now() - std::chrono::hours(1);
    wish.actor = "test";
    return wish;
  }
  Result<ledger::Receipt> Record(ledger::RecordAct wish) {
    return ledger_->Record(std::move(wish), Soon());
  }
  Result<ledger::Receipt> Record(ledger::RecordFact wish) {
    return ledger_->Record(std::move(wish), Soon());
  }

 private:
  FakeClock clock_;
  LogCapture log_;
  Logger logger_{log_, clock_, LogLevel::kDebug};
  std::unique_ptr<vault::Vault> vault_ = vault::Vault::ForTest("0123456789abcdef0123456789abcdef");
  std::unique_ptr<engine::Engine> engine_ = engine::OpenMemory();
  std::unique_ptr<ledger::Ledger> ledger_;
  uint16_t run_count_ = 0;
};

}  // namespace referrald::support
