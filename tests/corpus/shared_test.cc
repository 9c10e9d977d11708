#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "connectors/format/table_file.h"
#include "connectors/registry/discover.h"
#include "tests/corpus/map_file.h"
#include "tests/support/temp_dir.h"

// Public export files and torture cases, where a checkout has them beside it.
namespace referrald::corpus {
namespace {

namespace fs = std::filesystem;

// The codes of the cards that cannot be used; counts the others.
std::vector<std::string> CodesOf(const std::string& path, size_t& usable) {
  const auto bytes = format::OpenFile(path);
  const Result<format::OpenedTable> table = format::OpenTable(**bytes, path, {});
  if (!table) return {table.error().ToString()};
  const connectors::Header header(table->reader->header());
  const auto found = registry::RecogniseAny(header);
  const auto mapping = connectors::Mapping::Bind(*found->connector, found->object, {}, header);
  std::vector<std::string> codes;
  for (;;) {
    const Result<format::TableItem> item = table->reader->Next();
    if (!item) return {item.error().ToString()};
    if (std::holds_alternative<format::TableEnd>(*item)) return codes;
    if (const auto* error = std::get_if<format::TableRowError>(&*item)) {
      codes.push_back(error->code);
      continue;
    }
    const auto outcome = mapping->Map(std::get<format::TableRow>(*item).cells);
    const auto* error = std::get_if<connectors::RowError>(&outcome);
    if (error != nullptr) codes.push_back(error->code + " " + error->column);
    usable += error == nullptr ? 1 : 0;
  }
}

class SharedCorpus : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(root_)) GTEST_SKIP() << "the public corpus is not beside this checkout";
  }
  std::string Path(const std::string& name) const { return (root_ / name).string(); }

  const fs::path root_ = REFERRALD_SHARED_CORPUS;
};

TEST_F(SharedCorpus, CsvSpectrumGivesTheExpectedRows) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(root_ / "csv-torture/csv-spectrum")) {
    // The expectation of location_coordinates was made from other data than its file.
    if (entry.path().extension() != ".csv" || entry.path().stem() == "location_coordinates")
      continue;
    SCOPED_TRACE(entry.path().filename());
    const MappedFile file = MapFile(entry.path().string());
    ASSERT_TRUE(file.read.status.ok()) << file.read.status.message();
    nlohmann::json rows = nlohmann::json::array();
    for (const format::ReadRow& row : file.read.rows) {
      nlohmann::json object = nlohmann::json::object();
      for (size_t i = 0; i < row.cells.size(); ++i) object[file.read.header[i]] = row.cells[i];
      rows.push_back(object);
    }
    std::string expected = support::ReadFile(fs::path(entry.path()).replace_extension(".json"));
    // Inside quotes we make CR LF a line feed; the expectations keep it.
    for (size_t at = expected.find("\\r\\n"); at != std::string::npos;
         at = expected.find("\\r\\n")) {
      expected.erase(at, 2);
    }
    EXPECT_EQ(rows, nlohmann::json::parse(expected));
    ++count;
  }
  EXPECT_GE(count, 10U);
}

// Every CSV file of the corpus is read whole, or refused with a number and a remedy.
TEST_F(SharedCorpus, EveryFileIsReadOrRefusedWithANumber) {
  size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    const std::string extension = entry.path().extension();
    if (!entry.is_regular_file() || (extension != ".csv" && extension != ".tsv")) continue;
    SCOPED_TRACE(entry.path());
    const MappedFile file = MapFile(entry.path().string());
    EXPECT_TRUE(file.read.status.ok() || file.read.status.number() >= 2000);
    for (const format::ReadRow& row : file.read.rows) {
      EXPECT_TRUE(row.code.empty() || row.number >= 2100);
    }
    ++count;
  }
  EXPECT_GE(count, 80U);
}

TEST_F(SharedCorpus, AWrongByteOrderMarkIsAnEncodingError) {
  EXPECT_EQ(MapFile(Path("salesforce/dataloader/csvtext_BOM_UTF32BE.csv")).read.status.number(),
            2002);
  const MappedFile little = MapFile(Path("salesforce/dataloader/csvtext_BOM_UTF16LE.csv"));
  EXPECT_EQ(little.read.format.encoding, "UTF-16LE with BOM");
  EXPECT_EQ(little.read.header, (std::vector<std::string>{"column1", "column2", "column3"}));
}

TEST_F(SharedCorpus, DataLoaderOpportunitiesAllMap) {
  const MappedFile file = MapFile(Path("salesforce/dataloader/opportunityData.csv"));
  EXPECT_EQ(file.kind, "Salesforce opportunities");
  EXPECT_TRUE(file.errors.empty()) << file.errors[0];
  EXPECT_EQ(file.drafts.size(), file.read.rows.size());
  EXPECT_GE(file.drafts.size(), 30U);
}

TEST_F(SharedCorpus, MadeUpIdsAreRefusedAndRealOnesAreNot) {
  const MappedFile leads = MapFile(Path("salesforce/groweasy-csv-importer/salesforce-leads.csv"));
  EXPECT_EQ(leads.kind, "Salesforce leads");
  EXPECT_TRUE(leads.drafts.empty());
  const MappedFile contacts = MapFile(Path("hubspot/groweasy-csv-importer/25-hubspot-export.csv"));
  EXPECT_EQ(contacts.kind, "HubSpot contacts");
  EXPECT_TRUE(contacts.errors.empty());
}

