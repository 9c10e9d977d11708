#include "storage/ledger/generation.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/ledger/envelope.h"
#include "storage/ledger/instant.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/log_tree.h"
#include "storage/ledger/projector.h"
#include "storage/ledger/transaction.h"

namespace referrald::ledger {
namespace {

constexpr size_t kEventsPerPage = 256;

Result<std::vector<StoredEvent>> ReadPage(const StorePlace& place, Sequence after,
                                          Sequence through) {
  const Result<std::unique_ptr<engine::View>> view = place.engine.Read(place.partition);
  if (!view) return view.error();
  const engine::Range range{.begin = keys::Event({after.value + 1}),
                            .end = keys::Event({through.value + 1}),
                            .row_count_max = kEventsPerPage};
  std::vector<StoredEvent> page;
  const Status status = (*view)->Scan(range, [&](std::string_view key, std::string_view value) {
    page.push_back({{keys::LastNumber(key)}, std::string(value)});
    return true;
  });
  if (!status.ok()) return status;
  return page;
}

// Puts onto `to` what `stored` changes, with the watermark that it leads to. `tree` grows by it.
Status ProjectStored(const StorePlace& place, const DerivedKeys& keys, const StoredEvent& stored,
                     MerkleFrontier& tree, Transaction& to) {
  const Result<Event> event = DecodeEvent(place.vault, stored.sequence, stored.bytes);
  if (!event) return event.error();
  if (tree.size() + 1 != stored.sequence.value) return Damaged("watermark");
  GrowTree(tree, stored.bytes, keys, to);
  to.Put(keys.In(Space::kWatermark), Encode(Watermark{.last = stored.sequence, .tree = tree}));
  return Projector(to, place.vault, keys).Project(*event);
}

// Projects event by event; what does not fit the run any more waits for the next one.
class Builder {
 public:
  Builder(const StorePlace& place, uint8_t generation) : place_(place), keys_(generation) {}

  Result<Sequence> Run(Sequence through, const Ledger::Progress& progress) {
    if (Status status = Begin(); !status.ok()) return status;
    for (;;) {
      if (Status status = place_.CheckInterrupted(); !status.ok()) return status;
      const Result<std::vector<StoredEvent>> page = ReadPage(place_, last_, through);
      if (!page) return page.error();
      if (page->empty()) break;
      for (const StoredEvent& event : *page) {
        if (Status status = ProjectOne(event); !status.ok()) return status;
      }
      if (progress) progress(last_.value, through.value);
    }
    if (Status status = Flush(); !status.ok()) return status;
    return last_;
  }

 private:
  // Stands on what the engine now holds of the generation.
  Status Begin() {
    Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    const Result<Watermark> watermark = ReadWatermark(**view, keys_);
    if (!watermark) return watermark.error();
    last_ = watermark->last;
    tree_ = watermark->tree;
    changes_.reset();
    stored_ = std::make_unique<Instant>(std::move(*view), Layers{}, keys_, last_);
    changes_ = std::make_unique<Transaction>(*stored_);
    return Status::Ok();
  }

  Status ProjectOne(const StoredEvent& stored) {
    for (;;) {
      Transaction changes(*changes_);
      MerkleFrontier tree = tree_;
      const Status projected = ProjectStored(place_, keys_, stored, tree, changes);
      if (!projected.ok()) return projected;
      if (changes_->empty() || changes_->FitsWith(changes)) {
        changes_->Absorb(std::move(changes));
        last_ = stored.sequence;
        tree_ = tree;
        return Status::Ok();
      }
      if (Status status = Flush(); !status.ok()) return status;
      if (Status status = Begin(); !status.ok()) return status;
    }
  }

  Status Flush() {
    if (changes_->empty()) return Status::Ok();
    return IngestDirectly(place_, *changes_->TakeLayer(last_));
  }

  const StorePlace place_;
  const DerivedKeys keys_;
  Sequence last_;
  MerkleFrontier tree_;
  std::unique_ptr<Instant> stored_;
  std::unique_ptr<Transaction> changes_;
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

uint8_t NextGeneration(uint8_t live) {
  return live == UINT8_MAX ? uint8_t{1} : static_cast<uint8_t>(live + 1);
}

Result<Sequence> CatchUp(const StorePlace& place, uint8_t generation, Sequence through,
                         const Ledger::Progress& progress) {
  return Builder(place, generation).Run(through, progress);
}

Status CatchUpTail(const StorePlace& place) {
  for (;;) {
    const Result<std::unique_ptr<Instant>> instant = Instant::Take(place);
    if (!instant) return instant.error();
    const Result<Head> head = ReadHead(**instant);
    if (!head) return head.error();
    const Result<std::vector<StoredEvent>> page = ReadPage(place, (*instant)->last(), head->last);
    if (!page) return page.error();
    if (page->empty() && head->last == (*instant)->last()) return Status::Ok();
    if (page->empty()) return Damaged("end of the log");
    Result<Watermark> watermark = ReadWatermark(**instant, (*instant)->keys());
    if (!watermark) return watermark.error();
    Transaction changes(**instant);
    for (const StoredEvent& event : *page) {
      const Status projected =
          ProjectStored(place, (*instant)->keys(), event, watermark->tree, changes);
      if (!projected.ok()) return projected;
    }
    place.tail.Publish(changes.TakeLayer(page->back().sequence));
  }
}

Status DropOthers(const StorePlace& place, uint8_t live) {
  const engine::Range all = engine::PrefixRange(keys::kDerived);
  const engine::Range kept = engine::PrefixRange(DerivedKeys(live).All());
  const Status before = DropIfAny(place, {.begin = all.begin, .end = kept.begin});
  if (!before.ok()) return before;
  return DropIfAny(place, {.begin = kept.end, .end = all.end});
}

Status MakeLive(const StorePlace& place, uint8_t next) {
  const Result<std::unique_ptr<engine::View>> view = place.engine.Read(place.partition);
  if (!view) return view.error();
  Result<std::optional<StoreInfo>> info = ReadStoreInfo(**view);
  if (!info) return info.error();
  if (!*info) return Damaged("store information");
  (*info)->generation = next;
  (*info)->derived_version = kDerivedVersion;
  return CommitDirectly(
      place, [&](engine::Batch& batch) { batch.Put(keys::StoreInfo(), Encode(**info)); });
}

}  // namespace referrald::ledger
