// Purchase moments out of stages of deals (F08).
#include <gmock/gmock.h>

#include "tests/connectors/sync/sync_fixture.h"

namespace referrald::sync {
namespace {

using ledger::RunRecord;
using practice::EventType;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kDealHeader = "Deal,Stage,Outcome,Closed,Who,Firm,Changed,Worth,In\n";

class PurchaseTest : public SyncTest {
 protected:
  PurchaseTest() {
    clock_.Set(*ParseTimestamp("2026-06-01T00:00:00Z"));
    FeedConfig deals = CrmFeed("deals");
    deals.mapping.object = "Opportunity";
    deals.mapping.kind = referral::EntityKind::kOpportunity;
    deals.mapping.system = "crm";
    deals.mapping.columns = {
        {"external_id", "Deal"},   {"stage", "Stage"},         {"outcome", "Outcome"},
        {"close_date", "Closed"},  {"contact:Contact", "Who"}, {"organisation:Account", "Firm"},
        {"changed_at", "Changed"}, {"amount", "Worth"},        {"currency", "In"}};
    deals.stages = {{.stage = "Verbal Yes", .moment = Moment::kExcited},
                    {.stage = "Renewal", .moment = Moment::kNone}};
    deals.min_rows_ratio = 0;
    feeds_ = {CrmFeed(), deals};
  }
  RunRecord ImportDeals(const std::string& name, const std::string& rows) {
    return Import("deals", name, std::string(kDealHeader) + rows);
  }
  std::vector<practice::RecordedAct> ActsAbout(const std::string& contact) const {
    const auto reader = Read();
    const auto party = reader->FindByRef({"crm", "Contact", contact});
    if (!party) return {};
    auto acts = reader->ActsAbout(*party);
    EXPECT_TRUE(acts) << acts.error().ToString();
    return acts ? *acts : std::vector<practice::RecordedAct>{};
  }
  std::vector<EventType> MomentsOf(const std::string& contact) const {
    std::vector<EventType> types;
    for (const practice::RecordedAct& act : ActsAbout(contact)) types.push_back(act.act.type);
    return types;
  }
};

TEST_F(PurchaseTest, AWonDealIsAnOrderOnItsCloseDateOnce) {
  Up();
  Import("crm", "people.csv", CrmFile(1));
  const std::string row = "9,Closed,won,2026-01-05,1,,2026-01-07T10:00:00Z,1200.50,EUR\n";
  const RunRecord run = ImportDeals("deals.csv", row);
  EXPECT_EQ(run.moments, 1U);
  const auto acts = ActsAbout("1");
  ASSERT_EQ(acts.size(), 1U);
  EXPECT_EQ(acts[0].act.type, EventType::kOrderPlaced);
  EXPECT_EQ(FormatTimestamp(acts[0].occurred_at).substr(0, 10), "2026-01-05");
  EXPECT_EQ(acts[0].act.amount.minor_units, 120050);
  EXPECT_EQ(acts[0].actor, "feed:deals");
  // The same deal with another amount is no second order, and neither is a second deal none.
  EXPECT_EQ(ImportDeals("more.csv",
                        "9,Closed,won,2026-01-05,1,,2026-01-08T10:00:00Z,1300,EUR\n"
                        "10,Closed,won,2026-02-05,1,,2026-02-07T10:00:00Z,5,EUR\n")
                .moments,
            1U);
  EXPECT_THAT(MomentsOf("1"), ElementsAre(EventType::kOrderPlaced, EventType::kOrderPlaced));
}

TEST_F(PurchaseTest, TheOrderOfFilesDoesNotDecide) {
  Up();
  EXPECT_EQ(ImportDeals("deals.csv", "9,,won,2026-01-05,1,A,,,\n").moments, 0U);
  Import("crm", "people.csv", CrmFile(1));
  // Any later run of the feed that has something new looks at every deal again.
  EXPECT_EQ(ImportDeals("more.csv", "9,,won,2026-01-05,1,A,,,\n10,,open,,1,A,,,\n").moments, 1U);
  EXPECT_THAT(MomentsOf("1"), ElementsAre(EventType::kOrderPlaced));
}

TEST_F(PurchaseTest, StagesOfTheFeedsOwnTableSayWhatTheyMean) {
  Up();
  Import("crm", "people.csv", CrmFile(2));
  ImportDeals("a.csv",
              "9,verbal yes ,open,,1,,2026-01-02T00:00:00Z,,\n"
              "8,Renewal,won,2026-01-02,2,,2026-01-02T00:00:00Z,,\n");
  EXPECT_THAT(MomentsOf("1"), ElementsAre(EventType::kCustomerExcited));
  EXPECT_THAT(MomentsOf("2"), IsEmpty());  // "nothing", although it was won.
  ImportDeals("b.csv", "9,Closed Lost,lost,2026-01-09,1,,2026-01-09T00:00:00Z,,\n");
  EXPECT_THAT(MomentsOf("1"), ElementsAre(EventType::kCustomerExcited, EventType::kDealLost));
}

TEST_F(PurchaseTest, ATimeThatNobodyKnowsIsNotInvented) {
  Up();
  Import("crm", "people.csv", CrmFile(2));
  EXPECT_EQ(ImportDeals("a.csv", "9,,won,,1,,,,\n8,,open,,2,,,,\n").moments, 0U);
  EXPECT_THAT(MomentsOf("1"), IsEmpty());
  // One that changes between two files happened by the time of the second.
  EXPECT_EQ(ImportDeals("b.csv", "9,,won,,1,,,,\n8,,won,,2,,,,\n").moments, 1U);
  EXPECT_THAT(MomentsOf("2"), ElementsAre(EventType::kOrderPlaced));
}

TEST_F(PurchaseTest, OfSeveralContactsTheOrganisationIsTheCustomer) {
  feeds_.push_back(CrmFeed("firms"));
  feeds_.back().mapping.object = "Account";
  feeds_.back().mapping.kind = referral::EntityKind::kOrganisation;
  feeds_.back().mapping.system = "crm";
  feeds_.back().mapping.columns = {{"external_id", "Id"}, {"display_name", "Name"}};
  Up();
  Import("crm", "people.csv", CrmFile(1));
  Import("firms", "firms.csv", "Id,Name\nA,Alpha\n");
  EXPECT_EQ(ImportDeals("a.csv", "9,,won,2026-01-05,,A,,,\n").moments, 1U);
  const auto firm = Read()->FindByRef({"crm", "Account", "A"});
  ASSERT_TRUE(firm);
  EXPECT_EQ(Read()->ActsAbout(*firm)->size(), 1U);
}

TEST_F(PurchaseTest, AQualifiedReferralThatNamesTheDealIsWonWithIt) {
  Up();
  Import("crm", "people.csv", CrmFile(3));
  ImportDeals("open.csv", "9,Proposal,open,,2,,2026-01-02T00:00:00Z,100,EUR\n");
  const auto ref = [](std::string object, std::string id) {
    return ledger::PartyRef{
        .id = {}, .ref = {{"crm", std::move(object), std::move(id)}}, .email = {}};
  };
  ReferralId referral;
  const auto record = [&](EventType type, const std::string& day, bool names_deal) {
    ledger::RecordFact wish;
    wish.fact.type = type;
    wish.source = ref("Contact", "1");
    wish.contact = ref("Contact", "2");
    wish.rep = ref("Contact", "3");
    if (names_deal) wish.opportunity = ref("Opportunity", "9");
    if (type == EventType::kIntroductionMade) {
      wish.fact.channel = referral::Channel::kEmail;
      wish.fact.evidence = {.reference = "mail 7", .sha256 = {}, .contact_expects = true};
    }
    wish.occurred_at = *ParseTimestamp(day + "T08:00:00Z");
    const auto receipt =
        real_->Record(wish, std::chrono::steady_clock::now() + std::chrono::seconds{10});
    ASSERT_TRUE(receipt) << receipt.error().ToString();
    referral = receipt->referral;
  };
  record(EventType::kIntroductionMade, "2026-01-01", false);
  record(EventType::kMeetingHeld, "2026-01-02", false);
  record(EventType::kQualified, "2026-01-05", true);
  ASSERT_TRUE(referral);
  const RunRecord run =
      ImportDeals("won.csv", "9,Closed,won,2026-01-05,2,,2026-01-05T17:00:00Z,250,EUR\n");
  EXPECT_EQ(run.moments, 2U);
  const auto after = Read()->GetReferral(referral);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->state, referral::State::kWon);
  EXPECT_EQ(after->amount.minor_units, 25000);
  // Midnight of the close date lies before the hour in which it was qualified.
  EXPECT_EQ(FormatTimestamp(after->steps.back().occurred_at).substr(0, 16), "2026-01-05T17:00");
}

}  // namespace
}  // namespace referrald::sync
