#include "storage/ledger/verify.h"

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "storage/ledger/entity_record.h"
#include "storage/ledger/envelope.h"
#include "storage/ledger/event_body.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

constexpr size_t kPageRows = 512;
constexpr size_t kProblemsMax = 100;
constexpr uint64_t kProgressEvery = 1024;
constexpr size_t kGenerationBytes = 2;  // 'D' and the generation, before what is compared.

// The keys of a range, page by page, each page on a view of its own.
class Pages {
 public:
  Pages(const StorePlace& place, engine::Range range) : place_(place), range_(std::move(range)) {
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
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    const Status status =
        (*view)->Scan(range_, [this](std::string_view key, std::string_view value) {
          items_.push_back({std::string(key), std::string(value)});
          return true;
        });
    if (!status.ok()) return status;
    done_ = items_.size() < kPageRows;
    if (!items_.empty()) range_.begin = items_.back().key + '\0';
    return Status::Ok();
  }

  const StorePlace place_;
  engine::Range range_;
  std::deque<Item> items_;
  bool done_ = false;
};

class Verifier {
 public:
  Verifier(const StorePlace& place, uint8_t live, const Ledger::Progress& progress)
      : place_(place), live_(live), next_(NextGeneration(live)), progress_(progress) {}

  Result<VerifyReport> Run() {
    Status status = CheckLog();
    if (!status.ok()) return status;
    if (!report_.problems.empty()) {
      Add("projections were not compared: the log is damaged");
      return std::move(report_);
    }
    status = DropOthers(place_, live_);
    if (!status.ok()) return status;
    const Result<uint64_t> built = BuildGeneration(place_, next_, {});
    if (built) {
      status = Compare();
    } else if (built.error().code() == Code::kCorruption) {
      Add(built.error().message());
    } else {
      status = built.error();
    }
    const Status dropped = DropOthers(place_, live_);
    if (!status.ok()) return status;
    if (!dropped.ok()) return dropped;
    return std::move(report_);
  }

 private:
  void Add(std::string problem) {
    if (report_.problems.size() < kProblemsMax) report_.problems.push_back(std::move(problem));
  }

  Result<Sequence> ReadHead(const engine::View& view) {
    const Result<std::optional<std::string>> bytes = view.Get(keys::Head());
    if (!bytes) return bytes.error();
    if (!*bytes) return Sequence{};
    const Result<Head> head = DecodeHead(**bytes);
    if (!head) Add("head: " + head.error().message());
    return head ? head->last : Sequence{};
  }

  Status CheckLog() {
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    const Result<Sequence> head = ReadHead(**view);
    if (!head) return head.error();
    Pages events(place_, engine::PrefixRange(keys::kEvents));
    Sequence expected{1};
    for (;;) {
      const Result<const Pages::Item*> item = events.Front();
      if (!item) return item.error();
      if (*item == nullptr) break;
      const Sequence sequence{keys::LastNumber((*item)->key)};
      for (; expected < sequence && report_.problems.size() < kProblemsMax; ++expected.value) {
        Add("event " + ToText(expected) + ": missing");
      }
      const Status checked = CheckEvent(sequence, (*item)->value);
      if (!checked.ok()) return checked;
      expected = {sequence.value + 1};
      events.Pop();
      ++report_.events;
      if (progress_ && report_.events % kProgressEvery == 0) {
        progress_(report_.events, head->value);
      }
    }
    if (expected.value != head->value + 1) {
      Add("head says " + ToText(*head) + ", the log ends at " +
          ToText(Sequence{expected.value - 1}));
    }
    return Status::Ok();
  }

  Status CheckEvent(Sequence sequence, const std::string& bytes) {
    const std::string name = "event " + ToText(sequence);
    const Result<Envelope> envelope = DecodeEnvelope(sequence, bytes);
    if (!envelope) {
      Add(envelope.error().message());
      return Status::Ok();
    }
    const Result<Event> event = Open(place_.vault, *envelope);
    if (!event) {
      Add(event.error().message());
      return Status::Ok();
    }
    const EventBody body = ToBody(*event);
    if (EncodeEnvelope(*envelope) != bytes || body.open != envelope->body ||
        body.subjects != envelope->subjects || event->type() != envelope->type) {
      Add(name + ": not in the one form that is written");
    }
    return CheckIdempotency(name, event->idempotency);
  }

  Status CheckIdempotency(const std::string& name, const Hash128& hash) {
    if (hash == Hash128{}) return Status::Ok();
    const Result<std::unique_ptr<engine::View>> view = place_.engine.Read(place_.partition);
    if (!view) return view.error();
    const Result<std::optional<std::string>> bytes = (*view)->Get(keys::Idempotency(hash));
    if (!bytes) return bytes.error();
    if (!*bytes) Add(name + ": its idempotency key is missing");
    return Status::Ok();
  }

  // Walks both generations side by side.
  Status Compare() {
    Pages stored(place_, engine::PrefixRange(DerivedKeys(live_).All()));
    Pages rebuilt(place_, engine::PrefixRange(DerivedKeys(next_).All()));
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
      if (order == 0 && !Same(**left, **right)) Add(NameOf(item.key) + ": differs from the log");
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

  // Seals draw nonces, so sealed records are compared by what they hold.
  bool Same(const Pages::Item& left, const Pages::Item& right) const {
    if (left.value == right.value) return true;
    if (Rest(left.key).front() != static_cast<char>(Space::kEntity)) return false;
    const EntityId id{keys::LastNumber(left.key)};
    const Result<EntityRecord> stored = DecodeEntity(place_.vault, id, left.value);
    const Result<EntityRecord> rebuilt = DecodeEntity(place_.vault, id, right.value);
    if (!stored || !rebuilt || *stored != *rebuilt) return false;
    const Result<std::string> stored_part = PublicPart(left.value);
    const Result<std::string> rebuilt_part = PublicPart(right.value);
    return stored_part && rebuilt_part && *stored_part == *rebuilt_part;
  }

  static std::string NameOf(const std::string& key) {
    const std::string_view rest = Rest(key);
    return "projection " + std::string(rest.substr(0, 1)) + " " + ToHex(rest.substr(1));
  }

  const StorePlace place_;
  const uint8_t live_, next_;
  const Ledger::Progress& progress_;
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> VerifyStore(const StorePlace& place, uint8_t live,
                                 const Ledger::Progress& progress) {
  return Verifier(place, live, progress).Run();
}

}  // namespace referrald::ledger
