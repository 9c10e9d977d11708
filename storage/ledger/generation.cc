#include "storage/ledger/generation.h"

#include <memory>
#include <utility>
#include <vector>

#include "storage/base/limits.h"
#include "storage/ledger/envelope.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/projector.h"
#include "storage/ledger/transaction.h"

namespace referrald::ledger {
namespace {

constexpr size_t kEventsPerPage = 256;

Status StatusOf(const engine::CommitResult& result) {
  switch (result.outcome) {
    case engine::Outcome::kOk: return Status::Ok();
    case engine::Outcome::kUnavailable: return Status::Unavailable(result.detail, 4002);
    case engine::Outcome::kCorrupt: return Status::Corruption(result.detail, 4208);
    case engine::Outcome::kConflict: return Status::Aborted("another writer was faster");
    case engine::Outcome::kUnknown: return Status::Aborted("the answer to a commit was lost");
    case engine::Outcome::kTooLarge: break;
  }
  return Status::Internal("batch too large: " + result.detail);
}

struct Place {
  Sequence sequence;
  std::string bytes;
};

// Projects event by event; what does not fit the batch any more waits for the next one.
class Builder {
 public:
  Builder(const StorePlace& place, uint8_t generation) : place_(place), keys_(generation) {}

  Result<uint64_t> Run(const Ledger::Progress& progress) {
    uint64_t done = 0;
    for (;;) {
      if (Status status = place_.CheckInterrupted(); !status.ok()) return status;
      const Result<std::vector<Place>> page = NextPage({done});
      if (!page) return page.error();
      if (page->empty()) break;
      for (const Place& event : *page) {
        const Status projected = ProjectOne(event);
        if (!projected.ok()) return projected;
      }
      done = page->back().sequence.value;
      if (progress) progress(done, done);
    }
    const Status flushed = Flush();
    if (!flushed.ok()) return flushed;
    return done;
  }

 private:
  Result<std::vector<Place>> NextPage(Sequence after) {
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    engine::Range range = engine::PrefixRange(keys::kEvents);
    range.begin = keys::Event({after.value + 1});
    range.row_count_max = kEventsPerPage;
    std::vector<Place> page;
    const Status status = (*view)->Scan(range, [&](std::string_view key, std::string_view value) {
      page.push_back({{keys::LastNumber(key)}, std::string(value)});
      return true;
    });
    if (!status.ok()) return status;
    return page;
  }

  Status ProjectOne(const Place& stored) {
    const Result<Event> event = DecodeEvent(place_.vault, stored.sequence, stored.bytes);
    if (!event) return event.error();
    if (!group_) {
      const Status begun = Begin();
      if (!begun.ok()) return begun;
    }
    Transaction changes(*group_);
    const Status projected = Projector(changes, place_.vault, keys_).Project(*event);
    if (!projected.ok()) return projected;
    if (!group_->FitsWith(changes)) {
      const Status flushed = Flush();
      if (!flushed.ok()) return flushed;
      const Status begun = Begin();
      if (!begun.ok()) return begun;
    }
    group_->Absorb(std::move(changes));
    return Status::Ok();
  }

  Status Begin() {
    Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    view_ = std::move(*view);
    stored_ = std::make_unique<ViewKeyValues>(*view_);
    group_ = std::make_unique<Transaction>(*stored_);
    return Status::Ok();
  }

  Status Flush() {
    if (!group_ || group_->empty()) return Status::Ok();
    const Status status =
        StatusOf(place_.engine.Commit(group_->ToBatch(place_.partition, view_->version())));
    group_.reset();
    return status;
  }

  const StorePlace place_;
  const DerivedKeys keys_;
  std::unique_ptr<engine::View> view_;
  std::unique_ptr<ViewKeyValues> stored_;
  std::unique_ptr<Transaction> group_;
};

// Drops [begin, end) if there is anything in it: an engine may pay for a drop even when there is
// nothing to drop.
Status DropIfAny(const StorePlace& place, const engine::Range& range) {
  const Result<std::unique_ptr<engine::View>> view = place.engine.Read(place.partition);
  if (!view) return view.error();
  bool any = false;
  const Status status = (*view)->Scan(range, [&any](std::string_view, std::string_view) {
    any = true;
    return false;
  });
  if (!status.ok() || !any) return status;
  return place.engine.DropRange(place.partition, range);
}

}  // namespace

Status StorePlace::CheckInterrupted() const {
  if (interrupted == nullptr || !*interrupted) return Status::Ok();
  return Status::Unavailable("interrupted: the ledger is closing", 4207);
}

uint8_t NextGeneration(uint8_t live) {
  return live == UINT8_MAX ? uint8_t{1} : static_cast<uint8_t>(live + 1);
}

Result<uint64_t> BuildGeneration(const StorePlace& place, uint8_t generation,
                                 const Ledger::Progress& progress) {
  return Builder(place, generation).Run(progress);
}

Status DropOthers(const StorePlace& place, uint8_t live) {
  const engine::Range all = engine::PrefixRange(keys::kDerived);
  const engine::Range kept = engine::PrefixRange(DerivedKeys(live).All());
  const Status before = DropIfAny(place, {.begin = all.begin, .end = kept.begin});
  if (!before.ok()) return before;
  return DropIfAny(place, {.begin = kept.end, .end = all.end});
}

Result<std::optional<StoreInfo>> ReadStoreInfo(const engine::View& view) {
  const Result<std::optional<std::string>> bytes = view.Get(keys::StoreInfo());
  if (!bytes) return bytes.error();
  if (!*bytes) return std::optional<StoreInfo>{};
  const Result<StoreInfo> info = DecodeStoreInfo(**bytes);
  if (!info) return info.error();
  return std::optional(*info);
}

Result<uint64_t> Rebuild(const StorePlace& place, uint8_t& live, const Ledger::Progress& progress) {
  Status status = DropOthers(place, live);
  if (!status.ok()) return status;
  const uint8_t next = NextGeneration(live);
  const Result<uint64_t> built = BuildGeneration(place, next, progress);
  if (!built) {
    status = DropOthers(place, live);
    return status.ok() ? built.error() : status;
  }
  const Result<std::unique_ptr<engine::View>> view = place.engine.Read(place.partition);
  if (!view) return view.error();
  Result<std::optional<StoreInfo>> info = ReadStoreInfo(**view);
  if (!info) return info.error();
  if (!*info) return Damaged("store information");
  (*info)->generation = next;
  status = CommitDirectly(
      place, [&](engine::Batch& batch) { batch.Put(keys::StoreInfo(), Encode(**info)); });
  if (!status.ok()) return status;
  live = next;
  status = DropOthers(place, live);
  if (!status.ok()) return status;
  return *built;
}

Status CommitDirectly(const StorePlace& place, const std::function<void(engine::Batch&)>& fill) {
  const Result<std::unique_ptr<engine::View>> view = place.engine.Read(place.partition);
  if (!view) return view.error();
  engine::Batch batch(place.partition, (*view)->version());
  fill(batch);
  return StatusOf(place.engine.Commit(batch));
}

}  // namespace referrald::ledger
