#include "connectors/generic_csv/generic_csv.h"

#include <gmock/gmock.h>

#include "tests/connectors/mapped.h"

namespace referrald::generic_csv {
namespace {

using connectors::Draft;
using connectors::DraftOf;
using connectors::FeedMapping;
using connectors::FieldOf;
using connectors::LinksOf;

FeedMapping Feed() {
  FeedMapping feed;
  feed.object = "Client";
  feed.kind = referral::EntityKind::kPerson;
  feed.system = "agency";
  feed.columns = {{"external_id", "Nr"},
                  {"display_name", "{Vorname} {Nachname}"},
                  {"email", "E-Mail"},
                  {"referred_by", "Empfohlen von"},
                  {"organisation:Firm", "Firma Nr"}};
  return feed;
}

TEST(GenericCsv, ReadsWhatTheFeedMaps) {
  const Draft draft = DraftOf(connectors::MapOne(
      kConnector, {"Nr", "Vorname", "Nachname", "E-Mail", "Empfohlen von", "Firma Nr"},
      {"7", "Zoë", "Smith", "Z@X.de", "Ana Bo", "12"}, Feed()));
  EXPECT_EQ(draft.ref, (referral::ExternalRef{"agency", "Client", "7"}));
  EXPECT_EQ(FieldOf(draft, "display_name"), "Zoë Smith");
  EXPECT_EQ(FieldOf(draft, "email"), "z@x.de");
  EXPECT_EQ(FieldOf(draft, "referred_by"), "Ana Bo");
  EXPECT_THAT(LinksOf(draft), ::testing::ElementsAre("organisation=agency:Firm:12"));
}

TEST(GenericCsv, NeedsAnId) {
  FeedMapping feed = Feed();
  feed.columns.erase(feed.columns.begin());
  const auto mapping = connectors::Mapping::Bind(
      kConnector, nullptr, feed,
      connectors::Header({"Nr", "Vorname", "Nachname", "E-Mail", "Empfohlen von", "Firma Nr"}));
  EXPECT_EQ(mapping.error().number(), 2010);
}

}  // namespace
}  // namespace referrald::generic_csv
