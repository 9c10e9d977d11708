// How people and organisations are found.
#include <algorithm>
#include <utility>

#include "storage/base/text.h"
#include "storage/ledger/stored_reader.h"

namespace referrald::ledger {
namespace {

using referral::EntityKind;

// A claim names one person, or it names nobody: more candidates than this need not be read.
constexpr size_t kCandidatesMax = 8;

vault::IndexKind IndexKindOf(Space space) {
  return space == Space::kPhone ? vault::IndexKind::kPhone : vault::IndexKind::kName;
}

void AddMissing(std::vector<EntityId>& to, const std::vector<EntityId>& more) {
  for (const EntityId id : more) {
    if (std::ranges::find(to, id) == to.end()) to.push_back(id);
  }
}

}  // namespace

Result<EntityId> StoredReader::FindByRef(const referral::ExternalRef& ref) const {
  const Result<std::optional<LinkRecord>> link = lookup_.FindLink(ref);
  if (!link) return link.error();
  if (!*link || !(*link)->entity) {
    return Status::NotFound("no imported row of " + ref.system + " " + ref.object + " has this id",
                            3021);
  }
  return (*link)->entity;
}

Result<std::vector<EntityId>> StoredReader::FindByEmail(std::string_view email,
                                                        size_t count_max) const {
  return lookup_.HoldersOf(FoldEmail(email), count_max);
}

Result<std::vector<EntityId>> StoredReader::FindTerm(Space space, std::string_view folded,
                                                     size_t count_max) const {
  std::vector<EntityId> ids;
  if (folded.empty() || count_max == 0) return ids;
  const Hash128 hash = place_.vault.BlindIndex(IndexKindOf(space), folded);
  const Result<std::vector<uint64_t>> numbers =
      lookup_.NumbersBehind(lookup_.keys().In(space, hash), count_max);
  if (!numbers) return numbers.error();
  for (const uint64_t number : *numbers) ids.push_back(EntityId{number});
  return ids;
}

Result<std::vector<EntityId>> StoredReader::FindByPhone(std::string_view phone,
                                                        size_t count_max) const {
  return FindTerm(Space::kPhone, FoldPhone(phone), count_max);
}

Result<std::vector<EntityId>> StoredReader::FindByName(std::string_view name,
                                                       size_t count_max) const {
  return FindTerm(Space::kName, FoldName(name), count_max);
}

Result<std::vector<EntityId>> StoredReader::Find(std::string_view query, size_t count_max) const {
  const std::string_view text = Trim(query);
  std::vector<EntityId> found;
  if (const Result<EntityId> id = referral::ParseEntityId(text)) {
    const Result<EntityId> survivor = lookup_.Survivor(*id);
    if (survivor) found.push_back(*survivor);
    if (!survivor && survivor.error().code() != Code::kNotFound) return survivor.error();
  }
  if (const Result<referral::ExternalRef> ref = referral::ParseExternalRef(text)) {
    const Result<EntityId> id = FindByRef(*ref);
    if (id) AddMissing(found, {*id});
    if (!id && id.error().code() != Code::kNotFound) return id.error();
  }
  for (const auto search :
       {&StoredReader::FindByEmail, &StoredReader::FindByPhone, &StoredReader::FindByName}) {
    const Result<std::vector<EntityId>> more = (this->*search)(text, count_max);
    if (!more) return more.error();
    AddMissing(found, *more);
  }
  std::ranges::sort(found);
  if (found.size() > count_max) found.resize(count_max);
  return found;
}

Result<std::optional<EntityId>> StoredReader::ResolveClaim(const referral::Claim& claim) const {
  std::vector<EntityId> candidates;
  if (claim.referrer) {
    const Result<EntityId> id = FindByRef(*claim.referrer);
    if (id) candidates.push_back(*id);
    if (!id && id.error().code() != Code::kNotFound) return id.error();
  } else if (claim.category == referral::ClaimCategory::kNamedReferrer) {
    // One word is too little to say who is meant.
    const std::string folded = FoldName(claim.text);
    const bool is_email = claim.text.find('@') != std::string_view::npos;
    if (!is_email && Words(folded).size() < 2) return std::optional<EntityId>{};
    Result<std::vector<EntityId>> named =
        is_email ? FindByEmail(claim.text, kCandidatesMax) : FindByName(claim.text, kCandidatesMax);
    if (!named) return named.error();
    if (named->size() == kCandidatesMax) return std::optional<EntityId>{};
    candidates = std::move(*named);
  }
  std::optional<EntityId> only;
  for (const EntityId id : candidates) {
    const Result<EntityRecord> record = lookup_.NeedEntity(id);
    if (!record) return record.error();
    if (record->entity.kind != EntityKind::kPerson || IsDeleted(record->entity)) continue;
    if (only) return std::optional<EntityId>{};
    only = id;
  }
  return only;
}

}  // namespace referrald::ledger
