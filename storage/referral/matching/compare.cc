#include "storage/referral/matching/compare.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>

#include "storage/referral/matching/similarity.h"

namespace referrald::referral::matching {
namespace {

// In the order of Field.
constexpr std::array<LevelWeights, kFieldCount> kWeights = {{
    {.exact = 6.5, .close = 5, .similar = 2, .different = -3},              // Given name.
    {.exact = 8, .close = 6, .similar = 2, .different = -3},                // Surname.
    {.exact = 12, .close = 8, .similar = 0, .different = -4},               // Birth date.
    {.exact = 18, .close = 6, .similar = 0, .shared = 2, .different = -1},  // E-mail.
    {.exact = 11, .close = 4, .similar = 0, .different = -1},               // Phone.
    {.exact = 5, .close = 1.5, .similar = 0, .different = -2},              // House number.
    {.exact = 9, .close = 7, .similar = 3, .different = -3},                // Street.
    {.exact = 7, .close = 5.5, .similar = 2, .different = -1.5},            // Locality.
    {.exact = 6, .close = 5, .similar = 1.5, .different = -3},              // City.
    {.exact = 4, .close = 2, .similar = 0, .different = -3},                // Postcode.
    {.exact = 1.5, .close = 1, .similar = 0, .different = -2},              // State.
    {.exact = 0.5, .close = 0.5, .similar = 0, .different = -3},            // Country.
    {.exact = 5, .close = 4, .similar = 1.5, .different = -0.5},            // Organisation.
    {.exact = 2, .close = 1.5, .similar = 0.5, .different = 0},             // Title.
}};

double WeightOf(Field field, Level level) {
  const LevelWeights& weights = WeightsOf(field);
  switch (level) {
    case Level::kMissing: return 0;
    case Level::kExact: return weights.exact;
    case Level::kClose: return weights.close;
    case Level::kSimilar: return weights.similar;
    case Level::kShared: return weights.shared;
    case Level::kDifferent: return weights.different;
  }
  return 0;
}

Level TextLevel(std::string_view left, std::string_view right) {
  if (left.empty() || right.empty()) return Level::kMissing;
  if (left == right) return Level::kExact;
  const std::string a = Squeezed(left);
  const std::string b = Squeezed(right);
  constexpr double kClose = 0.93;
  constexpr double kSimilar = 0.82;
  if (DiffersBySlip(a, b)) return Level::kClose;
  const double alike = JaroWinkler(a, b, kSimilar);
  return alike >= kClose ? Level::kClose : alike >= kSimilar ? Level::kSimilar : Level::kDifferent;
}

bool IsInitialOf(std::string_view initial, std::string_view name) {
  return initial.size() == 1 && name.starts_with(initial);
}

// Also "bob" and "robert", "j" and "john", "anna maria" and "anna".
Level GivenNameLevel(std::string_view left, std::string_view right) {
  const Level level = TextLevel(left, right);
  if (level != Level::kSimilar && level != Level::kDifferent) return level;
  if (FullGivenName(left) == FullGivenName(right)) return Level::kClose;
  const auto first_word = [](std::string_view name) { return name.substr(0, name.find(' ')); };
  if (first_word(left) == first_word(right) && first_word(left).size() > 2) return Level::kClose;
  if (IsInitialOf(left, right) || IsInitialOf(right, left)) return Level::kSimilar;
  return level;
}

// Digits: one more, less, other, or two swapped.
Level NumberLevel(std::string_view left, std::string_view right) {
  if (left.empty() || right.empty()) return Level::kMissing;
  if (left == right) return Level::kExact;
  const size_t longer = std::max(left.size(), right.size());
  if (longer >= 2 && Edits(left, right, 1) <= 1) {
    return longer >= 3 || left.size() == right.size() ? Level::kClose : Level::kSimilar;
  }
  return left.starts_with(right) || right.starts_with(left) ? Level::kSimilar : Level::kDifferent;
}

int YearOf(std::string_view date) { return std::atoi(std::string(date.substr(0, 4)).c_str()); }

Level DateLevel(std::string_view left, std::string_view right) {
  if (left.empty() || right.empty()) return Level::kMissing;
  if (left == right) return Level::kExact;
  const auto year = [](std::string_view date) { return date.substr(0, 4); };
  const auto month = [](std::string_view date) { return date.substr(4, 2); };
  const auto day = [](std::string_view date) { return date.substr(6, 2); };
  const bool swapped =
      year(left) == year(right) && month(left) == day(right) && day(left) == month(right);
  const int equal_parts = (year(left) == year(right) ? 1 : 0) +
                          (month(left) == month(right) ? 1 : 0) + (day(left) == day(right) ? 1 : 0);
  if (swapped || equal_parts == 2 || Edits(left, right, 1) <= 1) return Level::kClose;
  return Level::kDifferent;
}

Level EmailLevel(const Record& left, const Record& right) {
  const std::string_view a = left[Field::kEmail];
  const std::string_view b = right[Field::kEmail];
  if (a.empty() || b.empty()) return Level::kMissing;
  if (a == b) return left.email_is_shared ? Level::kShared : Level::kExact;
  if (left.email_is_shared || right.email_is_shared) return Level::kMissing;
  constexpr size_t kLongLocalPart = 5;
  const bool long_enough = std::min(a.find('@'), b.find('@')) >= kLongLocalPart;
  return long_enough && Edits(a, b, 1) <= 1 ? Level::kClose : Level::kDifferent;
}

Agreement Agree(Field field, Level level) {
  return {.level = level, .weight = WeightOf(field, level)};
}

// Two fields of each record that people mix up: straight, or crosswise where that says more.
struct Crossed {
  Agreement first;
  Agreement second;
  bool swapped = false;
};

using LevelOf = Level (*)(std::string_view, std::string_view);

Crossed CompareCrossed(const Record& left, const Record& right, Field first, Field second,
                       LevelOf level_of) {
  constexpr double kSwapCost = 1;
  const Crossed straight = {.first = Agree(first, level_of(left[first], right[first])),
                            .second = Agree(second, TextLevel(left[second], right[second]))};
  const Level there = TextLevel(left[first], right[second]);
  const Level back = TextLevel(left[second], right[first]);
  const auto agrees = [](Level level) { return level == Level::kExact || level == Level::kClose; };
  if (!agrees(there) && !agrees(back)) return straight;
  // Ordered, so that both directions give the same.
  const Level low = std::min(there, back);
  const Level high = std::max(there, back);
  Crossed crossed = {.first = Agree(first, low), .second = Agree(second, high), .swapped = true};
  crossed.first.weight -= kSwapCost;
  const double gain =
      crossed.first.weight + crossed.second.weight - straight.first.weight - straight.second.weight;
  return gain > 0 ? crossed : straight;
}

}  // namespace

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kMissing: return "missing";
    case Level::kExact: return "exact";
    case Level::kClose: return "close";
    case Level::kSimilar: return "similar";
    case Level::kShared: return "shared";
    case Level::kDifferent: return "different";
  }
  return "unknown";
}

