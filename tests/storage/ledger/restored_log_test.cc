#include "storage/ledger/restored_log.h"

#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.h"

namespace referrald::ledger {
namespace {

using referral::EventType;

// A store whose log is put back as it was some events ago, while the keys stay as they are.
class RestoredLogTest : public testing::Test, public support::LedgerFixture {
 protected:
  RestoredLogTest() {
    ana_ = Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
    ben_ = Add({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
    rep_ = Add({"crm", "User", "9"}, "Rep", "One", "rep@example.org");
    EXPECT_TRUE(Record(Fact(EventType::kIntroductionMade, ana_, ben_, rep_)));
  }

  void Erase(EntityId id) {
    const auto receipt = ledger().Erase(
        {.party = {.id = id, .ref = {}, .email = {}}, .reason = "asked", .actor = "uid:0"}, Soon());
    EXPECT_TRUE(receipt) << StatusOf(receipt).ToString();
  }
  void ExpectVerified() {
    const auto report = ledger().Verify({});
    ASSERT_TRUE(report) << report.error().ToString();
    EXPECT_EQ(report->problems, std::vector<std::string>{});
  }
  RowOutcome OutcomeOf(Row row) { return (*Import({std::move(row)}))[0].outcome; }
  Row Ben() { return Person({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org"); }
  Row Dana() { return Person({"crm", "Contact", "4"}, "Dana", "Ito", "dana@example.org"); }

  EntityId ana_, ben_, rep_;
};

TEST_F(RestoredLogTest, ErasesAgainWhomTheLogStillKnows) {
  auto before = Copy();
  Erase(ben_);
  PutBack(std::move(before));
  Reopen();
  EXPECT_TRUE(Read()->GetEntity(ben_)->erased);
  EXPECT_TRUE(Read()->FindByEmail("ben@example.org", 9)->empty());
  EXPECT_TRUE(Read()->FindByName("Moss", 9)->empty());
  EXPECT_EQ(Read()->GetChain(ana_, {})->descendants.size(), 2u);
  EXPECT_EQ(OutcomeOf(Ben()), RowOutcome::kSuppressed);
  ExpectVerified();
}

TEST_F(RestoredLogTest, KeepsOutWhomTheLogNeverKnew) {
  auto before = Copy();
  const EntityId dana = (*Import({Dana()}))[0].entity;
  Erase(dana);
  PutBack(std::move(before));
  Reopen();
  EXPECT_EQ(OutcomeOf(Dana()), RowOutcome::kSuppressed);
  ExpectVerified();
}

TEST_F(RestoredLogTest, NeverGivesTheNumberOfAnErasedPersonAgain) {
  auto before = Copy();
  const EntityId dana = (*Import({Dana()}))[0].entity;
  Erase(dana);
  PutBack(std::move(before));
  Reopen();
  const EntityId next = Add({"crm", "Contact", "5"}, "Eli", "Roy", "eli@example.org");
  EXPECT_GT(next, dana);
  EXPECT_EQ(Read()->GetEvent({dana.value})->type(), EventType::kNumberRetired);
  ExpectVerified();
}

TEST_F(RestoredLogTest, ErasesBothWhereTheLogDoesNotKnowThatTheyAreOne) {
  const EntityId other = Add({"mail", "p", "7"}, "Benjamin", "Moss", "");
  auto before = Copy();
  Row merged = Person({"mail", "p", "7"}, "Benjamin", "Moss", "");
  merged.deleted = true;
  merged.merged_into = referral::ExternalRef{"crm", "Contact", "2"};
  ASSERT_EQ(OutcomeOf(merged), RowOutcome::kMerged);
  Erase(ben_);
  PutBack(std::move(before));
  Reopen();
  EXPECT_TRUE(Read()->GetEntity(ben_)->erased);
  EXPECT_TRUE(Read()->GetEntity(other)->erased);
  EXPECT_TRUE(Read()->FindByName("Moss", 9)->empty());
  ExpectVerified();
}

TEST_F(RestoredLogTest, IsToldOnce) {
  auto before = Copy();
  const EntityId dana = (*Import({Dana()}))[0].entity;
  Erase(dana);
  Erase(ben_);
  PutBack(std::move(before));
  Reopen();
  const Sequence told = Read()->head();
  Reopen();
  EXPECT_EQ(Read()->head(), told);
  EXPECT_EQ(vault().Erasures().size(), 2u);
}

TEST_F(RestoredLogTest, LeavesALogAloneThatKnowsEverything) {
  Erase(ben_);
  const Sequence end = Read()->head();
  Reopen();
  EXPECT_EQ(Read()->head(), end);
}

}  // namespace
}  // namespace referrald::ledger
