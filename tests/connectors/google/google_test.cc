#include "connectors/google/google.h"

#include <gmock/gmock.h>

#include "tests/connectors/mapped.h"

namespace referrald::google {
namespace {

using connectors::DraftOf;
using connectors::ErrorOf;
using connectors::FieldOf;

using Titles = std::vector<std::string>;

connectors::Outcome Map(const Titles& titles, const std::vector<std::string_view>& row) {
  return connectors::MapOne(kConnector, titles, row);
}

const Titles kNew = {"First Name",       "Last Name",        "Organization Name",
                     "E-mail 1 - Label", "E-mail 1 - Value", "E-mail 2 - Value",
                     "Phone 1 - Value"};

TEST(Google, TheStarredOneOfSeveralIsThePrimary) {
  const auto email = [](std::string_view first, std::string_view second) {
    return FieldOf(DraftOf(Map(kNew, {"Clara", "Winter", "", "Work", first, second, ""})), "email");
  };
  EXPECT_EQ(email("a@x.org ::: * B@x.org ::: c@x.org", ""), "b@x.org");
  EXPECT_EQ(email("a@x.org ::: b@x.org", ""), "a@x.org");
  EXPECT_EQ(email("* a@x.org", ""), "a@x.org");
  EXPECT_EQ(email("", "second@x.org"), "second@x.org");
  EXPECT_EQ(ErrorOf(Map(kNew, {"C", "", "", "", "nobody", "", ""})),
            "RFD2110 R-TYPE E-mail 1 - Value");
}

TEST(Google, TheSamePersonHasTheSameNameWhateverElseChanges) {
  const auto id = [](std::string_view first, std::string_view email, std::string_view phone) {
    return DraftOf(Map(kNew, {first, "Winter", "Bygg", "", email, "", phone})).ref.id;
  };
  EXPECT_EQ(id("Clara", "Clara@X.org", "1"), id("Klara", "clara@x.org", "+46 70 22"));
  EXPECT_NE(id("Clara", "clara@x.org", ""), id("Clara", "clara@y.org", ""));
  EXPECT_EQ(id("Clara", "", "+46 70 22"), id("CLARA", "", "0046 70-22"));
  EXPECT_NE(id("Clara", "", "+46 70 22"), id("Clara", "", ""));
  EXPECT_EQ(id("Clara", "", "").find("clara"), std::string::npos);
  EXPECT_EQ(ErrorOf(Map(kNew, {"", "", "", "", "", "", ""})), "RFD2124 R-NOBODY ");
}

TEST(Google, KnowsBothHeaders) {
  EXPECT_NE(connectors::Recognise(kConnector, connectors::Header(kNew)), nullptr);
  EXPECT_EQ(FieldOf(DraftOf(Map({"Name", "Given Name", "Family Name", "E-mail 1 - Value",
                                 "Organization 1 - Name"},
                                {"Clara Winter", "Clara", "Winter", "c@x.org", "Bygg"})),
                    "company"),
            "Bygg");
}

}  // namespace
}  // namespace referrald::google
