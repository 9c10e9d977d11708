#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "connectors/sync/sync.h"
#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/vault/vault.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"

namespace referrald::sync {

// Keeps what is logged, and lets a test wait for it.
class EventSink final : public LogSink {
 public:
  void Write(const LogRecord& record) override {
    const std::lock_guard lock(mutex_);
    records_.push_back(record);
    changed_.notify_all();
  }
  std::vector<LogRecord> All(std::string_view event) const {
    const std::lock_guard lock(mutex_);
    std::vector<LogRecord> found;
    for (const LogRecord& record : records_) {
      if (event.empty() || record.event == event) found.push_back(record);
    }
    return found;
  }
  // False: `count` records of `event` did not come within a minute.
  bool WaitFor(std::string_view event, size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes{1}, [&] {
      return static_cast<size_t>(std::ranges::count(records_, event, &LogRecord::event)) >= count;
    });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<LogRecord> records_;  // Guarded by mutex_.
};

// The real ledger with a switch that ends the store's service at one stretch, as a crash would:
// before anything is written, or after it was written and the answer is lost.
class FaultyLedger final : public ledger::Ledger {
 public:
  enum class Fault { kNone, kBefore, kAfter };

  explicit FaultyLedger(ledger::Ledger& real) : real_(real) {}

  void FailAt(int stretch, Fault fault) {
    fail_at_ = stretch;
    fault_ = fault;
  }
  void Heal() {
    fault_ = Fault::kNone;
    dead_ = false;
  }
  void Die() { dead_ = true; }
  int stretches() const { return stretches_; }

  Result<ledger::Receipt> Record(ledger::RecordFact wish, Deadline deadline) override {
    return real_.Record(std::move(wish), deadline);
  }
  Result<ledger::Receipt> Observe(ledger::ObserveParty wish, Deadline deadline) override {
    return real_.Observe(std::move(wish), deadline);
  }
  Result<ledger::ObserveResult> Observe(ledger::ObserveRows wish, Deadline deadline) override {
    if (dead_) return Gone();
    const bool now = stretches_++ == fail_at_ && fault_ != Fault::kNone;
    if (now && fault_ == Fault::kBefore) {
      dead_ = true;
      return Gone();
    }
    Result<ledger::ObserveResult> result = real_.Observe(std::move(wish), deadline);
    if (!now) return result;
    dead_ = true;
    return Gone();
  }
  Status PutRun(ledger::RunRecord run, std::vector<ledger::Reject> rejects,
                Deadline deadline) override {
    if (dead_) return Gone();
    return real_.PutRun(std::move(run), std::move(rejects), deadline);
  }
  Result<std::unique_ptr<DryRun>> BeginDryRun() override { return real_.BeginDryRun(); }
  Result<std::unique_ptr<ledger::Reader>> Read() const override {
    if (dead_) return Gone();
    return real_.Read();
  }
  Result<ledger::VerifyReport> Verify(const Progress& progress) override {
    return real_.Verify(progress);
  }
  Result<uint64_t> Rebuild(const Progress& progress) override { return real_.Rebuild(progress); }

 private:
  static Status Gone() { return Status::Unavailable("the test took the store away", 4002); }

  ledger::Ledger& real_;
  std::atomic<int> fail_at_ = -1;
  std::atomic<Fault> fault_ = Fault::kNone;
  std::atomic<bool> dead_ = false;
  std::atomic<int> stretches_ = 0;
};

// A daemon's worth of sync: one store, folders, and a service that can be taken down and started
// again as often as a test likes.
class SyncTest : public ::testing::Test {
 protected:
  SyncTest() { OpenLedger(); }
  ~SyncTest() override { Down(); }

  // Feeds "crm" (generic, system "crm"), with this many of its rows bad before it is held.
  FeedConfig CrmFeed(std::string name = "crm") const {
    FeedConfig feed;
    feed.name = name;
    feed.connector = "generic_csv";
    feed.folder = dir_ / name;
    feed.mapping.object = "Contact";
    feed.mapping.system = name;
    feed.mapping.columns = {{"external_id", "Id"}, {"display_name", "Name"},
                            {"email", "Mail"},     {"lead_source", "Source"},
                            {"deleted", "Gone"},   {"merged_into", "Into"}};
    feed.settle = std::chrono::milliseconds{0};
    feed.max_bad_ratio = 0.5;
    return feed;
  }
  FeedConfig SystemFeed(const std::string& connector) const {
    FeedConfig feed;
    feed.name = connector;
    feed.connector = connector;
    feed.folder = dir_ / connector;
    feed.settle = std::chrono::milliseconds{0};
    return feed;
  }

