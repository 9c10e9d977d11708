#pragma once

#include <string>
#include <vector>

#include "storage/referral/entity.h"

namespace referrald::ledger {

// What somebody has in common with others, as a text to index and to look up by: the row of an
// organisation, its name, an industry, a city, a postal area. Empty where a part of it is.
std::string OfOrganisation(const referral::ExternalRef& row);
std::string OfCompany(std::string_view name);
std::string OfIndustry(std::string_view industry);
std::string OfCity(std::string_view city);
std::string OfPostalArea(std::string_view code);

// All of them of a row, but for the empty ones.
std::vector<std::string> LikenessesOf(const referral::Link& link);

}  // namespace referrald::ledger
