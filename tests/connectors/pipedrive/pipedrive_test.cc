#include "connectors/pipedrive/pipedrive.h"

#include <gmock/gmock.h>

#include "tests/connectors/mapped.h"

namespace referrald::pipedrive {
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

TEST(Pipedrive, APrivateAddressCountsWhereThereIsNoOther) {
  const Titles titles = {"Person - ID", "Person - Name", "Person - Email - Work",
                         "Person - Email - Home", "Organization - ID"};
  const Draft draft = DraftOf(Map(titles, {"11", "Clara", "", "C@home.example", "7"}));
  EXPECT_EQ(FieldOf(draft, "email"), "c@home.example");
  EXPECT_THAT(LinksOf(draft), ElementsAre("organisation=pipedrive:Organization:7"));
  EXPECT_EQ(FieldOf(DraftOf(Map(titles, {"11", "Clara", "w@x.org", "h@x.org", ""})), "email"),
            "w@x.org");
  EXPECT_EQ(ErrorOf(Map(titles, {"11", "Clara", "", "nobody", ""})),
            "RFD2110 R-TYPE Person - Email - Home");
  EXPECT_EQ(ErrorOf(Map(titles, {"11.0", "Clara", "", "", ""})),
            "RFD2122 R-ID-DAMAGED Person - ID");
}

TEST(Pipedrive, TheDayOfADealIsThatOfItsEnd) {
  const Titles titles = {"Deal - ID",       "Deal - Title",     "Deal - Status",
                         "Deal - Won time", "Deal - Lost time", "Deal - Expected close date"};
  const auto read = [&](std::string_view status) {
    return DraftOf(Map(titles, {"90", "Roof", status, "2026-02-15 10:00:00", "2026-02-20 08:00:00",
                                "2026-03-01"}));
  };
  EXPECT_EQ(FieldOf(read("Won"), "outcome"), "won");
  EXPECT_EQ(FieldOf(read("Won"), "close_date"), "2026-02-15");
  EXPECT_EQ(FieldOf(read("Lost"), "close_date"), "2026-02-20");
  EXPECT_EQ(FieldOf(read("Open"), "close_date"), "2026-03-01");
  EXPECT_EQ(FieldOf(read("deleted"), "outcome"), "");
}

// A file of people beside deals is not one of deals, and the other way round.
TEST(Pipedrive, TellsItsObjectsApart) {
  const auto kind = [](const Titles& titles) {
    const auto* object = connectors::Recognise(kConnector, connectors::Header(titles));
    return object == nullptr ? std::string_view() : object->object;
  };
  EXPECT_EQ(kind({"Person - ID", "Person - Name", "Organization - ID", "Organization - Name"}),
            "Person");
  EXPECT_EQ(kind({"Deal - ID", "Deal - Title", "Person - ID", "Person - Name"}), "Deal");
  EXPECT_EQ(kind({"Organization - ID", "Organization - Name"}), "Organization");
}

}  // namespace
}  // namespace referrald::pipedrive
