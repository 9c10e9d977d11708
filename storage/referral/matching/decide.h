#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/referral/matching/compare.h"

// Whether two records are one person, and why. The weight alone does not decide: what usually makes
// two people look like one (a household, a father and a son of one name, a mailbox of an office)
// is named, and holds an automatic match back however much else agrees.
namespace referrald::referral::matching {

enum class Verdict : uint8_t { kDifferent, kReview, kAutomatic };
std::string_view VerdictName(Verdict verdict);  // "different", "review", "automatic"

// From here on, in bits. Of a million contacts (2^20) one is meant at most, so that 27 bits leave
// odds of a hundred to one for the match, and 18 are worth a look.
inline constexpr double kAutomaticWeight = 27;
inline constexpr double kReviewWeight = 18;

// Birth dates so far apart are those of a parent and a child.
inline constexpr int kGenerationYearsMin = 20;
inline constexpr int kGenerationYearsMax = 45;

// An address that agrees by so many bits is one of a few people; one city and postcode are less.
inline constexpr double kAddressWeight = 13;

// One of two rows with so many slips was typed without care: that its birth date is wrong, too, is
// likelier than that a parent and a child of one name live there.
inline constexpr int kCarelessSlips = 2;

// Why two records that agree in much are not matched on their own. At most one, the first that
// holds.
enum class Caution : uint8_t {
  kNone,
  kIdentifierOtherName,  // One e-mail address, names differ. Review, at any weight.
  kOtherPeople,          // Names differ, and so does the birth date, e-mail or phone. Different.
  kHousehold,            // Given names differ, no birth date. Review where all else would do for a
                         // match, different below.
  kNoCommonName,         // Neither name agrees, birth date and address do. Review.
  kGivenNameDiffers,     // Birth dates agree but for a slip, or e-mail or phone are known. Review.
  kSurnameDiffers,       // And no birth date says that they are one. Review.
  kGenerationApart,      // One name, birth dates a generation apart. Review.
  kNameIncomplete,       // No given name to compare, no birth date or e-mail instead. Review.
  kNothingPersonal,      // No birth date, address, e-mail or phone in common. Review.
};
std::string_view CautionText(Caution caution);  // "birth dates lie a generation apart", ...

struct Decision {
  Verdict verdict = Verdict::kDifferent;
  Caution caution = Caution::kNone;
  double weight = 0;
  // They cannot be one person, whatever a third record says: no cluster holds both.
  bool contradicts = false;
};
Decision Decide(const Comparison& comparison);

// One sentence for people: the verdict, its caution, and each field with its level and weight.
// "automatic at +42.5: given name exact (+6.5), ..., phone different (-1.0)". No values.
std::string Explain(const Comparison& comparison, const Decision& decision);

}  // namespace referrald::referral::matching
