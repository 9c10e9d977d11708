#include "storage/ledger/observe.h"

#include <gtest/gtest.h>

#include "storage/base/limits.h"
#include "tests/support/ledger_fixture.h"

namespace referrald::ledger {
namespace {

using referral::ExternalRef;
using referral::MatchBasis;

const ExternalRef kAna{"crm", "Contact", "1"};
const ExternalRef kBen{"crm", "Contact", "2"};
const ExternalRef kCem{"crm", "Contact", "3"};
const ExternalRef kAnaElsewhere{"mail", "contact", "900"};

class ObserveTest : public testing::Test, public support::LedgerFixture {
 protected:
  RowResult One(const Row& row) {
    RunRecord run = NewRun();
    auto rows = Import({row}, run);
    EXPECT_TRUE(rows) << StatusOf(rows).ToString();
    EXPECT_EQ(run.counts.read, 1u);
    EXPECT_EQ(run.counts.Sum(), 1u);
    last_run_ = run;
    return rows ? rows->front() : RowResult{};
  }
  uint64_t Events() { return Read()->head().value; }
  static Row Deleted(Row row) {
    row.deleted = true;
    return row;
  }
  static Row MergedInto(Row row, const ExternalRef& winner) {
    row.merged_into = winner;
    row.deleted = true;
    return row;
  }

