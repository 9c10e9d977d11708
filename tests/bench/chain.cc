// Chains over many introductions: how long whom somebody brought, to depth 10, takes to tell.
//
// usage: bench_chain FOLDER INTRODUCTIONS [ROUNDS]
// Makes a store in FOLDER in which everybody introduces three others, through the ledger; then asks
// for a thousand people below the first one and below somebody in the middle ROUNDS times, of the
// reader and over the RPC. Prints {"introductions", "seconds_to_make", "milliseconds":
// {question: median}}.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/served.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::bench {
namespace {

using referral::EventType;
using Steady = std::chrono::steady_clock;

constexpr uint64_t kThreads = 16;
constexpr uint64_t kReps = 50;
constexpr uint64_t kEach = 3;  // So many does everybody introduce.
constexpr uint32_t kLevels = 10;
constexpr size_t kResults = 1000;

ledger::RecordFact Introduction(const std::vector<EntityId>& people, uint64_t number,
                                uint64_t count, Timestamp now) {
  ledger::RecordFact wish;
  wish.fact.type = EventType::kIntroductionMade;
  wish.fact.source = people[(number - 1) / kEach];
  wish.fact.contact = people[number];
  wish.fact.rep = people[count + 1 + number % kReps];
  wish.fact.channel = referral::Channel::kEmail;
  wish.fact.evidence.reference = "mail";
  wish.occurred_at = now - std::chrono::seconds(count - number);
  wish.actor = "bench";
  return wish;
}

void Introduce(Served& served, const std::vector<EntityId>& people, uint64_t count) {
  const Timestamp now = served.clock().Now();
  std::vector<std::jthread> threads;
  for (uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t number = 1 + t; number <= count; number += kThreads) {
        OrDie(served.ledger().Record(Introduction(people, number, count, now),
                                     Steady::now() + std::chrono::minutes(5)));
      }
    });
  }
}

void AskReader(const ledger::Ledger& ledger, EntityId person) {
  const auto reader = OrDie(ledger.Read());
  const auto chain =
      OrDie(reader->GetChain(person, {.levels_max = kLevels, .count_max = kResults}));
  if (chain.descendants.size() != kResults) std::exit(1);
}

void AskServer(client::Client& client, EntityId person, bool bare) {
  idl::ChainRequest request;
  idl::PartyRef party;
  party.__set_id(referral::ToText(referral::EntityKind::kPerson, person));
  request.__set_person(party);
  request.__set_depth_max(kLevels);
  request.__set_max(kResults);
  request.__set_bare(bare);
  const auto chain = OrDie(client.Ask(&idl::ReferraldAdminClient::getChain, request));
  if (chain.descendants.size() != kResults) std::exit(1);
}

int Run(const std::string& folder, uint64_t count, int rounds) {
  Served served(folder);
  const auto start = Steady::now();
  const std::vector<EntityId> people =
      ImportPeople(served.ledger(), served.clock(), count + 1 + kReps);
  Introduce(served, people, count);
  const double made = std::chrono::duration<double>(Steady::now() - start).count();
  std::printf("{\"introductions\": %llu, \"seconds_to_make\": %.1f, \"milliseconds\": {",
              static_cast<unsigned long long>(count), made);
  Settle();
  client::Client client = served.Connect();
  const EntityId first = people[0], middle = people[1 + kEach + 1];  // Two levels below.
  std::printf("\"of the first, in process\": %.2f, ",
              MedianMilliseconds(rounds, [&] { AskReader(served.ledger(), first); }));
  std::printf("\"of another, in process\": %.2f, ",
              MedianMilliseconds(rounds, [&] { AskReader(served.ledger(), middle); }));
  std::printf("\"of the first, one RPC\": %.2f, ",
              MedianMilliseconds(rounds, [&] { AskServer(client, first, /*bare=*/true); }));
  std::printf("\"of the first, one RPC, with names\": %.2f}}\n",
              MedianMilliseconds(rounds, [&] { AskServer(client, first, /*bare=*/false); }));
  return 0;
}

}  // namespace
}  // namespace referrald::bench

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: bench_chain FOLDER INTRODUCTIONS [ROUNDS]\n");
    return 2;
  }
  return referrald::bench::Run(arguments[1], std::strtoull(arguments[2], nullptr, 10),
                               count > 3 ? std::atoi(arguments[3]) : 21);
}
