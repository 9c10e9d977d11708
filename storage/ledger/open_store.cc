#include "storage/ledger/open_store.h"

#include <algorithm>
#include <utility>

#include "storage/ledger/envelope.h"
#include "storage/ledger/generation.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/restored_log.h"

namespace referrald::ledger {
namespace {

constexpr std::string_view kCheckText = "referrald store check";
constexpr int kForeign = 4202;
constexpr int kLogTooShort = 4213;
constexpr int kStorageFull = 4002;

Hash128 CheckOf(const vault::Vault& vault) {
  return vault.BlindIndex(vault::IndexKind::kFingerprint, kCheckText);
}

// Never the same twice: it is keyed, and a store is not made twice in a microsecond.
Hash128 NewIdentity(const vault::Vault& vault, Timestamp now) {
  std::string text = "referrald store identity";
  AppendBigEndian64(text, static_cast<uint64_t>(ToMicros(now)));
  return vault.BlindIndex(vault::IndexKind::kFingerprint, text);
}

Status CheckInfo(const StoreInfo& info, const vault::Vault& vault, const std::string& path) {
  const auto foreign = [&path](const std::string& why) {
    return Status::FailedPrecondition("store " + path + " " + why, kForeign);
  };
  if (info.format_version > kFormatVersion) {
    return foreign("has format " + std::to_string(info.format_version) +
                   ", this program knows up to " + std::to_string(kFormatVersion) +
                   ": use a newer one");
  }
  if (info.format_version < kFormatVersion) {
    return foreign("has format " + std::to_string(info.format_version) +
                   ", which was never released: make a new store and import again");
  }
  if (info.check != CheckOf(vault)) {
    return foreign("was written with another key: give the one it was made with");
  }
  return Status::Ok();
}

Status Disagree(Sequence head, Sequence last) {
  return Status::Corruption(
      "the head says " + ToText(head) + ", the log ends at " + ToText(last) + ": restore a backup",
      4201);
}

// Events are dense, so the last one tells whether any is missing at the end.
Result<Head> CheckHead(const engine::View& view) {
  const Result<Head> head = ReadHead(view);
  if (!head) return head.error();
  engine::Range range = engine::PrefixRange(keys::kEvents);
  range.reverse = true;
  range.row_count_max = 1;
  Sequence last;
  bool is_event = true;
  const Status status = view.Scan(range, [&](std::string_view key, std::string_view) {
    is_event = keys::IsEvent(key);
    if (is_event) last = {keys::LastNumber(key)};
    return false;
  });
  if (!status.ok()) return status;
  if (!is_event) return Damaged("the last key of the log");
  if (last != head->last) return Disagree(head->last, last);
  return *head;
}

class Opening {
 public:
  Opening(const StorePlace& place, const Clock& clock, const Logger& logger,
          const LedgerOptions& options)
      : place_(place), clock_(clock), logger_(logger), options_(options) {}

  Result<OpenedStore> Run() {
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    const Result<std::optional<StoreInfo>> info = ReadStoreInfo(**view);
    if (!info) return info.error();
    const Result<Head> head = CheckHead(**view);
    if (!head) return head.error();
    head_ = *head;
    if (!*info && head_.last) return Damaged("store information is missing: the store");
    Status status = *info ? Take(**info, **view) : Make();
    if (!status.ok()) return status;
    status = DropOthers(place_, info_.generation);
    if (!status.ok() && status.number() != kStorageFull) return status;  // Left-overs can wait.
    opened_.last = head_.last;
    status = FollowLog();
    if (!status.ok()) return status;
    status = NoteInfo();
    if (!status.ok()) return status;
    return std::move(opened_);
  }

 private:
  // As it is now, with another generation where the read models were made anew.
  Status NoteInfo() {
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    const Result<std::optional<StoreInfo>> info = ReadStoreInfo(**view);
    if (!info) return info.error();
    if (!*info) return Damaged("store information");
    opened_.info = **info;
    return Status::Ok();
  }

  // A new store.
  Status Make() {
    info_ = StoreInfo{.format_version = kFormatVersion,
                      .check = CheckOf(place_.vault),
                      .generation = 1,
                      .identity = NewIdentity(place_.vault, clock_.Now()),
                      .derived_version = kDerivedVersion};
    return MakeHeadFile();
  }

