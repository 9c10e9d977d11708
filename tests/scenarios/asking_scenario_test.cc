// Whom to ask, when, and about whom (R13 to R28).
#include <gmock/gmock.h>

#include "storage/practice/metric.h"
#include "tests/scenarios/practice_story.h"

namespace referrald::scenarios {
namespace {

using practice::AskKind;
using practice::AskOutcome;
using practice::Slot;
using referral::EventType;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using AskingScenario = PracticeStory;

TEST_F(AskingScenario, R13_HaveYouCoveredOffAllFive) {
  Happens(EventType::kOrderPlaced, anna_);
  const Sequence ask = Happens(AskWish(
      anna_, AskKind::kFull, practice::In(Slot::kSupplier) | practice::In(Slot::kNeighbour)));
  EXPECT_EQ(Customer(anna_).Covered(),
            practice::In(Slot::kSupplier) | practice::In(Slot::kNeighbour));
  ledger::RecordAct answer = AnswerWish(anna_, ask, AskOutcome::kNamesGiven);
  answer.act.slots = practice::In(Slot::kSupplier);
  Happens(answer);
  ledger::RecordAct none = Wish(EventType::kSourceSlotClosed, anna_);
  none.act.slots = practice::In(Slot::kInternalPeer);
  none.act.code = static_cast<uint32_t>(practice::SlotClosing::kNoneExists);
  Happens(none);
  const practice::Customer anna = Customer(anna_);
  EXPECT_EQ(anna.slots[static_cast<size_t>(Slot::kSupplier)].state, practice::SlotState::kYielded);
  EXPECT_EQ(anna.slots[static_cast<size_t>(Slot::kNeighbour)].state, practice::SlotState::kAsked);
  EXPECT_EQ(anna.slots[static_cast<size_t>(Slot::kInternalPeer)].state,
            practice::SlotState::kNoneExists);
  // Two groups are left, and the next of them is due when the customer has had a rest.
  DaysPass(61);
  ASSERT_THAT(Due(), ElementsAre("P05"));
  EXPECT_EQ(Prompts()[0].slots, practice::In(Slot::kExternalPeer));
}

TEST_F(AskingScenario, R14_EveryCustomerIsAskedNoExceptions) {
  for (const EntityId customer : {anna_, ben_, carl_}) {
    ledger::RecordAct role = Wish(EventType::kRoleAsserted, customer);
    role.act.code = static_cast<uint32_t>(practice::Role::kCustomer);
    Happens(role);
  }
  EXPECT_THAT(Due(), ElementsAre("P04", "P04", "P04"));
  // There is no flag that leaves somebody out: only who is suppressed is not asked.
  ledger::RecordAct suppressed = Wish(EventType::kSuppressed, ben_);
  suppressed.act.text = "wants no calls";
  Happens(suppressed);
  EXPECT_THAT(Due(), ElementsAre("P04", "P04"));
}

TEST_F(AskingScenario, R15_TheirPurchaseDecidesWhenNotOurPipeline) {
  const Sequence order = Happens(EventType::kOrderPlaced, anna_);
  ledger::RecordAct occasion = AskWish(anna_, AskKind::kFull);
  occasion.act.about = order;
  Happens(occasion);
  Happens(AskWish(ben_, AskKind::kLean));  // Because business is slow.
  practice::MetricBuilder builder({.now = clock().Now(), .count_min = 1});
  builder.Add(Customer(anna_));
  builder.Add(Customer(ben_));
  for (const practice::Figure& figure : builder.Take()) {
    if (figure.metric != "M06") continue;
    EXPECT_EQ(figure.numerator, 1);
    EXPECT_EQ(figure.denominator, 2);
  }
}

TEST_F(AskingScenario, R16_TheBestMomentIsTheOrder) {
  EXPECT_THAT(Due(), IsEmpty());
  const Sequence order = Happens(EventType::kOrderPlaced, anna_);
  ASSERT_THAT(Due(), ElementsAre("P03"));
  EXPECT_EQ(Prompts()[0].kind, AskKind::kFull);
  EXPECT_EQ(Prompts()[0].slots, practice::kAllSlots);
  EXPECT_THAT(Prompts()[0].because, ElementsAre(order));
}

TEST_F(AskingScenario, R17_ASoftAskWhileTheyAreExcited) {
  Happens(EventType::kCustomerExcited, anna_);
  ASSERT_THAT(Due(), ElementsAre("P02"));
  EXPECT_EQ(practice::FindPromptRule("P02")->script,
            "Do you know others that could benefit in the same way as you?");
  Happens(AskWish(anna_, AskKind::kSoft));
  EXPECT_THAT(Due(), IsEmpty());
}

TEST_F(AskingScenario, R18_PrimedAtTheFirstEngagement) {
  Happens(EventType::kFirstEngagement, anna_);
  EXPECT_THAT(Due(), IsEmpty());  // A week to do it unasked.
  DaysPass(7);
  ASSERT_THAT(Due(), ElementsAre("P01"));
  EXPECT_THAT(std::string(practice::FindPromptRule("P01")->script),
              testing::HasSubstr("at least five"));
  Happens(AskWish(anna_, AskKind::kPrime));
  EXPECT_THAT(Due(), IsEmpty());
}

TEST_F(AskingScenario, R19_AnIncentiveMayBackThePrime) {
  ledger::RecordAct prime = AskWish(anna_, AskKind::kPrime);
  prime.act.name = "spring-discount";
  Happens(prime);
  EXPECT_TRUE(Customer(anna_).asks[0].with_incentive);
}

// Two employees of one firm, and one who does the same work in another firm of the trade.
class PeersScenario : public PracticeStory {
 protected:
  PeersScenario() {
    Firm("mill", "Bremen");
    Firm("bakery", "Hamburg");
    anna_ = Employee("anna2", "mill", "Head of Purchasing");
    colleague_ = Employee("kim", "mill", "Accountant");
    peer_ = Employee("pat", "bakery", "Purchasing Manager");
  }
  void Firm(const std::string& name, const std::string& city) {
    ledger::Row row;
    row.kind = referral::EntityKind::kOrganisation;
    row.ref = {"crm", "Account", name};
    row.fields =
        referral::Normalised({{"display_name", name}, {"industry", "Food"}, {"city", city}});
    ASSERT_TRUE(Import({row}));
  }
  EntityId Employee(const std::string& name, const std::string& firm, const std::string& title) {
    ledger::Row row =
        LedgerFixture::Person({"crm", "Contact", name}, name, name, name + "@example.org");
    row.fields.push_back({"title", title});
    row.fields = referral::Normalised(row.fields);
    row.associations = {{"organisation", {"crm", "Account", firm}}};
    return Import({row})->front().entity;
  }
  std::vector<practice::Suggestion> Suggested(Slot slot) {
    std::vector<practice::Suggestion> found = *Read()->SuggestPeople(anna_, 10);
    std::erase_if(found, [slot](const auto& one) { return one.slot != slot; });
    return found;
  }

