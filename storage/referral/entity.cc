#include "storage/referral/entity.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <tuple>
#include <utility>

#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::referral {
namespace {

constexpr int kMalformedName = 3012;

bool IsLive(const Link& link) { return !link.deleted; }

// Where every row is deleted, what they said last is still the best answer there is.
bool Counts(const Link& link, bool any_live) { return IsLive(link) || !any_live; }

bool AnyLive(const Entity& entity) { return std::ranges::any_of(entity.links, IsLive); }

// True where `left` wins a conflict. The ref only makes the answer independent of link order.
bool Outranks(const Link& left, const Link& right) {
  return std::tie(left.priority, right.occurred_at, right.event, left.ref) <
         std::tie(right.priority, left.occurred_at, left.event, right.ref);
}

struct Candidate {
  std::string_view name;
  std::string_view value;
  const Link* link;
};

std::vector<Candidate> CandidatesOf(const Entity& entity) {
  const bool any_live = AnyLive(entity);
  std::vector<Candidate> candidates;
  for (const Link& link : entity.links) {
    if (!Counts(link, any_live)) continue;
    for (const Field& field : link.fields) {
      if (!field.value.empty()) candidates.push_back({field.name, field.value, &link});
    }
  }
  // Links lie in one vector: among equal names their order is that of the entity.
  std::ranges::sort(candidates, {}, [](const Candidate& candidate) {
    return std::pair(candidate.name, candidate.link);
  });
  return candidates;
}

MergedField MergeOne(std::span<const Candidate> candidates) {
  const Candidate& winner = *std::ranges::min_element(
      candidates,
      [](const Candidate& a, const Candidate& b) { return Outranks(*a.link, *b.link); });
  MergedField merged{.name = std::string(winner.name),
                     .value = std::string(winner.value),
                     .from = winner.link,
                     .disagreeing = {}};
  for (const Candidate& candidate : candidates) {
    if (candidate.value != winner.value) merged.disagreeing.push_back(candidate.link);
  }
  return merged;
}

bool IsPlainName(std::string_view text) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !text.empty() && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

std::string_view EntityKindName(EntityKind kind) {
  switch (kind) {
    case EntityKind::kPerson: return "person";
    case EntityKind::kOrganisation: return "organisation";
    case EntityKind::kOpportunity: return "opportunity";
    case EntityKind::kUnknown: break;
  }
  return "unknown";
}

std::string ToText(EntityKind kind, EntityId id) {
  switch (kind) {
    case EntityKind::kOrganisation: return "o_" + std::to_string(id.value);
    case EntityKind::kOpportunity: return "opp_" + std::to_string(id.value);
    case EntityKind::kPerson:
    case EntityKind::kUnknown: break;
  }
  return "c_" + std::to_string(id.value);
}

Result<EntityId> ParseEntityId(std::string_view text) {
  for (const std::string_view prefix : {"c_", "opp_", "o_"}) {
    if (!text.starts_with(prefix)) continue;
    const std::string_view digits = text.substr(prefix.size());
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole =
        error == std::errc{} && end == digits.data() + digits.size() && !digits.starts_with('0');
    if (whole && value >= 1 && value <= limits::kSequenceMax) return EntityId{value};
  }
  // The text is not repeated: people type names and addresses where an id belongs.
  return Status::InvalidArgument("not an id: expected c_, o_ or opp_ and a number, as in c_42",
                                 kMalformedName);
}

std::string ToText(const ExternalRef& ref) { return ref.system + ":" + ref.object + ":" + ref.id; }

Result<ExternalRef> ParseExternalRef(std::string_view text) {
  const size_t first = text.find(':');
  const size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
  if (second == std::string_view::npos) {
    return Status::InvalidArgument("not an external ref: expected system:object:id",
                                   kMalformedName);
  }
  const std::string_view system = text.substr(0, first);
  const std::string_view object = text.substr(first + 1, second - first - 1);
  const std::string_view id = text.substr(second + 1);
  if (!IsPlainName(system) || !IsPlainName(object)) {
    return Status::InvalidArgument(
        "not an external ref: system and object are made of letters, digits, '-', '_' and '.'",
        kMalformedName);
  }
  if (id.empty() || id.size() > limits::kExternalIdBytesMax) {
    return Status::InvalidArgument("not an external ref: the id is " + std::to_string(id.size()) +
                                       " bytes, limit 1 to " +
                                       std::to_string(limits::kExternalIdBytesMax),
                                   kMalformedName);
  }
  return ExternalRef{std::string(system), std::string(object), std::string(id)};
}

Fields Normalised(Fields fields) {
  Fields normalised;
  normalised.reserve(fields.size());
  for (const Field& field : fields) {
    const std::string_view name = Trim(field.name);
    const std::string_view value = Trim(field.value);
    if (name.empty() || value.empty()) continue;
    const auto place = std::ranges::lower_bound(normalised, name, {}, &Field::name);
    if (place != normalised.end() && place->name == name) continue;
    normalised.insert(place, {std::string(name), std::string(value)});
  }
  return normalised;
}

std::string_view Find(const Fields& fields, std::string_view name) {
  const auto found = std::ranges::lower_bound(fields, name, {}, &Field::name);
  if (found == fields.end() || found->name != name) return {};
  return found->value;
}

std::vector<MergedField> Merge(const Entity& entity) {
  const std::vector<Candidate> candidates = CandidatesOf(entity);
  std::vector<MergedField> merged;
  for (size_t begin = 0; begin < candidates.size();) {
    size_t end = begin + 1;
    while (end < candidates.size() && candidates[end].name == candidates[begin].name) ++end;
    merged.push_back(MergeOne(std::span(candidates).subspan(begin, end - begin)));
    begin = end;
  }
  return merged;
}

std::string MergedValue(const Entity& entity, std::string_view name) {
  const bool any_live = AnyLive(entity);
  const Link* winner = nullptr;
  for (const Link& link : entity.links) {
    if (!Counts(link, any_live) || Find(link.fields, name).empty()) continue;
    if (winner == nullptr || Outranks(link, *winner)) winner = &link;
  }
  return winner == nullptr ? std::string() : std::string(Find(winner->fields, name));
}

namespace {

// What a person of ours was called when somebody first named them, without any row.
std::string LocalName(const Entity& entity) {
  const auto local = std::ranges::find_if(
      entity.links, [](const Link& link) { return link.ref.system == "local"; });
  return local == entity.links.end() ? std::string() : local->ref.id;
}

}  // namespace

std::string DisplayName(const Entity& entity) {
  if (entity.erased) return "(erased)";
  std::string name = MergedValue(entity, field::kDisplayName);
  if (!name.empty()) return name;
  name = MergedValue(entity, field::kFirstName);
  const std::string last_name = MergedValue(entity, field::kLastName);
  if (!name.empty() && !last_name.empty()) name += ' ';
  name += last_name;
  if (name.empty()) name = MergedValue(entity, field::kCompany);
  return name.empty() ? LocalName(entity) : name;
}

bool IsDeleted(const Entity& entity) { return !entity.links.empty() && !AnyLive(entity); }

}  // namespace referrald::referral
