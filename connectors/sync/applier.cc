#include "connectors/sync/applier.h"

#include <fmt/core.h>

#include <optional>
#include <utility>
#include <variant>

#include "connectors/sync/row_source.h"
#include "storage/ledger/account.h"

namespace referrald::sync {
namespace {

constexpr uint32_t kAllRows = 1, kMerges = 2;

Status Changed() {
  return Status::InvalidArgument(
      "the file changed while it was read; what was read of it is counted. Give the whole file to "
      "the inbox again",
      2025);
}

}  // namespace

Applier::Applier(ApplyOptions options)
    : options_(std::move(options)),
      next_(std::make_unique<Stretch>(options_.feed.priority)),
      committer_(options_.observe) {}

Status Applier::Apply(ledger::RunRecord& run, RejectList& rejects) {
  run_ = &run;
  rejects_ = &rejects;
  const uint32_t first = run.pass;
  const uint64_t cursor = run.cursor_record;
  Status done;
  for (uint32_t pass = first; pass <= kMerges && done.ok(); ++pass) {
    if (pass == kMerges && first == kAllRows && !has_merges_) break;
    done = ReadPass(pass, pass == first ? cursor : 0);
    collects_rejects_ = false;
  }
  const Status collected = Collect();
  return done.ok() ? collected : done;
}

Status Applier::ReadPass(uint32_t pass, uint64_t cursor) {
  Result<std::unique_ptr<RowSource>> source =
      RowSource::Open(options_.path, options_.feed, options_.connector);
  if (!source) return source.error();
  RowSorter sorter;
  const uint64_t most = options_.row_count_max;
  for (uint64_t rows = 0; most == 0 || rows < most; ++rows) {
    if (options_.stop.stop_requested()) return Status::Aborted("stopped while writing rows");
    Result<std::optional<SourceRow>> row = (*source)->Next();
    if (!row) return row.error();
    if (!*row) break;
    const uint64_t record = (*row)->record;
    RowSorter::Sorted sorted = sorter.Sort(std::move(**row));
    const auto* reject = std::get_if<ledger::Reject>(&sorted);
    if (reject != nullptr && collects_rejects_) rejects_->Add(*reject);
    if (std::holds_alternative<RowSorter::Merge>(sorted)) has_merges_ = true;
    if (record > cursor) Take(std::move(sorted), pass, record);
    if (!next_->full()) continue;
    if (Status handed = HandOver(pass); !handed.ok()) return handed;
  }
  if (Status handed = HandOver(pass); !handed.ok()) return handed;
  if (most != 0) return Status::Ok();
  const Result<RowSource::Whole> whole = (*source)->Finish();
  if (!whole) return whole.error();
  return whole->sha256 == run_->sha256 ? Status::Ok() : Changed();
}

void Applier::Take(RowSorter::Sorted sorted, uint32_t pass, uint64_t record) {
  auto* merge = std::get_if<RowSorter::Merge>(&sorted);
  if ((merge != nullptr) != (pass == kMerges)) return;
  if (merge != nullptr) {
    ledger::Row row = std::move(merge->row);
    row.merged_into = options_.survivors.Last(row);
    sorted = std::move(row);
  }
  if (auto* row = std::get_if<ledger::Row>(&sorted)) {
    const size_t bytes = BytesOf(*row);
    next_->Add(std::move(*row), bytes);
  } else if (auto* reject = std::get_if<ledger::Reject>(&sorted)) {
    next_->Add(std::move(*reject));
  } else {
    next_->AddDuplicate(record);
  }
}

Status Applier::HandOver(uint32_t pass) {
  if (Status collected = Collect(); !collected.ok()) return collected;
  if (next_->empty()) return Status::Ok();
  under_way_ = std::exchange(next_, std::make_unique<Stretch>(options_.feed.priority));
  committer_.Start(under_way_->WishOn(*run_, pass));
  return Status::Ok();
}

Status Applier::Collect() {
  if (!committer_.busy()) return Status::Ok();
  Result<ledger::ObserveResult> result = committer_.Wait();
  if (!result) return result.error();
  *run_ = result->run;
  NoteRefused(*under_way_, *result);
  options_.on_stretch(*under_way_, *result);
  return Status::Ok();
}

void Applier::NoteRefused(const Stretch& stretch, const ledger::ObserveResult& result) {
  for (size_t index = 0; index < result.rows.size(); ++index) {
    const ledger::RowResult& row = result.rows[index];
    if (IsRefused(row)) rejects_->Add(RejectOf(stretch.wish().rows[index], row));
  }
}

}  // namespace referrald::sync