  EntityId colleague_, peer_;
};

TEST_F(PeersScenario, R20_NamesToSuggestAreFoundBeforehand) {
  ASSERT_EQ(Suggested(Slot::kInternalPeer).size(), 1u);
  EXPECT_EQ(Suggested(Slot::kInternalPeer)[0].person, colleague_);
  // A likeness is no acquaintance, and is not told as one.
  EXPECT_FALSE(Suggested(Slot::kInternalPeer)[0].confirmed_acquaintance);
  EXPECT_NE(Suggested(Slot::kInternalPeer)[0].reason.find("not known whether"), std::string::npos);
}

TEST_F(PeersScenario, R25_PeopleWhoShareTheirPurchasingInfluence) {
  ASSERT_EQ(Suggested(Slot::kExternalPeer).size(), 1u);
  EXPECT_EQ(Suggested(Slot::kExternalPeer)[0].person, peer_);
  EXPECT_NE(Suggested(Slot::kExternalPeer)[0].reason.find("similar title"), std::string::npos);
}

TEST_F(AskingScenario, R21_InLeanTimesBackToWhomWeKnow) {
  Happens(EventType::kOrderPlaced, anna_);
  Happens(AskWish(anna_, AskKind::kFull, practice::In(Slot::kSupplier)));
  size_t with_gaps = 0;
  ASSERT_TRUE(Read()
                  ->ScanCoverage({},
                                 [&](EntityId, const ledger::CoverageRecord& record) {
                                   with_gaps += std::ranges::count(
                                                    record.slots, practice::SlotState::kUnasked) > 0
                                                    ? 1
                                                    : 0;
                                   return true;
                                 })
                  .ok());
  EXPECT_EQ(with_gaps, 1u);  // Anna, not a list of cold names.
}

TEST_F(AskingScenario, R22_ConsistencyIsWhatIsHard) {
  for (int week = 0; week < 3; ++week) {
    Happens(AskWish(week == 0 ? anna_ : week == 1 ? ben_ : carl_, AskKind::kSoft));
    DaysPass(14);
  }
  practice::MetricBuilder builder({.now = clock().Now(), .count_min = 1});
  for (const EntityId customer : {anna_, ben_, carl_}) builder.Add(Customer(customer));
  const std::vector<practice::Figure> figures = builder.Take();
  const auto weeks = std::ranges::find_if(figures, [](const practice::Figure& figure) {
    return figure.metric == "M28" && figure.part.empty();
  });
  ASSERT_NE(weeks, figures.end());
  EXPECT_EQ(weeks->numerator, 3);
  EXPECT_EQ(weeks->denominator, 7);
}

TEST_F(AskingScenario, R41_WhoDeclinedIsNotAskedUntilThatIsLifted) {
  // Given a customer whom somebody introduced, when they decline, then nothing is due for them;
  // somebody may lift that, and then it is.
  Happens(EventType::kOrderPlaced, ben_);
  ASSERT_THAT(Due(), ElementsAre("P03"));
  Tells(EventType::kIntroductionMade, anna_, ben_);
  Tells(EventType::kContactDeclined, anna_, ben_);
  EXPECT_TRUE(Customer(ben_).suppressed);
  EXPECT_THAT(Due(), ElementsAre("P10"));  // The source hears of it.
  ledger::RecordAct lifted = Wish(EventType::kSuppressionLifted, ben_);
  lifted.act.text = "called us back";
  Happens(lifted);
  EXPECT_THAT(Due(), UnorderedElementsAre("P03", "P10"));
}

TEST_F(AskingScenario, R23_AProspectIsAskedToo) {
  ledger::RecordAct role = Wish(EventType::kRoleAsserted, anna_);
  role.act.code = static_cast<uint32_t>(practice::Role::kProspect);
  Happens(role);
  EXPECT_FALSE(Customer(anna_).IsCustomer());
  EXPECT_THAT(Due(), ElementsAre("P04"));
}

TEST_F(AskingScenario, R24_TheLoyalComeFirst) {
  Happens(EventType::kOrderPlaced, anna_);
  Happens(EventType::kReferenceVolunteered, ben_);
  Happens(EventType::kAdversitySurvived, carl_);
  const std::vector<std::string> due = Due();
  ASSERT_EQ(due.size(), 3u);
  EXPECT_EQ(due[0], "P06");
  EXPECT_EQ(due[1], "P06");
  EXPECT_EQ(due[2], "P03");
}

TEST_F(AskingScenario, R28_ALostDealIsWhereTheNextAskStarts) {
  Happens(EventType::kDealLost, anna_);
  ASSERT_THAT(Due(), ElementsAre("P07"));
  EXPECT_EQ(Prompts()[0].kind, AskKind::kLostDeal);
  EXPECT_THAT(std::string(practice::FindPromptRule("P07")->script),
              testing::HasSubstr("a better fit"));
}

TEST_F(AskingScenario, R11_WhoIsNotAFitBecomesASource) {
  Tells(EventType::kIntroductionMade, anna_, ben_);
  Tells(EventType::kNotAFit, anna_, ben_);
  const std::vector<practice::Prompt> prompts = Prompts();
  const auto of_ben = std::ranges::find(prompts, "P08", &practice::Prompt::rule);
  ASSERT_NE(of_ben, prompts.end());
  EXPECT_EQ(of_ben->party, ben_);
}

TEST_F(AskingScenario, R12_AReferredCustomerIsAskedInTurn) {
  Tells(EventType::kIntroductionMade, anna_, ben_);
  Tells(EventType::kMeetingHeld, anna_, ben_);
  ledger::RecordFact qualified = Fact(EventType::kQualified, anna_, ben_, rita_);
  ledger::Row deal;
  deal.kind = referral::EntityKind::kOpportunity;
  deal.ref = {"crm", "Opportunity", "1"};
  qualified.fact.opportunity = Import({deal})->front().entity;
  qualified.occurred_at = clock().Now();
  ASSERT_TRUE(Record(qualified));
  ledger::RecordFact won = Fact(EventType::kOpportunityWon, anna_, ben_, rita_);
  won.fact.amount = {.minor_units = 100, .currency = "EUR"};
  won.occurred_at = clock().Now();
  ASSERT_TRUE(Record(won));
  const std::vector<practice::Prompt> prompts = Prompts();
  const auto ask = std::ranges::find(prompts, "P09", &practice::Prompt::rule);
  ASSERT_NE(ask, prompts.end());
  EXPECT_EQ(ask->party, ben_);
}

TEST_F(AskingScenario, R33_NobodyIsAskedMoreOftenThanTheyCanBear) {
  Happens(AskWish(anna_, AskKind::kSoft));
  DaysPass(1);
  Happens(EventType::kOrderPlaced, anna_);
  EXPECT_THAT(Due(), IsEmpty());  // The full ask waits until a month after the soft one.
  DaysPass(29);
  EXPECT_THAT(Due(), ElementsAre("P03"));
}

TEST_F(AskingScenario, R42_TheSourceHearsWhatBecameOfIt) {
  const ledger::Receipt introduced = Tells(EventType::kIntroductionMade, anna_, ben_);
  EXPECT_THAT(Due(), IsEmpty());
  const ledger::Receipt met = Tells(EventType::kMeetingHeld, anna_, ben_);
  ASSERT_THAT(Due(), ElementsAre("P10"));
  ledger::RecordAct told = Wish(EventType::kOutcomeReported, anna_);
  told.act.referral = introduced.referral;
  told.act.about = met.sequence;
  Happens(told);
  EXPECT_THAT(Due(), IsEmpty());
}

TEST_F(AskingScenario, R08_ARequestThatStandsStillNeedsACheckIn) {
  for (const EventType type :
       {EventType::kNameReceived, EventType::kSourceContacted, EventType::kAcquaintanceConfirmed,
        EventType::kIntroductionRequested}) {
    Tells(type, anna_, ben_);
    DaysPass(1);
  }
  EXPECT_THAT(Due(), IsEmpty());
  DaysPass(14);
  EXPECT_THAT(Due(), ElementsAre("P12"));
}

// The same log gives the same prompts, each once: replayed, and after a restart.
TEST_F(AskingScenario, R15_PromptsComeOnceHoweverTheLogIsReplayed) {
  Happens(EventType::kOrderPlaced, anna_);
  Happens(EventType::kReferenceVolunteered, ben_);
  Tells(EventType::kIntroductionMade, anna_, carl_);
  Tells(EventType::kMeetingHeld, anna_, carl_);
  const std::vector<practice::Prompt> before = Prompts();
  EXPECT_EQ(before.size(), 3u);
  Reopen();
  EXPECT_EQ(Prompts(), before);
  ASSERT_TRUE(ledger().Rebuild({}));
  EXPECT_EQ(Prompts(), before);
}

}  // namespace
}  // namespace referrald::scenarios
