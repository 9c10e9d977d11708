#include "connectors/sync/row_sorter.h"

#include <string>
#include <utility>

#include "storage/base/limits.h"

namespace referrald::sync {
namespace {

using connectors::Draft;
using ledger::Reject;

Reject RejectOf(const SourceRow& row, connectors::RowError error) {
  return {.record = row.record,
          .line = row.line,
          .number = error.number,
          .code = std::move(error.code),
          .column = std::move(error.column),
          .reason = std::move(error.reason)};
}

Reject DuplicateId(const SourceRow& row) {
  return RejectOf(row, {.number = 2130,
                        .code = "R-DUP-ID-IN-FILE",
                        .column = "",
                        .reason = "an earlier row of this file has the same id and says something "
                                  "else; the earlier one was used"});
}

// One text per meaning: every part ends with its length, so that no two rows read alike.
void AppendPart(std::string& out, std::string_view part) {
  out += part;
  AppendBigEndian64(out, part.size());
}

void AppendRef(std::string& out, const referral::ExternalRef& ref) {
  AppendPart(out, ref.system);
  AppendPart(out, ref.object);
  AppendPart(out, ref.id);
}

uint64_t ContentOf(const Draft& draft) {
  std::string text;
  for (const referral::Field& field : draft.fields) {
    AppendPart(text, field.name);
    AppendPart(text, field.value);
  }
  for (const referral::Association& association : draft.associations) {
    AppendPart(text, association.role);
    AppendRef(text, association.ref);
  }
  AppendBigEndian64(text, static_cast<uint64_t>(ToMicros(draft.changed_at)));
  text += draft.deleted ? 'd' : 'l';
  if (draft.merged_into) AppendRef(text, *draft.merged_into);
  return Checksum64(text);
}

ledger::Row RowOf(uint64_t record, uint64_t line, Draft draft) {
  return {.record = record,
          .kind = draft.kind,
          .ref = std::move(draft.ref),
          .fields = std::move(draft.fields),
          .associations = std::move(draft.associations),
          .occurred_at = draft.changed_at,
          .deleted = draft.deleted,
          .merged_into = std::move(draft.merged_into),
          .line = line,
          .silent = std::move(draft.silent)};
}

}  // namespace

RowSorter::Sorted RowSorter::Sort(SourceRow row) {
  if (auto* error = std::get_if<connectors::RowError>(&row.content)) {
    return RejectOf(row, std::move(*error));
  }
  Draft& draft = std::get<Draft>(row.content);
  switch (seen_.See(KeyOf(draft.ref), ContentOf(draft))) {
    case SeenRows::Seen::kSame: return Duplicate{};
    case SeenRows::Seen::kDifferent: return DuplicateId(row);
    case SeenRows::Seen::kFirst: break;
  }
  ledger::Row wish = RowOf(row.record, row.line, std::move(draft));
  if (wish.merged_into) return Merge{std::move(wish)};
  return wish;
}

bool RowSorter::HasSeen(const referral::ExternalRef& ref) { return seen_.Contains(KeyOf(ref)); }

Hash128 RowSorter::KeyOf(const referral::ExternalRef& ref) {
  std::string name;
  AppendRef(name, ref);
  digest_.Add(name);
  return digest_.FinishShort();
}

void Survivors::Add(const ledger::Row& loser) {
  if (winners_.size() < limits::kMergesFollowedMax) winners_.emplace(loser.ref, *loser.merged_into);
}

referral::ExternalRef Survivors::Last(const ledger::Row& loser) const {
  const referral::ExternalRef* last = &*loser.merged_into;
  for (size_t step = 0; step < limits::kChainDepthMax && *last != loser.ref; ++step) {
    const auto next = winners_.find(*last);
    if (next == winners_.end()) return *last;
    last = &next->second;
  }
  return loser.ref;  // The ledger refuses it (RFD2305).
}

size_t BytesOf(const ledger::Row& row) {
  size_t bytes = row.ref.id.size();
  for (const referral::Field& field : row.fields) bytes += field.name.size() + field.value.size();
  for (const referral::Association& association : row.associations) {
    bytes += association.role.size() + association.ref.id.size();
  }
  return bytes;
}

}  // namespace referrald::sync
