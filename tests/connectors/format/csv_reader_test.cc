#include "connectors/format/csv_reader.h"

#include <gmock/gmock.h>

#include "tests/connectors/format/read_all.h"

namespace referrald::format {
namespace {

using namespace std::string_view_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(CsvReader, ReadsAPlainFile) {
  const ReadResult read = ReadAll("a,b,c\n1,2,3\n");
  EXPECT_TRUE(read.status.ok());
  EXPECT_THAT(read.header, ElementsAre("a", "b", "c"));
  EXPECT_EQ(read.header_raw, "a,b,c\n");
  EXPECT_EQ(CellsOf(read), (Table{{"1", "2", "3"}}));
  EXPECT_EQ(read.format.encoding, "UTF-8");
  EXPECT_EQ(read.format.delimiter_name, ",");
  EXPECT_EQ(read.bytes, 12U);
}

TEST(CsvReader, NumbersRecordsAndLinesApart) {
  const ReadResult read = ReadAll("a,b\n\n1,\"x\ny\"\n\n2,z\n");
  ASSERT_EQ(read.rows.size(), 2U);
  EXPECT_EQ(read.rows[0].record, 2U);
  EXPECT_EQ(read.rows[0].line, 3U);
  EXPECT_EQ(read.rows[0].raw, "1,\"x\ny\"\n");
  EXPECT_EQ(read.rows[1].record, 3U);
  EXPECT_EQ(read.rows[1].line, 6U);
}

TEST(CsvReader, ReadsEachLineEnd) {
  for (const std::string_view end : {"\n"sv, "\r\n"sv, "\r"sv}) {
    const std::string file = "a,b" + std::string(end) + "1,2" + std::string(end) + "3,4";
    const ReadResult read = ReadAll(file);
    EXPECT_EQ(CellsOf(read), (Table{{"1", "2"}, {"3", "4"}}));
    EXPECT_EQ(read.format.line_end, end);
  }
  EXPECT_EQ(CellsOf(ReadAll("a,b\r\n1,2\n3,4\r5,6\r\n")),
            (Table{{"1", "2"}, {"3", "4"}, {"5", "6"}}));
}

TEST(CsvReader, KeepsQuotedLineEndsAndMakesCrLfLf) {
  EXPECT_EQ(CellsOf(ReadAll("a,b\r\n\"x\r\ny\",\"p\nq\"\r\n")), (Table{{"x\ny", "p\nq"}}));
}

TEST(CsvReader, ReadsQuotesInAllTheirForms) {
  const ReadResult read = ReadAll(
      "a,b\n"
      "\"say \"\"hi\"\"\",\"\"\n"
      "6\" nail,it\"s\n"
      "\"x\" , \"y\"\n"
      "\"\"\"\",\n");
  EXPECT_EQ(CellsOf(read),
            (Table{{"say \"hi\"", ""}, {"6\" nail", "it\"s"}, {"x", "y"}, {"\"", ""}}));
}

TEST(CsvReader, RecognisesBackslashQuotes) {
  const ReadResult read = ReadAll("a,b\n\"say \\\"hi\\\" now\",2\n\"c:\\\\dir\",3\n");
  EXPECT_TRUE(read.format.backslash_quotes);
  EXPECT_EQ(CellsOf(read), (Table{{"say \"hi\" now", "2"}, {"c:\\dir", "3"}}));
  const ReadResult plain = ReadAll("a,b\n\"c:\\dir\\\",2\n");
  EXPECT_FALSE(plain.format.backslash_quotes);
  EXPECT_EQ(CellsOf(plain), (Table{{"c:\\dir\\", "2"}}));
}

TEST(CsvReader, TextAfterAQuoteCostsOneLineOnly) {
  const ReadResult read = ReadAll("a,b\n\"x\"y,1\n2,3\n\"open,4\n5,6\n7,\"z\"\n");
  ASSERT_EQ(read.rows.size(), 5U);
  EXPECT_EQ(read.rows[0].code, "R-QUOTE");
  EXPECT_EQ(read.rows[0].number, 2102);
  EXPECT_EQ(read.rows[0].raw, "\"x\"y,1\n");
  EXPECT_EQ(read.rows[2].code, "R-QUOTE");
  EXPECT_EQ(read.rows[2].raw, "\"open,4\n");
  EXPECT_THAT(read.rows[3].cells, ElementsAre("5", "6"));
  EXPECT_EQ(read.rows[3].line, 5U);
  EXPECT_THAT(read.rows[4].cells, ElementsAre("7", "z"));
}

TEST(CsvReader, TextAfterAQuoteOnALaterLineIsCutBackToTheFirst) {
  const ReadResult read = ReadAll("a,b,c\n\"x\ny\",1,\"z\"q\n2,3,4\n");
  EXPECT_EQ(CellsOf(read), (Table{{"R-QUOTE"}, {"R-QUOTE"}, {"2", "3", "4"}}));
  EXPECT_EQ(read.rows[0].raw, "\"x\n");
}

TEST(CsvReader, RecognisesEachDelimiter) {
  for (const char delimiter : ",;\t|^`"sv) {
    const std::string d(1, delimiter);
    const ReadResult read = ReadAll("a" + d + "b" + d + "c\n1" + d + "2" + d + "3\n");
    EXPECT_EQ(read.format.delimiter, delimiter);
    EXPECT_EQ(CellsOf(read), (Table{{"1", "2", "3"}}));
  }
}

TEST(CsvReader, ASemicolonFileWithDecimalCommasIsNotACommaFile) {
  const ReadResult read = ReadAll("name;amount;tags\nx;1,5;a,b,c\ny;2,5;\n");
  EXPECT_EQ(read.format.delimiter, ';');
  EXPECT_EQ(CellsOf(read), (Table{{"x", "1,5", "a,b,c"}, {"y", "2,5", ""}}));
}

TEST(CsvReader, ACommaFileWithMultiSelectsIsNotASemicolonFile) {
  const ReadResult read = ReadAll("id,tags\n1,a;b;c\n2,d;e\n");
  EXPECT_EQ(read.format.delimiter, ',');
}

TEST(CsvReader, BelievesASeparatorLine) {
  const ReadResult read = ReadAll("sep=;\na,x;b,y\n1;2\n");
  EXPECT_THAT(read.header, ElementsAre("a,x", "b,y"));
  ASSERT_EQ(read.rows.size(), 1U);
  EXPECT_EQ(read.rows[0].record, 2U);
  EXPECT_EQ(read.rows[0].line, 3U);
}

TEST(CsvReader, TakesAConfiguredDelimiter) {
  EXPECT_THAT(ReadAll("a:b,c\n1:2\n", {.encoding = "", .delimiter = ":"}).header,
              ElementsAre("a", "b,c"));
  EXPECT_THAT(ReadAll("a\tb,c,d\n", {.encoding = "", .delimiter = "tab"}).header,
              ElementsAre("a", "b,c,d"));
  EXPECT_EQ(ReadAll("a,b\n", {.encoding = "", .delimiter = "x"}).status.number(), 2005);
}

TEST(CsvReader, PadsShortRowsAndRefusesLongOnes) {
  const ReadResult read = ReadAll("a,b,c\n1\n1,2,3,,\n1,2,3,4\n5,6,7\n");
  ASSERT_EQ(read.rows.size(), 4U);
  EXPECT_THAT(read.rows[0].cells, ElementsAre("1", "", ""));
  EXPECT_EQ(read.rows[0].cell_count, 1U);
  EXPECT_FALSE(read.rows[0].looks_cut);
  EXPECT_THAT(read.rows[1].cells, ElementsAre("1", "2", "3"));
  EXPECT_EQ(read.rows[2].code, "R-COLUMNS");
  EXPECT_EQ(read.rows[2].number, 2101);
  EXPECT_EQ(read.totals.padded, 1U);
  EXPECT_EQ(read.totals.rows, 4U);
}

TEST(CsvReader, PassesOverBlankRowsAndRepeatedHeaders) {
  const ReadResult read = ReadAll(",,\n\na,b,c\n  \n,,\n\"\",,\n1,2,3\na,b,c\n4,5,6\n");
  EXPECT_THAT(read.header, ElementsAre("a", "b", "c"));
  ASSERT_EQ(read.rows.size(), 2U);
  EXPECT_EQ(read.rows[0].record, 2U);
  EXPECT_EQ(read.rows[1].record, 4U);
  EXPECT_EQ(read.totals.repeated_headers, 1U);
}

TEST(CsvReader, PassesOverFooters) {
  constexpr std::string_view kFooters[] = {"Grand Totals (", "Confidential"};
  const auto source = MakeMemorySource(
      "a,b\n1,2\n\n\"Grand Totals (1 records)\"\n\"Confidential Information\"\n"
      "Confidential,but a person\n");
  const ReadResult read = ReadFrom(*source, {}, kFooters);
  EXPECT_EQ(CellsOf(read), (Table{{"1", "2"}, {"Confidential", "but a person"}}));
  EXPECT_EQ(read.totals.footers, 2U);
}

TEST(CsvReader, FlagsAFileThatLooksCut) {
  const ReadResult cut = ReadAll("a,b,c\n1,2,3\n4,5");
  EXPECT_TRUE(cut.rows[1].looks_cut);
  EXPECT_TRUE(cut.totals.looks_cut);
  EXPECT_FALSE(ReadAll("a,b,c\n1,2,3\n4,5,6").totals.looks_cut);
}

TEST(CsvReader, AFileThatEndsInsideQuotesIsTruncated) {
  const ReadResult read = ReadAll("a,b\n1,2\n3,\"x\"\n\"4\n5\",\"open\n6,7\n");
  EXPECT_EQ(read.status.number(), 2004);
  EXPECT_THAT(read.status.message(), HasSubstr("line 5"));
  EXPECT_THAT(read.status.message(), HasSubstr("E-TRUNCATED"));
  EXPECT_EQ(read.rows.size(), 2U);
}

TEST(CsvReader, AFailureStays) {
  const auto source = MakeMemorySource("a,b\n\"open");
  auto reader = OpenCsv(*source, {});
  ASSERT_TRUE(reader);
  EXPECT_FALSE((*reader)->Next());
  EXPECT_EQ((*reader)->Next().error().number(), 2004);
}

TEST(CsvReader, EmptyFilesAreErrorsAndHeadersAloneAreNot) {
  EXPECT_EQ(ReadAll("").status.number(), 2003);
  EXPECT_EQ(ReadAll("\n\r\n  \n").status.number(), 2003);
  EXPECT_EQ(ReadAll("\xef\xbb\xbf").status.number(), 2003);
  const ReadResult read = ReadAll("a,b");
  EXPECT_TRUE(read.status.ok());
  EXPECT_TRUE(read.rows.empty());
}

TEST(CsvReader, NamesWhatIsNoCsv) {
  EXPECT_THAT(ReadAll("PK\x03\x04 .. [Content_Types].xml").status.message(), HasSubstr("xlsx"));
  EXPECT_THAT(ReadAll("PK\x03\x04 .. Contact.csv").status.message(), HasSubstr("zip archive"));
  EXPECT_THAT(ReadAll("\x1f\x8b\x08\x00"sv).status.message(), HasSubstr("gzip"));
  EXPECT_THAT(ReadAll("<html><table>").status.message(), HasSubstr("HTML"));
  EXPECT_EQ(ReadAll("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").status.number(), 2001);
}

TEST(CsvReader, LimitsRowsCellsAndColumns) {
  const std::string long_cell(100, 'x');
  CsvOptions options;
  options.cell_bytes_max = 50;
  const ReadResult cell = ReadAll("a,b\n1," + long_cell + "\n2,3\n", options);
  EXPECT_EQ(CellsOf(cell), (Table{{"R-LIMIT"}, {"2", "3"}}));
  EXPECT_EQ(cell.rows[0].number, 2105);

  options.row_bytes_max = 60;
  const ReadResult row = ReadAll("a,b\n1,2\n1," + long_cell + "\n", options);
  EXPECT_EQ(row.status.number(), 2008);
  EXPECT_THAT(row.status.message(), HasSubstr("line 3"));

  EXPECT_EQ(
      ReadAll("a,b,c\n", {.encoding = "", .delimiter = "", .column_count_max = 2}).status.number(),
      2008);
  EXPECT_EQ(ReadAll("a\n1\n2\n3\n", {.encoding = "", .delimiter = "", .row_count_max = 2})
                .status.number(),
            2008);
}

TEST(CsvReader, ARunawayQuoteEndsInBoundedMemory) {
  const std::string file = "a,b\n\"" + std::string(200'000, 'x') + "\n";
  CsvOptions options;
  options.row_bytes_max = 10'000;
  options.buffer_bytes = 1024;
  EXPECT_EQ(ReadAll(file, options).status.number(), 2008);
}

TEST(CsvReader, RefusesNulInARow) {
  const ReadResult read = ReadAll(
      "a,b\n1,x\0y\n2,3\n4,5555555555555555555555555555555555555555"
      "555555555555555555555555555555555555555555555555555555555\n"sv);
  EXPECT_EQ(read.rows[0].code, "R-BINARY");
  EXPECT_EQ(read.rows[0].number, 2104);
  EXPECT_THAT(read.rows[1].cells, ElementsAre("2", "3"));
}

class FailingSource final : public ByteSource {
 public:
  Result<size_t> Read(std::span<char> buffer) override {
    if (reads_++ > 0) return Status::IoError("the disk is gone");
    const std::string_view start = "a,b\n1,2\n";
    std::copy(start.begin(), start.end(), buffer.begin());
    return start.size();
  }

 private:
  int reads_ = 0;
};

TEST(CsvReader, PassesOnWhatTheSourceSays) {
  FailingSource source;
  EXPECT_EQ(ReadFrom(source).status.code(), Code::kIoError);
}

TEST(CsvReader, KeepsDuplicateAndEmptyTitles) {
  EXPECT_THAT(ReadAll("id,name,id,\n1,2,3,4\n").header, ElementsAre("id", "name", "id", ""));
}

}  // namespace
}  // namespace referrald::format
