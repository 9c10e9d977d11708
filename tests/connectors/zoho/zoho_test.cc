#include "connectors/zoho/zoho.h"

#include <gmock/gmock.h>

#include "tests/connectors/mapped.h"

namespace referrald::zoho {
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

TEST(Zoho, OneRecordHasOneIdHoweverItIsWritten) {
  const Titles titles = {"Record Id", "Last Name", "Account Name", "Account Name.id", "Email"};
  const Draft draft =
      DraftOf(Map(titles, {"zcrm_4876876000000111", "Winter", "Bygg", "zcrm_22", "a@b.com"}));
  EXPECT_EQ(draft.ref, (referral::ExternalRef{"zoho", "Contact", "4876876000000111"}));
  EXPECT_THAT(LinksOf(draft), ElementsAre("organisation=zoho:Account:22"));
  EXPECT_EQ(ErrorOf(Map(titles, {"4.87E+15", "W", "", "", ""})), "RFD2122 R-ID-DAMAGED Record Id");
  EXPECT_EQ(ErrorOf(Map(titles, {"zcrm_x", "W", "", "", ""})), "RFD2121 R-ID-INVALID Record Id");
  EXPECT_EQ(ErrorOf(Map(titles, {"1", "W", "", "4.8E+15", ""})),
            "RFD2122 R-ID-DAMAGED Account Name.id");
}

TEST(Zoho, OnlyStagesThatZohoBeginsWithEndADeal) {
  const Titles titles = {"Record Id", "Deal Name", "Stage", "Closing Date"};
  const auto outcome = [&](std::string_view stage) {
    return FieldOf(DraftOf(Map(titles, {"1", "Roof", stage, "2026-02-15"})), "outcome");
  };
  EXPECT_EQ(outcome("Closed Won"), "won");
  EXPECT_EQ(outcome("closed-lost to competition"), "lost");
  EXPECT_EQ(outcome("Qualification"), "open");
  EXPECT_EQ(outcome("Our own stage"), "");
}

TEST(Zoho, AnAmbiguousDateIsRefusedUntilItsOrderIsSaid) {
  const Titles titles = {"Record Id", "Deal Name", "Stage", "Closing Date"};
  EXPECT_EQ(ErrorOf(Map(titles, {"1", "Roof", "", "10/01/2026"})), "RFD2112 R-TYPE Closing Date");
  connectors::FeedMapping feed;
  feed.dates = connectors::DateOrder::kMonthFirst;
  const auto outcome =
      connectors::MapOne(kConnector, titles, {"1", "Roof", "", "10/01/2026"}, feed);
  EXPECT_EQ(FieldOf(DraftOf(outcome), "close_date"), "2026-10-01");
  EXPECT_EQ(FieldOf(DraftOf(Map(titles, {"1", "Roof", "", "Sep 12, 2026"})), "close_date"),
            "2026-09-12");
}

}  // namespace
}  // namespace referrald::zoho