const LevelWeights& WeightsOf(Field field) { return kWeights[static_cast<size_t>(field)]; }

double Comparison::Weight() const {
  return std::accumulate(
      fields.begin(), fields.end(), 0.0,
      [](double sum, const Agreement& agreement) { return sum + agreement.weight; });
}

int Comparison::Slips() const {
  constexpr Field kWritten[] = {Field::kGivenName, Field::kSurname,  Field::kHouseNumber,
                                Field::kStreet,    Field::kLocality, Field::kCity,
                                Field::kPostcode,  Field::kState};
  int slips = (names_swapped ? 1 : 0) + (streets_swapped ? 1 : 0);
  for (const Field field : kWritten) slips += (*this)[field].level == Level::kClose ? 1 : 0;
  // City, postcode and state say the same thing three times: one that differs alone is wrong.
  int differing = 0;
  int agreeing = 0;
  for (const Field field : {Field::kCity, Field::kPostcode, Field::kState}) {
    const Level level = (*this)[field].level;
    differing += level == Level::kDifferent ? 1 : 0;
    agreeing += level == Level::kExact || level == Level::kClose ? 1 : 0;
  }
  return slips + (differing == 1 && agreeing == 2 ? 1 : 0);
}

Comparison Compare(const Record& left, const Record& right) {
  Comparison comparison;
  const auto set = [&comparison](Field field, const Agreement& agreement) {
    comparison.fields[static_cast<size_t>(field)] = agreement;
  };
  const Crossed names =
      CompareCrossed(left, right, Field::kGivenName, Field::kSurname, GivenNameLevel);
  set(Field::kGivenName, names.first);
  set(Field::kSurname, names.second);
  comparison.names_swapped = names.swapped;
  const Crossed streets = CompareCrossed(left, right, Field::kStreet, Field::kLocality, TextLevel);
  set(Field::kStreet, streets.first);
  set(Field::kLocality, streets.second);
  comparison.streets_swapped = streets.swapped;
  for (const Field field :
       {Field::kCity, Field::kState, Field::kCountry, Field::kOrganisation, Field::kTitle}) {
    set(field, Agree(field, TextLevel(left[field], right[field])));
  }
  for (const Field field : {Field::kHouseNumber, Field::kPostcode, Field::kPhone}) {
    set(field, Agree(field, NumberLevel(left[field], right[field])));
  }
  const std::string_view born = left[Field::kBirthDate];
  const std::string_view also_born = right[Field::kBirthDate];
  set(Field::kBirthDate, Agree(Field::kBirthDate, DateLevel(born, also_born)));
  set(Field::kEmail, Agree(Field::kEmail, EmailLevel(left, right)));
  if (!born.empty() && !also_born.empty()) {
    comparison.years_apart = std::abs(YearOf(born) - YearOf(also_born));
  }
  return comparison;
}

}  // namespace referrald::referral::matching
