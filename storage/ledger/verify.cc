#include "storage/ledger/verify.h"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "storage/ledger/checkpoint.h"
#include "storage/ledger/envelope.h"
#include "storage/ledger/generation.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/records.h"
#include "storage/ledger/run_check.h"

namespace referrald::ledger {
namespace {

using referral::EventType;

constexpr size_t kPageRows = 512;
constexpr size_t kProblemsMax = 100;
constexpr uint64_t kProgressEvery = 1024;
constexpr size_t kGenerationBytes = 2;  // 'D' and the generation, before what is compared.

// The keys of a range, page by page. Borrows the view.
class Pages {
 public:
  Pages(const StorePlace& place, const engine::View& view, engine::Range range)
      : place_(place), view_(view), range_(std::move(range)) {
    range_.row_count_max = kPageRows;
  }

  struct Item {
    std::string key, value;
  };
  // The next item, which stays until Pop; null at the end.
  Result<const Item*> Front() {
    if (items_.empty() && !done_) {
      const Status status = Read();
      if (!status.ok()) return status;
    }
    return items_.empty() ? nullptr : &items_.front();
  }
  void Pop() { items_.pop_front(); }

 private:
  Status Read() {
    if (Status status = place_.CheckInterrupted(); !status.ok()) return status;
    const Status status = view_.Scan(range_, [this](std::string_view key, std::string_view value) {
      items_.push_back({std::string(key), std::string(value)});
      return true;
    });
    if (!status.ok()) return status;
    done_ = items_.size() < kPageRows;
    if (!items_.empty()) range_.begin = items_.back().key + '\0';
    return Status::Ok();
  }

  const StorePlace place_;
  const engine::View& view_;
  engine::Range range_;
  std::deque<Item> items_;
  bool done_ = false;
};

class Verifier {
 public:
  Verifier(const StorePlace& place, Drain& drain, const StoreInfo& info,
           const Ledger::Progress& progress)
      : place_(place),
        drain_(drain),
        info_(info),
        key_(LogKey(info.identity, place.vault.public_key())),
        progress_(progress),
        acknowledged_(place.tail.Read().last) {}

  // Keeps what a checkpoint says until the log has grown so far.
  void Expect(const std::string& text, const std::string& where) {
    const Result<Checkpoint> checkpoint = OpenCheckpoint(text, key_);
    if (checkpoint) {
      expected_.emplace(checkpoint->tree.size, *checkpoint);
    } else {
      Add("checkpoint " + where + ": " + checkpoint.error().message());
    }
  }

  Result<VerifyReport> Run(bool derived) {
    const size_t refused = report_.problems.size();
    Status status = CheckStored();
    if (!status.ok()) return status;
    if (!derived) return std::move(report_);
    if (report_.problems.size() > refused) {
      Add("projections were not compared: the log is damaged");
      return std::move(report_);
    }
    status = DropOthers(place_, info_.generation);
    if (status.ok()) status = CheckProjections();
    const Status dropped = DropOthers(place_, info_.generation);
    if (!status.ok()) return status;
    if (!dropped.ok()) return dropped;
    return std::move(report_);
  }

 private:
  void Add(std::string problem) {
    if (report_.problems.size() < kProblemsMax) report_.problems.push_back(std::move(problem));
  }

  // Everything but the projections, at one instant.
  Status CheckStored() {
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    if (Status status = CheckInfo(**view); !status.ok()) return status;
    RunCheck runs(place_, **view, [this](std::string problem) { Add(std::move(problem)); });
    if (Status status = CheckLog(**view, runs); !status.ok()) return status;
    if (Status status = CheckNoOthers(**view); !status.ok()) return status;
    return runs.End();
  }

  Status CheckInfo(const engine::View& view) {
    const Result<std::optional<std::string>> bytes = view.Get(keys::StoreInfo());
    if (!bytes) return bytes.error();
    if (!*bytes || **bytes != Encode(info_)) {
      Add("store information: not what this program wrote");
    }
    return Status::Ok();
  }

  // Between the spaces that there are, nothing is.
  Status CheckNoOthers(const engine::View& view) {
    std::string from;
    for (const std::string_view prefix : keys::Prefixes()) {
      if (Status status = ReportKeys(view, {.begin = from, .end = std::string(prefix)});
          !status.ok())
        return status;
      from = engine::PrefixRange(prefix).end;
    }
    return ReportKeys(view, {.begin = from, .end = {}});
  }
  Status ReportKeys(const engine::View& view, engine::Range range) {
    range.row_count_max = kProblemsMax;
    return view.Scan(range, [this](std::string_view key, std::string_view) {
      Add("key " + ToHex(key) + ": in no space that there is; nothing of this program wrote it");
      return true;
    });
  }

