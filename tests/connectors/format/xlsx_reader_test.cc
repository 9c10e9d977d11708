#include "connectors/format/xlsx_reader.h"

#include <gmock/gmock.h>

#include "connectors/format/workbook.h"
#include "tests/connectors/format/zip_maker.h"
#include "tests/support/temp_dir.h"

namespace referrald::format {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kHeader =
    "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Id</t></is></c>"
    "<c r=\"B1\" t=\"inlineStr\"><is><t>Name</t></is></c>"
    "<c r=\"C1\" t=\"inlineStr\"><is><t>When</t></is></c></row>";

class XlsxTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<TableReader>> Open(const Members& members,
                                            const XlsxOptions& options = {}) {
    WriteZip(dir_ / "book", members);
    return OpenXlsx(dir_ / "book", options);
  }
  // Of the one row below the header.
  std::vector<std::string> CellsOf(const std::string& cells, const std::string& strings = "",
                                   const std::string& properties = "") {
    auto reader = Open(
        WorkbookOf(std::string(kHeader) + "<row r=\"7\">" + cells + "</row>", strings, properties));
    EXPECT_TRUE(reader) << reader.error().ToString();
    if (!reader) return {};
    const Result<TableItem> item = (*reader)->Next();
    EXPECT_TRUE(item) << item.error().ToString();
    if (const auto* error = std::get_if<TableRowError>(&*item)) return {error->code};
    const auto* row = std::get_if<TableRow>(&*item);
    EXPECT_NE(row, nullptr);
    if (row == nullptr) return {};
    EXPECT_EQ(row->line, 7U);
    EXPECT_EQ(row->record, 2U);
    raw_ = row->raw;
    return {row->cells.begin(), row->cells.end()};
  }

  const support::TempDir dir_;
  std::string raw_;
};

TEST_F(XlsxTest, ReadsTextsOfEveryKind) {
  EXPECT_THAT(CellsOf("<c r=\"A7\" t=\"s\"><v>1</v></c>"
                      "<c r=\"B7\" t=\"str\"><f>A1&amp;\"x\"</f><v>Åsa, &quot;A&quot;</v></c>"
                      "<c r=\"C7\" t=\"b\"><v>1</v></c>",
                      "<si><t>zero</t></si><si><r><t>one </t></r><r><t>two</t></r>"
                      "<rPh><t>phonetic</t></rPh></si>"),
              ElementsAre("one two", "Åsa, \"A\"", "true"));
  EXPECT_EQ(raw_, "one two,\"Åsa, \"\"A\"\"\",true\r\n");
}

TEST_F(XlsxTest, NumbersStayWhatTheyAre) {
  EXPECT_THAT(CellsOf("<c r=\"A7\"><v>7.6226001E7</v></c><c r=\"B7\"><v>123456789012345</v></c>"
                      "<c r=\"C7\" s=\"3\"><v>0.25</v></c>"),
              ElementsAre("76226001", "123456789012345", "0.25"));
  // What a spreadsheet has lost stays visibly lost: the connector refuses such an id.
  EXPECT_THAT(CellsOf("<c r=\"A7\"><v>1.91431E+18</v></c>"), ElementsAre("1.91431E+18", "", ""));
}

TEST_F(XlsxTest, DaysAndMomentsAreTextsInBothSystems) {
  const std::string cells =
      "<c r=\"A7\" s=\"1\"><v>45363</v></c><c r=\"B7\" s=\"2\"><v>45363.385416666664</v></c>"
      "<c r=\"C7\" s=\"4\"><v>45363.5</v></c>";
  EXPECT_THAT(CellsOf(cells),
              ElementsAre("2024-03-12", "2024-03-12 09:15:00", "2024-03-12 12:00:00"));
  EXPECT_THAT(CellsOf(cells, "", "date1904=\"1\""),
              ElementsAre("2028-03-13", "2028-03-13 09:15:00", "2028-03-13 12:00:00"));
}