  RunRecord last_run_;
};

TEST_F(ObserveTest, CreatesThenLeavesUnchangedThenUpdates) {
  const Row row = Person(kAna, "Ana", "Lopez", "ana@example.org");
  const RowResult created = One(row);
  EXPECT_EQ(created.outcome, RowOutcome::kCreated);
  EXPECT_EQ(created.entity, EntityId{1});
  EXPECT_EQ(One(row).outcome, RowOutcome::kUnchanged);
  EXPECT_EQ(Events(), 1u);
  EXPECT_FALSE(last_run_.sequence_from);
  const RowResult updated = One(Person(kAna, "Ana", "Ruiz", "ana@example.org"));
  EXPECT_EQ(updated.outcome, RowOutcome::kUpdated);
  EXPECT_EQ(updated.changed_fields, std::vector<std::string>{"last_name"});
  EXPECT_EQ(last_run_.sequence_from, Sequence{2});
  EXPECT_EQ(last_run_.sequence_to, Sequence{2});
  const auto reader = Read();
  EXPECT_EQ(*reader->FindByName("ANA  Ruíz", 9), std::vector<EntityId>{created.entity});
  EXPECT_TRUE(reader->FindByName("lopez", 9)->empty());
  EXPECT_EQ(*reader->FindByRef(kAna), created.entity);
  EXPECT_EQ(*reader->Find("ana@example.org", 9), std::vector<EntityId>{created.entity});
}

TEST_F(ObserveTest, JoinsAcrossSystemsByEmail) {
  const EntityId ana = Add(kAna, "Ana", "Lopez", "ana@example.org");
  const RowResult joined = One(Person(kAnaElsewhere, "Ana", "Lopez", "ANA@example.org "));
  EXPECT_EQ(joined.outcome, RowOutcome::kUpdated);
  EXPECT_EQ(joined.basis, MatchBasis::kEmail);
  EXPECT_EQ(joined.entity, ana);
  EXPECT_EQ(last_run_.matched_email, 1u);
  EXPECT_EQ(Read()->GetEntity(ana)->links.size(), 2u);
  EXPECT_EQ(Read()->GetTotals()->persons, 1u);
}

TEST_F(ObserveTest, KeepsTwoRowsOfOneSystemApart) {
  const EntityId ana = Add(kAna, "Ana", "Lopez", "ana@example.org");
  const RowResult other = One(Person(kBen, "Ana", "Lopez", "ana@example.org"));
  EXPECT_EQ(other.outcome, RowOutcome::kCreated);
  EXPECT_NE(other.entity, ana);
  EXPECT_EQ(Read()->FindByEmail("ana@example.org", 9)->size(), 2u);
}

TEST_F(ObserveTest, HoldsWhatAPersonMustDecide) {
  Add(kAna, "Ana", "Lopez", "ana@example.org");
  const RowResult other_name = One(Person(kAnaElsewhere, "Ben", "Other", "ana@example.org"));
  EXPECT_EQ(other_name.outcome, RowOutcome::kHeld);
  EXPECT_EQ(other_name.number, 2202);
  Add(kBen, "Ana", "Lopez", "ana@example.org");
  const RowResult several = One(Person(kAnaElsewhere, "Ana", "Lopez", "ana@example.org"));
  EXPECT_EQ(several.number, 2201);
  const auto rejects = Read()->ListRejects(last_run_.id, "", 10);
  ASSERT_TRUE(rejects);
  ASSERT_EQ(rejects->items.size(), 1u);
  EXPECT_EQ(rejects->items[0].outcome, RowOutcome::kHeld);
  EXPECT_EQ(rejects->items[0].number, 2201);
}

TEST_F(ObserveTest, DeletesOnceAndComesBack) {
  const Row row = Person(kAna, "Ana", "Lopez", "ana@example.org");
  const EntityId ana = One(row).entity;
  EXPECT_EQ(One(Deleted(row)).outcome, RowOutcome::kDeleted);
  EXPECT_TRUE(IsDeleted(*Read()->GetEntity(ana)));
  EXPECT_EQ(One(Deleted(row)).outcome, RowOutcome::kUnchanged);
  const RowResult back = One(row);
  EXPECT_EQ(back.outcome, RowOutcome::kUpdated);
  EXPECT_EQ(back.entity, ana);
  EXPECT_FALSE(IsDeleted(*Read()->GetEntity(ana)));
}

TEST_F(ObserveTest, RemembersADeletedRowItNeverSaw) {
  const Row row = Person(kAna, "Ana", "Lopez", "ana@example.org");
  EXPECT_EQ(One(Deleted(row)).outcome, RowOutcome::kDeleted);
  EXPECT_EQ(One(Deleted(row)).outcome, RowOutcome::kUnchanged);
  EXPECT_EQ(Read()->GetTotals()->persons, 0u);
  EXPECT_FALSE(Read()->FindByRef(kAna));
  EXPECT_EQ(One(row).outcome, RowOutcome::kCreated);
}

TEST_F(ObserveTest, FollowsChainsOfMerges) {
  const EntityId ana = Add(kAna, "Ana", "Lopez", "ana@example.org");
  const EntityId ben = Add(kBen, "Anna", "Lopez", "anna@example.org");
  const EntityId cem = Add(kCem, "A.", "Lopez", "a@example.org");
  const Row into_ben = MergedInto(Person(kAna, "Ana", "Lopez", "ana@example.org"), kBen);
  const Row into_cem = MergedInto(Person(kBen, "Anna", "Lopez", "anna@example.org"), kCem);
  EXPECT_EQ(One(into_ben).outcome, RowOutcome::kMerged);
  EXPECT_EQ(One(into_cem).outcome, RowOutcome::kMerged);
  const uint64_t events = Events();
  EXPECT_EQ(One(into_ben).outcome, RowOutcome::kUnchanged);
  EXPECT_EQ(One(into_cem).outcome, RowOutcome::kUnchanged);
  EXPECT_EQ(Events(), events);
  const auto reader = Read();
  for (const EntityId id : {ana, ben, cem}) EXPECT_EQ(reader->GetEntity(id)->id, cem);
  for (const ExternalRef& ref : {kAna, kBen, kCem}) EXPECT_EQ(*reader->FindByRef(ref), cem);
  EXPECT_EQ(reader->GetEntity(cem)->links.size(), 3u);
  EXPECT_EQ(reader->GetTotals()->persons, 1u);
}

// Neither within a file (connectors::sync::Survivors) nor from one to the next may two rows delete
// each other.
TEST_F(ObserveTest, QuarantinesAMergeInACircle) {
  const EntityId ana = Add(kAna, "Ana", "Lopez", "ana@example.org");
  Add(kBen, "Anna", "Lopez", "anna@example.org");
  EXPECT_EQ(One(MergedInto(Person(kAna, "Ana", "Lopez", ""), kAna)).number, 2305);
  EXPECT_EQ(One(MergedInto(Person(kBen, "Anna", "Lopez", ""), kAna)).outcome, RowOutcome::kMerged);
  EXPECT_EQ(One(MergedInto(Person(kAna, "Ana", "Lopez", ""), kBen)).number, 2305);
  EXPECT_EQ(Read()->GetEntity(ana)->links.size(), 2u);
  EXPECT_EQ(One(Person(kAna, "Ana", "Lopez", "ana@example.org")).outcome, RowOutcome::kUnchanged);
}

// A file without the column of a field says nothing about it, not that it is empty.
TEST_F(ObserveTest, KeepsWhatARowDoesNotSpeakOf) {
  Row whole = Person(kAna, "Ana", "Lopez", "ana@example.org");
  whole.associations = {{.role = "organisation", .ref = {"crm", "Account", "7"}},
                        {.role = "owner", .ref = {"crm", "User", "9"}}};
  EXPECT_EQ(One(whole).outcome, RowOutcome::kCreated);
  Row narrow = Person(kAna, "Ana", "Lopez", "");
  narrow.associations = {{.role = "owner", .ref = {"crm", "User", "9"}}};
  narrow.silent = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"email", "organisation"});
  EXPECT_EQ(One(narrow).outcome, RowOutcome::kUnchanged);
  narrow.fields = Person(kAna, "Anna", "Lopez", "").fields;
  const RowResult updated = One(narrow);
  EXPECT_EQ(updated.outcome, RowOutcome::kUpdated);
  EXPECT_EQ(updated.changed_fields, std::vector<std::string>{"first_name"});
  EXPECT_EQ(Read()->FindByEmail("ana@example.org", 9)->size(), 1u);
  whole.fields = Person(kAna, "Anna", "Lopez", "ana@example.org").fields;
  EXPECT_EQ(One(whole).outcome, RowOutcome::kUnchanged);
  whole.fields = Person(kAna, "Anna", "Lopez", "").fields;  // It has the column, and that is empty.
  EXPECT_EQ(One(whole).outcome, RowOutcome::kUpdated);
  EXPECT_TRUE(Read()->FindByEmail("ana@example.org", 9)->empty());
}

