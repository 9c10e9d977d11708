#include "storage/ledger/store_place.h"

#include <memory>
#include <string>
#include <vector>

#include "storage/ledger/keys.h"

namespace referrald::ledger {

Status StorePlace::CheckInterrupted() const {
  if (interrupted == nullptr || !*interrupted) return Status::Ok();
  return Status::Unavailable("interrupted: the ledger is closing", 4207);
}

Result<std::optional<StoreInfo>> ReadStoreInfo(const engine::View& view) {
  const Result<std::optional<std::string>> bytes = view.Get(keys::StoreInfo());
  if (!bytes) return bytes.error();
  if (!*bytes) return std::optional<StoreInfo>{};
  const Result<StoreInfo> info = DecodeStoreInfo(**bytes);
  if (!info) return info.error();
  return std::optional(*info);
}

namespace {

using Bytes = Result<std::optional<std::string>>;

Result<Head> HeadOf(const Bytes& bytes) {
  if (!bytes) return bytes.error();
  return *bytes ? DecodeHead(**bytes) : Head{};
}

Result<Watermark> WatermarkOf(const Bytes& bytes) {
  if (!bytes) return bytes.error();
  return *bytes ? DecodeWatermark(**bytes) : Watermark{};
}

}  // namespace

Result<Head> ReadHead(const KeyValues& from) { return HeadOf(from.Get(keys::Head())); }
Result<Head> ReadHead(const engine::View& view) { return HeadOf(view.Get(keys::Head())); }

Result<Watermark> ReadWatermark(const KeyValues& from, const DerivedKeys& keys) {
  return WatermarkOf(from.Get(keys.In(Space::kWatermark)));
}
Result<Watermark> ReadWatermark(const engine::View& view, const DerivedKeys& keys) {
  return WatermarkOf(view.Get(keys.In(Space::kWatermark)));
}

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

Status IngestDirectly(const StorePlace& place, const Layer& layer) {
  std::vector<engine::Derived> run;
  run.reserve(layer.changes().size());
  for (const auto& [key, value] : layer.changes()) {
    run.push_back({.key = key,
                   .value = value ? std::string_view(*value) : std::string_view(),
                   .is_delete = !value});
  }
  return place.engine.Ingest(place.partition, run);
}

Status CommitDirectly(const StorePlace& place, const std::function<void(engine::Batch&)>& fill) {
  const Result<std::unique_ptr<engine::View>> view = place.engine.Read(place.partition);
  if (!view) return view.error();
  engine::Batch batch(place.partition, (*view)->version());
  fill(batch);
  return StatusOf(place.engine.Commit(batch));
}

}  // namespace referrald::ledger
