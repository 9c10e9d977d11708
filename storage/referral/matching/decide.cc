#include "storage/referral/matching/decide.h"

#include <algorithm>
#include <cstdio>

namespace referrald::referral::matching {
namespace {

// What the levels of a comparison say together.
class Signs {
 public:
  explicit Signs(const Comparison& comparison) : comparison_(comparison) {}

  bool Agrees(Field field) const {
    const Level level = comparison_[field].level;
    return level == Level::kExact || level == Level::kClose || level == Level::kSimilar;
  }
  bool Near(Field field) const { return IsExact(field) || Is(field, Level::kClose); }
  bool IsExact(Field field) const { return Is(field, Level::kExact); }
  bool Differs(Field field) const { return Is(field, Level::kDifferent); }
  bool Missing(Field field) const { return Is(field, Level::kMissing); }

  // The same house, as far as both know it.
  bool SameHouse() const {
    const bool line = Near(Field::kStreet) || Near(Field::kLocality);
    return line && !Differs(Field::kHouseNumber) && (Near(Field::kCity) || Near(Field::kPostcode));
  }
  // Much of the address agrees, though perhaps not all.
  bool MuchOfTheAddress() const {
    double weight = 0;
    for (const Field field : {Field::kHouseNumber, Field::kStreet, Field::kLocality, Field::kCity,
                              Field::kPostcode, Field::kState}) {
      weight += comparison_[field].weight;
    }
    return weight >= kAddressWeight;
  }
  bool OwnIdentifierDiffers() const { return Differs(Field::kEmail) || Differs(Field::kPhone); }
  // A birth date to the day stands in for a name, unless there is an e-mail address or a phone to
  // ask: twins share the date, the address and often the phone.
  bool BirthDateSettles() const {
    return IsExact(Field::kBirthDate) && Missing(Field::kEmail) && Missing(Field::kPhone);
  }
  bool AGenerationApart() const {
    return Differs(Field::kBirthDate) && comparison_.years_apart >= kGenerationYearsMin &&
           comparison_.years_apart <= kGenerationYearsMax && comparison_.Slips() < kCarelessSlips;
  }
  // "olivia" and "oliver", "j" and "john": enough with the birth date or the e-mail address alone.
  bool GivenNamesOnlySimilar() const {
    return Is(Field::kGivenName, Level::kSimilar) && !Near(Field::kBirthDate) &&
           !IsExact(Field::kEmail);
  }
  bool HasSomethingPersonal() const {
    return Near(Field::kBirthDate) || IsExact(Field::kEmail) || IsExact(Field::kPhone) ||
           MuchOfTheAddress();
  }

 private:
  bool Is(Field field, Level level) const { return comparison_[field].level == level; }

