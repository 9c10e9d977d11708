#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "connectors/sync/rejects_file.h"
#include "connectors/sync/row_sorter.h"
#include "connectors/sync/stretch.h"
#include "connectors/sync/sync.h"

namespace referrald::sync {

// What an Applier works with. The feed and connector must outlive it.
struct ApplyOptions {
  std::string path;
  const FeedConfig& feed;
  const connectors::ConnectorInfo& connector;
  const Survivors& survivors;  // As the check found them; must outlive it, too.
  Committer::Observe observe;  // Into the ledger, or into a dry run. Called on another thread.
  // After each stretch, in order, on the caller's thread.
  std::function<void(const Stretch&, const ledger::ObserveResult&)> on_stretch;
  std::stop_token stop;
  uint64_t row_count_max = 0;  // 0: all.
};

// Hands the rows of one file to the ledger, stretch by stretch, in two passes: all rows, then those
// that say they were merged into another. Two stretches are in hand at a time: one is committed
// while the next is read. One thread; one use.
class Applier {
 public:
  explicit Applier(ApplyOptions options);

  // Goes on behind run's cursor; `run` stands as the store has it when this returns, however. Adds
  // what was not used to `rejects`, the rows before the cursor included.
  // Aborted: `stop` was requested. InvalidArgument RFD2025: the file is not what was checked. Else
  // as the file or `observe` said.
  Status Apply(ledger::RunRecord& run, RejectList& rejects);

 private:
  Status ReadPass(uint32_t pass, uint64_t cursor);
  void Take(RowSorter::Sorted sorted, uint32_t pass, uint64_t record);
  // Takes the answer of the stretch that is under way, then starts `next_`.
  Status HandOver(uint32_t pass);
  Status Collect();
  void NoteRefused(const Stretch& stretch, const ledger::ObserveResult& result);

  const ApplyOptions options_;
  ledger::RunRecord* run_ = nullptr;
  RejectList* rejects_ = nullptr;
  bool has_merges_ = false;
  bool collects_rejects_ = true;  // The first pass that is read sees them all.
  std::unique_ptr<Stretch> next_, under_way_;
  Committer committer_;
};

}  // namespace referrald::sync
