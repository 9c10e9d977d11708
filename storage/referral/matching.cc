#include "storage/referral/matching.h"

#include <algorithm>
#include <vector>

#include "storage/base/text.h"

namespace referrald::referral {
namespace {

using Action = MatchDecision::Action;

constexpr int kSeveralHolders = 2201;
constexpr int kOtherLastName = 2202;
constexpr int kBesideOwnSystem = 2203;

bool IsLivePerson(const Entity& entity) {
  return entity.kind == EntityKind::kPerson && !entity.merged_into && !IsDeleted(entity);
}

// Deleted rows count too: whether the deletion or the new row is read first must not matter.
bool HoldsRowLike(const Entity& entity, const ExternalRef& ref) {
  return std::ranges::any_of(entity.links, [&ref](const Link& link) {
    return link.ref.system == ref.system && link.ref.object == ref.object;
  });
}

// "Müller" is also written "Mueller"; both become "muller".
std::string LastNameKey(std::string_view name) {
  std::string folded = FoldName(name);
  for (const std::string_view spelled : {"ae", "oe", "ue"}) {
    for (size_t at = folded.find(spelled); at != std::string::npos; at = folded.find(spelled, at)) {
      folded.erase(at + 1, 1);
    }
  }
  return folded;
}

bool LastNamesAgree(const Fields& fields, const Entity& holder) {
  const std::string ours = LastNameKey(Find(fields, field::kLastName));
  const std::string theirs = LastNameKey(MergedValue(holder, field::kLastName));
  return ours.empty() || theirs.empty() || ours == theirs;
}

// Ids only: the reason is printed, the address is not.
std::string Named(std::span<const EntityId> people) {
  constexpr size_t kNamedMax = 5;
  std::string text;
  for (const EntityId id : people.first(std::min(people.size(), kNamedMax))) {
    text += (text.empty() ? "" : ", ") + ToText(EntityKind::kPerson, id);
  }
  return people.size() > kNamedMax ? text + ", ..." : text;
}

MatchDecision Create() { return {}; }

MatchDecision CreateBeside(std::span<const EntityId> people) {
  return {.action = Action::kCreate,
          .entity = {},
          .number = kBesideOwnSystem,
          .reason = "same e-mail address as " + Named(people) +
                    ", who already has a row of this system: kept as two people"};
}

MatchDecision HoldAmbiguous(std::span<const EntityId> people) {
  return {.action = Action::kHold,
          .entity = {},
          .number = kSeveralHolders,
          .reason =
              std::to_string(people.size()) + " people hold this e-mail address: " + Named(people)};
}

MatchDecision HoldOtherName(EntityId holder) {
  return {.action = Action::kHold,
          .entity = {},
          .number = kOtherLastName,
          .reason = "same e-mail address as " + ToText(EntityKind::kPerson, holder) +
                    ", but another last name"};
}

MatchDecision Join(EntityId holder) {
  return {.action = Action::kJoin, .entity = holder, .number = 0, .reason = {}};
}

}  // namespace

std::string_view MatchBasisName(MatchBasis basis) {
  switch (basis) {
    case MatchBasis::kNew: return "new";
    case MatchBasis::kExternalRef: return "external_id";
    case MatchBasis::kEmail: return "email";
  }
  return "unknown";
}

MatchDecision DecideMatch(const ExternalRef& ref, const Fields& fields,
                          std::span<const Entity> holders) {
  std::vector<EntityId> people;
  const Entity* last = nullptr;
  bool all_hold_such_a_row = true;
  for (const Entity& holder : holders) {
    if (!IsLivePerson(holder)) continue;
    last = &holder;
    people.push_back(holder.id);
    all_hold_such_a_row = all_hold_such_a_row && HoldsRowLike(holder, ref);
  }
  std::ranges::sort(people);
  if (people.empty()) return Create();
  if (all_hold_such_a_row) return CreateBeside(people);
  if (people.size() > 1) return HoldAmbiguous(people);
  return LastNamesAgree(fields, *last) ? Join(last->id) : HoldOtherName(last->id);
}

}  // namespace referrald::referral