TEST_F(ObserveTest, MergesOnlyIntoWhatIsKnown) {
  const Row row = MergedInto(Person(kAna, "Ana", "Lopez", "ana@example.org"), kBen);
  EXPECT_EQ(One(row).number, 2204);
  const EntityId ben = Add(kBen, "Ana", "Lopez", "ana@example.org");
  EXPECT_EQ(One(row).outcome, RowOutcome::kMerged);
  EXPECT_EQ(*Read()->FindByRef(kAna), ben);
  EXPECT_EQ(One(row).outcome, RowOutcome::kUnchanged);
}

TEST_F(ObserveTest, HoldsAMergeThatWouldMakeASelfReferral) {
  const EntityId ana = Add(kAna, "Ana", "Lopez", "ana@example.org");
  const EntityId ben = Add(kBen, "Ben", "Moss", "ben@example.org");
  const EntityId rep = Add(kCem, "Rep", "One", "rep@example.org");
  ASSERT_TRUE(Record(Fact(referral::EventType::kIntroductionMade, ana, ben, rep)));
  const RowResult result = One(MergedInto(Person(kAna, "Ana", "Lopez", "ana@example.org"), kBen));
  EXPECT_EQ(result.outcome, RowOutcome::kHeld);
  EXPECT_EQ(result.number, 3002);
}

