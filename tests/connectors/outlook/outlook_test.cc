#include "connectors/outlook/outlook.h"

#include <gmock/gmock.h>

#include "tests/connectors/mapped.h"

namespace referrald::outlook {
namespace {

using connectors::Draft;
using connectors::DraftOf;
using connectors::ErrorOf;
using connectors::FieldOf;

using Titles = std::vector<std::string>;

connectors::Outcome Map(const Titles& titles, const std::vector<std::string_view>& row) {
  return connectors::MapOne(kConnector, titles, row);
}

const Titles kTitles = {"First Name",     "Last Name",   "Company",    "Job Title",
                        "E-mail Address", "E-mail Type", "Referred By"};

TEST(Outlook, AnInternalAddressIsNone) {
  const auto email = [](std::string_view address, std::string_view type) {
    return FieldOf(DraftOf(Map(kTitles, {"Clara", "Winter", "Bygg", "", address, type, ""})),
                   "email");
  };
  EXPECT_EQ(email("/o=Own/ou=First/cn=clara", "EX"), "");
  EXPECT_EQ(email("/o=Own/ou=First/cn=clara", ""), "");
  EXPECT_EQ(email("Clara@X.org", "SMTP"), "clara@x.org");
  EXPECT_EQ(ErrorOf(Map(kTitles, {"C", "", "", "", "nobody", "SMTP", ""})),
            "RFD2110 R-TYPE E-mail Address");
}

TEST(Outlook, ReferredByIsAClaim) {
  const Draft draft = DraftOf(Map(kTitles, {"Clara", "Winter", "", "", "c@x.org", "", "Dario Bo"}));
  EXPECT_EQ(FieldOf(draft, "referred_by"), "Dario Bo");
  EXPECT_TRUE(draft.ref.id.starts_with("mail-"));
}

TEST(Outlook, KnowsGermanAndFrenchTitles) {
  const Draft german = DraftOf(Map({"Vorname", "Nachname", "Firma", "Position", "E-Mail-Adresse"},
                                   {"Jörg", "Müller", "Bau GmbH", "Einkäufer", "j@x.org"}));
  EXPECT_EQ(FieldOf(german, "company"), "Bau GmbH");
  const Draft french = DraftOf(Map({"Prénom", "Nom", "Société", "Titre", "Adresse de messagerie"},
                                   {"Zoë", "Roux", "Toits SA", "Acheteuse", "z@x.org"}));
  EXPECT_EQ(FieldOf(french, "email"), "z@x.org");
}

}  // namespace
}  // namespace referrald::outlook