  void OpenLedger() {
    auto opened = ledger::Ledger::Open(*engine_, *vault_, clock_, logger_, {});
    ASSERT_TRUE(opened) << opened.error().ToString();
    real_ = std::move(*opened);
    faulty_ = std::make_unique<FaultyLedger>(*real_);
  }
  // Makes the service over `feeds_`, and its folders.
  void Open() {
    SyncOptions options;
    options.backoff = std::chrono::milliseconds{0};
    options.rescan = std::chrono::hours{1};
    auto opened = SyncService::Open(*faulty_, clock_, logger_, feeds_, exports_, options);
    ASSERT_TRUE(opened) << opened.error().ToString();
    service_ = std::move(*opened);
  }
  void Up() {
    if (!service_) Open();
    service_->Start();
  }
  void Down() { service_.reset(); }
  // The process ends and another one opens what it left.
  void Restart() {
    Down();
    faulty_.reset();
    real_.reset();
    OpenLedger();
    Up();
  }

  std::string In(std::string_view feed, std::string_view path) const {
    return dir_ / (std::string(feed) + "/" + std::string(path));
  }
  // Writes under an unfinished name first, as producers should.
  void Drop(std::string_view feed, const std::string& name, std::string_view bytes) const {
    dir_.Write(std::string(feed) + "/inbox/." + name, bytes);
    std::filesystem::rename(In(feed, "inbox/." + name), In(feed, "inbox/" + name));
  }
  // Drops a file and waits for the end of its run.
  ledger::RunRecord Import(std::string_view feed, const std::string& name,
                           std::string_view bytes) {
    const size_t before = sink_.All("run.finished").size();
    Drop(feed, name, bytes);
    service_->Rescan(feed, name);
    return WaitForRun(before + 1);
  }
  // The record of the last run, once `count` have finished in all.
  ledger::RunRecord WaitForRun(size_t count) {
    EXPECT_TRUE(sink_.WaitFor("run.finished", count));
    const std::vector<LogRecord> finished = sink_.All("run.finished");
    if (finished.empty()) return {};
    return RunCalled(TextOf(finished.back(), "run"));
  }
  ledger::RunRecord RunCalled(const std::string& id) {
    const Result<RunId> parsed = ParseRunId(id);
    if (!parsed) return {};
    const Result<ledger::RunRecord> run = service_->GetRun(*parsed);
    EXPECT_TRUE(run) << run.error().ToString();
    return run ? *run : ledger::RunRecord{};
  }
  static std::string TextOf(const LogRecord& record, std::string_view key) {
    for (const LogField& field : record.fields) {
      if (field.key == key && std::holds_alternative<std::string>(field.value)) {
        return std::get<std::string>(field.value);
      }
    }
    return {};
  }

  ledger::Totals Totals() const { return *Read()->GetTotals(); }
  std::unique_ptr<ledger::Reader> Read() const {
    auto reader = real_->Read();
    EXPECT_TRUE(reader) << reader.error().ToString();
    return std::move(*reader);
  }
  // Everything that is known about everybody, as text; run ids left out.
  std::string World() const {
    std::string world;
    const Status scanned =
        Read()->ScanEntities({}, [&world](const referral::Entity& entity) {
          world += ToText(entity.kind, entity.id) + " -> " +
                   std::to_string(entity.merged_into.value) + "\n";
          for (const referral::Link& link : entity.links) {
            world += "  " + ToText(link.ref) + (link.deleted ? " deleted" : "") + " row " +
                     std::to_string(link.row);
            for (const referral::Field& field : link.fields) {
              world += " " + field.name + "=" + field.value;
            }
            world += "\n";
          }
          return true;
        });
    EXPECT_TRUE(scanned.ok()) << scanned.ToString();
    return world;
  }
  std::vector<ledger::Reject> RejectsOf(const RunId& run) const {
    const auto page = Read()->ListRejects(run, "", 1000);
    EXPECT_TRUE(page) << page.error().ToString();
    return page ? page->items : std::vector<ledger::Reject>{};
  }
  std::vector<std::string> FilesIn(std::string_view feed, std::string_view folder) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(In(feed, folder))) {
      if (!entry.is_directory()) names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }

  support::TempDir dir_;
  support::FakeClock clock_;
  EventSink sink_;
  Logger logger_{sink_, clock_, LogLevel::kDebug};
  std::unique_ptr<engine::Engine> engine_ = engine::OpenMemory();
  std::unique_ptr<vault::Vault> vault_ = vault::Vault::ForTest(std::string(32, 'k'));
  std::unique_ptr<ledger::Ledger> real_;
  std::unique_ptr<FaultyLedger> faulty_;
  std::vector<FeedConfig> feeds_ = {CrmFeed()};
  std::vector<ExportConfig> exports_;
  std::unique_ptr<SyncService> service_;
};

inline constexpr std::string_view kCrmHeader = "Id,Name,Mail,Source,Gone,Into\n";

// `count` good rows: "7,Person 7,p7@example.org,Web,0,".
inline std::string CrmRows(int first, int count) {
  std::string rows;
  for (int id = first; id < first + count; ++id) {
    const std::string text = std::to_string(id);
    rows += text + ",Person " + text + ",p" + text + "@example.org,Web,0,\n";
  }
  return rows;
}

inline std::string CrmFile(int count) { return std::string(kCrmHeader) + CrmRows(1, count); }

}  // namespace referrald::sync
