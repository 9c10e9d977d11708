// The durable append path alone, and what it is measured against.
//
// usage: bench_append ours|naive FOLDER EVENTS
// Sixteen threads hand in events of 200 bytes; a thread waits for its receipts after every
// kWindow events. Prints {"events", "seconds"}.
//
// ours:  the ledger's writer: seal, tie to the event before, grow the tree, group, one synced
//        commit, head file. (The events touch no read model, so nothing but the append is timed.)
// naive: each event in a synced RocksDB write of its own, with four random index keys; RocksDB
//        groups what waits.
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "storage/base/log.h"
#include "storage/engine/head_file.h"
#include "storage/ledger/drain.h"
#include "storage/ledger/open_store.h"
#include "storage/ledger/pending.h"
#include "storage/ledger/writer.h"

namespace referrald::bench {
namespace {

constexpr int kThreads = 16;
constexpr int kWindow = 64;
constexpr size_t kEventBytes = 200;

class NoLog final : public LogSink {
  void Write(const LogRecord&) override {}
};

struct Wish {
  std::string text;
};
Result<Sequence> Append(ledger::CommandScope& scope, const Wish& wish) {
  return scope.Append(
      {.sequence = {},
       .occurred_at = scope.now(),
       .recorded_at = {},
       .actor = "bench",
       .body = ledger::HeadAccepted{.expected = {}, .found = {}, .reason = wish.text}});
}

template <typename T>
T OrDie(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s\n", result.error().ToString().c_str());
  std::exit(1);
}

// Calls `one` `events` times in all, from all threads.
double Time(int events, const std::function<void(int thread, int count)>& some) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&some, i, count = events / kThreads] { some(i, count); });
  }
  threads.clear();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void SubmitAndWait(ledger::Writer& writer, int count) {
  using Pending = ledger::Pending<Wish, Sequence>;
  std::vector<std::future<Result<Sequence>>> answers;
  for (int i = 0; i < count; ++i) {
    auto command = std::make_unique<Pending>(Wish{std::string(kEventBytes, 'x')}, &Append);
    answers.push_back(command->answer());
    const Status accepted = writer.Submit(std::move(command));
    if (!accepted.ok()) std::exit(1);
    if (answers.size() < kWindow && i + 1 < count) continue;
    for (auto& answer : answers) (void)OrDie(answer.get());
    answers.clear();
  }
}

double Ours(const std::string& folder, int events) {
  NoLog sink;
  const SystemClock clock;
  const Logger logger(sink, clock, LogLevel::kError);
  const auto vault = vault::Vault::ForTest("0123456789abcdef0123456789abcdef");
  const auto engine = OrDie(engine::OpenRocksDb({.path = folder + "/store"}));
  ledger::Tail tail;
  const ledger::StorePlace place{.engine = *engine, .vault = *vault, .partition = 1, .tail = tail};
  ledger::OpenedStore opened = OrDie(ledger::OpenStore(
      place, clock, logger, {.store_path = folder, .head_file = folder + "/head"}));
  ledger::Drain drain(place, logger);
  ledger::Writer writer({.place = place,
                         .clock = clock,
                         .logger = logger,
                         .identity = opened.info.identity,
                         .head_file = &*opened.head_file});
  return Time(events, [&writer](int, int count) { SubmitAndWait(writer, count); });
}

std::string RandomKey(std::mt19937_64& random) {
  std::string key(24, '\0');
  for (char& byte : key) byte = static_cast<char>(random());
  return key;
}

double Naive(const std::string& folder, int events) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(options, folder + "/store", &raw).ok()) std::exit(1);
  const std::unique_ptr<rocksdb::DB> db(raw);
  std::atomic<uint64_t> next = 0;
  return Time(events, [&db, &next](int thread, int count) {
    std::mt19937_64 random(static_cast<uint64_t>(thread));
    rocksdb::WriteOptions synced;
    synced.sync = true;
    for (int i = 0; i < count; ++i) {
      rocksdb::WriteBatch batch;
      std::string key = "E";
      AppendBigEndian64(key, ++next);
      if (!batch.Put(key, std::string(kEventBytes, 'x')).ok()) std::exit(1);
      for (int k = 0; k < 4; ++k) {
        if (!batch.Put(RandomKey(random), key).ok()) std::exit(1);
      }
      if (!db->Write(synced, &batch).ok()) std::exit(1);
    }
  });
}

}  // namespace
}  // namespace referrald::bench

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string_view who = argv[1];
  const std::string folder = argv[2];
  const int events = std::atoi(argv[3]);
  std::filesystem::create_directories(folder);
  const double seconds = who == "ours" ? referrald::bench::Ours(folder, events)
                                       : referrald::bench::Naive(folder, events);
  std::printf("{\"events\": %d, \"seconds\": %.6f}\n", events, seconds);
  return 0;
}
