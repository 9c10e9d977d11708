#include <gtest/gtest.h>

#include "tests/corpus/map_file.h"

// Our own files in the documented variants: README.md lists what each is for.
namespace referrald::corpus {
namespace {

struct Expectation {
  std::string_view file;
  std::string_view kind;
  std::string_view encoding;
  std::string_view delimiter;
  size_t drafts = 0;
  std::vector<std::string> errors;
};

void PrintTo(const Expectation& expectation, std::ostream* out) { *out << expectation.file; }

class Fixtures : public ::testing::TestWithParam<Expectation> {};

TEST_P(Fixtures, ReadAsDocumented) {
  const Expectation& expected = GetParam();
  const MappedFile file = MapFile(std::string(REFERRALD_CORPUS "/") + std::string(expected.file));
  ASSERT_TRUE(file.read.status.ok()) << file.read.status.message();
  EXPECT_EQ(file.kind, expected.kind);
  EXPECT_EQ(file.read.format.encoding, expected.encoding);
  EXPECT_EQ(file.read.format.delimiter_name, expected.delimiter);
  EXPECT_EQ(file.drafts.size(), expected.drafts);
  EXPECT_EQ(file.errors, expected.errors);
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, Fixtures,
    ::testing::Values(
        Expectation{"salesforce_data_loader_upper.csv",
                    "Salesforce contacts",
                    "UTF-8 with BOM",
                    ",",
                    2,
                    {}},
        Expectation{"salesforce_weekly.csv", "Salesforce contacts", "UTF-8", ",", 1, {}},
        Expectation{"salesforce_report_footer.csv", "Salesforce contacts", "UTF-8", ",", 1, {}},
        Expectation{"salesforce_spreadsheet_damage.csv",
                    "Salesforce contacts",
                    "UTF-8",
                    ",",
                    1,
                    {"R-ID-DAMAGED", "R-ID-INVALID"}},
        Expectation{
            "salesforce_utf16.csv", "Salesforce contacts", "UTF-16LE with BOM", "tab", 1, {}},
        Expectation{"hubspot_contacts.csv", "HubSpot contacts", "UTF-8", ",", 1, {"R-ID-DAMAGED"}},
        Expectation{"hubspot_semicolon_latin.csv",
                    "HubSpot contacts",
                    "windows-1252 (guessed)",
                    ";",
                    1,
                    {}},
        Expectation{"hubspot_internal_names.csv", "HubSpot contacts", "UTF-8", ",", 1, {}},
        Expectation{"hubspot_deals.csv", "HubSpot deals", "UTF-8", ",", 1, {}},
        Expectation{"zoho_contacts.csv", "Zoho contacts", "UTF-8", ",", 2, {"R-ID-DAMAGED"}},
        Expectation{"zoho_deals.csv", "Zoho deals", "UTF-8", ",", 2, {}},
        Expectation{"pipedrive_people.csv", "Pipedrive people", "UTF-8", ",", 2, {}},
        Expectation{"pipedrive_deals.csv", "Pipedrive deals", "UTF-8", ",", 3, {}},
        Expectation{"dynamics_contacts.csv",
                    "Dynamics contacts",
                    "UTF-8",
                    ",",
                    1,
                    {"R-TYPE", "R-ID-INVALID"}},
        Expectation{"dynamics_opportunities.csv", "Dynamics opportunities", "UTF-8", ",", 2, {}},
        Expectation{"suitecrm_contacts.csv", "SuiteCRM contacts", "UTF-8", ",", 1, {"R-TYPE"}},
        Expectation{"suitecrm_leads.csv", "SuiteCRM leads", "UTF-8", ",", 1, {}},
        Expectation{"espocrm_contacts.csv", "EspoCRM contacts", "UTF-8", ",", 1, {}},
        Expectation{"espocrm_opportunities.csv", "EspoCRM opportunities", "UTF-8", ",", 1, {}},
        Expectation{
            "odoo_partners.csv", "Odoo contacts", "UTF-8", ",", 2, {"R-CHILD-ROW", "R-ID-INVALID"}},
        Expectation{"odoo_leads.csv", "Odoo leads and opportunities", "UTF-8", ",", 3, {}},
        Expectation{"google_new.csv", "Google contacts", "UTF-8 with BOM", ",", 2, {"R-NOBODY"}},
        Expectation{"google_old.csv", "Google contacts", "UTF-8", ",", 1, {}},
        Expectation{"outlook_english.csv", "Outlook contacts", "UTF-8", ",", 2, {"R-NOBODY"}},
        Expectation{
            "outlook_german.csv", "Outlook contacts", "windows-1252 (guessed)", ";", 1, {}}),
    [](const auto& expectation) {
      return std::string(expectation.param.file.substr(0, expectation.param.file.find('.')));
    });

}  // namespace
}  // namespace referrald::corpus
