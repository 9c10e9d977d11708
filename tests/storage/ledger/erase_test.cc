#include "storage/ledger/erase.h"

#include <gtest/gtest.h>

#include "storage/ledger/keys.h"
#include "tests/support/ledger_fixture.h"

namespace referrald::ledger {
namespace {

using referral::EventType;

class EraseTest : public testing::Test, public support::LedgerFixture {
 protected:
  EraseTest() {
    ana_ = Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
    ben_ = Add({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
    cleo_ = Add({"crm", "Contact", "3"}, "Cleo", "Ray", "cleo@example.org");
    rep_ = Add({"crm", "User", "9"}, "Rep", "One", "rep@example.org");
    EXPECT_TRUE(Record(Fact(EventType::kIntroductionMade, ana_, ben_, rep_)));
    EXPECT_TRUE(Record(Fact(EventType::kIntroductionMade, ben_, cleo_, rep_)));
  }

  Result<ErasureReceipt> Erase(EntityId id) {
    return ledger().Erase({.party = {.id = id, .ref = {}, .email = {}},
                           .reason = "asked on the phone",
                           .actor = "uid:0"},
                          Soon());
  }
  void ExpectVerified() {
    const auto report = ledger().Verify({});
    ASSERT_TRUE(report) << report.error().ToString();
    EXPECT_EQ(report->problems, std::vector<std::string>{});
  }
  RowOutcome OutcomeOf(Row row) { return (*Import({std::move(row)}))[0].outcome; }

  EntityId ana_, ben_, cleo_, rep_;
};

TEST_F(EraseTest, ForgetsThePersonAndKeepsTheChain) {
  const auto receipt = Erase(ben_);
  ASSERT_TRUE(receipt) << receipt.error().ToString();
  EXPECT_EQ(receipt->entity, ben_);
  EXPECT_EQ(receipt->tombstones, 2u);  // The row's id and the e-mail address.
  ASSERT_EQ(receipt->rows.size(), 1u);
  EXPECT_EQ(receipt->rows[0].feed, "crm-feed");
  EXPECT_EQ(receipt->log.size, Read()->head().value);

  const auto reader = Read();
  EXPECT_TRUE(reader->GetEntity(ben_)->erased);
  EXPECT_TRUE(reader->GetEntity(ben_)->links.empty());
  EXPECT_TRUE(reader->FindByEmail("ben@example.org", 9)->empty());
  EXPECT_TRUE(reader->FindByName("Moss", 9)->empty());
  EXPECT_EQ(reader->FindByRef({"crm", "Contact", "2"}).error().code(), Code::kNotFound);
  EXPECT_TRUE(reader->GetEvent({ben_.value})->redacted);
  EXPECT_EQ(reader->GetChain(ana_, {})->descendants.size(), 3u);
  EXPECT_FALSE(reader->GetEntity(ana_)->links.empty());
  ExpectVerified();
  EXPECT_TRUE(ledger().Rebuild({}));
  EXPECT_TRUE(Read()->GetEntity(ben_)->erased);
  ExpectVerified();
}

TEST_F(EraseTest, KeepsThePersonOut) {
  ASSERT_TRUE(Erase(ben_));
  EXPECT_EQ(OutcomeOf(Person({"crm", "Contact", "2"}, "Ben", "M", "")), RowOutcome::kSuppressed);
  EXPECT_EQ(OutcomeOf(Person({"mail", "p", "7"}, "B", "Moss", "BEN@example.org")),
            RowOutcome::kSuppressed);
  EXPECT_EQ(OutcomeOf(Person({"mail", "p", "8"}, "Dana", "New", "dana@example.org")),
            RowOutcome::kCreated);
  EXPECT_EQ(Record(Fact(EventType::kIntroductionMade, ana_, ben_, rep_)).error().number(), 3031);
  ExpectVerified();
}

// Whoever was introduced goes on living, and so does the deal with them.
TEST_F(EraseTest, WhatFollowsAnIntroductionIsRecordedWithoutItsSourceAndRep) {
  ASSERT_TRUE(Erase(ana_));
  ASSERT_TRUE(Erase(rep_));
  RecordFact meeting = Fact(EventType::kMeetingHeld, {}, {}, {});
  const auto referrals = Read()->ListReferrals({.state = {}, .source = {}, .contact = ben_}, {}, 9);
  meeting.fact.referral = referrals->items.at(0).id;
  meeting.fact.reason = "they asked for it";
  const auto receipt = ledger().Record(meeting, Soon());
  ASSERT_TRUE(receipt) << receipt.error().ToString();
  const auto event = Read()->GetEvent(receipt->sequence);
  ASSERT_TRUE(event) << event.error().ToString();
  EXPECT_FALSE(event->redacted);
  EXPECT_EQ(std::get<referral::Fact>(event->body).reason, "they asked for it");
  EXPECT_EQ(std::get<referral::Fact>(event->body).source, ana_);
  ExpectVerified();
  // Of the contact themselves nothing more is.
  ASSERT_TRUE(Erase(ben_));
  RecordFact outreach = meeting;
  outreach.fact.type = EventType::kOutreachMade;
  EXPECT_EQ(Record(outreach).error().number(), 3031);
  ExpectVerified();
}

TEST_F(EraseTest, KeepsARepOutWhoIsNamedByTheirRow) {
  RecordFact wish = Fact(EventType::kNameReceived, ana_, cleo_, {});
  wish.rep = {.id = {}, .ref = referral::ExternalRef{"local", "rep", "jane.doe"}, .email = {}};
  const auto opened = ledger().Record(wish, Soon());
  ASSERT_TRUE(opened) << opened.error().ToString();
  const EntityId jane = *Read()->FindByRef(*wish.rep.ref);
  ASSERT_TRUE(Erase(jane));
  wish.fact.source = ben_;
  EXPECT_EQ(ledger().Record(wish, Soon()).error().number(), 3031);
  EXPECT_FALSE(Read()->FindByRef(*wish.rep.ref));
}

TEST_F(EraseTest, RemembersEveryAddressAndRowTheyEverHad) {
  ASSERT_EQ(OutcomeOf(Person({"crm", "Contact", "2"}, "Ben", "Moss", "ben@new.example")),
            RowOutcome::kUpdated);
  ASSERT_EQ(OutcomeOf(Person({"crm", "Contact", "2"}, "Ben", "Moss", "")), RowOutcome::kUpdated);
  EXPECT_EQ(Read()->FormerFields(ben_)->size(), 3u);
  const auto receipt = Erase(ben_);
  ASSERT_TRUE(receipt) << receipt.error().ToString();
  EXPECT_EQ(receipt->tombstones, 3u);
  EXPECT_EQ(receipt->rows.size(), 3u);  // Each from a run of its own.
  EXPECT_EQ(OutcomeOf(Person({"mail", "p", "7"}, "B", "Moss", "ben@example.org")),
            RowOutcome::kSuppressed);
  EXPECT_EQ(OutcomeOf(Person({"mail", "p", "7"}, "B", "Moss", "ben@new.example")),
            RowOutcome::kSuppressed);
  ExpectVerified();
}

TEST_F(EraseTest, DoesNotKeepOutWhoSharesTheAddress) {
  const Row shared = Person({"crm", "Contact", "3"}, "Cleo", "Ray", "ben@example.org");
  ASSERT_EQ(OutcomeOf(shared), RowOutcome::kUpdated);
  EXPECT_EQ(Erase(ben_)->tombstones, 1u);  // Of the row alone.
  EXPECT_EQ(OutcomeOf(shared), RowOutcome::kUnchanged);
  ExpectVerified();
}

TEST_F(EraseTest, TakesMergedIdsAlong) {
  Row merged = Person({"crm", "Contact", "3"}, "Cleo", "Ray", "cleo@example.org");
  merged.merged_into = referral::ExternalRef{"crm", "Contact", "1"};
  ASSERT_EQ(OutcomeOf(merged), RowOutcome::kMerged);
  const auto receipt = Erase(cleo_);
  ASSERT_TRUE(receipt) << receipt.error().ToString();
  EXPECT_EQ(receipt->entity, ana_);
  EXPECT_EQ(receipt->members, std::vector<EntityId>{cleo_});
  EXPECT_TRUE(vault().IsErased(ana_.value));
  EXPECT_TRUE(vault().IsErased(cleo_.value));
  ExpectVerified();
}

// Found by a random life: a row that was gone before it was seen, then seen, then merged. All three
// ids are the person's.
TEST_F(EraseTest, TakesARowAlongThatWasGoneBeforeItWasSeen) {
  Row row = Person({"crm", "Contact", "7"}, "Dora", "Old", "dora@example.org");
  row.deleted = true;
  ASSERT_EQ(OutcomeOf(row), RowOutcome::kDeleted);
  const EntityId gone{Read()->head().value};
  row.deleted = false;
  const EntityId dora = (*Import({row}))[0].entity;
  row.merged_into = referral::ExternalRef{"crm", "Contact", "1"};
  ASSERT_EQ(OutcomeOf(row), RowOutcome::kMerged);
  const auto receipt = Erase(ana_);
  ASSERT_TRUE(receipt) << receipt.error().ToString();
  EXPECT_EQ(receipt->members, (std::vector<EntityId>{gone, dora}));
  ExpectVerified();
}

TEST_F(EraseTest, AnswersTheSameAgain) {
  const auto first = Erase(ben_);
  const auto again = Erase(ben_);
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(again->sequence, first->sequence);
  EXPECT_EQ(again->tombstones, first->tombstones);
  EXPECT_EQ(Read()->head(), first->sequence);
}

// The event was durable, and the power went before the key store was written.
TEST_F(EraseTest, IsFinishedAtTheNextStart) {
  ASSERT_TRUE(Erase(ben_));
  Close();
  const auto vault = vault::Vault::ForTest("0123456789abcdef0123456789abcdef");
  ASSERT_FALSE(vault->IsErased(ben_.value));
  const auto opened = Open(*vault);
  ASSERT_TRUE(opened) << opened.error().ToString();
  EXPECT_TRUE(vault->IsErased(ben_.value));
}

}  // namespace
}  // namespace referrald::ledger
