#include "connectors/salesforce/salesforce.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/connectors/mapped.h"

namespace referrald::salesforce {
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

TEST(Salesforce, RecognisesEachKindOfFile) {
  EXPECT_EQ(Kind({"Id", "IsDeleted", "AccountId", "LastName", "FirstName", "Email"}), "Contact");
  EXPECT_EQ(Kind({"ID", "LASTNAME", "FIRSTNAME", "COMPANY", "STATUS"}), "Lead");
  EXPECT_EQ(Kind({"ID", "ISDELETED", "NAME", "TYPE", "PARENTID", "BILLINGSTREET"}), "Account");
  EXPECT_EQ(Kind({"ID", "ACCOUNTID", "NAME", "STAGENAME", "AMOUNT"}), "Opportunity");
  EXPECT_EQ(Kind({"Contact ID", "First Name", "Last Name"}), "Contact");
  EXPECT_EQ(Kind({"Id", "Name", "LastName", "BillingStreet"}), "Account");  // Person accounts.
  EXPECT_EQ(Kind({"Id", "Name", "IsActive"}), "");                          // Campaigns.
  EXPECT_EQ(Kind({"Record ID", "First Name", "Last Name", "Email"}), "");
}

TEST(Salesforce, ReadsAContact) {
  const Draft draft = DraftOf(
      Map({"ID", "ISDELETED", "MASTERRECORDID", "ACCOUNTID", "LASTNAME", "FIRSTNAME", "EMAIL",
           "OWNERID", "REPORTSTOID", "LEADSOURCE", "LASTMODIFIEDDATE", "SYSTEMMODSTAMP"},
          {"0035f0000000E89", "false", "000000000000000AAA", "0015f00000Cy72dAAB", "Bo", "Ana",
           "Ana@X.com", "0055f0000000E89AAE", "", "Referral", "2020-01-01T00:00:00.000Z",
           "2024-03-12 09:14:00"}));
  EXPECT_EQ(draft.kind, referral::EntityKind::kPerson);
  EXPECT_EQ(draft.ref, (referral::ExternalRef{"salesforce", "Contact", "0035f0000000E89AAE"}));
  EXPECT_FALSE(draft.deleted);
  EXPECT_EQ(draft.merged_into, std::nullopt);
  EXPECT_EQ(FieldOf(draft, "last_name"), "Bo");
  EXPECT_EQ(FieldOf(draft, "email"), "ana@x.com");
  EXPECT_EQ(FieldOf(draft, "lead_source"), "Referral");
  EXPECT_EQ(FormatTimestamp(draft.changed_at), "2024-03-12T09:14:00.000000Z");
  EXPECT_THAT(LinksOf(draft), ElementsAre("organisation=salesforce:Account:0015f00000Cy72dAAB",
                                          "owner=salesforce:User:0055f0000000E89AAE"));
}

TEST(Salesforce, ReadsTheLoserOfAMerge) {
  const Draft draft = DraftOf(Map({"Id", "IsDeleted", "MasterRecordId", "LastName"},
                                  {"0035f0000000E89AAE", "1", "0035f0000000E8A", "Bo"}));
  EXPECT_TRUE(draft.deleted);
  ASSERT_TRUE(draft.merged_into);
  EXPECT_EQ(draft.merged_into->id, "0035f0000000E8AAAU");
  EXPECT_EQ(draft.merged_into->object, "Contact");
}

TEST(Salesforce, ChecksIdsAndNamesTheirColumn) {
  const Titles titles = {"ID", "LastName", "AccountId", "OwnerId"};
  EXPECT_EQ(ErrorOf(Map(titles, {"00Q5f0000000E89EAE", "Bo", "", ""})), "RFD2121 R-ID-INVALID ID");
  EXPECT_EQ(ErrorOf(Map(titles, {"00Q1", "Bo", "", ""})), "RFD2121 R-ID-INVALID ID");
  EXPECT_EQ(ErrorOf(Map(titles, {"", "Bo", "", ""})), "RFD2120 R-ID-INVALID ID");
  EXPECT_EQ(ErrorOf(Map(titles, {"0035f0000000E89AAA", "Bo", "", ""})), "RFD2122 R-ID-DAMAGED ID");
  EXPECT_EQ(ErrorOf(Map(titles, {"0035f0000000E89AAE", "Bo", "0035f0000000E89AAE", ""})),
            "RFD2121 R-ID-INVALID AccountId");
  EXPECT_EQ(ErrorOf(Map(titles, {"0035f0000000E89AAE", "Bo", "", "005xx"})),
            "RFD2121 R-ID-INVALID OwnerId");
}

TEST(Salesforce, AnOwnerMayBeAQueue) {
  EXPECT_THAT(LinksOf(DraftOf(Map({"Id", "LastName", "Company", "OwnerId"},
                                  {"00Q5f0000000E89EAE", "Bo", "X", "00G5f0000000E89"}))),
              ElementsAre("owner=salesforce:Group:00G5f0000000E89EAE"));
}

TEST(Salesforce, ReferredByIsANameOrALink) {
  const Titles titles = {"Id", "LastName", "Referred_By__c"};
  const Draft name = DraftOf(Map(titles, {"0035f0000000E89AAE", "Bo", "Clara Winter"}));
  EXPECT_EQ(FieldOf(name, "referred_by"), "Clara Winter");
  EXPECT_THAT(name.associations, IsEmpty());
  const Draft link = DraftOf(Map(titles, {"0035f0000000E89AAE", "Bo", "00Q5f0000000E89"}));
  EXPECT_EQ(FieldOf(link, "referred_by"), "");
  EXPECT_THAT(LinksOf(link), ElementsAre("referred_by=salesforce:Lead:00Q5f0000000E89EAE"));
  const Draft lookup = DraftOf(Map({"Id", "LastName", "referral_contact__c"},
                                   {"0035f0000000E89AAE", "Bo", "0035f0000000E8AAAU"}));
  EXPECT_THAT(LinksOf(lookup), ElementsAre("referred_by=salesforce:Contact:0035f0000000E8AAAU"));
}

std::string OutcomeOf(std::string_view stage, std::string_view won, std::string_view closed) {
  return FieldOf(DraftOf(Map({"Id", "Name", "StageName", "IsWon", "IsClosed"},
                             {"0065f0000000E89AAE", "X", stage, won, closed})),
                 "outcome");
}

TEST(Salesforce, FlagsSayHowAnOpportunityEnded) {
  EXPECT_EQ(OutcomeOf("Signed", "true", "true"), "won");
  EXPECT_EQ(OutcomeOf("Gone", "false", "true"), "lost");
  EXPECT_EQ(OutcomeOf("Prospecting", "0", "0"), "open");
  EXPECT_EQ(OutcomeOf("Closed Won", "", ""), "won");
  EXPECT_EQ(OutcomeOf("Closed Lost", "", ""), "lost");
  EXPECT_EQ(OutcomeOf("Prospecting", "", ""), "");
}

TEST(Salesforce, ReadsAnOpportunity) {
  const Draft draft =
      DraftOf(Map({"ID", "ACCOUNTID", "NAME", "STAGENAME", "AMOUNT", "CLOSEDATE", "CurrencyIsoCode",
                   "ContactId", "ISWON", "ISCLOSED"},
                  {"0065f0000000E89AAE", "0015f0000000E89AAE", "50 seats", "Prospecting",
                   "287500.0", "2024-04-07", "EUR", "0035f0000000E89AAE", "false", "false"}));
  EXPECT_EQ(draft.kind, referral::EntityKind::kOpportunity);
  EXPECT_EQ(FieldOf(draft, "amount"), "287500.0");
  EXPECT_EQ(FieldOf(draft, "close_date"), "2024-04-07");
  EXPECT_EQ(FieldOf(draft, "currency"), "EUR");
  EXPECT_THAT(LinksOf(draft), ElementsAre("organisation=salesforce:Account:0015f0000000E89AAE",
                                          "contact=salesforce:Contact:0035f0000000E89AAE"));
  EXPECT_EQ(ErrorOf(Map({"Id", "Name", "StageName", "IsWon"},
                        {"0065f0000000E89AAE", "X", "Y", "perhaps"})),
            "RFD2114 R-TYPE IsWon");
}

TEST(Salesforce, AnAccountsWebsiteBecomesItsDomain) {
  EXPECT_EQ(FieldOf(DraftOf(Map({"Id", "Name", "Website"},
                                {"0015f0000000E89AAE", "X", "http://www.seebrise.example.com/a"})),
                    "domain"),
            "seebrise.example.com");
}

TEST(Salesforce, ExportsWhatTheDataLoaderCanUpdate) {
  ASSERT_EQ(kConnector.exports.size(), 1U);
  EXPECT_EQ(kConnector.exports[0].columns[0].title, "Id");
  EXPECT_FALSE(kConnector.exports[0].byte_order_mark);
  EXPECT_TRUE(std::ranges::all_of(kConnector.exports[0].columns.subspan(1), [](const auto& column) {
    return column.title.ends_with("__c");
  }));
}

}  // namespace
}  // namespace referrald::salesforce
