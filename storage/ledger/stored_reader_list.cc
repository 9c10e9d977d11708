// Pages and scans.
#include <memory>
#include <utility>

#include "storage/ledger/envelope.h"
#include "storage/ledger/stored_reader.h"

namespace referrald::ledger {
namespace {

using referral::Referral;

// How much one view is asked for: an engine may refuse an old one.
constexpr size_t kEntitiesPerInstant = 2000;

// Cursors are the last key's number, in hexadecimal; no cursor begins before the first.
Result<uint64_t> NumberOf(std::string_view cursor) {
  const Status malformed = Status::InvalidArgument("malformed cursor: pass `next` back unchanged");
  if (cursor.empty()) return uint64_t{0};
  if (cursor.size() != 16) return malformed;
  uint64_t number = 0;
  for (const char c : cursor) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && !(c >= 'a' && c <= 'f')) return malformed;
    number = number << 4 | static_cast<uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return number;
}

std::string CursorOf(uint64_t number) { return ToHex(EncodeNumber(number)); }

// The index that the filter narrows most.
std::string PrefixOf(const DerivedKeys& keys, const ReferralFilter& filter) {
  if (filter.source) return keys.In(Space::kBySource, filter.source.value);
  if (filter.contact) return keys.In(Space::kByContact, filter.contact.value);
  if (filter.opportunity) return keys.In(Space::kByOpportunity, filter.opportunity.value);
  if (!filter.state) return keys.In(Space::kReferral);
  std::string prefix = keys.In(Space::kByState);
  prefix.push_back(static_cast<char>(*filter.state));
  return prefix;
}

bool Passes(const Referral& referral, const ReferralFilter& filter) {
  return (!filter.state || referral.state == *filter.state) &&
         (!filter.source || referral.source == filter.source) &&
         (!filter.contact || referral.contact == filter.contact) &&
         (!filter.opportunity || referral.opportunity == filter.opportunity);
}

// Entities in order of id, a bounded number at a time.
struct EntityPage {
  std::vector<referral::Entity> entities;
  EntityId last;
  bool more = false;
};

Result<EntityPage> ReadPage(const StorePlace& place, EntityId after) {
  const Result<std::unique_ptr<Instant>> instant = Instant::Take(place);
  if (!instant) return instant.error();
  const DerivedKeys& keys = (*instant)->keys();
  engine::Range range = engine::PrefixRange(keys.In(Space::kEntity));
  range.begin = keys.In(Space::kEntity, after.value + 1);
  range.row_count_max = kEntitiesPerInstant;
  EntityPage page;
  Status damaged;
  size_t count = 0;
  const Status scanned = (*instant)->Scan(range, [&](std::string_view key, std::string_view value) {
    ++count;
    page.last = {keys::LastNumber(key)};
    Result<EntityRecord> record = DecodeEntity(place.vault, page.last, value);
    if (!record) damaged = record.error();
    if (!record) return false;
    if (!record->entity.merged_into) page.entities.push_back(std::move(record->entity));
    return true;
  });
  if (!damaged.ok()) return damaged;
  if (!scanned.ok()) return scanned;
  page.more = count == kEntitiesPerInstant;
  return page;
}

}  // namespace

Result<Page<Referral>> StoredReader::ListReferrals(const ReferralFilter& wish,
                                                   std::string_view cursor,
                                                   size_t count_max) const {
  const Result<uint64_t> after = NumberOf(cursor);
  if (!after) return after.error();
  ReferralFilter filter = wish;
  for (EntityId* const id : {&filter.source, &filter.contact, &filter.opportunity}) {
    if (!*id) continue;
    const Result<EntityId> survivor = lookup_.Survivor(*id);
    if (!survivor) return survivor.error();
    *id = *survivor;
  }
  const std::string prefix = PrefixOf(lookup_.keys(), filter);
  engine::Range range = engine::PrefixRange(prefix);
  if (!cursor.empty()) range.begin = prefix + EncodeNumber(*after + 1);
  Page<Referral> page;
  Status damaged;
  const Status scanned = instant_->Scan(range, [&](std::string_view key, std::string_view) {
    Result<ReferralRecord> record = lookup_.NeedReferral({keys::LastNumber(key)});
    if (!record) damaged = record.error();
    if (!record) return false;
    if (!Passes(record->referral, filter)) return true;
    if (page.items.size() == count_max) {
      if (count_max > 0) page.next = CursorOf(page.items.back().id.value);
      return false;
    }
    page.items.push_back(std::move(record->referral));
    return true;
  });
  if (!damaged.ok()) return damaged;
  if (!scanned.ok()) return scanned;
  return page;
}

