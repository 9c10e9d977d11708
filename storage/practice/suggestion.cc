#include "storage/practice/suggestion.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "storage/base/text.h"

namespace referrald::practice {
namespace {

// Rank, and words that carry none of a title's meaning, folded.
constexpr std::array kStopWords = std::to_array<std::string_view>({
    "a",      "and",      "assistant", "associate", "at",      "chef",      "chief",     "da",
    "de",     "deputy",   "der",       "die",       "di",      "du",        "director",  "for",
    "global", "group",    "head",      "in",        "junior",  "la",        "lead",      "leader",
    "leiter", "leiterin", "manager",   "of",        "officer", "president", "principal", "regional",
    "senior", "team",     "the",       "to",        "vice",    "vp",
});

bool IsStopWord(std::string_view word) {
  return std::ranges::find(kStopWords, word) != kStopWords.end();
}

std::set<std::string> TitleWords(std::string_view title, bool all) {
  const std::string folded = FoldName(title);
  std::set<std::string> words;
  for (const std::string_view word : Words(folded)) {
    if (all || !IsStopWord(word)) words.emplace(word);
  }
  return words;
}

bool SameText(std::string_view left, std::string_view right) {
  const std::string folded = FoldName(left);
  return !folded.empty() && folded == FoldName(right);
}

// What the newest words say of the customer and one other.
struct Standing {
  const Acquaintance* spoken = nullptr;   // A person's: confirmed or denied.
  const Acquaintance* claimed = nullptr;  // A network's, which overrides no person.

  bool IsDenied() const { return spoken != nullptr && spoken->word == AcquaintanceWord::kDenied; }
  bool IsConfirmed() const { return spoken != nullptr && !IsDenied(); }
  const Acquaintance* Says() const { return spoken != nullptr ? spoken : claimed; }
};

void KeepNewer(const Acquaintance*& kept, const Acquaintance& next) {
  const auto order = [](const Acquaintance& word) { return std::tuple(word.at, word.because); };
  if (kept == nullptr || order(*kept) < order(next)) kept = &next;
}

std::map<EntityId, Standing> StandingsOf(const SuggestionFacts& facts) {
  std::map<EntityId, Standing> standings;
  for (const Acquaintance& word : facts.acquaintances) {
    if (word.left != facts.customer.id && word.right != facts.customer.id) continue;
    Standing& standing = standings[word.left == facts.customer.id ? word.right : word.left];
    KeepNewer(word.word == AcquaintanceWord::kClaimed ? standing.claimed : standing.spoken, word);
  }
  return standings;
}

// Why somebody fits a slot.
struct Fit {
  std::string why;
  Sequence because{};
};

bool AreColleagues(const Profile& left, const Profile& right) {
  return left.organisation && left.organisation == right.organisation;
}

std::optional<Fit> FitSupply(const SuggestionFacts& facts, EntityId supplier, EntityId buyer,
                             std::string_view why) {
  const Supply* first = nullptr;
  for (const Supply& supply : facts.supplies) {
    if (!supplier || !buyer || supply.supplier != supplier || supply.buyer != buyer) continue;
    if (first == nullptr || supply.because < first->because) first = &supply;
  }
  if (first == nullptr) return std::nullopt;
  return Fit{.why = std::string(why), .because = first->because};
}

std::optional<Fit> FitOf(Slot slot, const SuggestionFacts& facts, const Profile& candidate) {
  const Profile& customer = facts.customer;
  if (slot == Slot::kInternalPeer) {
    if (!AreColleagues(customer, candidate)) return std::nullopt;
    return Fit{.why = "same organisation"};
  }
  if (AreColleagues(customer, candidate)) return std::nullopt;
  if (slot == Slot::kNeighbour) {
    if (!AreNeighbours(customer, candidate)) return std::nullopt;
    const bool city = SameText(customer.city, candidate.city);
    return Fit{.why = city ? "same city" : "same postal area"};
  }
  if (slot == Slot::kSupplier) {
    return FitSupply(facts, candidate.organisation, customer.organisation,
                     "their organisation supplies the customer's");
  }
  if (slot == Slot::kCustomer) {
    return FitSupply(facts, customer.organisation, candidate.organisation,
                     "the customer's organisation supplies theirs");
  }
  // An unknown organisation may be the customer's own: then nobody knows that it is another.
  if (!customer.organisation || !candidate.organisation) return std::nullopt;
  if (!SameText(customer.industry, candidate.industry)) return std::nullopt;
  if (TitleLikeness(customer.title, candidate.title) < kLikeTitle) return std::nullopt;
  return Fit{.why = "same industry and a similar title at another organisation"};
}

std::string_view InWords(const Standing& standing) {
  if (standing.IsConfirmed()) return "; a person confirmed that they know each other";
  if (standing.claimed != nullptr) {
    return "; a network says that they know each other, it is not known whether they do";
  }
  return "; it is not known whether they know each other";
}

struct Ranked {
  uint32_t distance = 0;  // 0 confirmed, 1 claimed, 2 unknown.
  uint32_t likeness = 0;
  Suggestion suggestion;

