// Random histories, each in a ledger of its own: what is kept with every event is what the whole
// log folds to, and a rebuilt ledger equals the live one. REFERRALD_HISTORIES says how many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "storage/ledger/ledger.h"
#include "storage/practice/metric.h"
#include "storage/referral/chain.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/seed.h"

namespace referrald::ledger {
namespace {

using practice::EventType;
using referral::Introduction;
using referral::Referral;

constexpr size_t kPeople = 7;

size_t HistoryCount() {
  const char* const given = std::getenv("REFERRALD_HISTORIES");
  return given == nullptr ? 10'000 : std::strtoull(given, nullptr, 10);
}

// One company: a few people, two reps, and whatever happens to them.
class History : public support::LedgerFixture {
 public:
  explicit History(uint64_t seed) : random_(seed) {
    std::vector<Row> rows;
    for (size_t i = 0; i < kPeople + 2; ++i) rows.push_back(PersonRow(i));
    const auto made = Import(std::move(rows));
    for (const RowResult& row : *made) people_.push_back(row.entity);
  }

  void Step() {
    clock().Advance(std::chrono::minutes(5));
    switch (Below(10)) {
      case 0: return Merge();
      case 1:
      case 2: return Do();
      case 3:
      case 4:
      case 5: return Introduce();
      default: return Tell();
    }
  }

  std::vector<Referral> Referrals() {
    std::vector<Referral> all;
    EXPECT_TRUE(Read()
                    ->ScanReferrals([&all](const Referral& referral) {
                      all.push_back(referral);
                      return true;
                    })
                    .ok());
    return all;
  }
  std::span<const EntityId> people() const { return people_; }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  EntityId Somebody() { return people_[Below(kPeople)]; }
  EntityId SomeRep() { return people_[kPeople + Below(2)]; }

  static Row PersonRow(size_t number) {
    return Person({"crm", "Contact", std::to_string(number)}, "First" + std::to_string(number),
                  "Last", "p" + std::to_string(number) + "@example.org");
  }

  // Now and then the CRM says that two are one.
  void Merge() {
    Row row = PersonRow(Below(kPeople));
    row.merged_into = referral::ExternalRef{"crm", "Contact", std::to_string(Below(kPeople))};
    (void)Import({row});
  }

  void Do() {
    static constexpr EventType kTypes[] = {
        EventType::kFirstEngagement, EventType::kOrderPlaced, EventType::kAskMade,
        EventType::kTouchMade,       EventType::kDealLost,    EventType::kCadenceAssigned};
    RecordAct wish = Act(kTypes[Below(std::size(kTypes))], Somebody(), SomeRep());
    wish.occurred_at = clock().Now() - std::chrono::hours(1 + Below(2000));
    if (wish.act.type == EventType::kAskMade) wish.act.code = 1 + static_cast<uint32_t>(Below(8));
    if (wish.act.type == EventType::kCadenceAssigned) wish.act.name = "high-ticket";
    if (wish.act.type == EventType::kAskMade || wish.act.type == EventType::kTouchMade) {
      wish.act.channel = referral::Channel::kPhone;
    }
    (void)Record(std::move(wish));
  }

  // Of one by another, at any time: told in another order than it happened.
  void Introduce() {
    RecordFact wish = Fact(EventType::kIntroductionMade, Somebody(), Somebody(), people_[kPeople]);
    wish.occurred_at = clock().Now() - std::chrono::hours(Below(500));
    (void)Record(std::move(wish));
  }

  // A fact about somebody, or about a referral that there is; in any order, half of them late.
  void Tell() {
    static constexpr EventType kTypes[] = {
        EventType::kNameReceived,   EventType::kIntroductionMade,   EventType::kIntroductionMade,
        EventType::kOutreachMade,   EventType::kMeetingHeld,        EventType::kQualified,
        EventType::kOpportunityWon, EventType::kAcquaintanceDenied, EventType::kVoided,
        EventType::kVoidReverted};
    RecordFact wish = Fact(kTypes[Below(std::size(kTypes))], Somebody(), Somebody(), SomeRep());
    const std::vector<Referral> all = Referrals();
    if (!all.empty() && Below(3) > 0) {
      const Referral& one = all[Below(all.size())];
      wish.fact.referral = one.id;
      wish.fact.source = wish.fact.contact = wish.fact.rep = {};
    }
    wish.occurred_at = clock().Now() - std::chrono::hours(Below(500));
    wish.accept_out_of_order = Below(2) == 0;
    if (wish.fact.type == EventType::kOpportunityWon) {
      wish.fact.amount = {.minor_units = static_cast<int64_t>(Below(1000)), .currency = "EUR"};
    }
    wish.fact.reason = "both gain";
    wish.fact.reviewer = Below(2) == 0 ? Somebody() : EntityId{};
    (void)Record(std::move(wish));
  }