TEST_F(ObserveTest, QuarantinesWhatExceedsALimit) {
  Row row =
      Person({"crm", "Contact", std::string(limits::kExternalIdBytesMax + 1, 'x')}, "A", "B", "");
  EXPECT_EQ(One(row).number, 2301);
  row.ref = kAna;
  row.kind = referral::EntityKind::kUnknown;
  EXPECT_EQ(One(row).number, 2302);
  Add(kBen, "Ben", "Moss", "ben@example.org");
  row = Person(kBen, "Ben", "Moss", "ben@example.org");
  row.kind = referral::EntityKind::kOrganisation;
  EXPECT_EQ(One(row).number, 2303);
}

TEST_F(ObserveTest, QuarantinesTheRowThatAnEntityHasNoRoomFor) {
  for (size_t i = 0; i < limits::kLinksPerEntityMax; ++i) {
    ASSERT_NE(
        Add({"system" + std::to_string(i), "contact", "1"}, "Ana", "Lopez", "ana@example.org"),
        EntityId{});
  }
  EXPECT_EQ(Read()->GetTotals()->persons, 1u);
  EXPECT_EQ(One(Person(kAna, "Ana", "Lopez", "ana@example.org")).number, 2301);
}

TEST_F(ObserveTest, RefusesAStretchThatIsStoredAlready) {
  RunRecord run = NewRun();
  const RunRecord before = run;
  ASSERT_TRUE(Import({Person(kAna, "Ana", "Lopez", "ana@example.org")}, run));
  RunRecord again = before;
  const auto rows = Import({Person(kAna, "Ana", "Lopez", "ana@example.org")}, again);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().number(), 4205);
}

TEST_F(ObserveTest, CountsClaims) {
  Row row = Person(kAna, "Ana", "Lopez", "ana@example.org");
  row.fields.push_back({std::string(referral::field::kReferredBy), "Ben Moss"});
  row.fields = referral::Normalised(std::move(row.fields));
  One(row);
  EXPECT_EQ(last_run_.claims_found, 1u);
  const EntityId ben = Add(kBen, "Ben", "Moss", "ben@example.org");
  const auto reader = Read();
  const referral::Entity ana = *reader->GetEntity({1});
  const auto claims = ClaimsOf(ana);
  ASSERT_EQ(claims.size(), 1u);
  EXPECT_EQ(*reader->ResolveClaim(claims[0]), std::optional(ben));
  EXPECT_EQ(reader->HonestyOf(ana.id)->front().honesty.temperature, referral::Temperature::kCold);
}

TEST_F(ObserveTest, DryRunSaysWhatTheImportWouldAndWritesNothing) {
  Add(kAna, "Ana", "Lopez", "ana@example.org");
  const std::vector<Row> first = {Person(kAna, "Ana", "Ruiz", "ana@example.org"),
                                  Person(kBen, "Ben", "Moss", "ben@example.org")};
  const std::vector<Row> second = {Person(kBen, "Ben", "Moss", "ben@example.org"),
                                   Person(kAnaElsewhere, "Ben", "Moss", "ben@example.org"),
                                   MergedInto(Person(kAna, "", "", ""), kBen)};
  const auto dry_run = std::move(*ledger().BeginDryRun());
  std::vector<RowOutcome> planned, done;
  for (const auto& rows : {first, second}) {
    ObserveRows wish;
    wish.rows = rows;
    wish.run = NewRun();
    const auto results = dry_run->Observe(wish);
    ASSERT_TRUE(results) << results.error().ToString();
    for (const RowResult& row : *results) planned.push_back(row.outcome);
  }
  EXPECT_EQ(Events(), 1u);
  for (const auto& rows : {first, second}) {
    const auto results = Import(rows);
    ASSERT_TRUE(results);
    for (const RowResult& row : *results) done.push_back(row.outcome);
  }
  EXPECT_EQ(planned, done);
}

}  // namespace
}  // namespace referrald::ledger
