#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "connectors/sync/sync.h"

namespace referrald::support {

// A sync service with one feed "crm" and one export "crm-back", which answers what it was told to
// and keeps what it was asked. Any thread.
class FakeSync final : public sync::SyncService {
 public:
  FakeSync() {
    run_.id = RunId::Make(FromMicros(1'767'225'600'000'000), {1, 2, 3});
    run_.feed = "crm";
    run_.status = ledger::RunStatus::kOk;
    run_.counts.read = 3;
    run_.counts.created = 3;
  }

  const ledger::RunRecord& run() const { return run_; }
  sync::StartOptions last_start() const {
    const std::lock_guard lock(mutex_);
    return last_start_;
  }

  void Start() override {}
  void Stop() override {}
  void Rescan(std::string_view, std::string_view) override {}

  Result<RunId> Begin(std::string_view feed, const sync::StartOptions& options) override {
    if (feed != "crm") return Status::NotFound("there is no feed of this name", 2000);
    const std::lock_guard lock(mutex_);
    last_start_ = options;
    return run_.id;
  }
  Result<sync::Plan> DryRun(std::string_view feed, const sync::StartOptions& options) override {
    const Result<RunId> begun = Begin(feed, options);
    if (!begun) return begun.error();
    sync::Plan plan;
    plan.run = run_;
    plan.run.dry_run = true;
    return plan;
  }
  Result<ledger::RunRecord> GetRun(const RunId& id) const override {
    if (id != run_.id) return Status::NotFound("there is no such run", 2001);
    return run_;
  }
  std::vector<sync::FeedState> Feeds() const override {
    sync::FeedState feed;
    feed.config.name = "crm";
    feed.config.connector = "salesforce";
    feed.config.folder = "/srv/crm";
    feed.last_run = run_;
    return {feed};
  }
  Result<std::vector<sync::Check>> CheckFeed(std::string_view) const override {
    return std::vector<sync::Check>{{"inbox", Status::Ok(), "/srv/crm/inbox"},
                                    {"mapping", Status::InvalidArgument("no id", 2010), ""}};
  }
  Result<sync::Preview> PreviewFile(std::string_view, const std::string& path,
                                    size_t) const override {
    sync::Preview preview;
    preview.file = path;
    preview.mapped = {{"Email", "email"}};
    preview.rows.push_back({.record = 2, .line = 2, .draft = {}, .reject = ledger::Reject{}});
    return preview;
  }
  sync::Traces FilesThatHold(std::vector<std::string> texts) const override {
    return {.files = {"/srv/crm/archive/" + texts.front() + ".csv"}, .unread = {}};
  }
  std::vector<sync::ExportConfig> Exports() const override {
    return {{.name = "crm-back", .connector = "salesforce", .system = "", .folder = "/srv/back"}};
  }
  Result<RunId> BeginRevert(const RunId&, std::string_view) override { return run_.id; }
  Result<ledger::RunRecord> PlanRevert(const RunId&) override { return run_; }
  Result<sync::ExportResult> RunExport(std::string_view name) override {
    if (name != "crm-back") return Status::NotFound("there is no such export", 2002);
    return sync::ExportResult{
        .name = "crm-back", .files = {{.path = "/srv/back/x.csv", .object = "Contact", .rows = 1}}};
  }

 private:
  ledger::RunRecord run_;  // Constant after construction.
  mutable std::mutex mutex_;
  sync::StartOptions last_start_;  // Guarded by mutex_.
};

}  // namespace referrald::support
