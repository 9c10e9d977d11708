#include "connectors/vcard/vcard.h"

#include <gtest/gtest.h>

#include "tests/connectors/mapped.h"

namespace referrald::vcard {
namespace {

using connectors::DraftOf;
using connectors::ErrorOf;
using connectors::FieldOf;

connectors::Outcome Map(const std::vector<std::string_view>& row) {
  return connectors::MapOne(kConnector, {"UID", "REV", "KIND", "FN", "N.family", "EMAIL", "TEL"},
                            row);
}

TEST(VcardConnector, AUidHasOneForm) {
  EXPECT_EQ(DraftOf(Map({"urn:uuid:4FBE8971-0BC3", "", "", "Clara", "Winter", "", ""})).ref.id,
            "4fbe8971-0bc3");
  EXPECT_EQ(DraftOf(Map({"AB-1:ABPerson", "", "", "Clara", "Winter", "", ""})).ref.id,
            "AB-1:ABPerson");
}

TEST(VcardConnector, ACardWithoutUidIsKnownByWhatItSays) {
  const auto id = [](std::string_view name, std::string_view email) {
    return DraftOf(Map({"", "", "", name, "", email, ""})).ref.id;
  };
  EXPECT_EQ(id("Clara", "C@x.org"), id("Klara", "c@x.org"));
  EXPECT_NE(id("Clara", ""), id("Klara", ""));
  EXPECT_EQ(ErrorOf(Map({"", "", "", "", "", "", ""})), "RFD2124 R-NOBODY ");
}

TEST(VcardConnector, KindsAreTakenAsTheySay) {
  EXPECT_EQ(DraftOf(Map({"1", "", "org", "Bygg", "", "", ""})).kind,
            referral::EntityKind::kOrganisation);
  EXPECT_EQ(DraftOf(Map({"1", "", "individual", "C", "", "", ""})).kind,
            referral::EntityKind::kPerson);
  EXPECT_EQ(ErrorOf(Map({"1", "", "group", "Team", "", "", ""})), "RFD2125 R-GROUP KIND");
  EXPECT_EQ(ErrorOf(Map({"1", "yesterday", "", "C", "", "", ""})), "RFD2111 R-TYPE REV");
}

}  // namespace
}  // namespace referrald::vcard