  const Comparison& comparison_;
};

Caution WhereNoNameAgrees(const Signs& signs) {
  if (signs.IsExact(Field::kEmail)) return Caution::kIdentifierOtherName;
  if (!signs.Near(Field::kBirthDate) || !signs.SameHouse()) return Caution::kOtherPeople;
  return signs.BirthDateSettles() ? Caution::kNone : Caution::kNoCommonName;
}

Caution WhereGivenNamesDiffer(const Signs& signs) {
  if (signs.IsExact(Field::kEmail)) return Caution::kIdentifierOtherName;
  if (signs.Differs(Field::kBirthDate)) return Caution::kOtherPeople;
  if (signs.Missing(Field::kBirthDate)) {
    return signs.OwnIdentifierDiffers() ? Caution::kOtherPeople : Caution::kHousehold;
  }
  return signs.BirthDateSettles() ? Caution::kNone : Caution::kGivenNameDiffers;
}

Caution WhereSurnamesDiffer(const Signs& signs) {
  if (signs.IsExact(Field::kBirthDate)) return Caution::kNone;
  if (signs.IsExact(Field::kEmail)) return Caution::kIdentifierOtherName;
  const bool sure = signs.Near(Field::kBirthDate) && signs.SameHouse();
  return sure ? Caution::kNone : Caution::kSurnameDiffers;
}

Caution WhereNamesAgree(const Signs& signs) {
  if (signs.AGenerationApart()) return Caution::kGenerationApart;
  if (signs.GivenNamesOnlySimilar()) return Caution::kGivenNameDiffers;
  const bool stands_in = signs.Near(Field::kBirthDate) || signs.IsExact(Field::kEmail);
  // Of a household a given name tells one; a surname does not.
  const bool complete = signs.Agrees(Field::kGivenName);
  if (!complete && !stands_in) return Caution::kNameIncomplete;
  return signs.HasSomethingPersonal() ? Caution::kNone : Caution::kNothingPersonal;
}

Caution CautionOf(const Signs& signs) {
  const bool given_differs = signs.Differs(Field::kGivenName);
  const bool surname_differs = signs.Differs(Field::kSurname);
  const bool none_agrees = !signs.Agrees(Field::kGivenName) && !signs.Agrees(Field::kSurname);
  if (none_agrees && (given_differs || surname_differs)) return WhereNoNameAgrees(signs);
  if (given_differs) return WhereGivenNamesDiffer(signs);
  if (surname_differs) return WhereSurnamesDiffer(signs);
  return WhereNamesAgree(signs);
}

// What a caution makes of a pair that weighs enough to be matched.
Verdict MostUnder(Caution caution) {
  switch (caution) {
    case Caution::kNone: return Verdict::kAutomatic;
    case Caution::kOtherPeople: return Verdict::kDifferent;
    case Caution::kHousehold:
    case Caution::kIdentifierOtherName:
    case Caution::kNoCommonName:
    case Caution::kGivenNameDiffers:
    case Caution::kSurnameDiffers:
    case Caution::kGenerationApart:
    case Caution::kNameIncomplete:
    case Caution::kNothingPersonal: return Verdict::kReview;
  }
  return Verdict::kDifferent;
}

bool Contradicts(Caution caution, double weight) {
  return weight < 0 || caution == Caution::kOtherPeople || caution == Caution::kHousehold ||
         caution == Caution::kIdentifierOtherName || caution == Caution::kGenerationApart;
}

Verdict ByWeight(double weight) {
  if (weight >= kAutomaticWeight) return Verdict::kAutomatic;
  return weight >= kReviewWeight ? Verdict::kReview : Verdict::kDifferent;
}

std::string Signed(double weight) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.1f", weight);
  return text;
}

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kDifferent: return "different";
    case Verdict::kReview: return "review";
    case Verdict::kAutomatic: return "automatic";
  }
  return "unknown";
}

std::string_view CautionText(Caution caution) {
  switch (caution) {
    case Caution::kNone: return "";
    case Caution::kIdentifierOtherName: return "the e-mail address is the same, but names differ";
    case Caution::kOtherPeople: return "names differ, and so does what else would tell one person";
    case Caution::kHousehold: return "given names differ, as in a household";
    case Caution::kNoCommonName: return "neither name agrees, though birth date and address do";
    case Caution::kGivenNameDiffers: return "given names differ, as those of siblings do";
    case Caution::kSurnameDiffers: return "surnames differ, and no birth date settles it";
    case Caution::kGenerationApart: return "birth dates lie a generation apart";
    case Caution::kNameIncomplete: return "a name is missing, and nothing stands in for it";
    case Caution::kNothingPersonal: return "nothing personal but the name agrees";
  }
  return "unknown";
}

Decision Decide(const Comparison& comparison) {
  Decision decision;
  decision.weight = comparison.Weight();
  decision.caution = CautionOf(Signs(comparison));
  decision.contradicts = Contradicts(decision.caution, decision.weight);
  decision.verdict = std::min(ByWeight(decision.weight), MostUnder(decision.caution));
  if (decision.caution == Caution::kIdentifierOtherName) decision.verdict = Verdict::kReview;
  const bool plain_household =
      decision.caution == Caution::kHousehold && decision.weight < kAutomaticWeight;
  if (plain_household) decision.verdict = Verdict::kDifferent;
  return decision;
}

std::string Explain(const Comparison& comparison, const Decision& decision) {
  std::string text(VerdictName(decision.verdict));
  text += " at " + Signed(decision.weight);
  if (decision.caution != Caution::kNone) text += ", " + std::string(CautionText(decision.caution));
  const char* before = ": ";
  for (size_t at = 0; at < kFieldCount; ++at) {
    const Agreement& agreement = comparison.fields[at];
    if (agreement.level == Level::kMissing) continue;
    text += before;
    text += FieldName(static_cast<Field>(at));
    text += " " + std::string(LevelName(agreement.level)) + " (" + Signed(agreement.weight) + ")";
    before = ", ";
  }
  if (comparison.names_swapped) text += ", names swapped";
  if (comparison.streets_swapped) text += ", address lines swapped";
  return text;
}

}  // namespace referrald::referral::matching
