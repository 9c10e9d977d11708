#include "connectors/format/csv_writer.h"

#include <gtest/gtest.h>

#include "tests/connectors/format/read_all.h"

namespace referrald::format {
namespace {

using namespace std::literals;

std::string Row(const CsvWriterOptions& options, std::vector<std::string_view> cells) {
  const Result<std::unique_ptr<CsvWriter>> writer = CsvWriter::Make(options);
  std::string out;
  (*writer)->AppendRow(cells, out);
  return out;
}

CsvWriterOptions AsNeeded() {
  CsvWriterOptions options;
  options.quoting = CsvQuoting::kAsNeeded;
  return options;
}

TEST(CsvWriter, QuotesAll) { EXPECT_EQ(Row({}, {"a", "", "b\"c"}), "\"a\",\"\",\"b\"\"c\"\r\n"); }

TEST(CsvWriter, QuotesWhatNeedsIt) {
  EXPECT_EQ(Row(AsNeeded(), {"a", "", "b,c", "d\ne", "f\"g", " h", "i;j"}),
            "a,,\"b,c\",\"d\ne\",\"f\"\"g\",\" h\",i;j\r\n");
  EXPECT_EQ(Row(AsNeeded(), {""}), "\"\"\r\n");
}

TEST(CsvWriter, LeavesFormulasAloneInMachineFiles) {
  EXPECT_EQ(Row(AsNeeded(), {"+49 30 1234", "-5", "'tis", "@home"}),
            "+49 30 1234,-5,'tis,@home\r\n");
}

TEST(CsvWriter, NeutralisesFormulasInHumanFiles) {
  CsvWriterOptions options = AsNeeded();
  options.neutralise_formulas = true;
  EXPECT_EQ(Row(options, {"=1+1", "+1", "@x", "\tx", "x=1", "＝1"}),
            "\"'=1+1\",\"'+1\",\"'@x\",\"'\tx\",x=1,\"'＝1\"\r\n");
}

TEST(CsvWriter, WritesOtherEncodings) {
  CsvWriterOptions options = AsNeeded();
  options.encoding = "UTF-16LE";
  options.line_end = "\n";
  EXPECT_EQ(Row(options, {"é", "b"}), "\xe9\0,\0b\0\n\0"sv);
  options.encoding = "windows-1252";
  EXPECT_EQ(Row(options, {"é€", "Иb"}), "\xe9\x80,?b\n");
  options.encoding = "nothing";
  EXPECT_EQ(CsvWriter::Make(options).error().number(), 2002);
}

// A quarantined row comes back as it was, in the file's own form.
TEST(CsvWriter, AppendsReasonsToARowOfAnotherFile) {
  struct Case {
    std::string file;
    std::string expected;
  };
  const Case cases[] = {
      {"a;b;c\r\n1;\"x;y\"\r\n", "1;\"x;y\";;7;why\r\n"},
      {"a,b,c\n1,Jos\xe9\n", "1,Jos\xe9,,7,why\n"},
      {"a,b\n1,2", "1,2,7,why\n"},
      {"\xff\xfe"
       "a\0,\0b\0\n\0"
       "1\0,\0\xe9\0\n\0"s,
       "1\0,\0\xe9\0,\0"
       "7\0,\0w\0h\0y\0\n\0"s},
  };
  for (const Case& c : cases) {
    const ReadResult read = ReadAll(c.file);
    ASSERT_EQ(read.rows.size(), 1U);
    const Result<std::unique_ptr<CsvWriter>> writer = CsvWriter::Make(SameFormAs(read.format));
    ASSERT_TRUE(writer);
    std::string out;
    const std::string_view extra[] = {"7", "why"};
    const ReadRow& row = read.rows[0];
    (*writer)->AppendRaw(row.raw, read.header.size() - row.cell_count, extra, out);
    EXPECT_EQ(out, c.expected);
  }
}

TEST(CsvWriter, WritesTheMarkInItsEncoding) {
  CsvWriterOptions options;
  options.byte_order_mark = true;
  std::string out;
  (*CsvWriter::Make(options))->AppendPreamble(out);
  EXPECT_EQ(out, "\xef\xbb\xbf");
  options.encoding = "UTF-16LE";
  out.clear();
  (*CsvWriter::Make(options))->AppendPreamble(out);
  EXPECT_EQ(out, "\xff\xfe");
}

}  // namespace
}  // namespace referrald::format
