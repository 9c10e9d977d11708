#include "connectors/suitecrm/suitecrm.h"

#include <gmock/gmock.h>

#include "tests/connectors/mapped.h"

namespace referrald::suitecrm {
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

TEST(SuiteCrm, TakesItsApostrophesOffAndNobodyElses) {
  const Titles titles = {"ID",     "Last Name",   "Email Address", "Date Modified",
                         "Mobile", "Account Name"};
  const auto read = [&](std::string_view name, std::string_view phone) {
    return DraftOf(Map(titles, {"a-1", name, "", "2026-06-22 10:00:00", phone, "'=Alpha"}));
  };
  EXPECT_EQ(FieldOf(read("'tis", "'+49 30 1234"), "mobile"), "+49 30 1234");
  EXPECT_EQ(FieldOf(read("'tis", "'-5"), "mobile"), "-5");
  EXPECT_EQ(FieldOf(read("'tis", ""), "last_name"), "'tis");
  EXPECT_EQ(FieldOf(read("''=x", ""), "last_name"), "''=x");
  EXPECT_EQ(FieldOf(read("'@home", ""), "last_name"), "@home");
  EXPECT_EQ(FieldOf(read("x", ""), "company"), "=Alpha");
}

TEST(SuiteCrm, DatesAreInTheOrderOfWhoeverExported) {
  const Titles titles = {"ID", "Last Name", "Email Address", "Date Modified"};
  const std::vector<std::string_view> row = {"a-1", "Bo", "", "04/15/2006 03:23 pm"};
  EXPECT_EQ(ErrorOf(Map(titles, row)), "RFD2111 R-TYPE Date Modified");
  connectors::FeedMapping feed;
  feed.dates = connectors::DateOrder::kMonthFirst;
  EXPECT_EQ(FormatTimestamp(DraftOf(connectors::MapOne(kConnector, titles, row, feed)).changed_at),
            "2006-04-15T15:23:00.000000Z");
  feed.dates = connectors::DateOrder::kDayFirst;
  EXPECT_EQ(ErrorOf(connectors::MapOne(kConnector, titles, row, feed)),
            "RFD2111 R-TYPE Date Modified");
}

TEST(SuiteCrm, ReferredByIsAClaimOfTheLead) {
  const Draft draft =
      DraftOf(Map({"ID", "Last Name", "Email Address", "Date Modified", "Converted", "Referred By",
                   "Contact ID"},
                  {"l-1", "Ek", "", "2026-06-22 10:00:00", "1", "Clara Winter", "c-9"}));
  EXPECT_EQ(draft.ref.object, "Leads");
  EXPECT_EQ(FieldOf(draft, "referred_by"), "Clara Winter");
  EXPECT_THAT(LinksOf(draft), ElementsAre("converted_to=suitecrm:Contacts:c-9"));
}

TEST(SuiteCrm, SurvivesTitlesThatStandTwice) {
  const Draft draft = DraftOf(
      Map({"ID", "Opportunity Name", "Sales Stage", "Opportunity Amount", "Amount", "Amount"},
          {"o-1", "Roof", "Closed Won", "1200", "1300", "1300"}));
  EXPECT_EQ(FieldOf(draft, "amount"), "1200");
  EXPECT_EQ(FieldOf(draft, "outcome"), "won");
}

}  // namespace
}  // namespace referrald::suitecrm