Result<std::vector<Event>> StoredReader::EventsAfter(Sequence after, size_t count_max) const {
  engine::Range range = engine::PrefixRange(keys::kEvents);
  range.begin = keys::Event({after.value + 1});
  range.end = keys::Event({head().value + 1});
  range.row_count_max = count_max;
  std::vector<Event> events;
  Status damaged;
  const Status scanned = instant_->Scan(range, [&](std::string_view key, std::string_view value) {
    Result<Event> event = DecodeEvent(place_.vault, {keys::LastNumber(key)}, value);
    if (!event) damaged = event.error();
    if (!event) return false;
    events.push_back(std::move(*event));
    return true;
  });
  if (!damaged.ok()) return damaged;
  if (!scanned.ok()) return scanned;
  return events;
}

Status StoredReader::ScanEntities(EntityId after, const EntitySink& sink) const {
  for (EntityId last = after;;) {
    const Result<EntityPage> page = ReadPage(place_, last);
    if (!page) return page.error();
    for (const referral::Entity& entity : page->entities) {
      if (!sink(entity)) return Status::Ok();
    }
    if (!page->more) return Status::Ok();
    last = page->last;
  }
}

Result<RunRecord> StoredReader::GetRun(const RunId& id) const {
  const Result<std::optional<std::string>> bytes = instant_->Get(keys::Run(id));
  if (!bytes) return bytes.error();
  if (!*bytes) return Status::NotFound("there is no run " + ToText(id), 3021);
  return DecodeRun(id, **bytes);
}

Result<Page<RunRecord>> StoredReader::ListRuns(std::string_view feed, std::string_view cursor,
                                               size_t count_max) const {
  const std::string prefix = feed.empty() ? std::string(keys::kRuns) : keys::RunsOfFeed(feed);
  engine::Range range = engine::PrefixRange(prefix);
  range.reverse = true;
  if (!cursor.empty()) {
    const Result<RunId> last = ParseRunId(cursor);
    if (!last) {
      return Status::InvalidArgument("malformed cursor: pass `next` back unchanged");
    }
    range.end = feed.empty() ? keys::Run(*last) : keys::RunOfFeed(feed, *last);
  }
  Page<RunRecord> page;
  Status damaged;
  const Status scanned = instant_->Scan(range, [&](std::string_view key, std::string_view) {
    if (page.items.size() == count_max) {
      if (count_max > 0) page.next = ToText(page.items.back().id);
      return false;
    }
    Result<RunRecord> run = GetRun(keys::LastRun(key));
    if (!run) damaged = run.error();
    if (!run) return false;
    page.items.push_back(std::move(*run));
    return true;
  });
  if (!damaged.ok()) return damaged;
  if (!scanned.ok()) return scanned;
  return page;
}

Result<Page<Reject>> StoredReader::ListRejects(const RunId& run, std::string_view cursor,
                                               size_t count_max) const {
  const Result<uint64_t> after = NumberOf(cursor);
  if (!after) return after.error();
  engine::Range range = engine::PrefixRange(keys::RejectsOfRun(run));
  if (!cursor.empty()) range.begin = keys::Reject(run, *after + 1);
  Page<Reject> page;
  Status damaged;
  const Status scanned = instant_->Scan(range, [&](std::string_view key, std::string_view value) {
    if (page.items.size() == count_max) {
      if (count_max > 0) page.next = CursorOf(page.items.back().record);
      return false;
    }
    Result<Reject> reject = DecodeReject(keys::LastNumber(key), value);
    if (!reject) damaged = reject.error();
    if (!reject) return false;
    page.items.push_back(std::move(*reject));
    return true;
  });
  if (!damaged.ok()) return damaged;
  if (!scanned.ok()) return scanned;
  return page;
}

}  // namespace referrald::ledger
