#include "connectors/odoo/odoo.h"

#include <gmock/gmock.h>

#include "tests/connectors/mapped.h"

namespace referrald::odoo {
namespace {

using connectors::Draft;
using connectors::DraftOf;
using connectors::ErrorOf;
using connectors::FieldOf;
using connectors::LinksOf;
using ::testing::ElementsAre;

using Titles = std::vector<std::string>;

connectors::Outcome Map(const Titles& titles, const std::vector<std::string_view>& row) {
  return connectors::MapOne(kConnector, titles, row);
}

const Titles kPartner = {"id", "name", "email", "is_company", "parent_id/id"};

TEST(Odoo, OneTableHoldsPeopleAndCompanies) {
  const Draft person = DraftOf(
      Map(kPartner, {"__export__.res_partner_12_ab", "Clara", "c@x.org", "False", "base.main"}));
  EXPECT_EQ(person.kind, referral::EntityKind::kPerson);
  EXPECT_THAT(LinksOf(person), ElementsAre("organisation=odoo:res.partner:base.main"));
  const Draft company =
      DraftOf(Map(kPartner, {"__export__.res_partner_7_ab", "Bygg", "i@x.org", "True", ""}));
  EXPECT_EQ(company.kind, referral::EntityKind::kOrganisation);
}

TEST(Odoo, ARowOfAChildInheritsNothing) {
  EXPECT_EQ(ErrorOf(Map(kPartner, {"", "", "child@x.org", "", ""})), "RFD2123 R-CHILD-ROW id");
  EXPECT_EQ(ErrorOf(Map(kPartner, {"12", "Eva", "e@x.org", "", ""})), "RFD2121 R-ID-INVALID id");
  EXPECT_EQ(ErrorOf(Map(kPartner, {".12", "Eva", "e@x.org", "", ""})), "RFD2121 R-ID-INVALID id");
}

TEST(Odoo, ALeadIsAPersonAndAnOpportunityADeal) {
  const Titles titles = {"id", "name", "type", "contact_name", "stage_id", "active", "referred"};
  const auto read = [&](std::string_view type, std::string_view stage, std::string_view active) {
    return DraftOf(Map(titles, {"__export__.crm_lead_1_a", "Roof", type, "Eva Ek", stage, active,
                                "Clara Winter"}));
  };
  EXPECT_EQ(read("lead", "New", "True").kind, referral::EntityKind::kPerson);
  EXPECT_EQ(FieldOf(read("lead", "New", "True"), "display_name"), "Eva Ek");
  EXPECT_EQ(FieldOf(read("lead", "New", "True"), "referred_by"), "Clara Winter");
  EXPECT_EQ(read("opportunity", "Won", "True").kind, referral::EntityKind::kOpportunity);
  EXPECT_EQ(FieldOf(read("opportunity", "Won", "True"), "outcome"), "won");
  EXPECT_EQ(FieldOf(read("opportunity", "Won", "False"), "outcome"), "lost");
  EXPECT_EQ(FieldOf(read("opportunity", "Ours", "True"), "outcome"), "");
}

}  // namespace
}  // namespace referrald::odoo
