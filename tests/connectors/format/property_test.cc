#include <gtest/gtest.h>

#include <random>

#include "connectors/format/csv_reader.h"
#include "connectors/format/csv_writer.h"
#include "tests/connectors/format/read_all.h"
#include "tests/support/seed.h"

namespace referrald::format {
namespace {

using namespace std::literals;

// Small random choices. One thread.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}

  size_t Below(size_t limit) {
    return std::uniform_int_distribution<size_t>(0, limit - 1)(engine_);
  }
  bool Coin() { return Below(2) == 0; }
  template <typename T, size_t N>
  const T& OneOf(const T (&choices)[N]) {
    return choices[Below(N)];
  }

 private:
  std::mt19937_64 engine_;
};

// Pieces that meet every branch of a reader, and letters of one to four bytes.
constexpr std::string_view kPieces[] = {",",  ";", "\"", "\"\"", "\n",   "\r",  " ",
                                        "\t", "'", "|",  "a",    "Z",    "0",   "é",
                                        "€",  "=", "日", "\\",   "sep=", "x y", "😀"};

std::string RandomCell(Dice& dice) {
  std::string cell;
  for (size_t i = dice.Below(8); i > 0; --i) cell += dice.OneOf(kPieces);
  // CR LF within a cell is read as LF, so it would not come back as it was.
  for (size_t at = cell.find("\r\n"); at != std::string::npos; at = cell.find("\r\n")) {
    cell.erase(at, 1);
  }
  return cell;
}

Table RandomTable(Dice& dice, size_t columns) {
  Table table(1 + dice.Below(6));
  for (size_t i = 0; i < table.size(); ++i) {
    // The first cell is never blank, nor a header: such rows are passed over.
    table[i].push_back("r" + std::to_string(i));
    while (table[i].size() < columns) table[i].push_back(RandomCell(dice));
  }
  return table;
}

std::string Write(const Table& table, const CsvWriterOptions& options) {
  const Result<std::unique_ptr<CsvWriter>> writer = CsvWriter::Make(options);
  REFERRALD_CHECK(writer.has_value());
  std::string out;
  (*writer)->AppendPreamble(out);
  for (const std::vector<std::string>& row : table) {
    const std::vector<std::string_view> cells(row.begin(), row.end());
    (*writer)->AppendRow(cells, out);
  }
  return out;
}

CsvWriterOptions RandomOptions(Dice& dice) {
  CsvWriterOptions options;
  constexpr char kDelimiters[] = {',', ';', '\t', '|', '^', '`'};
  const std::string_view encodings[] = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE"};
  const std::string_view line_ends[] = {"\n", "\r\n"};
  options.delimiter = dice.OneOf(kDelimiters);
  options.encoding = dice.OneOf(encodings);
  options.line_end = dice.OneOf(line_ends);
  options.quoting = dice.Coin() ? CsvQuoting::kAll : CsvQuoting::kAsNeeded;
  options.byte_order_mark = options.encoding != "UTF-8" || dice.Coin();
  return options;
}

TEST(CsvProperty, WhatIsWrittenIsReadWhateverTheChunks) {
  Dice dice(support::TestSeed());
  for (int round = 0; round < 1500; ++round) {
    const size_t columns = 2 + dice.Below(4);
    Table table = RandomTable(dice, columns);
    std::vector<std::string> header;
    for (size_t i = 0; i < columns; ++i) header.push_back("column " + std::to_string(i));
    table.insert(table.begin(), header);
    const CsvWriterOptions writing = RandomOptions(dice);
    const std::string file = Write(table, writing);
    table.erase(table.begin());

    CsvOptions reading;
    reading.delimiter = std::string(1, writing.delimiter);
    reading.buffer_bytes = dice.Coin() ? 64 : 256 * 1024;
    const ReadResult whole = ReadAll(file, reading);
    ASSERT_TRUE(whole.status.ok()) << whole.status.message();
    ASSERT_EQ(CellsOf(whole), table) << "round " << round << "\n" << file;
    for (const size_t chunk : {1U, 2U, 3U, 7U}) {
      const ReadResult cut = ReadAll(file, reading, chunk);
      ASSERT_EQ(cut.rows, whole.rows) << "round " << round << " chunk " << chunk;
    }
  }
}

// Nothing is left out and nothing is invented: raw rows, put together, are the file.
TEST(CsvProperty, RawRowsAreTheFile) {
  Dice dice(support::TestSeed());
  for (int round = 0; round < 3000; ++round) {
    std::string file = "a,b\n";
    for (size_t i = dice.Below(40); i > 0; --i) file += dice.OneOf(kPieces);
    file += "\nr,s\n";
    CsvOptions reading;
    reading.delimiter = ",";
    const ReadResult whole = ReadAll(file, reading);
    const ReadResult bytewise = ReadAll(file, reading, 1);
    ASSERT_EQ(whole.rows, bytewise.rows);
    ASSERT_EQ(whole.status, bytewise.status);
    if (!whole.status.ok()) continue;
    size_t at = whole.header_raw.size();
    for (const ReadRow& row : whole.rows) {
      at = file.find(row.raw, at);
      ASSERT_NE(at, std::string::npos) << file;
      at += row.raw.size();
    }
    EXPECT_EQ(whole.bytes, file.size());
  }
}

}  // namespace
}  // namespace referrald::format