  // The log, grown to `end`, must be what every checkpoint of that size says.
  void CheckAgainst(const Head& end) {
    if (expected_.empty()) return;
    const auto [first, last] = expected_.equal_range(end.last.value);
    for (auto expected = first; expected != last; ++expected) {
      if (expected->second.tree == end.tree.Head() && expected->second.chain == end.chain) continue;
      Add("checkpoint " + std::to_string(end.last.value) +
          ": the log is not what was signed then; an event was altered since");
    }
    expected_.erase(first, last);
  }

  Result<Head> FindHead(const engine::View& view) {
    Result<Head> head = ReadHead(view);
    if (head || head.error().code() != Code::kCorruption) return head;
    Add("head: " + head.error().message());
    return Head{};
  }

  // Most of the way while the store goes on; the rest while the drain stands still.
  Status CheckProjections() {
    // What is on the tail is compared too, unless the disk is full.
    const Status emptied = place_.tail.AwaitEmpty();
    const Result<std::unique_ptr<engine::View>> now = place_.engine.Read(place_.partition);
    if (!now) return now.error();
    const Result<Watermark> far = ReadWatermark(**now, DerivedKeys(info_.generation));
    if (!far && far.error().code() == Code::kCorruption) {
      Add(far.error().message());
      return Status::Ok();
    }
    if (!far) return far.error();
    if (emptied.ok() && far->last < acknowledged_) {
      Add("projections end at " + ToText(far->last) + ", the log goes on to " +
          ToText(acknowledged_));
      return Status::Ok();
    }
    Result<bool> built = Build(far->last);
    if (!built) return built.error();
    if (!*built) return Status::Ok();
    Result<std::unique_ptr<engine::View>> both = Status::Internal("not read");
    {
      const Drain::Pause pause(drain_);
      const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
      if (!view) return view.error();
      const Result<Watermark> through = ReadWatermark(**view, DerivedKeys(info_.generation));
      if (!through) return through.error();
      built = Build(through->last);
      if (!built) return built.error();
      if (!*built) return Status::Ok();
      both = place_.engine.Read(place_.partition);
    }
    return both ? Compare(**both) : both.error();
  }

  // Brings the second generation up to `through`; false: the log does not let it.
  Result<bool> Build(Sequence through) {
    const Result<Sequence> built = CatchUp(place_, NextGeneration(info_.generation), through, {});
    if (built) return true;
    if (built.error().code() != Code::kCorruption) return built.error();
    Add(built.error().message());
    return false;
  }

  Status CheckLog(const engine::View& view, RunCheck& runs) {
    const Result<Head> head = FindHead(view);
    if (!head) return head.error();
    Pages events(place_, view, engine::PrefixRange(keys::kEvents));
    Head end;
    for (;;) {
      const Result<const Pages::Item*> item = events.Front();
      if (!item) return item.error();
      if (*item == nullptr) break;
      if (Status status = CheckEvent(**item, end, runs); !status.ok()) return status;
      events.Pop();
      ++report_.events;
      if (progress_ && report_.events % kProgressEvery == 0) {
        progress_(report_.events, head->last.value);
      }
    }
    CompareHeads(*head, end);
    for (const auto& [size, expected] : expected_) {
      if (size == 0) continue;
      Add("checkpoint " + std::to_string(size) + ": the log has fewer events, " +
          std::to_string(end.last.value));
    }
    return Status::Ok();
  }

  // The link covers every byte of the event and, through the one before, its place; so only those
  // are opened that say something of what is kept outside the log. After a problem the check goes
  // on from the event as it stands.
  Status CheckEvent(const Pages::Item& item, Head& end, RunCheck& runs) {
    if (!keys::IsEvent(item.key)) {
      Add("key " + ToHex(item.key) + ": not one of an event; nothing of this program wrote it");
      return Status::Ok();
    }
    const Sequence sequence{keys::LastNumber(item.key)};
    for (++end.last.value; end.last < sequence; ++end.last.value) {
      Add("event " + ToText(end.last) + ": missing");
      if (report_.problems.size() == kProblemsMax) end.last = {sequence.value - 1};
    }
    const Result<Hash256> link = CheckLink(place_.vault, end.chain, sequence, item.value);
    if (!link) Add(link.error().message());
    if (!link) Describe(sequence, item.value);
    Status status = link ? CheckClaims(sequence, item.value, end, runs) : Status::Ok();
    end.last = sequence;
    end.chain = link ? *link : LinkOf(item.value);
    end.tree.Append(MerkleLeaf(item.value));
    CheckAgainst(end);
    return status;
  }

