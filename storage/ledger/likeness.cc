#include "storage/ledger/likeness.h"

#include <utility>

#include "storage/base/text.h"
#include "storage/practice/suggestion.h"

namespace referrald::ledger {
namespace {

namespace field = referral::field;

std::string Named(char kind, std::string text) {
  if (!text.empty()) text.insert(text.begin(), kind);
  return text;
}

}  // namespace

std::string OfOrganisation(const referral::ExternalRef& row) { return Named('r', ToText(row)); }
std::string OfCompany(std::string_view name) { return Named('n', FoldName(name)); }
std::string OfIndustry(std::string_view industry) { return Named('i', FoldName(industry)); }
std::string OfCity(std::string_view city) { return Named('c', FoldName(city)); }
std::string OfPostalArea(std::string_view code) { return Named('z', practice::PostalArea(code)); }

std::vector<std::string> LikenessesOf(const referral::Link& link) {
  std::vector<std::string> all{OfCompany(Find(link.fields, field::kCompany)),
                               OfIndustry(Find(link.fields, field::kIndustry)),
                               OfCity(Find(link.fields, field::kCity)),
                               OfPostalArea(Find(link.fields, field::kPostalCode))};
  for (const referral::Association& association : link.associations) {
    if (association.role == "organisation") all.push_back(OfOrganisation(association.ref));
  }
  std::erase(all, std::string());
  return all;
}

}  // namespace referrald::ledger