  auto Order() const { return std::tuple(distance, 1000 - likeness, suggestion.person); }
};

Ranked RankedOf(Slot slot, const Fit& fit, const Profile& customer, const Profile& candidate,
                const Standing& standing) {
  Ranked ranked{.distance = 2U,
                .likeness = TitleLikeness(customer.title, candidate.title),
                .suggestion = {.slot = slot, .person = candidate.id, .reason = fit.why}};
  if (const Acquaintance* const said = standing.Says()) {
    ranked.distance = standing.IsConfirmed() ? 0 : 1;
    ranked.suggestion.because.push_back(said->because);
  }
  if (fit.because) ranked.suggestion.because.push_back(fit.because);
  ranked.suggestion.confirmed_acquaintance = standing.IsConfirmed();
  ranked.suggestion.reason += InWords(standing);
  return ranked;
}

// Whoever may be suggested at all, each once.
std::map<EntityId, const Profile*> Suggestible(const SuggestionFacts& facts) {
  std::map<EntityId, const Profile*> people;
  for (const Profile& candidate : facts.candidates) {
    if (candidate.id && candidate.id != facts.customer.id) people.emplace(candidate.id, &candidate);
  }
  for (const Profile& candidate : facts.candidates) {
    if (candidate.hidden) people.erase(candidate.id);
  }
  return people;
}

}  // namespace

uint32_t TitleLikeness(std::string_view left, std::string_view right) {
  constexpr size_t kWhole = 1000;
  const std::set<std::string> ours = TitleWords(left, /*all=*/false);
  const std::set<std::string> theirs = TitleWords(right, /*all=*/false);
  if (ours.empty() || theirs.empty()) {
    const std::set<std::string> whole = TitleWords(left, /*all=*/true);
    return !whole.empty() && whole == TitleWords(right, /*all=*/true) ? kWhole : 0;
  }
  const auto shared = static_cast<size_t>(std::ranges::count_if(
      ours, [&theirs](const std::string& word) { return theirs.contains(word); }));
  return static_cast<uint32_t>(kWhole * shared / (ours.size() + theirs.size() - shared));
}

std::string PostalArea(std::string_view code) {
  constexpr size_t kShortest = 2, kLong = 5, kLongArea = 3;
  std::string bare = FoldName(code);
  std::erase(bare, ' ');
  if (bare.size() < kShortest) return {};
  return bare.substr(0, bare.size() < kLong ? kShortest : kLongArea);
}

bool AreNeighbours(const Profile& left, const Profile& right) {
  const bool same_country = SameText(left.country, right.country);
  const bool may_be_same =
      same_country || Trim(left.country).empty() || Trim(right.country).empty();
  if (may_be_same && SameText(left.city, right.city)) return true;
  const std::string area = PostalArea(left.postal_code);
  return same_country && !area.empty() && area == PostalArea(right.postal_code);
}

std::vector<Suggestion> SuggestFor(const SuggestionFacts& facts) {
  constexpr std::array kSlots = {Slot::kExternalPeer, Slot::kInternalPeer, Slot::kNeighbour,
                                 Slot::kSupplier, Slot::kCustomer};
  static_assert(kSlots.size() == kSlotCount);
  const std::map<EntityId, Standing> standings = StandingsOf(facts);
  const std::map<EntityId, const Profile*> people = Suggestible(facts);
  std::vector<Suggestion> suggestions;
  for (const Slot slot : kSlots) {
    if (Has(facts.closed, slot)) continue;
    std::vector<Ranked> ranked;
    for (const auto& [id, candidate] : people) {
      const auto found = standings.find(id);
      const Standing standing = found == standings.end() ? Standing{} : found->second;
      if (standing.IsDenied()) continue;
      if (const std::optional<Fit> fit = FitOf(slot, facts, *candidate)) {
        ranked.push_back(RankedOf(slot, *fit, facts.customer, *candidate, standing));
      }
    }
    std::ranges::sort(ranked, {}, &Ranked::Order);
    if (ranked.size() > facts.count_max) ranked.resize(facts.count_max);
    for (Ranked& one : ranked) suggestions.push_back(std::move(one.suggestion));
  }
  return suggestions;
}

}  // namespace referrald::practice
