// A generated company, and how long the questions of a sales leader take on it.
//
// usage: bench_practice FOLDER CUSTOMERS [ROUNDS]
// Makes a store in FOLDER with so many customers, a fifth as many introductions, and about nine
// acts a customer, through the ledger; then asks each question ROUNDS times, and verifies the log.
// Prints {"events", "seconds_to_make", "milliseconds": {question: median},
// "log_verified_per_second"}.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "storage/practice/customer.h"
#include "tests/bench/served.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::bench {
namespace {

using referral::EventType;
using Admin = idl::ReferraldAdminClient;
using Steady = std::chrono::steady_clock;

constexpr int kThreads = 16;
constexpr size_t kReps = 50;
constexpr int kAsksEach = 3;  // Each is answered.
constexpr std::chrono::hours kDay{24};

class Company {
 public:
  Company(ledger::Ledger& ledger, const Clock& clock, uint64_t customers)
      : ledger_(ledger), clock_(clock), customers_(customers) {}

  void Make() {
    people_ = ImportPeople(ledger_, clock_, customers_ + kReps);
    // Each thread has customers of its own; one of them waits for its receipts in turn.
    std::vector<std::jthread> threads;
    for (uint64_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([this, t] {
        for (uint64_t number = t; number < customers_; number += kThreads) Live(number);
      });
    }
  }
  EntityId customer(uint64_t number) const { return people_[number]; }
  EntityId rep(uint64_t number) const { return people_[customers_ + number % kReps]; }

 private:
  static ledger::Ledger::Deadline Soon() { return Steady::now() + std::chrono::minutes(5); }

  ledger::RecordAct Act(EventType type, uint64_t number, int day) const {
    ledger::RecordAct wish;
    wish.act.type = type;
    wish.act.party = customer(number);
    wish.act.rep = rep(number);
    wish.occurred_at = clock_.Now() - kDay * day;
    wish.actor = "bench";
    return wish;
  }

  // Engaged, ordered, asked three times, touched; every fifth introduces the next one.
  void Live(uint64_t number) {
    const int since = 400 + static_cast<int>(number % 300);
    OrDie(ledger_.Record(Act(EventType::kFirstEngagement, number, since), Soon()));
    OrDie(ledger_.Record(Act(EventType::kOrderPlaced, number, since - 30), Soon()));
    for (int ask = 0; ask < kAsksEach; ++ask) Ask(number, since - 60 - 100 * ask, ask);
    ledger::RecordAct touch = Act(EventType::kTouchMade, number, 5);
    touch.act.channel = referral::Channel::kPhone;
    OrDie(ledger_.Record(std::move(touch), Soon()));
    if (number % 5 == 0 && number + 1 < customers_) Introduce(number);
  }

  void Ask(uint64_t number, int day, int which) {
    ledger::RecordAct ask = Act(EventType::kAskMade, number, day);
    ask.act.code = static_cast<uint32_t>(practice::AskKind::kFull);
    ask.act.channel = referral::Channel::kPhone;
    ask.act.slots =
        practice::In(static_cast<practice::Slot>((number + static_cast<uint64_t>(which)) % 5));
    const ledger::Receipt made = OrDie(ledger_.Record(std::move(ask), Soon()));
    ledger::RecordAct answer = Act(EventType::kAskAnswered, number, day - 1);
    answer.act.about = made.sequence;
    answer.act.code = 1 + static_cast<uint32_t>(number % 3);
    OrDie(ledger_.Record(std::move(answer), Soon()));
  }

  void Introduce(uint64_t number) {
    ledger::RecordFact wish;
    wish.fact.type = EventType::kIntroductionMade;
    wish.fact.source = customer(number);
    wish.fact.contact = customer(number + 1);
    wish.fact.rep = rep(number);
    wish.fact.channel = referral::Channel::kEmail;
    wish.fact.evidence.reference = "mail";
    wish.occurred_at = clock_.Now() - kDay * 3;
    wish.actor = "bench";
    OrDie(ledger_.Record(std::move(wish), Soon()));
  }

  ledger::Ledger& ledger_;
  const Clock& clock_;
  const uint64_t customers_;
  std::vector<EntityId> people_;
};

idl::PartyRef RefOf(EntityId person) {
  idl::PartyRef party;
  party.__set_id(referral::ToText(referral::EntityKind::kPerson, person));
  return party;
}

void Coverage(client::Client& client) {
  const auto coverage = OrDie(client.Ask(&Admin::getCoverage, idl::CoverageRequest()));
  if (coverage.party_count == 0 || coverage.gaps.empty()) std::exit(1);
}

void NextAsks(client::Client& client, EntityId rep) {
  idl::PromptsRequest request;
  request.__set_rep(RefOf(rep));
  request.__set_max(50);
  if (OrDie(client.Ask(&Admin::listPrompts, request)).prompts.empty()) std::exit(1);
}

// What `referralctl report` asks for.
void Report(client::Client& client) {
  if (OrDie(client.Ask(&Admin::getMetrics, idl::MetricsRequest())).figures.empty()) std::exit(1);
  Coverage(client);
  idl::PromptsRequest request;
  request.__set_max(10);
  (void)OrDie(client.Ask(&Admin::listPrompts, request));
  (void)OrDie(client.Ask(&Admin::getServerInfo, std::string("bench"), 0, 0));
}

void WayIn(client::Client& client, EntityId target) {
  idl::WaysInRequest request;
  request.__set_targets({RefOf(target)});
  if (OrDie(client.Ask(&Admin::findWaysIn, request)).front().ways.empty()) std::exit(1);
}

int Run(const std::string& folder, uint64_t customers, int rounds) {
  Served served(folder);
  Company company(served.ledger(), served.clock(), customers);
  const auto start = Steady::now();
  company.Make();
  const double made = std::chrono::duration<double>(Steady::now() - start).count();
  std::printf("{\"events\": %llu, \"seconds_to_make\": %.1f, \"milliseconds\": {",
              static_cast<unsigned long long>(OrDie(served.ledger().Read())->head().value), made);
  Settle();
  client::Client client = served.Connect();
  const auto tell = [rounds](const char* question, const char* end, const auto& ask) {
    std::printf("\"%s\": %.2f%s", question, MedianMilliseconds(rounds, ask), end);
  };
  tell("coverage of all, one RPC", ", ", [&] { Coverage(client); });
  tell("next 50 asks of a rep, one RPC", ", ", [&] { NextAsks(client, company.rep(1)); });
  tell("one way in, one RPC", ", ", [&] { WayIn(client, company.customer(1)); });
  tell("the report, over the RPC", "}, ", [&] { Report(client); });
  const auto begin = Steady::now();
  const ledger::VerifyReport verified =
      OrDie(served.ledger().Verify({}, {.heads = {}, .derived = false}));
  const double seconds = std::chrono::duration<double>(Steady::now() - begin).count();
  if (!verified.problems.empty()) std::exit(1);
  std::printf("\"log_verified_per_second\": %.0f}\n",
              static_cast<double>(verified.events) / seconds);
  return 0;
}

}  // namespace
}  // namespace referrald::bench

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: bench_practice FOLDER CUSTOMERS [ROUNDS]\n");
    return 2;
  }
  return referrald::bench::Run(arguments[1], std::strtoull(arguments[2], nullptr, 10),
                               count > 3 ? std::atoi(arguments[3]) : 21);
}
