#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "connectors/format/table_file.h"
#include "connectors/registry/discover.h"
#include "storage/base/text.h"
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

struct Counted {
  int rows = 0, bad = 0;
  int number = 0;  // With which reading ended; 0: at the end.
};
Counted CountRows(format::TableReader& reader) {
  Counted counted;
  for (;;) {
    const Result<format::TableItem> item = reader.Next();
    if (!item) counted.number = item.error().number();
    if (!item || std::holds_alternative<format::TableEnd>(*item)) return counted;
    ++(std::holds_alternative<format::TableRow>(*item) ? counted.rows : counted.bad);
  }
}

// As README.md tells them.
struct TortureFile {
  std::string_view file, encoding, delimiter;
  size_t columns;
  int rows, bad, number;  // `number`: with which it cannot be opened, or ends.
};
constexpr TortureFile kTortureFiles[] = {
    {"csv-torture/PapaParse/long-sample.csv", "UTF-8", ",", 7, 7, 0, 0},
    {"csv-torture/PapaParse/malformed.tsv", "UTF-8", "tab", 8, 6, 1, 2004},
    {"csv-torture/PapaParse/sample-header.csv", "UTF-8", ",", 2, 2, 0, 0},
    {"csv-torture/PapaParse/sample.csv", "UTF-8", ",", 3, 1, 0, 0},
    {"csv-torture/PapaParse/utf-8-bom-sample.csv", "UTF-8 with BOM", ",", 3, 1, 0, 0},
    {"csv-torture/frictionless-py/blank-cells.csv", "UTF-8", ",", 2, 5, 0, 0},
    {"csv-torture/frictionless-py/blank-headers.csv", "UTF-8", ",", 3, 2, 0, 0},
    {"csv-torture/frictionless-py/blank-rows-multiple.csv", "UTF-8", ",", 3, 2, 0, 0},
    {"csv-torture/frictionless-py/bom.csv", "UTF-8 with BOM", ",", 2, 2, 0, 0},
    {"csv-torture/frictionless-py/chunk1.csv.zip", "", "", 0, 0, 0, 2001},
    {"csv-torture/frictionless-py/defective-rows.csv", "UTF-8", ",", 3, 1, 1, 0},
    {"csv-torture/frictionless-py/delimiter.csv", "UTF-8", ";", 2, 2, 0, 0},
    {"csv-torture/frictionless-py/doublequote.csv", "UTF-8", ",", 17, 5, 0, 0},
    {"csv-torture/frictionless-py/duplicate-column.csv", "UTF-8", ",", 4, 1, 0, 0},
    {"csv-torture/frictionless-py/duplicate-headers.csv", "UTF-8", ",", 5, 2, 0, 0},
    {"csv-torture/frictionless-py/empty.csv", "", "", 0, 0, 0, 2003},
    {"csv-torture/frictionless-py/encoding-issue-274.csv", "UTF-8", ",", 17, 507, 0, 0},
    {"csv-torture/frictionless-py/escaping.csv", "UTF-8", ",", 2, 3, 0, 0},
    {"csv-torture/frictionless-py/invalid.csv", "UTF-8", ",", 4, 2, 1, 0},
    {"csv-torture/frictionless-py/issue-1009-semicolon.csv", "UTF-8", ";", 2, 1, 0, 0},
    {"csv-torture/frictionless-py/issue-1105-timezone.csv", "UTF-8", ";", 2, 2, 0, 0},
    {"csv-torture/frictionless-py/latin1.csv", "windows-1252 (guessed)", ",", 2, 2, 0, 0},
    {"csv-torture/frictionless-py/leading-zeros.csv", "UTF-8", ",", 1, 3, 0, 0},
    {"csv-torture/frictionless-py/merged-cells.xls", "", "", 0, 0, 0, 2001},
    {"csv-torture/frictionless-py/merged-cells.xlsx", "Excel workbook", "", 1, 0, 0, 0},
    {"csv-torture/frictionless-py/multiline-headers.xlsx", "Excel workbook", "", 3, 1, 2, 0},
    {"csv-torture/frictionless-py/skip-rows-before-headers.csv", "UTF-8", ";", 1, 3, 0, 0},
    {"csv-torture/frictionless-py/structure-errors.csv", "UTF-8", ",", 3, 2, 1, 0},
    {"csv-torture/frictionless-py/table-infer-utf8.csv", "UTF-8", ",", 3, 5, 0, 0},
    {"csv-torture/frictionless-py/table.csv.gz", "UTF-8", ",", 2, 2, 0, 0},
    {"csv-torture/frictionless-py/table.csv.zip", "", "", 0, 0, 0, 2001},
    {"csv-torture/frictionless-py/timezone-with-id.csv", "UTF-8", ",", 3, 4, 0, 0},
    {"csv-torture/frictionless-py/without-headers.csv", "UTF-8", ",", 2, 2, 0, 0},
    {"csv-torture/messytables/complex.csv", "UTF-8", ",", 4, 3, 0, 0},
    {"csv-torture/messytables/excel_pasting.csv", "UTF-8", ",", 9, 18, 0, 0},
    {"csv-torture/messytables/null.csv", "UTF-8", ",", 4, 9, 0, 0},
    {"csv-torture/messytables/simple.csv", "UTF-8", ",", 3, 6, 0, 0},
    {"csv-torture/messytables/simple.xls", "", "", 0, 0, 0, 2001},
    {"csv-torture/messytables/simple.xlsx", "Excel workbook", "", 3, 6, 0, 0},
    {"csv-torture/messytables/simple.zip", "", "", 0, 0, 0, 2001},
    {"csv-torture/messytables/skip_initials.csv", "UTF-8", ",", 2, 2, 0, 0},
    {"csv-torture/messytables/small.csv", "UTF-8", ",", 1, 0, 0, 0},
    {"csv-torture/messytables/spanish_chars.csv", "windows-1252 (guessed)", ",", 8, 115, 0, 0},
    {"csv-torture/messytables/utf-16le_encoded.csv", "UTF-16LE with BOM", ",", 19, 327, 0, 0},
    {"csv-torture/messytables/utf8bom.csv", "UTF-8 with BOM", ",", 2, 0, 0, 0},
    {"csv-torture/tablib/dates.xls", "", "", 0, 0, 0, 2001},
    {"csv-torture/tablib/founders.xlsx", "Excel workbook", "", 3, 3, 0, 0},
    {"csv-torture/tablib/ragged.xlsx", "Excel workbook", "", 2, 1, 0, 0},
    {"salesforce/dataloader/accountsForInsert.csv", "UTF-8", ",", 4, 4, 0, 0},
    {"salesforce/dataloader/csvEscapedQuotes.csv", "UTF-8", ",", 2, 2, 0, 0},
    {"salesforce/dataloader/csvSeparator.csv", "UTF-8", ",", 3, 2, 0, 0},
    {"salesforce/dataloader/csvtext.csv", "UTF-8", ",", 3, 2, 0, 0},
    {"salesforce/dataloader/csvtext_BOM_UTF16LE.csv", "UTF-16LE with BOM", ",", 3, 2, 0, 0},
    {"salesforce/dataloader/csvtext_BOM_UTF32BE.csv", "", "", 0, 0, 0, 2002},
    {"salesforce/dataloader/csvtext_BOM_UTF8.csv", "UTF-8 with BOM", ",", 3, 2, 0, 0},
    {"salesforce/dataloader/dateEndingInZ.csv", "UTF-8", ",", 9, 1, 0, 0},
    {"salesforce/dataloader/dateOnlyWithTimeZone.csv", "UTF-8", ",", 8, 2, 0, 0},
    {"salesforce/dataloader/deleteAccountCsvTemplate.csv", "UTF-8", ",", 1, 100, 0, 0},
    {"salesforce/dataloader/emptyFirstRowFieldValueInCsvTemplate.csv", "UTF-8", ",", 3, 2, 0, 0},
    {"salesforce/dataloader/error0413060133.csv", "UTF-8", ",", 32, 11, 0, 0},
    {"salesforce/dataloader/opportunityData.csv", "UTF-8", ",", 31, 38, 0, 0},
    {"salesforce/dataloader/success0413060133.csv", "UTF-8", ",", 32, 9, 0, 0},
    {"salesforce/dataloader/timeZoneFormatTesting.csv", "UTF-8", ",", 2, 12, 0, 0},
    {"salesforce/dataloader/updateAccountWithExternalIdCsvTemplate.csv", "UTF-8", ",", 6, 5, 0, 0},
    {"salesforce/dataloader/upsertAccountSmallTemplate.csv", "UTF-8", ",", 7, 10, 0, 0},
    {"salesforce/dataloader/upsertFkAccountNewFormatCsvTemplate.csv", "UTF-8", ",", 8, 5, 0, 0},
};

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

