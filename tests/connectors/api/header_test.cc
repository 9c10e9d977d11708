#include <gmock/gmock.h>

#include "connectors/api/connector.h"

namespace referrald::connectors {
namespace {

TEST(Header, FindsTitlesWithoutCaseSpaceAndMarks) {
  const Header header({"\xef\xbb\xbfId", " Full Name", "E\xc2\xa0mail", "PHONE ", "Prénom"});
  EXPECT_EQ(header.Find("ID"), 0U);
  EXPECT_EQ(header.Find("full name"), 1U);
  EXPECT_EQ(header.Find("E mail"), 2U);
  EXPECT_EQ(header.Find("E\xc2\xa0mail"), 2U);
  EXPECT_EQ(header.Find("Phone"), 3U);
  EXPECT_EQ(header.Find("Prénom"), 4U);
  EXPECT_EQ(header.Find("Name"), std::nullopt);
  EXPECT_EQ(header.Find(""), std::nullopt);
}

TEST(Header, TheFirstOfTwoCounts) {
  const Header header({"Name", "id", "ID", "Id", "", ""});
  EXPECT_EQ(header.Find("Id"), 1U);
  EXPECT_THAT(header.Duplicates(), ::testing::ElementsAre("id"));
}

TEST(Header, EveryTitleFindsItself) {
  std::vector<std::string> titles;
  for (const char* title : {"a", "A b", "a_b", "Zeta", "Ünder", "x-1", "[id]", "Referred_By__c"}) {
    titles.emplace_back(title);
  }
  const Header header(titles);
  for (size_t i = 0; i < titles.size(); ++i) EXPECT_EQ(header.Find(titles[i]), i) << titles[i];
}

TEST(Cells, AreTrimmedAndEmptyWhereThereIsNone) {
  const Header header({"a", "b", "c"});
  const std::string_view row[] = {"  x ", "\xe3\x80\x80y\xe3\x80\x80"};
  const Cells cells(header, row);
  EXPECT_EQ(cells["A"], "x");
  EXPECT_EQ(cells["b"], "y");
  EXPECT_EQ(cells["c"], "");
  EXPECT_EQ(cells["d"], "");
}

}  // namespace
}  // namespace referrald::connectors
