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

namespace referrald::ledger {
namespace {

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
  Verifier(const StorePlace& place, Drain& drain, const Hash128& identity,
           const Ledger::Progress& progress)
      : place_(place),
        drain_(drain),
        key_(LogKey(identity, place.vault.public_key())),
        progress_(progress) {}

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
    Status status = ExpectStored();
    const size_t refused = report_.problems.size();
    if (status.ok()) status = CheckLog();
    if (!status.ok()) return status;
    if (!derived) return std::move(report_);
    if (report_.problems.size() > refused) {
      Add("projections were not compared: the log is damaged");
      return std::move(report_);
    }
    const Result<std::unique_ptr<engine::View>> now = place_.engine.Read(place_.partition);
    if (!now) return now.error();
    const Result<std::optional<StoreInfo>> info = ReadStoreInfo(**now);
    if (!info) return info.error();
    if (!*info) return Damaged("store information");
    live_ = (*info)->generation;
    status = DropOthers(place_, live_);
    if (status.ok()) status = CheckProjections();
    const Status dropped = DropOthers(place_, live_);
    if (!status.ok()) return status;
    if (!dropped.ok()) return dropped;
    return std::move(report_);
  }

 private:
  void Add(std::string problem) {
    if (report_.problems.size() < kProblemsMax) report_.problems.push_back(std::move(problem));
  }

  Status ExpectStored() {
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    return (*view)->Scan(engine::PrefixRange(keys::kCheckpoints),
                         [this](std::string_view key, std::string_view text) {
                           Expect(std::string(text), std::to_string(keys::LastNumber(key)));
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
    (void)place_.tail.AwaitEmpty();
    const Result<std::unique_ptr<engine::View>> now = place_.engine.Read(place_.partition);
    if (!now) return now.error();
    const Result<Watermark> far = ReadWatermark(**now, DerivedKeys(live_));
    if (!far && far.error().code() == Code::kCorruption) {
      Add(far.error().message());
      return Status::Ok();
    }
    if (!far) return far.error();
    Result<bool> built = Build(far->last);
    if (!built) return built.error();
    if (!*built) return Status::Ok();
    Result<std::unique_ptr<engine::View>> both = Status::Internal("not read");
    {
      const Drain::Pause pause(drain_);
      const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
      if (!view) return view.error();
      const Result<Watermark> through = ReadWatermark(**view, DerivedKeys(live_));
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
    const Result<Sequence> built = CatchUp(place_, NextGeneration(live_), through, {});
    if (built) return true;
    if (built.error().code() != Code::kCorruption) return built.error();
    Add(built.error().message());
    return false;
  }

  Status CheckLog() {
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    const Result<Head> head = FindHead(**view);
    if (!head) return head.error();
    Pages events(place_, **view, engine::PrefixRange(keys::kEvents));
    Head end;
    for (;;) {
      const Result<const Pages::Item*> item = events.Front();
      if (!item) return item.error();
      if (*item == nullptr) break;
      CheckEvent(**item, end);
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

  // The link covers every byte of the event and, through the one before, its place; so nothing
  // needs to be opened or decoded. After a problem the check goes on from the event as it stands.
  void CheckEvent(const Pages::Item& item, Head& end) {
    const Sequence sequence{keys::LastNumber(item.key)};
    for (++end.last.value; end.last < sequence; ++end.last.value) {
      Add("event " + ToText(end.last) + ": missing");
      if (report_.problems.size() == kProblemsMax) end.last = {sequence.value - 1};
    }
    const Result<Hash256> link = CheckLink(place_.vault, end.chain, sequence, item.value);
    if (!link) Add(link.error().message());
    if (!link) Describe(sequence, item.value);
    end.last = sequence;
    end.chain = link ? *link : LinkOf(item.value);
    end.tree.Append(MerkleLeaf(item.value));
    CheckAgainst(end);
  }

  // Says more where more can be said: what is wrong with the event itself.
  void Describe(Sequence sequence, const std::string& bytes) {
    const Result<Envelope> envelope = DecodeEnvelope(sequence, bytes);
    if (!envelope) Add(envelope.error().message());
  }

  void CompareHeads(const Head& head, const Head& end) {
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
    Pages stored(place_, view, engine::PrefixRange(DerivedKeys(live_).All()));
    Pages rebuilt(place_, view, engine::PrefixRange(DerivedKeys(NextGeneration(live_)).All()));
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
  const NoteKey key_;
  const Ledger::Progress& progress_;
  std::multimap<uint64_t, Checkpoint> expected_;  // By size.
  uint8_t live_ = 0;
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> VerifyStore(const StorePlace& place, Drain& drain, const Hash128& identity,
                                 const VerifyScope& scope, const Ledger::Progress& progress) {
  Verifier verifier(place, drain, identity, progress);
  for (size_t i = 0; i < scope.heads.size(); ++i) {
    verifier.Expect(scope.heads[i], "given as number " + std::to_string(i + 1));
  }
  return verifier.Run(scope.derived);
}

}  // namespace referrald::ledger