// What PapaParse, frictionless, messytables, tablib and Data Loader test themselves with: read with
// as many columns, rows and bad rows as there are, or refused with a number. README.md says why.
TEST_F(SharedCorpus, TortureFilesAreReadOrRefusedAsTheyShouldBe) {
  for (const TortureFile& expected : kTortureFiles) {
    SCOPED_TRACE(expected.file);
    const std::string path = Path(std::string(expected.file));
    const auto bytes = format::OpenFile(path);
    ASSERT_TRUE(bytes);
    const Result<format::OpenedTable> table = format::OpenTable(**bytes, path, {});
    if (!table) {
      EXPECT_EQ(table.error().number(), expected.number);
      continue;
    }
    EXPECT_EQ(table->reader->format().encoding, expected.encoding);
    EXPECT_EQ(table->reader->format().delimiter_name, expected.delimiter);
    EXPECT_EQ(table->reader->header().size(), expected.columns);
    const Counted counted = CountRows(*table->reader);
    EXPECT_EQ(counted.rows, expected.rows);
    EXPECT_EQ(counted.bad, expected.bad);
    EXPECT_EQ(counted.number, expected.number);
  }
}

// The values themselves, where a file is there to show one thing.
TEST_F(SharedCorpus, TortureFilesSayWhatTheySay) {
  struct Cell {
    std::string_view file;
    int row;
    size_t column;
    std::string_view text;
  };
  constexpr Cell kCells[] = {
      {"csv-torture/frictionless-py/leading-zeros.csv", 1, 0, "01"},
      {"csv-torture/frictionless-py/escaping.csv", 1, 1, "Test line 1"},
      {"csv-torture/frictionless-py/latin1.csv", 2, 1, "\u00a9"},
      {"csv-torture/frictionless-py/bom.csv", 2, 1, "\u4e2d\u56fd\u4eba"},
      {"csv-torture/frictionless-py/issue-1009-semicolon.csv", 1, 0, "0123"},
      {"csv-torture/frictionless-py/table.csv.gz", 2, 1, "\u4e2d\u56fd\u4eba"},
      {"csv-torture/messytables/simple.xlsx", 1, 0, "2011-01-01"},
      {"csv-torture/messytables/simple.xlsx", 1, 2, "Galway"},
      {"csv-torture/messytables/utf-16le_encoded.csv", 1, 1, "Enfield PCT"},
      {"csv-torture/messytables/null.csv", 1, 3, "null"},
      {"csv-torture/tablib/founders.xlsx", 1, 0, "John"},
      {"salesforce/dataloader/csvEscapedQuotes.csv", 1, 0, "\"The Best\" Account"},
      {"salesforce/dataloader/csvtext_BOM_UTF16LE.csv", 1, 2, "row1-3"},
      {"salesforce/dataloader/csvSeparator.csv", 1, 1, "col12!somev1"},
  };
  for (const Cell& cell : kCells) {
    SCOPED_TRACE(cell.file);
    const std::string path = Path(std::string(cell.file));
    const auto bytes = format::OpenFile(path);
    const Result<format::OpenedTable> table = format::OpenTable(**bytes, path, {});
    ASSERT_TRUE(table) << table.error().ToString();
    for (int row = 1;; ++row) {
      const Result<format::TableItem> item = table->reader->Next();
      ASSERT_TRUE(item && std::holds_alternative<format::TableRow>(*item));
      if (row < cell.row) continue;
      EXPECT_EQ(Trim(std::get<format::TableRow>(*item).cells[cell.column]), cell.text);
      break;
    }
  }
}

TEST_F(SharedCorpus, EuropeanFilesKeepTheirColumns) {
  const MappedFile file = MapFile(Path("generic-crm/groweasy-csv-importer/european-semicolon.csv"));
  EXPECT_EQ(file.read.format.delimiter, ';');
  EXPECT_EQ(file.read.header.size(), 5U);
}

}  // namespace
}  // namespace referrald::corpus