  Status Take(const StoreInfo& info, const engine::View& view) {
    info_ = info;
    if (Status ours = CheckInfo(info, place_.vault, options_.store_path); !ours.ok()) return ours;
    if (options_.head_file.empty()) return Status::Ok();
    if (!info.has_head_file) return MakeHeadFile();
    Result<engine::HeadFile> file = engine::HeadFile::Open(options_.head_file);
    if (!file) return WithoutHeadFile(file.error());
    if (file->damaged_slots() > 0) WarnOfSlot();
    opened_.head_file.emplace(*std::move(file));
    const engine::HeadMark mark = opened_.head_file->mark();
    const Status holds = CheckMark(mark, view);
    if (holds.ok() || !options_.accept_head) return holds;
    return Accept({mark.sequence});
  }

  // A power cut tears at most the slot that was being written; the next write mends it. Twice in a
  // row it is the disk.
  void WarnOfSlot() const {
    logger_.Write({.level = LogLevel::kWarning,
                   .event = "store.head_slot_damaged",
                   .message =
                       "One of the two slots of the head file is damaged; the other one is "
                       "used. After a power cut that is to be expected, else check the disk.",
                   .fields = {{"file", options_.head_file}}});
  }

  Status WithoutHeadFile(const Status& failure) {
    const bool gone = failure.code() == Code::kNotFound || failure.code() == Code::kCorruption;
    if (!gone) return failure;
    if (!options_.accept_head) {
      return Status::Corruption(failure.message() +
                                    "; without it nobody can tell whether the log is whole: "
                                    "put it back, or accept the log as it is (--accept-head)",
                                kLogTooShort);
    }
    return Accept({});
  }

  // `mark` names an event that the log must still have, as it was.
  Status CheckMark(const engine::HeadMark& mark, const engine::View& view) const {
    const auto refuse = [](const std::string& why) {
      return Status::Corruption(why +
                                    "; restore the newest backup, or accept the log as it is "
                                    "(--accept-head)",
                                kLogTooShort);
    };
    if (mark.identity != info_.identity) {
      return refuse("the head file " + options_.head_file + " belongs to another store");
    }
    if (mark.sequence > head_.last.value) {
      return refuse("the log ends at " + ToText(head_.last) + ", but " +
                    ToText(Sequence{mark.sequence}) +
                    " was acknowledged: the first missing event is " +
                    ToText(Sequence{head_.last.value + 1}));
    }
    if (mark.sequence == 0) return Status::Ok();
    const Sequence sequence{mark.sequence};
    const Result<std::optional<std::string>> bytes = view.Get(keys::Event(sequence));
    if (!bytes) return bytes.error();
    const Result<Envelope> envelope = DecodeEnvelope(sequence, *bytes ? **bytes : std::string());
    if (!envelope) return envelope.error();
    if (envelope->chain == mark.chain) return Status::Ok();
    return refuse("event " + ToText(sequence) + " is not the one that was acknowledged");
  }

  // The head file stays as it is, and refuses the log, until the log says who accepted what: a
  // crash on the way leaves a store that has to be accepted again, never one that forgot what it
  // lost.
  Status Accept(Sequence expected) {
    opened_.accepted =
        HeadAccepted{.expected = expected, .found = head_.last, .reason = *options_.accept_head};
    opened_.head_file.reset();
    return Status::Ok();
  }

  // Brings the read models to where the log ends, or makes them anew.
  Status FollowLog() {
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    const DerivedKeys live(info_.generation);
    const Result<Watermark> watermark = ReadWatermark(**view, live);
    if (!watermark && watermark.error().code() != Code::kCorruption) return watermark.error();
    if (Status status = RememberForgotten(live); !status.ok()) return status;
    const std::string_view why = WhyAnew(watermark);
    if (why.empty()) {
      const Status followed = StatusOf(CatchUp(place_, info_.generation, head_.last, {}));
      if (followed.number() != kStorageFull) return followed;
      return BeBehind(live);
    }
    Announce(why);
    const uint8_t next = NextGeneration(info_.generation);
    const Result<Sequence> built = CatchUp(place_, next, head_.last, {});
    if (!built) return built.error();
    if (Status status = MakeLive(place_, next); !status.ok()) return status;
    return DropOthers(place_, next);
  }

