#include "storage/referral/claim.h"

#include <algorithm>
#include <span>
#include <string>

#include "storage/base/text.h"

namespace referrald::referral {
namespace {

using WordList = std::span<const std::string_view>;

// Folded words of English, German, French, Spanish and Dutch pick lists, as the CRMs ship them and
// as people extend them. "Reference" alone is missing on purpose: a reference is no referral (R02).
constexpr std::string_view kReferralWords[] = {
    "referral",      "referred",    "introduction",     "introduced",     "recommendation",
    "recommended",   "empfehlung",  "weiterempfehlung", "empfohlen",      "recommandation",
    "recommande",    "recommandee", "parrainage",       "parraine",       "cooptation",
    "recomendacion", "recomendado", "recomendada",      "referido",       "referida",
    "referidos",     "aanbeveling", "aanbevolen",       "doorverwijzing", "doorverwezen",
    "verwijzing",    "verwezen",
};
// These count only beside a qualifier: alone they are what web analytics calls referring sites.
constexpr std::string_view kPluralWords[] = {
    "referrals",       "introductions", "recommendations", "empfehlungen",     "recommandations",
    "recomendaciones", "aanbevelingen", "verwijzingen",    "doorverwijzingen",
};
// One word that says both.
constexpr std::string_view kCustomerCompounds[] = {
    "kundenempfehlung", "kundenempfehlungen", "klantverwijzing",
    "klantaanbeveling", "klantenverwijzing",
};
constexpr std::string_view kEmployeeCompounds[] = {
    "mitarbeiterempfehlung", "mitarbeiterempfehlungen", "cooptation",
    "medewerkersverwijzing", "werknemersverwijzing",
};
constexpr std::string_view kPartnerCompounds[] = {
    "partnerempfehlung",
    "partnerempfehlungen",
    "partnerverwijzing",
};
constexpr std::string_view kCustomerWords[] = {
    "customer", "customers", "client",  "clients",  "external", "kunde",   "kunden", "extern",
    "externe",  "externer",  "cliente", "clientes", "externa",  "externo", "klant",  "klanten",
};
constexpr std::string_view kEmployeeWords[] = {
    "employee",      "employees",    "staff",       "colleague",     "colleagues",  "mitarbeiter",
    "mitarbeiterin", "mitarbeitern", "kollege",     "kollegen",      "kollegin",    "employe",
    "employee",      "employes",     "salarie",     "collaborateur", "collegue",    "empleado",
    "empleada",      "empleados",    "colaborador", "medewerker",    "medewerkers", "werknemer",
    "werknemers",    "collega",
};
constexpr std::string_view kPartnerWords[] = {
    "partner",    "partners",    "reseller", "affiliate", "agency",
    "partenaire", "partenaires", "socio",    "socios",    "apporteur",
};
// Web analytics: a site refers visitors, nobody introduces anybody.
constexpr std::string_view kWebWords[] = {
    "traffic", "web",     "website", "websites", "webseite",  "site",   "sites",
    "url",     "link",    "links",   "backlink", "backlinks", "domain", "domains",
    "trafic",  "trafico", "verkehr", "verkeer",  "utm",
};
constexpr std::string_view kNegations[] = {
    "no",   "not",  "non", "none", "without", "kein", "keine",  "nicht",
    "ohne", "sans", "pas", "sin",  "geen",    "niet", "zonder",
};
constexpr std::string_view kMouthPhrases[] = {
    "word of mouth",    "mundpropaganda", "mund zu mund",         "von mund zu mund",
    "bouche a oreille", "boca a boca",    "boca en boca",         "boca a oreja",
    "mond tot mond",    "mond op mond",   "mond tot mondreclame",
};
// What the vendors' own translations call a referral, in words that alone mean a reference.
constexpr std::string_view kTranslatedExternal[] = {
    "reference externe",     "referencia externa",       "kunden werben kunden",
    "referencia de cliente", "referencia de un cliente",
};
constexpr std::string_view kTranslatedEmployee[] = {
    "reference dun employe",  "reference employe",         "reference de lemploye",
    "referencia de empleado", "referencia de un empleado", "referencia del empleado",
};

bool Holds(WordList list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

bool AnyIn(std::span<const std::string_view> words, WordList list) {
  return std::ranges::any_of(words, [list](std::string_view word) { return Holds(list, word); });
}

std::optional<ClaimCategory> ByPhrase(std::string_view folded) {
  for (const std::string_view phrase : kMouthPhrases) {
    if (folded.contains(phrase)) return ClaimCategory::kWordOfMouth;
  }
  if (Holds(kTranslatedExternal, folded)) return ClaimCategory::kCustomerReferral;
  if (Holds(kTranslatedEmployee, folded)) return ClaimCategory::kEmployeeReferral;
  return std::nullopt;
}

std::optional<ClaimCategory> ByWords(std::span<const std::string_view> words) {
  if (AnyIn(words, kEmployeeCompounds)) return ClaimCategory::kEmployeeReferral;
  if (AnyIn(words, kPartnerCompounds)) return ClaimCategory::kPartnerReferral;
  if (AnyIn(words, kCustomerCompounds)) return ClaimCategory::kCustomerReferral;
  const bool one = AnyIn(words, kReferralWords);
  if (!one && !AnyIn(words, kPluralWords)) return std::nullopt;
  if (AnyIn(words, kEmployeeWords)) return ClaimCategory::kEmployeeReferral;
  if (AnyIn(words, kPartnerWords)) return ClaimCategory::kPartnerReferral;
  if (one || AnyIn(words, kCustomerWords)) return ClaimCategory::kCustomerReferral;
  return std::nullopt;
}

// A text and links of one row: the first link belongs to the text, where there are both.
void AddNamedReferrers(std::vector<Claim>& claims, const Link& link) {
  std::string_view text = Find(link.fields, field::kReferredBy);
  for (const Association& association : link.associations) {
    if (association.role != "referred_by") continue;
    claims.push_back({.category = ClaimCategory::kNamedReferrer,
                      .text = text.empty() ? std::string_view(association.ref.id) : text,
                      .link = &link,
                      .referrer = association.ref});
    text = {};
  }
  if (text.empty()) return;
  claims.push_back({.category = ClaimCategory::kNamedReferrer,
                    .text = text,
                    .link = &link,
                    .referrer = std::nullopt});
}

}  // namespace

std::string_view ClaimCategoryName(ClaimCategory category) {
  switch (category) {
    case ClaimCategory::kCustomerReferral: return "customer_referral";
    case ClaimCategory::kEmployeeReferral: return "employee_referral";
    case ClaimCategory::kPartnerReferral: return "partner_referral";
    case ClaimCategory::kWordOfMouth: return "word_of_mouth";
    case ClaimCategory::kNamedReferrer: return "named_referrer";
  }
  return "unknown";
}

std::optional<ClaimCategory> ClassifyLeadSource(std::string_view value) {
  const std::string folded = FoldName(value);
  const std::vector<std::string_view> words = Words(folded);
  if (AnyIn(words, kWebWords) || AnyIn(words, kNegations)) return std::nullopt;
  const std::optional<ClaimCategory> phrase = ByPhrase(folded);
  return phrase ? phrase : ByWords(words);
}

std::vector<Claim> ClaimsOf(const Entity& entity) {
  std::vector<Claim> claims;
  for (const Link& link : entity.links) {
    if (link.deleted) continue;
    const std::string_view lead_source = Find(link.fields, field::kLeadSource);
    if (const auto category = ClassifyLeadSource(lead_source)) {
      claims.push_back(
          {.category = *category, .text = lead_source, .link = &link, .referrer = std::nullopt});
    }
    AddNamedReferrers(claims, link);
  }
  return claims;
}

}  // namespace referrald::referral
