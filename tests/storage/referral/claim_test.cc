#include "storage/referral/claim.h"

#include <gtest/gtest.h>

namespace referrald::referral {
namespace {

using enum ClaimCategory;

struct Case {
  std::string_view value;
  ClaimCategory category;
};

class LeadSource : public ::testing::TestWithParam<Case> {};

TEST_P(LeadSource, NamesAPerson) {
  const auto category = ClassifyLeadSource(GetParam().value);
  ASSERT_TRUE(category.has_value()) << GetParam().value;
  EXPECT_EQ(ClaimCategoryName(*category), ClaimCategoryName(GetParam().category))
      << GetParam().value;
}

constexpr Case kEnglish[] = {
    {"Referral", kCustomerReferral},
    {"  REFERRAL  ", kCustomerReferral},
    {"External Referral", kCustomerReferral},
    {"Customer Referral", kCustomerReferral},
    {"Customer referrals", kCustomerReferral},
    {"Referral - Client", kCustomerReferral},
    {"Referred by customer", kCustomerReferral},
    {"Warm introduction", kCustomerReferral},
    {"Employee Referral", kEmployeeReferral},
    {"employee-referral", kEmployeeReferral},
    {"Employee Referrals", kEmployeeReferral},
    {"Partner Referral", kPartnerReferral},
    {"Referral (Partner)", kPartnerReferral},
    {"Word of mouth", kWordOfMouth},
    {"Word-of-Mouth", kWordOfMouth},
};
constexpr Case kGerman[] = {
    {"Empfehlung", kCustomerReferral},
    {"Kundenempfehlung", kCustomerReferral},
    {"Externe Empfehlung", kCustomerReferral},
    {"Kunden werben Kunden", kCustomerReferral},
    {"Mitarbeiterempfehlung", kEmployeeReferral},
    {"Empfehlung durch Mitarbeiter", kEmployeeReferral},
    {"Partner-Empfehlung", kPartnerReferral},
    {"Mundpropaganda", kWordOfMouth},
    {"Mund-zu-Mund-Propaganda", kWordOfMouth},
};
constexpr Case kFrench[] = {
    {"Recommandation", kCustomerReferral},
    {"Recommandation client", kCustomerReferral},
    {"Parrainage", kCustomerReferral},
    {"Référence externe", kCustomerReferral},
    {"Recommandé par un collègue", kEmployeeReferral},
    {"Référence d'un employé", kEmployeeReferral},
    {"Cooptation", kEmployeeReferral},
    {"Recommandation d’un partenaire", kPartnerReferral},
    {"Bouche-à-oreille", kWordOfMouth},
};
constexpr Case kSpanish[] = {
    {"Recomendación", kCustomerReferral},
    {"Referido", kCustomerReferral},
    {"Cliente referido", kCustomerReferral},
    {"Referencia externa", kCustomerReferral},
    {"Referencia de empleado", kEmployeeReferral},
    {"Recomendación de un empleado", kEmployeeReferral},
    {"Recomendación de socio", kPartnerReferral},
    {"Boca a boca", kWordOfMouth},
};
constexpr Case kDutch[] = {
    {"Aanbeveling", kCustomerReferral},
    {"Doorverwijzing", kCustomerReferral},
    {"Externe verwijzing", kCustomerReferral},
    {"Klantverwijzing", kCustomerReferral},
    {"Verwijzing van werknemer", kEmployeeReferral},
    {"Partnerverwijzing", kPartnerReferral},
    {"Mond-tot-mondreclame", kWordOfMouth},
};

INSTANTIATE_TEST_SUITE_P(English, LeadSource, ::testing::ValuesIn(kEnglish));
INSTANTIATE_TEST_SUITE_P(German, LeadSource, ::testing::ValuesIn(kGerman));
INSTANTIATE_TEST_SUITE_P(French, LeadSource, ::testing::ValuesIn(kFrench));
INSTANTIATE_TEST_SUITE_P(Spanish, LeadSource, ::testing::ValuesIn(kSpanish));
INSTANTIATE_TEST_SUITE_P(Dutch, LeadSource, ::testing::ValuesIn(kDutch));

class NoClaim : public ::testing::TestWithParam<std::string_view> {};

TEST_P(NoClaim, NamesNobody) {
  EXPECT_FALSE(ClassifyLeadSource(GetParam()).has_value()) << GetParam();
}

// Web analytics calls a referring web site "Referrals" (HubSpot's original source).
INSTANTIATE_TEST_SUITE_P(WebAnalytics, NoClaim,
                         ::testing::Values("Referrals", "REFERRALS", "referral traffic",
                                           "Original Source: Referrals", "Website Referral",
                                           "Web referrals", "Referring site", "Verweise",
                                           "Sites référents", "Referencias", "Verwijzingen",
                                           "Tráfico de referencia"));
INSTANTIATE_TEST_SUITE_P(OtherSources, NoClaim,
                         ::testing::Values("", "  ", "Web", "Partner", "Employee", "Trade Show",
                                           "Existing Customer", "Cold Call", "Other",
                                           "Advertisement", "Public Relations", "Seminar",
                                           "Self Generated", "LinkedIn", "Purchased List",
                                           "\xff\xfe"));
// A reference is not a referral (R02), and a denial is no claim.
INSTANTIATE_TEST_SUITE_P(NotAReferral, NoClaim,
                         ::testing::Values("Reference", "Customer reference", "Referenz",
                                           "Client reference", "No referral", "Not a referral",
                                           "Keine Empfehlung", "Preferral", "Deferral"));

Link LinkWith(Fields fields) {
  Link link;
  link.fields = Normalised(std::move(fields));
  return link;
}

TEST(ClaimsOf, ReadsPickListAndName) {
  Entity entity;
  entity.links.push_back(LinkWith({{"lead_source", "Referral"}, {"referred_by", "Anna Berg"}}));
  entity.links.push_back(LinkWith({{"lead_source", "Web"}}));
  entity.links.push_back(LinkWith({{"lead_source", "Employee Referral"}}));
  const std::vector<Claim> claims = ClaimsOf(entity);
  ASSERT_EQ(claims.size(), 3U);
  EXPECT_EQ(claims[0].category, kCustomerReferral);
  EXPECT_EQ(claims[0].text, "Referral");
  EXPECT_EQ(claims[0].link, &entity.links[0]);
  EXPECT_EQ(claims[1].category, kNamedReferrer);
  EXPECT_EQ(claims[1].text, "Anna Berg");
  EXPECT_FALSE(claims[1].referrer.has_value());
  EXPECT_EQ(claims[2].category, kEmployeeReferral);
  EXPECT_EQ(claims[2].link, &entity.links[2]);
}

TEST(ClaimsOf, KeepsTheLinkToTheReferrer) {
  Entity entity;
  entity.links.push_back(LinkWith({{"referred_by", "Anna Berg"}}));
  const ExternalRef anna{"salesforce", "Contact", "003A"};
  const ExternalRef otto{"salesforce", "Contact", "003B"};
  entity.links[0].associations = {{"organisation", {"salesforce", "Account", "001"}},
                                  {"referred_by", anna},
                                  {"referred_by", otto}};
  const std::vector<Claim> claims = ClaimsOf(entity);
  ASSERT_EQ(claims.size(), 2U);
  EXPECT_EQ(claims[0].text, "Anna Berg");
  EXPECT_EQ(claims[0].referrer, anna);
  EXPECT_EQ(claims[1].text, "003B");
  EXPECT_EQ(claims[1].referrer, otto);
}

TEST(ClaimsOf, DeletedRowsClaimNothing) {
  Entity entity;
  entity.links.push_back(LinkWith({{"lead_source", "Referral"}, {"referred_by", "Anna"}}));
  entity.links[0].deleted = true;
  EXPECT_TRUE(ClaimsOf(entity).empty());
}

}  // namespace
}  // namespace referrald::referral
