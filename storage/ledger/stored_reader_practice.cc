// Reads of what acts and referrals fold to.
#include <utility>

#include "storage/ledger/stored_reader.h"

namespace referrald::ledger {
namespace {

using Topic = DerivedKeys::Topic;

// How much one view is asked for: an engine may refuse an old one.
constexpr size_t kRowsPerInstant = 5000;
// A key of a prompt, behind the generation: space, rep, priority; then:
constexpr size_t kDueBytes = 8;
constexpr size_t kRuleBytes = 3;
constexpr size_t kPromptTailBytes = kDueBytes + kRuleBytes + 8 + 8;

// Calls `sink` with the number that ends each key of `space` and its value, an instant at a time.
Status ScanSpace(const StorePlace& place, Space space,
                 const std::function<Status(uint64_t, std::string_view, bool&)>& sink) {
  uint64_t next = 0;
  for (bool more = true, wanted = true; more && wanted;) {
    const Result<std::unique_ptr<Instant>> instant = Instant::Take(place);
    if (!instant) return instant.error();
    engine::Range range = engine::PrefixRange((*instant)->keys().In(space));
    range.begin = (*instant)->keys().In(space, next);
    range.row_count_max = kRowsPerInstant;
    size_t count = 0;
    Status failed;
    const Status scanned =
        (*instant)->Scan(range, [&](std::string_view key, std::string_view value) {
          const uint64_t number = keys::LastNumber(key);
          next = number + 1;
          ++count;
          failed = sink(number, value, wanted);
          return failed.ok() && wanted;
        });
    if (!failed.ok()) return failed;
    if (!scanned.ok()) return scanned;
    more = count == kRowsPerInstant;
  }
  return Status::Ok();
}

// What a key of the queue says of its prompt.
struct PromptKey {
  Timestamp due{};
  std::string_view rule;
  Sequence about;
  EntityId party;
};
PromptKey TakePromptKey(std::string_view key) {
  std::string_view tail = key.substr(key.size() - kPromptTailBytes);
  PromptKey parts;
  parts.due = FromMicros(static_cast<int64_t>(ReadBigEndian64(tail)));
  tail.remove_prefix(kDueBytes);
  parts.rule = tail.substr(0, kRuleBytes);
  tail.remove_prefix(kRuleBytes);
  parts.about = {ReadBigEndian64(tail)};
  parts.party = {ReadBigEndian64(tail.substr(8))};
  return parts;
}

const practice::Prompt* FindPrompt(const CustomerRecord& record, const PromptKey& key) {
  for (const practice::Prompt& prompt : record.prompts) {
    if (prompt.rule == key.rule && prompt.about == key.about) return &prompt;
  }
  return nullptr;
}

}  // namespace

Result<CustomerRecord> StoredReader::GetCustomer(EntityId party) const {
  const Result<EntityId> survivor = lookup_.Survivor(party);
  if (!survivor) return survivor.error();
  return lookup_.FindCustomer(*survivor);
}

Status StoredReader::ScanCustomers(const CustomerSink& sink) const {
  return ScanSpace(place_, Space::kCustomer,
                   [&sink](uint64_t party, std::string_view value, bool& wanted) {
                     const Result<CustomerRecord> record = DecodeCustomer({party}, value);
                     if (record) wanted = sink(*record);
                     return StatusOf(record);
                   });
}

Status StoredReader::ScanReferrals(const ReferralSink& sink) const {
  return ScanSpace(place_, Space::kReferral,
                   [&sink](uint64_t id, std::string_view value, bool& wanted) {
                     const Result<ReferralRecord> record = DecodeReferral({id}, value);
                     if (record) wanted = sink(record->referral);
                     return StatusOf(record);
                   });
}

Status StoredReader::ScanDeals(const EntitySink& sink) const {
  return ScanSpace(place_, Space::kDeal,
                   [this, &sink](uint64_t id, std::string_view, bool& wanted) {
                     const Result<EntityRecord> record = lookup_.NeedEntity({id});
                     if (record) wanted = sink(record->entity);
                     return StatusOf(record);
                   });
}

Status StoredReader::ScanCoverage(EntityId after, const CoverageSink& sink) const {
  engine::Range range = engine::PrefixRange(lookup_.keys().In(Space::kCoverage));
  range.begin = lookup_.keys().In(Space::kCoverage, after.value + 1);
  Status damaged;
  const Status scanned = instant_->Scan(range, [&](std::string_view key, std::string_view value) {
    const Result<CoverageRecord> record = DecodeCoverage(value);
    if (!record) damaged = record.error();
    return record && sink({keys::LastNumber(key)}, *record);
  });
  return damaged.ok() ? scanned : damaged;
}

Result<Page<practice::Prompt>> StoredReader::ListPrompts(EntityId rep, Timestamp now,
                                                         std::string_view cursor,
                                                         size_t count_max) const {
  std::string after;
  if (!cursor.empty()) {
    std::optional<std::string> decoded = FromHex(cursor);
    const bool whole = decoded && decoded->size() == kPromptTailBytes + 1;
    if (!whole) return Status::InvalidArgument("malformed cursor: pass `next` back unchanged");
    after = *std::move(decoded);
  }
  Page<practice::Prompt> page;
  const uint8_t first = after.empty() ? uint8_t{0} : static_cast<uint8_t>(after[0]);
  Status damaged;
  for (unsigned priority = first; priority <= practice::kPromptPriorityMax; ++priority) {
    const std::string prefix = lookup_.keys().Prompts(rep, static_cast<uint8_t>(priority));
    engine::Range range = engine::PrefixRange(prefix);
    if (priority == first && !after.empty()) range.begin = prefix + after.substr(1) + '\0';
    std::string due_end = prefix;
    AppendBigEndian64(due_end, static_cast<uint64_t>(ToMicros(now)) + 1);
    range.end = std::move(due_end);
    bool is_full = false;
    const Status scanned = instant_->Scan(range, [&](std::string_view key, std::string_view) {
      is_full = page.items.size() == count_max;
      if (is_full) return false;
      const PromptKey parts = TakePromptKey(key);
      const Result<CustomerRecord> record = lookup_.FindCustomer(parts.party);
      if (!record) damaged = record.error();
      if (!record) return false;
      const practice::Prompt* const prompt = FindPrompt(*record, parts);
      if (prompt == nullptr) damaged = Damaged("queue of prompts");
      if (prompt == nullptr) return false;
      page.items.push_back(*prompt);
      page.next.assign(1, static_cast<char>(priority));
      page.next.append(key.substr(key.size() - kPromptTailBytes));
      return true;
    });
    if (!damaged.ok()) return damaged;
    if (!scanned.ok()) return scanned;
    if (is_full) {
      page.next = ToHex(page.next);
      return page;
    }
  }
  page.next.clear();
  return page;
}

Result<std::vector<practice::RecordedAct>> StoredReader::ActsBehind(std::string_view prefix) const {
  const Result<std::vector<uint64_t>> sequences = lookup_.NumbersBehind(prefix, SIZE_MAX);
  if (!sequences) return sequences.error();
  return lookup_.NeedActs(*sequences);
}

Result<std::vector<practice::RecordedAct>> StoredReader::ActsAbout(EntityId party) const {
  const Result<EntityId> survivor = lookup_.Survivor(party);
  if (!survivor) return survivor.error();
  return ActsBehind(lookup_.keys().Acts(Topic::kParty, survivor->value));
}

Result<std::vector<practice::RecordedAct>> StoredReader::ActsOfOpportunity(EntityId deal) const {
  return ActsBehind(lookup_.keys().Acts(Topic::kOpportunity, deal.value));
}

Result<std::vector<practice::RecordedAct>> StoredReader::ActsOfReferral(ReferralId id) const {
  return ActsBehind(lookup_.keys().Acts(Topic::kReferral, id.value));
}

Result<std::vector<practice::RecordedAct>> StoredReader::ActsOfType(
    practice::EventType type) const {
  return ActsBehind(lookup_.keys().Acts(Topic::kType, std::to_underlying(type)));
}

Result<std::vector<practice::RecordedAct>> StoredReader::ActsNamed(std::string_view name) const {
  return ActsBehind(lookup_.keys().ActsNamed(name));
}

Result<std::vector<practice::Reward>> StoredReader::RewardsOf(std::string_view plan,
                                                              Timestamp now) const {
  Result<RewardBook> book = lookup_.FindRewards(plan);
  if (!book) return book.error();
  for (const auto& [id, referral] : book->referrals) {
    if (Status status = lookup_.AddHits(id, *book); !status.ok()) return status;
  }
  return FoldRewards(book->At(now));
}

}  // namespace referrald::ledger