TEST_F(XlsxTest, SparseCellsAndRowsKeepTheirPlaces) {
  EXPECT_THAT(CellsOf("<c r=\"C7\"><v>9</v></c>"), ElementsAre("", "", "9"));
  EXPECT_THAT(CellsOf("<c><v>1</v></c><c><v>2</v></c>"), ElementsAre("1", "2", ""));
  EXPECT_THAT(CellsOf("<c r=\"E7\"><v>9</v></c>"), ElementsAre("R-COLUMNS"));
}

TEST_F(XlsxTest, AnErrorCellCostsItsRow) {
  EXPECT_THAT(CellsOf("<c r=\"A7\" t=\"e\"><v>#REF!</v></c>"), ElementsAre("R-ERROR-CELL"));
}

TEST_F(XlsxTest, SkipsHiddenSheetsAndTakesANamedOne) {
  const Members members = WorkbookOf(std::string(kHeader));
  auto reader = Open(members);
  ASSERT_TRUE(reader) << reader.error().ToString();
  EXPECT_THAT((*reader)->header(), ElementsAre("Id", "Name", "When"));
  EXPECT_TRUE(std::holds_alternative<TableEnd>(*(*reader)->Next()));
  EXPECT_EQ(Open(members, {.sheet = "Nobody"}).error().number(), 2007);
  EXPECT_EQ(Open(members, {.sheet = "Secret"}).error().number(), 2003);
}

TEST_F(XlsxTest, LimitsCellsColumnsRowsAndSharedTexts) {
  const std::string rows = std::string(kHeader) + "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>" +
                           std::string(200, 'x') +
                           "</v></c></row><row r=\"3\"><c r=\"A3\"><v>1</v></c></row>";
  auto reader = Open(WorkbookOf(rows), {.sheet = {}, .cell_bytes_max = 100, .row_count_max = 1});
  ASSERT_TRUE(reader);
  const Result<TableItem> first = (*reader)->Next();
  ASSERT_TRUE(std::holds_alternative<TableRowError>(*first));
  EXPECT_EQ(std::get<TableRowError>(*first).code, "R-LIMIT");
  EXPECT_EQ((*reader)->Next().error().number(), 2008);
  EXPECT_EQ(
      Open(WorkbookOf(std::string(kHeader)), {.sheet = {}, .column_count_max = 2}).error().number(),
      2008);
}

TEST_F(XlsxTest, EntitiesAreRefused) {
  Members members = WorkbookOf(std::string(kHeader));
  members.back().second =
      "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><worksheet><sheetData>"
      "<row><c t=\"str\"><v>&b;</v></c></row></sheetData></worksheet>";
  const auto reader = Open(members);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().number(), 2001);
  EXPECT_THAT(reader.error().message(), HasSubstr("entities"));
}

TEST_F(XlsxTest, WhatIsNoWorkbookIsNamed) {
  EXPECT_EQ(Open({{"a.txt", "x"}}).error().number(), 2001);
  Members damaged = WorkbookOf("<row><c></row>");
  EXPECT_EQ(Open(damaged).error().number(), 2001);
  EXPECT_EQ(Open(WorkbookOf("")).error().number(), 2003);
}

TEST(FormOf, TellsDaysMomentsAndNumbersApart) {
  EXPECT_EQ(FormOf("yyyy\\-mm\\-dd"), NumberForm::kDate);
  EXPECT_EQ(FormOf("d/m/yy h:mm"), NumberForm::kDateTime);
  EXPECT_EQ(FormOf("[$-409]h:mm:ss AM/PM"), NumberForm::kDateTime);
  EXPECT_EQ(FormOf("0.00"), NumberForm::kPlain);
  EXPECT_EQ(FormOf("0 \"days\""), NumberForm::kPlain);
  EXPECT_EQ(FormOf("[Red]#,##0"), NumberForm::kPlain);
  EXPECT_EQ(FormOf("0_d"), NumberForm::kPlain);
}

TEST(DateText, KnowsNoDayBeforeTheFirst) {
  EXPECT_EQ(DateText(-1, NumberForm::kDate, false), "");
  EXPECT_EQ(DateText(1e9, NumberForm::kDate, false), "");
  EXPECT_EQ(DateText(0.5, NumberForm::kDateTime, true), "1904-01-01 12:00:00");
}

}  // namespace
}  // namespace referrald::format
