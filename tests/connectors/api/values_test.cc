#include "connectors/api/values.h"

#include <gtest/gtest.h>

namespace referrald::connectors {
namespace {

std::string Read(ColumnType type, std::string_view text) {
  const auto read = ReadValue(type, text);
  if (const auto* error = std::get_if<RowError>(&read))
    return "RFD" + std::to_string(error->number);
  return std::get<std::string>(read);
}

TEST(ReadValue, ReadsEachType) {
  EXPECT_EQ(Read(ColumnType::kEmail, "Ana@Example.COM"), "ana@example.com");
  EXPECT_EQ(Read(ColumnType::kEmail, "a@b.de; c@d.de"), "RFD2110");
  EXPECT_EQ(Read(ColumnType::kDateTime, "2024-03-12 09:14"), "2024-03-12T09:14:00.000000Z");
  EXPECT_EQ(Read(ColumnType::kDateTime, "03/04/2024"), "RFD2111");
  EXPECT_EQ(Read(ColumnType::kDate, "2024-03-12T00:00:00Z"), "2024-03-12");
  EXPECT_EQ(Read(ColumnType::kDate, "soon"), "RFD2112");
  EXPECT_EQ(Read(ColumnType::kNumber, "95,570.69"), "95,570.69");
  EXPECT_EQ(Read(ColumnType::kNumber, "n/a"), "RFD2113");
  EXPECT_EQ(Read(ColumnType::kBoolean, "YES"), "true");
  EXPECT_EQ(Read(ColumnType::kBoolean, "0"), "false");
  EXPECT_EQ(Read(ColumnType::kBoolean, "maybe"), "RFD2114");
  EXPECT_EQ(Read(ColumnType::kPhone, "+49 30 1234"), "+49 30 1234");
}

TEST(ReadValue, DropsControlCharactersButNotLines) {
  EXPECT_EQ(Read(ColumnType::kText, "a\x01\x1f\tb\nc\r"), "a\tb\nc");
}

TEST(ReadValue, NullIsASurname) { EXPECT_EQ(Read(ColumnType::kText, "Null"), "Null"); }

TEST(DomainOf, IsTheHostAlone) {
  EXPECT_EQ(DomainOf("https://www.Acme.com/about?x"), "acme.com");
  EXPECT_EQ(DomainOf("www.acme.com"), "acme.com");
  EXPECT_EQ(DomainOf("acme.com"), "acme.com");
}

TEST(IsKnownField, KnowsFieldsRolesLinksAndCustomNames) {
  for (const std::string_view name :
       {"email", "external_id", "attr.colour", "organisation:Company", "referred_by:Contact"}) {
    EXPECT_TRUE(IsKnownField(name)) << name;
  }
  for (const std::string_view name : {"emial", "attr.", ":Company", "a:", "a:b:c", "a: b", ""}) {
    EXPECT_FALSE(IsKnownField(name)) << name;
  }
}

}  // namespace
}  // namespace referrald::connectors
