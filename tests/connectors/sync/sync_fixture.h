#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/sync/sync.h"
#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/vault/vault.h"
#include "tests/connectors/sync/fakes.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"

namespace referrald::sync {

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
  ledger::RunRecord Import(std::string_view feed, const std::string& name, std::string_view bytes) {
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
  // Events that say something about somebody: not those that only say that a run ended.
  uint64_t Facts() const {
    const auto reader = Read();
    uint64_t facts = 0;
    for (uint64_t number = 1; number <= reader->head().value; ++number) {
      facts += reader->GetEvent({number})->type() == referral::EventType::kSyncFinished ? 0 : 1;
    }
    return facts;
  }
  // Everything that is known about everybody, as text; run ids left out.
  std::string World() const {
    std::string world;
    const Status scanned = Read()->ScanEntities({}, [&world](const referral::Entity& entity) {
      world +=
          ToText(entity.kind, entity.id) + " -> " + std::to_string(entity.merged_into.value) + "\n";
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

inline StartOptions From(std::string path) {
  return {.path = std::move(path), .accept = false, .row_count_max = 0, .started_by = "ctl"};
}

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
