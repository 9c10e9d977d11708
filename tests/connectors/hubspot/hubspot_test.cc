#include "connectors/hubspot/hubspot.h"

#include <gmock/gmock.h>

#include "tests/connectors/mapped.h"

namespace referrald::hubspot {
namespace {

using connectors::Draft;
using connectors::DraftOf;
using connectors::ErrorOf;
using connectors::FieldOf;
using connectors::Header;
using connectors::LinksOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Titles = std::vector<std::string>;
using Row = std::vector<std::string_view>;

connectors::Outcome Map(const Titles& titles, const Row& row) {
  return connectors::MapOne(kConnector, titles, row);
}

std::string_view Kind(const Titles& titles) {
  const auto* object = connectors::Recognise(kConnector, Header(titles));
  return object == nullptr ? "" : object->object;
}

TEST(HubSpot, RecognisesEachKindOfFile) {
  EXPECT_EQ(Kind({"Record ID", "First Name", "Last Name", "Email", "Company Name"}), "Contact");
  EXPECT_EQ(Kind({"Record ID", "Company name", "Website URL", "Company owner"}), "Company");
  EXPECT_EQ(Kind({"Record ID", "Deal Name", "Deal Stage", "Associated Contact IDs"}), "Deal");
  EXPECT_EQ(Kind({"hs_object_id", "firstname", "email", "company"}), "Contact");
  EXPECT_EQ(Kind({"Id", "LastName", "Email"}), "");
  EXPECT_EQ(Kind({"First Name", "Last Name", "Email"}), "");
}

TEST(HubSpot, ReadsAContact) {
  const Draft draft = DraftOf(
      Map({"Record ID", "First Name", "Last Name", "Email", "Contact owner", "Last Modified Date",
           "Associated Company IDs", "Original Source", "Referred by", "Lead Source"},
          {"76226001", "Clara", "Winter", "Clara@X.org", "Rita Rep", "2024-09-28 09:14",
           "9001;9002", "Referrals", "Dario Bo", "Customer Referral"}));
  EXPECT_EQ(draft.ref, (referral::ExternalRef{"hubspot", "Contact", "76226001"}));
  EXPECT_EQ(FieldOf(draft, "email"), "clara@x.org");
  EXPECT_EQ(FieldOf(draft, "owner"), "Rita Rep");
  EXPECT_EQ(FieldOf(draft, "referred_by"), "Dario Bo");
  EXPECT_EQ(FieldOf(draft, "lead_source"), "Customer Referral");
  EXPECT_EQ(FormatTimestamp(draft.changed_at), "2024-09-28T09:14:00.000000Z");
  EXPECT_THAT(LinksOf(draft), ElementsAre("organisation=hubspot:Company:9001",
                                          "organisation=hubspot:Company:9002"));
}

TEST(HubSpot, WebTrafficIsNoClaim) {
  const Draft draft =
      DraftOf(Map({"Record ID", "Email", "Original Source"}, {"1", "a@b.com", "Referrals"}));
  for (const referral::Field& field : draft.fields) EXPECT_NE(field.value, "Referrals");
}

TEST(HubSpot, ADamagedIdIsAnError) {
  EXPECT_EQ(ErrorOf(Map({"Record ID", "Email"}, {"7.6E+07", "a@b.com"})),
            "RFD2122 R-ID-DAMAGED Record ID");
  EXPECT_EQ(ErrorOf(Map({"Record ID", "Email"}, {"x", "a@b.com"})),
            "RFD2121 R-ID-INVALID Record ID");
  EXPECT_EQ(ErrorOf(Map({"Record ID", "Email", "Associated Company IDs"},
                        {"1", "a@b.com", "9001;9.1E+09"})),
            "RFD2122 R-ID-DAMAGED Associated Company IDs");
}

TEST(HubSpot, ANameInAnAssociationIsNoLink) {
  EXPECT_THAT(LinksOf(DraftOf(Map({"Record ID", "Email", "Associated Company IDs"},
                                  {"1", "a@b.com", "Acme Ltd;9001"}))),
              ElementsAre("organisation=hubspot:Company:9001"));
}

TEST(HubSpot, KeepsTheIdsThatAContactSwallowed) {
  EXPECT_THAT(
      LinksOf(DraftOf(Map({"Record ID", "Email", "hs_merged_object_ids"},
                          {"1", "a@b.com", "76340251;46897301"}))),
      ElementsAre("merged_id=hubspot:Contact:76340251", "merged_id=hubspot:Contact:46897301"));
}

TEST(HubSpot, ReadsADeal) {
  const Draft draft =
      DraftOf(Map({"Record ID", "Deal Name", "Deal Stage", "Amount", "Close Date",
                   "Associated Company IDs", "Associated Contact IDs"},
                  {"51", "Renewal", "Closed lost", "26250", "2024-05-11 09:14", "9001", "7;8"}));
  EXPECT_EQ(draft.kind, referral::EntityKind::kOpportunity);
  EXPECT_EQ(FieldOf(draft, "outcome"), "lost");
  EXPECT_EQ(FieldOf(draft, "close_date"), "2024-05-11");
  EXPECT_THAT(LinksOf(draft),
              ElementsAre("organisation=hubspot:Company:9001", "contact=hubspot:Contact:7",
                          "contact=hubspot:Contact:8"));
}

TEST(HubSpot, AStageOfTheCustomersOwnSaysNothing) {
  const Titles titles = {"Record ID", "Deal Name", "Deal Stage", "Is Closed Won", "hs_is_closed"};
  EXPECT_EQ(FieldOf(DraftOf(Map(titles, {"1", "x", "Signed", "", ""})), "outcome"), "");
  EXPECT_EQ(FieldOf(DraftOf(Map(titles, {"1", "x", "Signed", "true", ""})), "outcome"), "won");
  EXPECT_EQ(FieldOf(DraftOf(Map(titles, {"1", "x", "Talking", "", "false"})), "outcome"), "open");
  EXPECT_EQ(FieldOf(DraftOf(Map(titles, {"1", "x", "closedwon", "", ""})), "outcome"), "won");
}

TEST(HubSpot, ReadsACompany) {
  const Draft draft = DraftOf(Map({"Record ID", "Company name", "Website URL"},
                                  {"9001", "Seebrise", "www.Seebrise.example.com"}));
  EXPECT_EQ(draft.kind, referral::EntityKind::kOrganisation);
  EXPECT_EQ(FieldOf(draft, "domain"), "seebrise.example.com");
  EXPECT_THAT(draft.associations, IsEmpty());
}

}  // namespace
}  // namespace referrald::hubspot