  // What an event of the log says of other things than itself. `before`: the log up to it.
  Status CheckClaims(Sequence sequence, const std::string& bytes, const Head& before,
                     RunCheck& runs) {
    const EventType type = TypeIn(bytes);
    if (type != EventType::kSyncFinished && type != EventType::kCheckpointSigned) {
      return Status::Ok();
    }
    const Result<Event> event = DecodeEvent(place_.vault, sequence, bytes);
    if (!event) {
      Add(event.error().message());
      return Status::Ok();
    }
    if (const auto* const finished = std::get_if<SyncFinished>(&event->body)) {
      return runs.Finished(*finished);
    }
    CheckSigned(sequence, std::get<CheckpointSigned>(event->body), before);
    return Status::Ok();
  }

  void CheckSigned(Sequence sequence, const CheckpointSigned& checkpoint, const Head& before) {
    const Result<Checkpoint> said = OpenCheckpoint(checkpoint.note, key_);
    if (!said) {
      Add("event " + ToText(sequence) + ": " + said.error().message());
    } else if (said->tree != before.tree.Head() || said->chain != before.chain) {
      Add("event " + ToText(sequence) + ": the log before it is not what it signed");
    }
  }

  // Says more where more can be said: what is wrong with the event itself.
  void Describe(Sequence sequence, const std::string& bytes) {
    const Result<Envelope> envelope = DecodeEnvelope(sequence, bytes);
    if (!envelope) Add(envelope.error().message());
  }

  void CompareHeads(const Head& head, const Head& end) {
    if (end.last < acknowledged_) {
      Add("the log ends at " + ToText(end.last) + ", but " + ToText(acknowledged_) +
          " was acknowledged");
    }
    if (head.last != end.last) {
      Add("head says " + ToText(head.last) + ", the log ends at " + ToText(end.last));
    } else if (head.chain != end.chain) {
      Add("head: holds another link than the last event");
    } else if (head.tree.Head() != end.tree.Head()) {
      Add("head: its tree is not the one over the events");
    }
  }

  // Walks both generations side by side.
  Status Compare(const engine::View& view) {
    Pages stored(place_, view, engine::PrefixRange(DerivedKeys(info_.generation).All()));
    Pages rebuilt(place_, view,
                  engine::PrefixRange(DerivedKeys(NextGeneration(info_.generation)).All()));
    for (;;) {
      const Result<const Pages::Item*> left = stored.Front();
      if (!left) return left.error();
      const Result<const Pages::Item*> right = rebuilt.Front();
      if (!right) return right.error();
      if (*left == nullptr && *right == nullptr) return Status::Ok();
      const int order = Order(*left, *right);
      const Pages::Item& item = order > 0 ? **right : **left;
      if (order < 0) Add(NameOf(item.key) + ": the log does not lead to it");
      if (order > 0) Add(NameOf(item.key) + ": missing");
      if (order == 0 && (*left)->value != (*right)->value)
        Add(NameOf(item.key) + ": differs from the log");
      ++report_.projections;
      if (order <= 0) stored.Pop();
      if (order >= 0) rebuilt.Pop();
    }
  }

  static std::string_view Rest(const std::string& key) {
    return std::string_view(key).substr(kGenerationBytes);
  }

  static int Order(const Pages::Item* left, const Pages::Item* right) {
    if (left == nullptr) return 1;
    if (right == nullptr) return -1;
    return Rest(left->key).compare(Rest(right->key));
  }

  static std::string NameOf(const std::string& key) {
    const std::string_view rest = Rest(key);
    return "projection " + std::string(rest.substr(0, 1)) + " " + ToHex(rest.substr(1));
  }

  const StorePlace place_;
  Drain& drain_;
  const StoreInfo info_;
  const NoteKey key_;
  const Ledger::Progress& progress_;
  const Sequence acknowledged_;                   // The log was at least so long when this began.
  std::multimap<uint64_t, Checkpoint> expected_;  // By size.
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> VerifyStore(const StorePlace& place, Drain& drain, const StoreInfo& info,
                                 const VerifyScope& scope, const Ledger::Progress& progress) {
  Verifier verifier(place, drain, info, progress);
  for (size_t i = 0; i < scope.heads.size(); ++i) {
    verifier.Expect(scope.heads[i], "given as number " + std::to_string(i + 1));
  }
  return verifier.Run(scope.derived);
}

}  // namespace referrald::ledger
