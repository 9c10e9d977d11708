// A generated company, and how long the questions of a sales leader take on it.
//
// usage: bench_practice FOLDER CUSTOMERS [ROUNDS]
// Makes a store in FOLDER with so many customers, a fifth as many introductions, and about nine
// acts a customer, through the ledger; then asks each question ROUNDS times. Prints {"events",
// "seconds_to_make", "milliseconds": {question: median}}.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "storage/base/log.h"
#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/practice/metric.h"
#include "storage/referral/chain.h"

namespace referrald::bench {
namespace {

using referral::EventType;
using Steady = std::chrono::steady_clock;

constexpr int kThreads = 16;
constexpr size_t kReps = 50;
constexpr int kAsksEach = 3;  // Each is answered.
constexpr std::chrono::hours kDay{24};

class NoLog final : public LogSink {
  void Write(const LogRecord&) override {}
};

template <typename T>
T OrDie(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s\n", result.error().ToString().c_str());
  std::exit(1);
}

class Company {
 public:
  Company(ledger::Ledger& ledger, const Clock& clock, uint64_t customers)
      : ledger_(ledger), clock_(clock), customers_(customers) {}

  void Make() {
    Import();
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

  void Import() {
    constexpr size_t kRows = 200;
    ledger::RunRecord run;
    run.id = RunId::Make(clock_.Now(), {});
    run.feed = "bench";
    for (uint64_t first = 0; first < customers_ + kReps; first += kRows) {
      ledger::ObserveRows wish;
      wish.run = run;
      wish.actor = "bench";
      for (uint64_t i = first; i < std::min(first + kRows, customers_ + kReps); ++i) {
        ledger::Row row;
        row.record = i + 1;
        row.kind = referral::EntityKind::kPerson;
        row.ref = {"crm", "Contact", std::to_string(i)};
        row.fields = {{"email", "p" + std::to_string(i) + "@example.org"},
                      {"last_name", "Person " + std::to_string(i)}};
        wish.rows.push_back(std::move(row));
      }
      wish.run.cursor_record = first + kRows;
      ledger::ObserveResult result = OrDie(ledger_.Observe(std::move(wish), Soon()));
      for (const ledger::RowResult& row : result.rows) people_.push_back(row.entity);
      run = result.run;
    }
  }

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
    ask.act.slots = practice::In(static_cast<practice::Slot>((number + which) % 5));
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

double MedianMilliseconds(int rounds, const std::function<void()>& question) {
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    const auto start = Steady::now();
    question();
    times.push_back(std::chrono::duration<double, std::milli>(Steady::now() - start).count());
  }
  std::ranges::nth_element(times, times.begin() + rounds / 2);
  return times[static_cast<size_t>(rounds) / 2];
}

void Coverage(const ledger::Ledger& ledger) {
  uint64_t parties = 0, covered = 0;
  const auto reader = OrDie(ledger.Read());
  const Status scanned =
      reader->ScanCoverage({}, [&](EntityId, const ledger::CoverageRecord& record) {
        ++parties;
        covered +=
            static_cast<uint64_t>(std::ranges::count(record.slots, practice::SlotState::kUnasked));
        return true;
      });
  if (!scanned.ok() || parties == 0) std::exit(1);
}

void Metrics(const ledger::Ledger& ledger, Timestamp now) {
  const auto reader = OrDie(ledger.Read());
  practice::MetricBuilder builder({.now = now});
  Status status = reader->ScanCustomers([&builder](const ledger::CustomerRecord& record) {
    builder.Add(record.customer);
    return true;
  });
  if (status.ok()) {
    status = reader->ScanReferrals([&builder](const referral::Referral& referral) {
      builder.Add(referral);
      return true;
    });
  }
  if (!status.ok() || builder.Take().empty()) std::exit(1);
}

int Run(const std::string& folder, uint64_t customers, int rounds) {
  NoLog sink;
  const SystemClock clock;
  const Logger logger(sink, clock, LogLevel::kError);
  const auto vault = vault::Vault::ForTest("0123456789abcdef0123456789abcdef");
  const auto engine = OrDie(engine::OpenRocksDb({.path = folder + "/store"}));
  const auto ledger = OrDie(ledger::Ledger::Open(
      *engine, *vault, clock, logger, {.store_path = folder, .head_file = folder + "/head"}));
  Company company(*ledger, clock, customers);
  const auto start = Steady::now();
  company.Make();
  const double made = std::chrono::duration<double>(Steady::now() - start).count();
  std::printf("{\"events\": %llu, \"seconds_to_make\": %.1f, \"milliseconds\": {",
              static_cast<unsigned long long>(OrDie(ledger->Read())->head().value), made);
  std::printf("\"coverage of all\": %.2f, ",
              MedianMilliseconds(rounds, [&] { Coverage(*ledger); }));
  std::printf("\"next 50 asks of a rep\": %.2f, ", MedianMilliseconds(rounds, [&] {
                const auto reader = OrDie(ledger->Read());
                (void)OrDie(reader->ListPrompts(company.rep(1), clock.Now(), "", 50));
              }));
  std::printf("\"one way in\": %.2f, ", MedianMilliseconds(rounds, [&] {
                const auto reader = OrDie(ledger->Read());
                (void)OrDie(reader->FindWaysIn(company.customer(1), {}));
              }));
  std::printf("\"all metrics\": %.1f}}\n",
              MedianMilliseconds(std::min(rounds, 5), [&] { Metrics(*ledger, clock.Now()); }));
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
