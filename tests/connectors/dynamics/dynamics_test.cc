#include "connectors/dynamics/dynamics.h"

#include <gmock/gmock.h>

#include "tests/connectors/mapped.h"

namespace referrald::dynamics {
namespace {

using connectors::Draft;
using connectors::DraftOf;
using connectors::ErrorOf;
using connectors::FieldOf;
using connectors::LinksOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Titles = std::vector<std::string>;

connectors::Outcome Map(const Titles& titles, const std::vector<std::string_view>& row) {
  return connectors::MapOne(kConnector, titles, row);
}

TEST(Dynamics, AGuidHasOneForm) {
  const Titles titles = {"(Do Not Modify) Contact", " Full Name", "parentcustomerid"};
  const Draft draft =
      DraftOf(Map(titles, {"{1F3C5A7E-0000-4000-8000-00000000000A}", "Clara Winter", "Bygg AB"}));
  EXPECT_EQ(draft.ref.id, "1f3c5a7e-0000-4000-8000-00000000000a");
  EXPECT_EQ(FieldOf(draft, "display_name"), "Clara Winter");
  EXPECT_THAT(LinksOf(draft), IsEmpty());  // A worksheet's lookup is a name.
  EXPECT_THAT(LinksOf(DraftOf(Map(titles, {"1f3c5a7e-0000-4000-8000-00000000000a", "C",
                                           "1F3C5A7E-0000-4000-8000-0000000000FF"}))),
              ElementsAre("organisation=dynamics:account:1f3c5a7e-0000-4000-8000-0000000000ff"));
  EXPECT_EQ(ErrorOf(Map(titles, {"1f3c5a7e", "C", ""})),
            "RFD2121 R-ID-INVALID (Do Not Modify) Contact");
}

TEST(Dynamics, TheLoserOfAMergeNamesItsMaster) {
  const Draft draft = DraftOf(Map(
      {"contactid", "fullname", "masterid"},
      {"1f3c5a7e-0000-4000-8000-00000000000a", "Clara", "1F3C5A7E-0000-4000-8000-00000000000B"}));
  ASSERT_TRUE(draft.merged_into);
  EXPECT_EQ(draft.merged_into->id, "1f3c5a7e-0000-4000-8000-00000000000b");
  EXPECT_EQ(ErrorOf(Map({"contactid", "fullname", "masterid"},
                        {"1f3c5a7e-0000-4000-8000-00000000000a", "Clara", "x"})),
            "RFD2121 R-ID-INVALID masterid");
}

TEST(Dynamics, StatusIsALabelOrANumber) {
  const auto outcome = [](std::string_view status) {
    return FieldOf(DraftOf(Map({"(Do Not Modify) Opportunity", "Topic", "Status"},
                               {"1f3c5a7e-0000-4000-8000-0000000000c1", "Roof", status})),
                   "outcome");
  };
  EXPECT_EQ(outcome("Won"), "won");
  EXPECT_EQ(outcome("1"), "won");
  EXPECT_EQ(outcome("2"), "lost");
  EXPECT_EQ(outcome("open"), "open");
  EXPECT_EQ(outcome("On Hold"), "");
}

TEST(Dynamics, WhatHappenedCountsBeforeWhatWasExpected) {
  const Titles titles = {"(Do Not Modify) Opportunity",
                         "Topic",
                         "Est. Revenue",
                         "Actual Revenue",
                         "Est. Close Date",
                         "Actual Close Date"};
  const auto read = [&](std::string_view revenue, std::string_view day) {
    return DraftOf(Map(titles, {"1f3c5a7e-0000-4000-8000-0000000000c1", "Roof", "1000", revenue,
                                "2026-07-01", day}));
  };
  EXPECT_EQ(FieldOf(read("1200", "2026-06-20"), "amount"), "1200");
  EXPECT_EQ(FieldOf(read("1200", "2026-06-20"), "close_date"), "2026-06-20");
  EXPECT_EQ(FieldOf(read("", ""), "amount"), "1000");
  EXPECT_EQ(FieldOf(read("", ""), "close_date"), "2026-07-01");
}

}  // namespace
}  // namespace referrald::dynamics
