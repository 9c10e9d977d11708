#include <gmock/gmock.h>

#include "connectors/api/connector.h"
#include "tests/connectors/mapped.h"

namespace referrald::connectors {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr std::string_view kIdNames[] = {"Key", "Record key"};
constexpr std::string_view kNameNames[] = {"Name"};
constexpr std::string_view kMailNames[] = {"Mail", "E-Mail"};
constexpr std::string_view kGroupNames[] = {"Groups"};
constexpr std::string_view kStampNames[] = {"Changed"};
constexpr std::string_view kFlagNames[] = {"Gone"};
constexpr ColumnRule kColumns[] = {{role::kExternalId, kIdNames},
                                   {referral::field::kDisplayName, kNameNames},
                                   {referral::field::kEmail, kMailNames, ColumnType::kEmail},
                                   {"member:Group", kGroupNames, ColumnType::kIdList},
                                   {role::kChangedAt, kStampNames, ColumnType::kDateTime},
                                   {role::kDeleted, kFlagNames, ColumnType::kBoolean}};
constexpr std::string_view kSignature[] = {"Key", "Name"};
constexpr std::string_view kLongSignature[] = {"Key", "Name", "Mail"};
constexpr std::string_view kRequired[] = {"Key", "Name"};
constexpr std::string_view kExcludes[] = {"Price"};
constexpr ObjectDescription kObjects[] = {{.object = "Thing",
                                           .kind = referral::EntityKind::kOrganisation,
                                           .title = "things",
                                           .columns = kColumns,
                                           .signature = kSignature,
                                           .excludes = kExcludes,
                                           .required = kRequired},
                                          {.object = "Person",
                                           .kind = referral::EntityKind::kPerson,
                                           .title = "people",
                                           .columns = kColumns,
                                           .signature = kLongSignature,
                                           .excludes = kExcludes,
                                           .required = kRequired}};
constexpr ConnectorInfo kTest{.name = "test",
                              .title = "Test",
                              .summary = "",
                              .maturity = Maturity::kBeta,
                              .objects = kObjects,
                              .exports = {}};

Status Bind(const std::vector<std::string>& titles, const FeedMapping& feed) {
  return StatusOf(Mapping::Bind(kTest, &kObjects[0], feed, Header(titles)));
}

TEST(Recognise, TakesTheLongestSignature) {
  EXPECT_EQ(Recognise(kTest, Header({"KEY", "name"}))->object, "Thing");
  EXPECT_EQ(Recognise(kTest, Header({"Key", "Name", "e-mail"}))->object, "Person");
  EXPECT_EQ(Recognise(kTest, Header({"Record key", "Name"}))->object, "Thing");
  EXPECT_EQ(Recognise(kTest, Header({"Key", "Name", "Price"})), nullptr);
  EXPECT_EQ(Recognise(kTest, Header({"Key"})), nullptr);
}

TEST(Mapping, FillsADraft) {
  const Draft draft = DraftOf(MapOne(kTest, {"Key", "Name", "Mail", "Groups", "Changed", "Gone"},
                                     {" 7 ", "Ana", "A@B.com", "x; y;", "2024-03-12", "1"}));
  EXPECT_EQ(draft.kind, referral::EntityKind::kPerson);
  EXPECT_EQ(draft.ref, (referral::ExternalRef{"test", "Person", "7"}));
  EXPECT_EQ(FieldOf(draft, "display_name"), "Ana");
  EXPECT_EQ(FieldOf(draft, "email"), "a@b.com");
  EXPECT_THAT(LinksOf(draft), ElementsAre("member=test:Group:x", "member=test:Group:y"));
  EXPECT_EQ(FormatTimestamp(draft.changed_at), "2024-03-12T00:00:00.000000Z");
  EXPECT_TRUE(draft.deleted);
}

TEST(Mapping, ARowInheritsNothingFromTheOneBeforeIt) {
  const Header header({"Key", "Name", "Mail"});
  const Result<Mapping> mapping = Mapping::Bind(kTest, &kObjects[1], {}, header);
  ASSERT_TRUE(mapping);
  const std::string_view full[] = {"1", "Ana", "a@b.com"};
  const std::string_view bare[] = {"2", "Bo", ""};
  EXPECT_EQ(FieldOf(DraftOf(mapping->Map(full)), "email"), "a@b.com");
  EXPECT_EQ(FieldOf(DraftOf(mapping->Map(bare)), "email"), "");
}

TEST(Mapping, SaysOfWhatAFileOrAShortRowDoesNotSpeak) {
  const auto silent = [](const Draft& draft) {
    return draft.silent ? *draft.silent : std::vector<std::string>();
  };
  const Result<Mapping> narrow = Mapping::Bind(kTest, &kObjects[1], {}, Header({"Key", "Name"}));
  ASSERT_TRUE(narrow) << narrow.error().ToString();
  const std::string_view two[] = {"1", "Ana"};
  EXPECT_THAT(silent(DraftOf(narrow->Map(two))), ElementsAre("email", "member"));
  const Result<Mapping> wide =
      Mapping::Bind(kTest, &kObjects[1], {}, Header({"Key", "Name", "Groups", "Mail"}));
  ASSERT_TRUE(wide);
  const std::string_view four[] = {"1", "Ana", "", ""};
  EXPECT_THAT(silent(DraftOf(wide->Map(four))), ElementsAre());
  EXPECT_THAT(silent(DraftOf(wide->Map(four, 3))), ElementsAre("email"));
  EXPECT_THAT(silent(DraftOf(wide->Map(four, 1))),
              testing::UnorderedElementsAre("display_name", "member", "email"));
}

// One feed takes all objects of a system.
TEST(Mapping, AColumnOfOneObjectMayBeMissingInAnother) {
  FeedMapping feed;
  feed.columns = {{"attr.title", "Job Title"}};
  EXPECT_TRUE(Bind({"Key", "Name"}, feed).ok());
  feed.columns = {{"email", "Job Title"}};
  EXPECT_EQ(Bind({"Key", "Name"}, feed).number(), 2011);
}

TEST(Mapping, NamesTheColumnOfABadValue) {
  EXPECT_EQ(ErrorOf(MapOne(kTest, {"Key", "Name", "E-Mail"}, {"1", "Ana", "nobody"})),
            "RFD2110 R-TYPE E-Mail");
  EXPECT_EQ(ErrorOf(MapOne(kTest, {"Record key", "Name"}, {"", "Ana"})),
            "RFD2120 R-ID-INVALID Record key");
  EXPECT_EQ(ErrorOf(MapOne(kTest, {"Key", "Name"}, {"1", std::string(9000, 'x')})),
            "RFD2105 R-LIMIT Name");
}

TEST(Mapping, TheFeedsMappingWins) {
  FeedMapping feed;
  feed.columns = {{"display_name", "{First} {Last}"}, {"attr.colour", "Colour"}};
  feed.system = "other";
  const std::vector<std::string> titles = {"Key", "Name", "First", "Last", "Colour"};
  const Draft draft = DraftOf(MapOne(kTest, titles, {"1", "wrong", "Ana", "Bo", "red"}, feed));
  EXPECT_EQ(FieldOf(draft, "display_name"), "Ana Bo");
  EXPECT_EQ(FieldOf(draft, "attr.colour"), "red");
  EXPECT_EQ(draft.ref.system, "other");
  EXPECT_EQ(FieldOf(DraftOf(MapOne(kTest, titles, {"1", "", "Ana", "", ""}, feed)), "display_name"),
            "Ana");
  EXPECT_EQ(FieldOf(DraftOf(MapOne(kTest, titles, {"1", "", "", "", ""}, feed)), "display_name"),
            "");
}

TEST(Mapping, RefusesWhatCannotBeBound) {
  EXPECT_EQ(Bind({"Name"}, {}).number(), 2010);
  EXPECT_THAT(Bind({"Name"}, {}).message(), HasSubstr("Key"));
  FeedMapping feed;
  feed.columns = {{"email", "Mial"}};
  EXPECT_EQ(Bind({"Key", "Name", "Mail"}, feed).number(), 2011);
  EXPECT_THAT(Bind({"Key", "Name", "Mail"}, feed).message(), HasSubstr("did you mean \"Mail\""));
  feed.columns = {{"display_name", "{Key} {Nom}"}};
  EXPECT_EQ(Bind({"Key", "Name"}, feed).number(), 2011);
  feed.columns = {{"display_name", "{Key"}};
  EXPECT_TRUE(Bind({"Key", "Name"}, feed).ok());
  feed.columns = {{"emial", "Mail"}};
  EXPECT_EQ(Bind({"Key", "Name", "Mail"}, feed).number(), 2012);
  EXPECT_THAT(Bind({"Key", "Name", "Mail"}, feed).message(), HasSubstr("did you mean \"email\""));
}

TEST(Mapping, SaysWhatItUsesAndWhatNot) {
  const Result<Mapping> mapping =
      Mapping::Bind(kTest, &kObjects[0], {}, Header({"Key", "Name", "Secret"}));
  ASSERT_TRUE(mapping);
  EXPECT_THAT(mapping->Mapped(),
              ElementsAre(Pair("Key", "external_id"), Pair("Name", "display_name")));
  EXPECT_THAT(mapping->Ignored(), ElementsAre("Secret"));
}

}  // namespace
}  // namespace referrald::connectors
