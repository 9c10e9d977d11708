#include "connectors/format/csv_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "connectors/format/container.h"
#include "connectors/format/csv_dialect.h"
#include "connectors/format/csv_tokenizer.h"
#include "connectors/format/line_reader.h"
#include "connectors/format/scan.h"
#include "connectors/format/text_encoding.h"
#include "storage/base/text.h"

namespace referrald::format {
namespace {

constexpr int kEncoding = 2002, kEmpty = 2003, kTruncated = 2004, kNoHeader = 2006, kLimit = 2008;
constexpr int kRowColumns = 2101, kRowQuote = 2102, kRowBinary = 2104, kRowLimit = 2105,
              kRowEncoding = 2106;
constexpr size_t kSampleTextBytesMax = 64 * 1024;

std::string OnLine(uint64_t line) { return "the row that begins on line " + std::to_string(line); }

// One record as it was cut out of the file.
struct Record {
  uint64_t line = 0;
  std::string_view raw;
  bool without_line_end = false;
  bool fallback = false;
  bool damaged = false;
  bool text_after_quote = false;
};

// The decoded lines of a file's first bytes.
Result<std::string> SampleText(std::string_view sample, bool whole, const TextEncoding& encoding,
                               const LineDecoder& decoder) {
  const std::unique_ptr<ByteSource> source = MakeMemorySource(sample);
  LineReader lines(*source, sample.size(), sample.size());
  lines.SetLayout(encoding.unit_bytes, encoding.big_endian, 0);
  std::string text;
  while (text.size() < kSampleTextBytesMax) {
    LineSpan line;
    lines.BeginRecord();
    const Result<bool> more = lines.NextLine(line);
    if (!more) return more.error();
    // A sample's last line is cut; a lone line is all there is to look at.
    const bool cut = line.end == line.content_end && !whole && !text.empty();
    if (!*more || cut) break;
    const std::string_view content = lines.record().substr(0, line.content_end);
    if (decoder.Decode(content, text) == DecodeResult::kAsItIs) text += content;
    text += '\n';
  }
  return text;
}

bool IsBlank(std::span<const std::string_view> cells) {
  return std::ranges::all_of(cells, [](std::string_view cell) { return Trim(cell).empty(); });
}

class Reader final : public TableReader {
 public:
  Reader(ByteSource& source, const CsvOptions& options)
      : options_(options), lines_(source, options.buffer_bytes, options.row_bytes_max) {}

  Status Begin();

  const TableFormat& format() const override { return format_; }
  const std::vector<std::string>& header() const override { return header_; }
  std::string_view header_raw() const override { return header_raw_; }
  Result<TableItem> Next() override;
  void SkipFooters(std::span<const std::string_view> beginnings) override {
    footers_.assign(beginnings.begin(), beginnings.end());
  }
  uint64_t bytes_consumed() const override {
    return lines_.bytes_before() + lines_.record().size();
  }
  const TableTotals& totals() const override { return totals_; }

 private:
  Status Recognise();
  Status RecogniseDialect(std::string_view text);
  Status ReadHeader();
  Status CheckHeader(const Record& record) const;

  // The next record that is not blank; nothing at the end of the file. Leaves its cells in cells_.
  Result<std::optional<Record>> NextRecord();
  Result<std::optional<Record>> CutRecord();
  // The line in the record's text, which it is added to.
  LineSpan AddText(const LineSpan& line, Record& record);
  std::string_view Text() const { return copied_ ? std::string_view(decoded_) : lines_.record(); }
  Status TooLong(uint64_t line, const Status& cause) const;

  Result<TableItem> NextItem();
  bool IsPassedOver();
  std::optional<TableRowError> Judge(const Record& record) const;
  TableRowError Refuse(const Record& record, int number, std::string code,
                       std::string reason) const;
  TableRow ToRow(const Record& record);