  std::mt19937_64 random_;
  std::vector<EntityId> people_;
};

std::vector<Introduction> IntroductionsOf(const std::vector<Referral>& referrals) {
  std::vector<Introduction> edges;
  for (const Referral& referral : referrals) {
    if (!referral.introduction || IsJudged(referral)) continue;
    edges.push_back({referral.source, referral.contact, referral.id, referral.introduction,
                     referral.introduced_at});
  }
  return edges;
}

Amounts WonBelow(const referral::Forest& forest, EntityId person,
                 const std::map<EntityId, Amounts>& won) {
  Amounts sum;
  for (const referral::ChainNode& node : Descendants(forest, person, UINT32_MAX)) {
    const auto theirs = won.find(node.person);
    if (node.person != person && theirs != won.end()) Add(sum, theirs->second);
  }
  return sum;
}

void ExpectChainsFold(History& history) {
  const std::vector<Referral> referrals = history.Referrals();
  const std::vector<Introduction> edges = IntroductionsOf(referrals);
  const referral::Forest forest = referral::BuildForest(edges);
  std::map<EntityId, Amounts> won;
  std::set<std::pair<EntityId, EntityId>> deals;
  for (const Referral& referral : referrals) {
    if (referral.state != referral::State::kWon || !Stands(referral)) continue;
    if (referral.amount.minor_units == 0) continue;
    // One deal is worth what its oldest record says, once.
    const bool is_new =
        !referral.opportunity || deals.emplace(referral.contact, referral.opportunity).second;
    if (is_new) Add(won[referral.contact], {{"EUR", referral.amount.minor_units}});
  }
  const auto reader = history.Read();
  for (const EntityId person : history.people()) {
    const auto chain = reader->GetChain(person, {});
    ASSERT_TRUE(chain) << chain.error().ToString();
    std::vector<referral::ChainNode> down;
    for (const ChainMember& member : chain->descendants) down.push_back(member.node);
    const EntityId survivor = down.front().person;
    std::vector<referral::ChainNode> expected = Descendants(forest, survivor, UINT32_MAX);
    if (expected.empty())
      expected.push_back(down.front());  // Nobody brought them, and they nobody.
    ASSERT_EQ(down, expected);
    ASSERT_EQ(chain->descendants.front().won_below, WonBelow(forest, survivor, won));
    const auto arrivals = std::ranges::count(edges, survivor, &Introduction::contact);
    const auto credited = expected.front().parent ? 1 : 0;
    ASSERT_EQ(chain->descendants.front().uncredited, static_cast<uint64_t>(arrivals - credited));
    std::vector<EntityId> up;
    for (const ChainMember& member : chain->ancestors) up.push_back(member.node.person);
    std::vector<EntityId> line;
    for (const auto& node : Ancestors(forest, survivor)) line.push_back(node.person);
    if (!line.empty()) line.erase(line.begin());
    ASSERT_EQ(up, line);
  }
}

// Figures, credit and chains ask each record whether it stands; the gate asks the whole log.
void ExpectStandingAsTheGate(History& history, EntityId person, const ContactHonesty& gate) {
  bool stands = false;
  const auto entity = history.Read()->GetEntity(person);
  ASSERT_TRUE(entity);
  for (const Referral& referral : history.Referrals()) {
    if (referral.contact != entity->id || referral.rep != gate.rep || !Stands(referral)) continue;
    stands = true;
  }
  if (gate.honesty.basis == "ALREADY_KNOWN") return;  // HOT by something else.
  ASSERT_EQ(stands, gate.honesty.temperature == referral::Temperature::kHot) << person.value;
}

// No referral without an introduction that has evidence, whatever happened.
void ExpectHonest(History& history) {
  const auto reader = history.Read();
  for (const EntityId person : history.people()) {
    const auto honesty = reader->HonestyOf(person);
    ASSERT_TRUE(honesty);
    for (const ContactHonesty& one : *honesty) {
      ExpectStandingAsTheGate(history, person, one);
      if (one.honesty.kind != referral::ReferralKind::kReferral) continue;
      ASSERT_FALSE(one.honesty.because.empty());
      const auto event = reader->GetEvent(one.honesty.because.front());
      ASSERT_TRUE(event);
      const auto* const fact = std::get_if<referral::Fact>(&event->body);
      ASSERT_NE(fact, nullptr);
      ASSERT_EQ(fact->type, EventType::kIntroductionMade);
      ASSERT_FALSE(fact->evidence.empty());
    }
  }
}

std::vector<practice::Figure> FiguresOf(History& history) {
  practice::MetricBuilder builder({.now = history.clock().Now(), .count_min = 1});
  const auto reader = history.Read();
  EXPECT_TRUE(reader
                  ->ScanCustomers([&builder](const CustomerRecord& record) {
                    builder.Add(record.customer);
                    return true;
                  })
                  .ok());
  for (const Referral& referral : history.Referrals()) builder.Add(referral);
  return builder.Take();
}

TEST(Histories, WhatIsKeptIsWhatTheLogFoldsTo) {
  const uint64_t seed = support::TestSeed();
  const size_t count = HistoryCount();
  size_t introductions = 0, deepest = 0;
  for (size_t i = 0; i < count; ++i) {
    History history(seed + i);
    const size_t steps = 5 + (seed + i) % 20;
    for (size_t step = 0; step < steps; ++step) history.Step();
    SCOPED_TRACE("history " + std::to_string(i) + " of seed " + std::to_string(seed));
    ExpectChainsFold(history);
    ExpectHonest(history);
    const std::vector<practice::Figure> live = FiguresOf(history);
    const auto report = history.ledger().Verify({});
    ASSERT_TRUE(report) << report.error().ToString();
    ASSERT_EQ(report->problems, std::vector<std::string>{});
    ASSERT_TRUE(history.ledger().Rebuild({}));
    ASSERT_EQ(FiguresOf(history), live);
    if (testing::Test::HasFatalFailure()) return;
    const auto edges = IntroductionsOf(history.Referrals());
    introductions += edges.size();
    for (const auto& node : referral::BuildForest(edges).nodes) {
      deepest = std::max<size_t>(deepest, node.depth);
    }
  }
  // Histories in which nothing happens would show nothing.
  EXPECT_GT(introductions, count);
  EXPECT_GT(deepest, 2u);
}

}  // namespace
}  // namespace referrald::ledger