  // Why the read models cannot be gone on from; empty: they can.
  std::string_view WhyAnew(const Result<Watermark>& watermark) const {
    if (info_.derived_version != kDerivedVersion) return "another version of the program made them";
    if (!watermark) return "the record of how far they go is damaged";
    if (watermark->last > head_.last) return "the log has lost its end";
    if (!opened_.forgotten.empty()) return "the log does not know of all who were erased";
    return {};
  }

  // It takes a while; whoever waits for the start shall know for what.
  void Announce(std::string_view why) const {
    logger_.Write(
        {.level = LogLevel::kInfo,
         .event = "store.rebuilding",
         .message = "The read models are made anew from the log: " + std::string(why) + ".",
         .fields = {{"events", static_cast<int64_t>(head_.last.value)}}});
  }

  // The disk is full: what can be read is to be read all the same.
  Status BeBehind(const DerivedKeys& live) {
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    const Result<Watermark> watermark = ReadWatermark(**view, live);
    if (!watermark) return watermark.error();
    opened_.last = watermark->last;
    opened_.is_behind = true;
    return Status::Ok();
  }

  Status RememberForgotten(const DerivedKeys& live) {
    Result<std::vector<vault::Erasure>> forgotten = ForgottenErasures(place_, live);
    if (!forgotten) return forgotten.error();
    opened_.forgotten = *std::move(forgotten);
    opened_.given = opened_.accepted ? opened_.accepted->expected : Sequence{};
    for (const vault::Erasure& erasure : place_.vault.Erasures()) {
      for (const uint64_t subject : erasure.subjects) {
        opened_.given = std::max(opened_.given, Sequence{subject});
      }
    }
    return Status::Ok();
  }

  engine::HeadMark Mark() const {
    return {.identity = info_.identity, .sequence = head_.last.value, .chain = head_.chain};
  }

  // The file first: a store that is said to have one has it, whenever the power goes.
  Status MakeHeadFile() {
    if (!options_.head_file.empty()) {
      Result<engine::HeadFile> file = engine::HeadFile::Create(options_.head_file, Mark());
      if (!file && file.error().code() == Code::kAlreadyExists) file = TakeUnused();
      if (!file) return file.error();
      opened_.head_file.emplace(*std::move(file));
      info_.has_head_file = true;
    }
    return CommitDirectly(
        place_, [this](engine::Batch& batch) { batch.Put(keys::StoreInfo(), Encode(info_)); });
  }

  // A crash came between file and store: it says nothing yet, and may be written over.
  Result<engine::HeadFile> TakeUnused() {
    Result<engine::HeadFile> file = engine::HeadFile::Open(options_.head_file);
    if (!file) return file;
    const engine::HeadMark& mark = file->mark();
    if (mark.sequence > head_.last.value) {
      return Status::Corruption(
          "the head file " + options_.head_file + " knows of " + ToText(Sequence{mark.sequence}) +
              ": the first missing event is " + ToText(Sequence{head_.last.value + 1}) +
              "; restore the newest backup, or, where it is the head file "
              "of another store, move it away",
          kLogTooShort);
    }
    if (mark.sequence != 0 && mark.identity != info_.identity) {
      return Status::Corruption(
          "the head file " + options_.head_file + " belongs to another store; move it away",
          kLogTooShort);
    }
    Status status = file->Write(Mark());
    if (status.ok()) status = file->Sync();
    if (!status.ok()) return status;
    return file;
  }

  const StorePlace& place_;
  const Clock& clock_;
  const Logger& logger_;
  const LedgerOptions& options_;
  StoreInfo info_;
  Head head_;
  OpenedStore opened_;
};

}  // namespace

Status ReplaceHeadFile(const StorePlace& place, const std::string& path) {
  const Result<std::unique_ptr<engine::View>> view = place.engine.Read(place.partition);
  if (!view) return view.error();
  const Result<std::optional<StoreInfo>> info = ReadStoreInfo(**view);
  if (!info) return info.error();
  if (!*info) return Damaged("store information");
  const Result<Head> head = CheckHead(**view);
  if (!head) return head.error();
  if (Status removed = engine::HeadFile::SetAside(path); !removed.ok()) return removed;
  return StatusOf(engine::HeadFile::Create(
      path, {.identity = (*info)->identity, .sequence = head->last.value, .chain = head->chain}));
}

Result<OpenedStore> OpenStore(const StorePlace& place, const Clock& clock, const Logger& logger,
                              const LedgerOptions& options) {
  return Opening(place, clock, logger, options).Run();
}

}  // namespace referrald::ledger