  const CsvOptions options_;
  LineReader lines_;
  TextEncoding encoding_;
  std::optional<LineDecoder> decoder_;
  std::optional<CsvTokenizer> tokenizer_;
  TableFormat format_;
  std::vector<std::string> header_;
  std::string header_raw_;
  std::vector<std::string_view> footers_;
  TableTotals totals_;
  Status failure_;
  uint64_t line_ = 0;    // The last physical line read.
  uint64_t record_ = 0;  // The last record number given.
  std::string decoded_;  // The record's text where that is not the file's bytes.
  bool copied_ = false;  // Text is in decoded_.
  std::string line_text_;
  std::span<const std::string_view> cells_;  // Of the current record.
  std::vector<std::string_view> padded_;
};

Status Reader::Begin() {
  if (Status status = Recognise(); !status.ok()) return status;
  return ReadHeader();
}

Status Reader::Recognise() {
  const Result<std::string_view> sample = lines_.Sample();
  if (!sample) return sample.error();
  if (Status status = CheckIsText(*sample); !status.ok()) return status;
  const bool whole = lines_.sample_is_whole();
  Result<TextEncoding> encoding = DetectEncoding(*sample, whole, options_.encoding);
  if (!encoding) return encoding.error();
  encoding_ = *std::move(encoding);
  Result<LineDecoder> decoder = LineDecoder::Make(encoding_);
  if (!decoder) return decoder.error();
  decoder_.emplace(*std::move(decoder));
  format_.encoding = encoding_.name;
  format_.converter = encoding_.converter;
  format_.byte_order_mark = encoding_.mark_bytes != 0;
  const Result<std::string> text =
      SampleText(sample->substr(encoding_.mark_bytes), whole, encoding_, *decoder_);
  if (!text) return text.error();
  lines_.SetLayout(encoding_.unit_bytes, encoding_.big_endian, encoding_.mark_bytes);
  return RecogniseDialect(*text);
}

Status Reader::RecogniseDialect(std::string_view text) {
  const auto nuls = static_cast<size_t>(std::ranges::count(text, '\0'));
  if (nuls * 100 > text.size()) {
    return Status::InvalidArgument("E-ENCODING: the file is no text in " + format_.encoding +
                                       " (it is full of NUL characters); export it as UTF-8",
                                   kEncoding);
  }
  const Result<DetectedDialect> detected = DetectDialect(text, options_.delimiter);
  if (!detected) return detected.error();
  tokenizer_.emplace(detected->dialect);
  format_.delimiter = detected->dialect.delimiter;
  format_.delimiter_name = DelimiterName(format_.delimiter);
  format_.backslash_quotes = detected->dialect.backslash_quotes;
  if (!detected->separator_line) return Status::Ok();
  LineSpan line;
  ++line_;
  return StatusOf(lines_.NextLine(line));
}

Status Reader::ReadHeader() {
  const Result<std::optional<Record>> record = NextRecord();
  if (!record) return record.error();
  if (!*record) {
    return Status::InvalidArgument(
        "E-EMPTY: the file has no rows, not even a header; export it again", kEmpty);
  }
  if (Status status = CheckHeader(**record); !status.ok()) return status;
  header_.assign(cells_.begin(), cells_.end());
  header_raw_ = (*record)->raw;
  const std::string_view text = Text();
  format_.line_end = text.ends_with("\r\n") ? "\r\n" : text.ends_with('\r') ? "\r" : "\n";
  record_ = 1;
  return Status::Ok();
}

Status Reader::CheckHeader(const Record& record) const {
  if (record.damaged || Text().find('\0') != std::string_view::npos) {
    return Status::InvalidArgument("E-ENCODING: the header is no text in " + format_.encoding +
                                       "; export the file as UTF-8 or configure its encoding",
                                   kEncoding);
  }
  if (record.text_after_quote) {
    return Status::InvalidArgument(
        "E-NO-HEADER: the first row is no header: text follows a "
        "closing quote; export the file again",
        kNoHeader);
  }
  if (cells_.size() <= options_.column_count_max) return Status::Ok();
  return Status::InvalidArgument("E-LIMIT: the file has " + std::to_string(cells_.size()) +
                                     " columns, limit " + std::to_string(options_.column_count_max),
                                 kLimit);
}

Status Reader::TooLong(uint64_t line, const Status& cause) const {
  if (cause.number() != kLimit) return cause;
  return Status::InvalidArgument("E-LIMIT: " + OnLine(line) + " is longer than " +
                                     std::to_string(options_.row_bytes_max) +
                                     " bytes; look for a quote that is not closed",
                                 kLimit);
}

LineSpan Reader::AddText(const LineSpan& line, Record& record) {
  const std::string_view raw = lines_.record();
  const std::string_view content = raw.substr(line.begin, line.content_end - line.begin);
  line_text_.clear();
  const DecodeResult result = decoder_->Decode(content, line_text_);
  record.fallback |= result == DecodeResult::kFallback;
  record.damaged |= result == DecodeResult::kDamaged;
  if (result == DecodeResult::kAsItIs && !copied_) return line;
  if (!copied_) decoded_.assign(raw.substr(0, line.begin));
  copied_ = true;
  LineSpan added{.begin = decoded_.size()};
  decoded_ += result == DecodeResult::kAsItIs ? content : std::string_view(line_text_);
  added.content_end = decoded_.size();
  for (size_t at = line.content_end; at < line.end; at += encoding_.unit_bytes) {
    const uint32_t unit = ReadUnit(raw.data() + at, encoding_.unit_bytes, encoding_.big_endian);
    decoded_ += static_cast<char>(unit);
  }
  added.end = decoded_.size();
  return added;
}

Result<std::optional<Record>> Reader::CutRecord() {
  Record record;
  record.line = line_ + 1;
  lines_.BeginRecord();
  tokenizer_->Begin();
  decoded_.clear();
  copied_ = false;
  TokenResult result = TokenResult::kInsideQuotes;
  uint64_t quote_line = 0;
  size_t first_line_end = 0;
  while (result == TokenResult::kInsideQuotes) {
    LineSpan line;
    const Result<bool> more = lines_.NextLine(line);
    if (!more) return TooLong(record.line, more.error());
    if (!*more && line_ + 1 == record.line) return std::optional<Record>();
    if (!*more) {
      return Status::InvalidArgument(
          "E-TRUNCATED: the file ends inside the quotes that opened on "
          "line " +
              std::to_string(quote_line) + "; export it again, or close them",
          kTruncated);
    }
    if (line.end > options_.row_bytes_max) {
      return TooLong(record.line, Status::InvalidArgument("", kLimit));
    }
    ++line_;
    if (first_line_end == 0) first_line_end = line.end;
    record.without_line_end = line.end == line.content_end;
    const LineSpan added = AddText(line, record);
    result = tokenizer_->AddLine(Text(), added.begin, added.content_end, added.end);
    if (tokenizer_->open_quote() >= added.begin) quote_line = line_;
  }
  if (result == TokenResult::kTextAfterQuote) {
    // The quote that spoilt the row may have swallowed good rows: only its first line is lost.
    record.text_after_quote = true;
    lines_.RewindTo(first_line_end);
    line_ = record.line;
  }
  record.raw = lines_.record();
  return std::optional<Record>(record);
}

Result<std::optional<Record>> Reader::NextRecord() {
  while (true) {
    Result<std::optional<Record>> record = CutRecord();
    if (!record || !*record) return record;
    // The text of a row that was cut back to its first line no longer holds the cells found.
    const bool cut_back = (*record)->text_after_quote;
    cells_ = {};
    if (!cut_back) cells_ = tokenizer_->Cells(Text());
    if (cut_back || (*record)->damaged || !IsBlank(cells_)) return record;
  }
}

bool Reader::IsPassedOver() {
  if (std::ranges::equal(cells_, header_)) {
    ++totals_.repeated_headers;
    return true;
  }
  const auto begins = [&](std::string_view beginning) {
    return Trim(cells_[0]).starts_with(beginning);
  };
  if (!std::ranges::any_of(footers_, begins) || !IsBlank(cells_.subspan(1))) return false;
  ++totals_.footers;
  return true;
}

TableRowError Reader::Refuse(const Record& record, int number, std::string code,
                             std::string reason) const {
  return {.record = record_,
          .line = record.line,
          .raw = record.raw,
          .cell_count = record.text_after_quote ? 0 : cells_.size(),
          .number = number,
          .code = std::move(code),
          .reason = std::move(reason)};
}

std::optional<TableRowError> Reader::Judge(const Record& record) const {
  if (record.damaged) {
    return Refuse(record, kRowEncoding, "R-ENCODING", "the row is no text in " + format_.encoding);
  }
  if (Text().find('\0') != std::string_view::npos) {
    return Refuse(record, kRowBinary, "R-BINARY", "the row holds a NUL character");
  }
  if (record.text_after_quote) {
    return Refuse(record, kRowQuote, "R-QUOTE",
                  "text follows a closing quote; double the quotes within a cell");
  }
  if (cells_.size() > header_.size() && !IsBlank(cells_.subspan(header_.size()))) {
    return Refuse(record, kRowColumns, "R-COLUMNS",
                  "the row has " + std::to_string(cells_.size()) + " cells, the header has " +
                      std::to_string(header_.size()) +
                      "; put quotes around cells that hold the delimiter");
  }
  for (size_t i = 0; i < std::min(cells_.size(), header_.size()); ++i) {
    if (cells_[i].size() <= options_.cell_bytes_max) continue;
    return Refuse(record, kRowLimit, "R-LIMIT",
                  "cell " + std::to_string(i + 1) + " is " + std::to_string(cells_[i].size()) +
                      " bytes, limit " + std::to_string(options_.cell_bytes_max));
  }
  return std::nullopt;
}

TableRow Reader::ToRow(const Record& record) {
  TableRow row{.record = record_, .line = record.line, .raw = record.raw, .cells = cells_};
  row.cell_count = cells_.size();
  row.decoded_fallback = record.fallback;
  if (cells_.size() < header_.size()) {
    padded_.assign(cells_.begin(), cells_.end());
    padded_.resize(header_.size());
    row.cells = padded_;
    ++totals_.padded;
    row.looks_cut = record.without_line_end;
    totals_.looks_cut |= row.looks_cut;
  }
  row.cells = row.cells.first(header_.size());
  if (row.decoded_fallback) ++totals_.decoded_fallback;
  return row;
}

Result<TableItem> Reader::NextItem() {
  while (true) {
    const Result<std::optional<Record>> record = NextRecord();
    if (!record) return record.error();
    if (!*record) return TableItem(TableEnd{});
    ++record_;
    std::optional<TableRowError> error = Judge(**record);
    if (!error && IsPassedOver()) continue;
    if (++totals_.rows > options_.row_count_max) {
      return Status::InvalidArgument("E-LIMIT: the file has more than " +
                                         std::to_string(options_.row_count_max) + " rows; split it",
                                     kLimit);
    }
    if (error) return TableItem(*std::move(error));
    return TableItem(ToRow(**record));
  }
}

Result<TableItem> Reader::Next() {
  if (!failure_.ok()) return failure_;
  Result<TableItem> item = NextItem();
  if (!item) failure_ = item.error();
  return item;
}

}  // namespace

Result<std::unique_ptr<TableReader>> OpenCsv(ByteSource& source, const CsvOptions& options) {
  auto reader = std::make_unique<Reader>(source, options);
  if (Status status = reader->Begin(); !status.ok()) return status;
  return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace referrald::format
