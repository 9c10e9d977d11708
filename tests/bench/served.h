#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "storage/base/log.h"
#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/upkeep/upkeep.h"
#include "storage/vault/vault.h"
#include "tests/support/fake_sync.h"
#include "thrift/client/client.h"
#include "thrift/rpc/server.h"

namespace referrald::bench {

template <typename T>
T OrDie(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s\n", result.error().ToString().c_str());
  std::exit(1);
}

// A real store in a folder, and a real server before it on a unix socket, in one process.
class Served {
 public:
  explicit Served(const std::string& folder)
      : engine_(OrDie(engine::OpenRocksDb({.path = folder + "/store"}))),
        ledger_(OrDie(ledger::Ledger::Open(*engine_, *vault_, clock_, logger_,
                                           {.store_path = folder, .head_file = folder + "/head"}))),
        upkeep_({.engine = *engine_,
                 .vault = *vault_,
                 .ledger = *ledger_,
                 .clock = clock_,
                 .logger = logger_},
                {}) {
    rpc::FrontOptions front;
    front.listen = {"unix:" + folder + "/rpc.sock"};
    server_ = OrDie(rpc::Server::Start(
        {.ledger = *ledger_, .sync = sync_, .upkeep = upkeep_}, logger_, clock_,
        {.front = front, .version = "bench", .store_path = folder, .store_statistics = [this] {
           return engine_->Stats();
         }}));
  }

  ledger::Ledger& ledger() { return *ledger_; }
  const Clock& clock() const { return clock_; }
  client::Client Connect() const {
    return OrDie(client::Connect(server_->ListenAddresses().front(), std::chrono::minutes(1)));
  }

 private:
  class NoLog final : public LogSink {
    void Write(const LogRecord&) override {}
  };

  NoLog sink_;
  const SystemClock clock_;
  const Logger logger_{sink_, clock_, LogLevel::kError};
  const std::unique_ptr<vault::Vault> vault_ =
      vault::Vault::ForTest("0123456789abcdef0123456789abcdef");
  const std::unique_ptr<engine::Engine> engine_;
  const std::unique_ptr<ledger::Ledger> ledger_;
  upkeep::Upkeep upkeep_;
  support::FakeSync sync_;
  std::unique_ptr<rpc::Server> server_;
};

// Imports so many people, numbered from 0, with nothing but a name and an address.
inline std::vector<EntityId> ImportPeople(ledger::Ledger& ledger, const Clock& clock,
                                          uint64_t count) {
  constexpr size_t kRows = 200;
  std::vector<EntityId> people;
  ledger::RunRecord run;
  run.id = RunId::Make(clock.Now(), {});
  run.feed = "bench";
  for (uint64_t first = 0; first < count; first += kRows) {
    ledger::ObserveRows wish;
    wish.run = run;
    wish.actor = "bench";
    for (uint64_t i = first; i < std::min(first + kRows, count); ++i) {
      ledger::Row row;
      row.record = i + 1;
      row.kind = referral::EntityKind::kPerson;
      row.ref = {"crm", "Contact", std::to_string(i)};
      row.fields = {{"email", "p" + std::to_string(i) + "@example.org"},
                    {"last_name", "Person " + std::to_string(i)}};
      wish.rows.push_back(std::move(row));
    }
    wish.run.cursor_record = first + kRows;
    ledger::ObserveResult result = OrDie(ledger.Observe(
        std::move(wish), std::chrono::steady_clock::now() + std::chrono::minutes(5)));
    for (const ledger::RowResult& row : result.rows) people.push_back(row.entity);
    run = result.run;
  }
  return people;
}

// The engine goes on sorting what was just written.
inline void Settle() { std::this_thread::sleep_for(std::chrono::seconds(10)); }

// After one round that is not timed.
inline double MedianMilliseconds(int rounds, const std::function<void()>& question) {
  using Steady = std::chrono::steady_clock;
  std::vector<double> times;
  question();
  for (int round = 0; round < rounds; ++round) {
    const auto start = Steady::now();
    question();
    times.push_back(std::chrono::duration<double, std::milli>(Steady::now() - start).count());
  }
  std::ranges::nth_element(times, times.begin() + rounds / 2);
  return times[static_cast<size_t>(rounds) / 2];
}

}  // namespace referrald::bench
