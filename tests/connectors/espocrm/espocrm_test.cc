#include "connectors/espocrm/espocrm.h"

#include <gmock/gmock.h>

#include "tests/connectors/mapped.h"

namespace referrald::espocrm {
namespace {

using connectors::Draft;
using connectors::DraftOf;
using connectors::FieldOf;
using connectors::LinksOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Titles = std::vector<std::string>;

connectors::Outcome Map(const Titles& titles, const std::vector<std::string_view>& row) {
  return connectors::MapOne(kConnector, titles, row);
}

TEST(EspoCrm, SeveralIdsAreAJsonList) {
  const Titles titles = {"id", "name", "stage", "modifiedAt", "contactsIds", "accountId"};
  const Draft draft = DraftOf(Map(
      titles, {"o1", "Roof", "Closed Lost", "2026-06-22 10:00:00", R"(["53a","53b"])", "acc1"}));
  EXPECT_THAT(LinksOf(draft),
              ElementsAre("organisation=espocrm:Account:acc1", "contact=espocrm:Contact:53a",
                          "contact=espocrm:Contact:53b"));
  EXPECT_EQ(FieldOf(draft, "outcome"), "lost");
  EXPECT_THAT(LinksOf(DraftOf(Map(titles, {"o1", "R", "", "", "[]", ""}))), IsEmpty());
}

TEST(EspoCrm, TakesItsApostrophesOff) {
  const Draft draft = DraftOf(Map({"id", "lastName", "modifiedAt", "assignedUserId", "phoneNumber"},
                                  {"53a", "Winter", "2026-06-22 10:00:00", "u1", "'+46311020"}));
  EXPECT_EQ(FieldOf(draft, "phone"), "+46311020");
  EXPECT_EQ(FormatTimestamp(draft.changed_at), "2026-06-22T10:00:00.000000Z");
  EXPECT_THAT(LinksOf(draft), ElementsAre("owner=espocrm:User:u1"));
}

TEST(EspoCrm, TellsItsObjectsApart) {
  const auto kind = [](const Titles& titles) {
    const auto* object = connectors::Recognise(kConnector, connectors::Header(titles));
    return object == nullptr ? std::string_view() : object->object;
  };
  EXPECT_EQ(kind({"id", "lastName", "modifiedAt", "assignedUserId"}), "Contact");
  EXPECT_EQ(kind({"id", "lastName", "modifiedAt", "assignedUserId", "status"}), "Lead");
  EXPECT_EQ(kind({"id", "name", "modifiedAt", "assignedUserId"}), "Account");
  EXPECT_EQ(kind({"id", "name", "stage", "modifiedAt", "assignedUserId"}), "Opportunity");
}

}  // namespace
}  // namespace referrald::espocrm
