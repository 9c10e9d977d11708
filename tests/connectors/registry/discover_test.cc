#include "connectors/registry/discover.h"

#include <gmock/gmock.h>

#include "tests/support/temp_dir.h"

namespace referrald::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class DiscoverTest : public ::testing::Test {
 protected:
  Result<Discovery> Of(std::string_view bytes) const {
    dir_.Write("a file without an extension", bytes);
    return Discover(dir_ / "a file without an extension");
  }

  const support::TempDir dir_;
};

TEST_F(DiscoverTest, NamesSystemObjectFormAndMapping) {
  const auto found =
      Of("Id;FirstName;LastName;Email;Shoe\n003000000000001AAA;A;B;a@example.org;9\n");
  ASSERT_TRUE(found) << found.error().ToString();
  ASSERT_NE(found->connector, nullptr);
  EXPECT_EQ(found->connector->name, "salesforce");
  EXPECT_EQ(found->object->object, "Contact");
  EXPECT_EQ(found->format.delimiter_name, ";");
  EXPECT_THAT(found->mapped, Contains(Pair("Email", "email")));
  EXPECT_THAT(found->ignored, ElementsAre("Shoe"));
  EXPECT_EQ(found->rows, 1U);
  EXPECT_EQ(found->bad, 0U);
}

// Databases that copy a system write its names in their own way.
TEST_F(DiscoverTest, KnowsTitlesByTheirLettersAlone) {
  const auto found = Of("id,is_deleted,account_id,name,stage_name\n");
  ASSERT_TRUE(found);
  ASSERT_NE(found->object, nullptr);
  EXPECT_EQ(found->object->object, "Opportunity");
  EXPECT_THAT(found->mapped, Contains(Pair("stage_name", "stage")));
}

TEST_F(DiscoverTest, SaysWhatAFileForInsertingLacks) {
  const auto found = Of("NAME,TYPE,PHONE,ANNUALREVENUE\nAcme,Partner,1,2\n");
  ASSERT_TRUE(found);
  ASSERT_NE(found->object, nullptr);
  EXPECT_EQ(found->object->title, "Salesforce accounts");
  EXPECT_THAT(found->lacking, ElementsAre("Id"));
}

TEST_F(DiscoverTest, ProposesAMappingForAFileOfNoSystem) {
  const auto found = Of("First Name,Email Address,Hall,Email\nA,a@example.org,7,b@example.org\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->connector, nullptr);
  EXPECT_THAT(found->mapped,
              ElementsAre(Pair("First Name", "first_name"), Pair("Email Address", "email")));
  EXPECT_THAT(found->ignored, ElementsAre("Hall", "Email"));
}

TEST_F(DiscoverTest, CountsRowsThatCouldNotBeUsed) {
  const auto found = Of("Id,FirstName,LastName\n003000000000001AAA,A,B\nno-id,C,D\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rows, 1U);
  EXPECT_EQ(found->bad, 1U);
}

TEST_F(DiscoverTest, WhatCannotBeReadIsSaidWithItsNumber) {
  EXPECT_EQ(Of("").error().number(), 2003);
  EXPECT_EQ(Discover(dir_ / "none").error().code(), Code::kNotFound);
}

// One title, two columns: neither is known to be the one that is meant.
TEST(Header, DoesNotGuessBetweenTwo) {
  const connectors::Header header({"Account_Id", "Account Id", "First_Name"});
  EXPECT_FALSE(header.Find("AccountId"));
  EXPECT_EQ(header.Find("account id"), 1U);
  EXPECT_EQ(header.Find("firstname"), 2U);
  EXPECT_FALSE(header.Find("---"));
}

}  // namespace
}  // namespace referrald::registry
