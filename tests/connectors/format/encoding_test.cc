#include <gmock/gmock.h>

#include "connectors/format/csv_reader.h"
#include "tests/connectors/format/read_all.h"

namespace referrald::format {
namespace {

using namespace std::literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// `text` (ASCII, and letters below U+0800 in UTF-8) in units of two or four bytes.
std::string Widen(std::string_view text, size_t unit_bytes, bool big_endian) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    auto point = static_cast<uint32_t>(static_cast<unsigned char>(text[i]));
    if (point >= 0xc0) {
      point = (point & 0x1f) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3fU);
    }
    for (size_t byte = 0; byte < unit_bytes; ++byte) {
      const size_t shift = 8 * (big_endian ? unit_bytes - 1 - byte : byte);
      out.push_back(static_cast<char>(point >> shift & 0xff));
    }
  }
  return out;
}

constexpr std::string_view kText = "id,name\r\n1,José\r\n2,\"Zoë\r\nB\"\r\n";
const Table kCells = {{"1", "José"}, {"2", "Zoë\nB"}};

TEST(Encoding, ReadsUtf8WithAndWithoutMark) {
  EXPECT_EQ(CellsOf(ReadAll(kText)), kCells);
  const ReadResult marked = ReadAll("\xef\xbb\xbf" + std::string(kText));
  EXPECT_EQ(CellsOf(marked), kCells);
  EXPECT_EQ(marked.format.encoding, "UTF-8 with BOM");
  EXPECT_TRUE(marked.format.byte_order_mark);
  EXPECT_EQ(marked.header_raw, "id,name\r\n");
}

TEST(Encoding, AMarkBeforeAQuotedTitleIsNoPartOfIt) {
  EXPECT_THAT(ReadAll("\xef\xbb\xbf\"id\",\"name\"\n").header, ElementsAre("id", "name"));
}

TEST(Encoding, ReadsUtf16And32ByMark) {
  struct Case {
    std::string_view mark;
    size_t unit_bytes;
    bool big_endian;
    std::string_view name;
  };
  for (const Case& c : {Case{"\xff\xfe"sv, 2, false, "UTF-16LE with BOM"},
                        Case{"\xfe\xff"sv, 2, true, "UTF-16BE with BOM"},
                        Case{"\xff\xfe\0\0"sv, 4, false, "UTF-32LE with BOM"},
                        Case{"\0\0\xfe\xff"sv, 4, true, "UTF-32BE with BOM"}}) {
    const std::string file = std::string(c.mark) + Widen(kText, c.unit_bytes, c.big_endian);
    const ReadResult read = ReadAll(file);
    EXPECT_EQ(read.format.encoding, c.name);
    EXPECT_EQ(CellsOf(read), kCells);
    ASSERT_EQ(read.rows.size(), 2U);
    EXPECT_EQ(read.rows[0].raw, Widen("1,José\r\n", c.unit_bytes, c.big_endian));
    EXPECT_EQ(read.format.line_end, "\r\n");
    EXPECT_EQ(read.bytes, file.size());
  }
}

TEST(Encoding, ReadsUtf16WithoutMark) {
  const ReadResult little = ReadAll(Widen(kText, 2, false));
  EXPECT_EQ(little.format.encoding, "UTF-16LE");
  EXPECT_EQ(CellsOf(little), kCells);
  const ReadResult big = ReadAll(Widen(kText, 2, true));
  EXPECT_EQ(big.format.encoding, "UTF-16BE");
  EXPECT_EQ(CellsOf(big), kCells);
}

TEST(Encoding, ReadsSurrogatePairsAndRefusesHalves) {
  const std::string head = "\xff\xfe" + Widen("a,b\n1,", 2, false);
  const std::string tail = Widen("\n2,x\n", 2, false);
  EXPECT_EQ(CellsOf(ReadAll(head + "\x3d\xd8\x00\xde"s + tail)),
            (Table{{"1", "\xf0\x9f\x98\x80"}, {"2", "x"}}));
  EXPECT_EQ(CellsOf(ReadAll(head + "\x3d\xd8"s + tail)), (Table{{"R-ENCODING"}, {"2", "x"}}));
}

TEST(Encoding, AWrongMarkIsAnErrorOfTheFile) {
  const ReadResult read = ReadAll("\xfe\xff" + Widen("\"column1\",\"column2\"\n", 4, true));
  EXPECT_EQ(read.status.number(), 2002);
  EXPECT_THAT(read.status.message(), HasSubstr("E-ENCODING"));
}

TEST(Encoding, ALatinFileIsGuessedAndSaysSo) {
  const ReadResult read = ReadAll("id,name\n1,Jos\xe9\n2,\x80uro \x93quoted\x94\n");
  EXPECT_EQ(read.format.encoding, "windows-1252 (guessed)");
  EXPECT_EQ(read.format.converter, "windows-1252");
  EXPECT_EQ(CellsOf(read), (Table{{"1", "José"}, {"2", "€uro “quoted”"}}));
  EXPECT_EQ(read.totals.decoded_fallback, 0U);
}

TEST(Encoding, ALatinRowInAUtf8FileIsReadWithAWarning) {
  const ReadResult read = ReadAll("id,name\n1,José\n2,Zoë\n3,Jos\xe9\n4,Åsa\n");
  EXPECT_EQ(read.format.encoding, "UTF-8");
  EXPECT_EQ(CellsOf(read), (Table{{"1", "José"}, {"2", "Zoë"}, {"3", "José"}, {"4", "Åsa"}}));
  EXPECT_TRUE(read.rows[2].decoded_fallback);
  EXPECT_EQ(read.rows[2].raw, "3,Jos\xe9\n");
  EXPECT_EQ(read.totals.decoded_fallback, 1U);
}

TEST(Encoding, AMultiLineRowMayChangeItsEncoding) {
  const ReadResult read = ReadAll("id,name,x\n1,\"José\nJos\xe9\nZoë\",y\n2,é,z\n3,é,z\n");
  EXPECT_EQ(CellsOf(read)[0], (std::vector<std::string>{"1", "José\nJosé\nZoë", "y"}));
}

TEST(Encoding, TakesAConfiguredName) {
  CsvOptions options;
  options.encoding = "Shift_JIS";
  // The second byte of the first letter is a pipe in ASCII.
  const ReadResult japanese = ReadAll("id,name\n1,\x83\x7c\x8b\xb4\n", options);
  EXPECT_EQ(CellsOf(japanese), (Table{{"1", "ポ橋"}}));
  EXPECT_EQ(japanese.format.encoding, "Shift_JIS");
  options.encoding = "windows-1251";
  EXPECT_EQ(CellsOf(ReadAll("id,name\n1,\xc8\xe2\xe0\xed\n", options)), (Table{{"1", "Иван"}}));
  options.encoding = "no-such-thing";
  EXPECT_EQ(ReadAll("id\n1\n", options).status.number(), 2002);
  options.encoding = "UTF-7";
  EXPECT_EQ(ReadAll("id\n1\n", options).status.number(), 2002);
}

TEST(Encoding, ConfiguredUtf8IsStrict) {
  CsvOptions options;
  options.encoding = "utf-8";
  const ReadResult read = ReadAll("id,name\n1,Jos\xe9\n2,x\n", options);
  EXPECT_EQ(CellsOf(read), (Table{{"R-ENCODING"}, {"2", "x"}}));
  EXPECT_EQ(read.rows[0].number, 2106);
}

}  // namespace
}  // namespace referrald::format