// Every file of the collection that is one of a system's people, organisations or deals.
TEST_F(SharedCorpus, DiscoveryNamesSystemAndObject) {
  struct Known {
    std::string_view file, connector, object;
  };
  constexpr Known kKnown[] = {
      {"dynamics/dbt_dynamics_365_crm/contact_data.csv", "dynamics", "contact"},
      {"hubspot/agency-data-onboarding-kit/hubspot_contacts.csv", "hubspot", "Contact"},
      {"hubspot/dbt_hubspot/company_data.csv", "hubspot", "Company"},
      {"hubspot/dbt_hubspot/contact_data.csv", "hubspot", "Contact"},
      {"hubspot/dbt_hubspot/deal_data.csv", "hubspot", "Deal"},
      {"hubspot/groweasy-csv-importer/25-hubspot-export.csv", "hubspot", "Contact"},
      {"salesforce/apex-recipes/Accounts.csv", "salesforce", "Account"},
      {"salesforce/apex-recipes/Contacts.csv", "salesforce", "Contact"},
      {"salesforce/dataloader/dateEndingInZ.csv", "salesforce", "Account"},
      {"salesforce/dataloader/dateOnlyWithTimeZone.csv", "salesforce", "Account"},
      {"salesforce/dataloader/emptyFirstRowFieldValueInCsvTemplate.csv", "salesforce", "Account"},
      {"salesforce/dataloader/error0413060133.csv", "salesforce", "Opportunity"},
      {"salesforce/dataloader/opportunityData.csv", "salesforce", "Opportunity"},
      {"salesforce/dataloader/success0413060133.csv", "salesforce", "Opportunity"},
      {"salesforce/dataloader/updateAccountWithExternalIdCsvTemplate.csv", "salesforce", "Account"},
      {"salesforce/dataloader/upsertAccountSmallTemplate.csv", "salesforce", "Account"},
      {"salesforce/dataloader/upsertFkAccountNewFormatCsvTemplate.csv", "salesforce", "Account"},
      {"salesforce/dbt_salesforce/sf_account_data.csv", "salesforce", "Account"},
      {"salesforce/dbt_salesforce/sf_opportunity_data.csv", "salesforce", "Opportunity"},
      {"salesforce/groweasy-csv-importer/salesforce-leads.csv", "salesforce", "Lead"},
      {"salesforce/plugin-data/comma.csv", "salesforce", "Account"},
      {"salesforce/plugin-data/comma_wrapped_values.csv", "salesforce", "Account"},
      {"salesforce/plugin-data/semicolon.csv", "salesforce", "Account"},
      {"salesforce/plugin-data/tab.csv", "salesforce", "Account"},
      {"zoho/groweasy-csv-importer/zoho-crm-export.csv", "zoho", "Lead"},
  };
  for (const Known& known : kKnown) {
    const Result<registry::Discovery> found = registry::Discover(Path(std::string(known.file)));
    ASSERT_TRUE(found) << known.file << ": " << found.error().ToString();
    ASSERT_NE(found->connector, nullptr) << known.file;
    EXPECT_EQ(found->connector->name, known.connector) << known.file;
    EXPECT_EQ(found->object->object, known.object) << known.file;
  }
  // Of systems, but neither people, nor organisations, nor deals: histories, links, activities.
  for (const std::string_view other :
       {"hubspot/dbt_hubspot/contact_merge_audit_data.csv",
        "hubspot/dbt_hubspot/deal_company_data.csv", "hubspot/dbt_hubspot/deal_contact_data.csv",
        "hubspot/dbt_hubspot/engagement_meeting_data.csv",
        "salesforce/dbt_salesforce/sf_opportunity_history_data.csv",
        "salesforce/dbt_salesforce/sf_task_data.csv", "salesforce/apex-recipes/Campaigns.csv"}) {
    const Result<registry::Discovery> found = registry::Discover(Path(std::string(other)));
    ASSERT_TRUE(found) << other;
    EXPECT_EQ(found->connector, nullptr) << other;
  }
}

// Cards of phones, mail programs and address books, some of them wrong on purpose.
TEST_F(SharedCorpus, CardsAreReadAndDamagedOnesNamed) {
  const std::map<std::string, std::vector<std::string>> refused = {
      {"v21_adr_multiple_line.vcf", {"R-CARD"}}};
  size_t count = 0, usable = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root_ / "vcard")) {
    if (entry.path().extension() != ".vcf") continue;
    SCOPED_TRACE(entry.path().filename());
    const std::vector<std::string> codes = CodesOf(entry.path().string(), usable);
    const auto known = refused.find(entry.path().filename());
    EXPECT_EQ(codes, known == refused.end() ? std::vector<std::string>() : known->second);
    ++count;
  }
  EXPECT_GE(count, 36U);
  EXPECT_GE(usable, 40U);
}

TEST_F(SharedCorpus, EuropeanFilesKeepTheirColumns) {
  const MappedFile file = MapFile(Path("generic-crm/groweasy-csv-importer/european-semicolon.csv"));
  EXPECT_EQ(file.read.format.delimiter, ';');
  EXPECT_EQ(file.read.header.size(), 5U);
}

}  // namespace
}  // namespace referrald::corpus
