#include "connectors/format/xlsx_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <optional>
#include <utility>

#include "connectors/format/csv_writer.h"
#include "connectors/format/workbook.h"
#include "connectors/format/xml_events.h"
#include "connectors/format/zip_archive.h"
#include "storage/base/text.h"

namespace referrald::format {
namespace {

constexpr int kEmpty = 2003, kNoHeader = 2006, kNoSheet = 2007, kLimit = 2008;
constexpr size_t kChunkBytes = 64 * 1024;

// A row as it comes out of the XML.
struct SheetRow {
  uint64_t number = 0;  // The spreadsheet's own; the first is 1.
  std::vector<std::string> cells;
  bool too_wide = false, too_large = false;
  bool has_error = false;  // #REF! and the like.
};

bool IsBlank(const SheetRow& row) {
  return !row.too_wide && !row.too_large && !row.has_error &&
         std::ranges::all_of(row.cells, [](const std::string& cell) { return Trim(cell).empty(); });
}

// "BC12" is column 54 (the first is 0); nothing where there are no letters.
std::optional<size_t> ColumnOf(std::string_view reference) {
  size_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<size_t>(c - 'A') + 1;
    if (column > 1'000'000) break;
  }
  return column == 0 ? std::nullopt : std::optional(column - 1);
}

// A number as people would write it where it is a whole one: "7.6226001E7" is 76226001.
std::string PlainNumber(std::string_view text) {
  if (text.find_first_of(".eE") == std::string_view::npos) return std::string(text);
  constexpr double kExact = 1e15;  // What a double still tells apart from its neighbours.
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = failed == std::errc() && end == text.data() + text.size() &&
                     std::abs(value) < kExact && value == std::floor(value);
  return whole ? fmt::format("{:.0f}", value) : std::string(text);
}

// Turns the XML of one sheet into rows.
class SheetParser {
 public:
  SheetParser(const Workbook& workbook, const SharedStrings& strings, const XlsxOptions& options)
      : workbook_(workbook),
        strings_(strings),
        options_(options),
        xml_({.begin = [this](std::string_view element,
                              const XmlAttributes& attributes) { Begin(element, attributes); },
              .end = [this](std::string_view element) { End(element); },
              .text = [this](std::string_view text) { Text(text); }}) {}
  SheetParser(const SheetParser&) = delete;
  SheetParser& operator=(const SheetParser&) = delete;

  Status Feed(std::string_view bytes, bool last) { return xml_.Feed(bytes, last); }
  std::optional<SheetRow> Take() {
    if (rows_.empty()) return std::nullopt;
    SheetRow row = std::move(rows_.front());
    rows_.pop_front();
    return row;
  }

 private:
  void Begin(std::string_view element, const XmlAttributes& attributes) {
    if (element == "row") {
      uint64_t number = 0;
      const std::string_view given = attributes["r"];
      std::from_chars(given.data(), given.data() + given.size(), number);
      row_ = {};
      row_.number = number == 0 ? last_number_ + 1 : number;
      last_number_ = row_.number;
      row_bytes_ = 0;
    } else if (element == "c") {
      column_ = ColumnOf(attributes["r"]).value_or(row_.cells.size());
      type_ = attributes["t"];
      const std::string_view style = attributes["s"];
      style_ = 0;
      std::from_chars(style.data(), style.data() + style.size(), style_);
      value_.clear();
    } else if (element == "v" || element == "t") {
      ++in_value_;
    } else if (element == "rPh") {
      ++in_phonetic_;
    }
  }

  void End(std::string_view element) {
    if (element == "v" || element == "t") {
      --in_value_;
    } else if (element == "rPh") {
      --in_phonetic_;
    } else if (element == "c") {
      Place();
    } else if (element == "row") {
      rows_.push_back(std::move(row_));
      row_ = {};
    }
  }

  void Text(std::string_view text) {
    if (in_value_ == 0 || in_phonetic_ > 0) return;
    if (value_.size() + text.size() > options_.cell_bytes_max) {
      row_.too_large = true;
    } else {
      value_ += text;
    }
  }

  void Place() {
    std::string text = Value();
    if (column_ >= options_.column_count_max) {
      row_.too_wide = row_.too_wide || !text.empty();
      return;
    }
    row_bytes_ += text.size();
    if (row_bytes_ > options_.row_bytes_max) row_.too_large = true;
    if (row_.too_large || text.empty()) return;
    if (row_.cells.size() <= column_) row_.cells.resize(column_ + 1);
    row_.cells[column_] = std::move(text);
  }

  std::string Value() {
    if (type_ == "s") {
      size_t index = 0;
      std::from_chars(value_.data(), value_.data() + value_.size(), index);
      return value_.empty() ? std::string() : std::string(strings_.At(index));
    }
    if (type_ == "b") return value_ == "1" ? "true" : (value_.empty() ? "" : "false");
    if (type_ == "e") row_.has_error = true;
    if (!type_.empty() && type_ != "n") return value_;
    const NumberForm form =
        style_ < workbook_.forms.size() ? workbook_.forms[style_] : NumberForm::kPlain;
    if (form == NumberForm::kPlain || value_.empty()) return PlainNumber(value_);
    double days = -1;
    std::from_chars(value_.data(), value_.data() + value_.size(), days);
    std::string date = DateText(days, form, workbook_.since_1904);
    return date.empty() ? value_ : date;
  }

  const Workbook& workbook_;
  const SharedStrings& strings_;
  const XlsxOptions& options_;
  std::deque<SheetRow> rows_;
  SheetRow row_;
  uint64_t last_number_ = 0;
  size_t row_bytes_ = 0, column_ = 0, style_ = 0;
  std::string type_, value_;
  int in_value_ = 0, in_phonetic_ = 0;
  XmlReader xml_;
};

class Reader final : public TableReader {
 public:
  Reader(std::unique_ptr<ZipArchive> archive, const XlsxOptions& options)
      : archive_(std::move(archive)), options_(options) {}

  Status Begin() {
    Result<Workbook> workbook = ReadWorkbook(*archive_);
    if (!workbook) return workbook.error();
    workbook_ = std::move(*workbook);
    Result<SharedStrings> strings = SharedStrings::Read(*archive_);
    if (!strings) return strings.error();
    strings_ = std::move(*strings);
    if (Status opened = OpenSheet(); !opened.ok()) return opened;
    Result<std::unique_ptr<CsvWriter>> writer = CsvWriter::Make({.quoting = CsvQuoting::kAsNeeded});
    if (!writer) return writer.error();
    writer_ = std::move(*writer);
    format_ = {.encoding = "Excel workbook",
               .converter = "UTF-8",
               .delimiter = ',',
               .delimiter_name = {},
               .line_end = "\r\n"};
    return ReadHeader();
  }

  const TableFormat& format() const override { return format_; }
  const std::vector<std::string>& header() const override { return header_; }
  std::string_view header_raw() const override { return header_raw_; }
  void SkipFooters(std::span<const std::string_view> beginnings) override {
    footers_.assign(beginnings.begin(), beginnings.end());
  }
  uint64_t bytes_consumed() const override { return bytes_; }
  const TableTotals& totals() const override { return totals_; }

  Result<TableItem> Next() override {
    if (!failure_.ok()) return failure_;
    Result<TableItem> item = NextItem();
    if (!item) failure_ = item.error();
    return item;
  }

 private:
  Status OpenSheet() {
    const auto wanted = [this](const WorkbookSheet& sheet) {
      return options_.sheet.empty() ? !sheet.hidden : sheet.name == options_.sheet;
    };
    const auto sheet = std::ranges::find_if(workbook_.sheets, wanted);
    const ZipMember* part = sheet == workbook_.sheets.end() ? nullptr : archive_->Find(sheet->part);
    if (part == nullptr) {
      return Status::InvalidArgument(
          "the workbook has no sheet " +
              (options_.sheet.empty() ? std::string("that is not hidden") : options_.sheet),
          kNoSheet);
    }
    Result<std::unique_ptr<ByteSource>> bytes = archive_->OpenMember(*part);
    if (!bytes) return bytes.error();
    sheet_ = std::move(*bytes);
    parser_ = std::make_unique<SheetParser>(workbook_, strings_, options_);
    return Status::Ok();
  }

  // The next row that is not blank; nothing at the end.
  Result<std::optional<SheetRow>> NextRow() {
    for (;;) {
      while (std::optional<SheetRow> row = parser_->Take()) {
        if (!IsBlank(*row)) return row;
      }
      if (ended_) return std::optional<SheetRow>{};
      const Result<size_t> size = sheet_->Read(buffer_);
      if (!size) return size.error();
      bytes_ += *size;
      ended_ = *size == 0;
      if (Status fed = parser_->Feed({buffer_.data(), *size}, ended_); !fed.ok()) return fed;
    }
  }

  Status ReadHeader() {
    Result<std::optional<SheetRow>> row = NextRow();
    if (!row) return row.error();
    if (!*row) return Status::InvalidArgument("E-EMPTY: the sheet has no row", kEmpty);
    if ((*row)->too_wide || (*row)->too_large) {
      return Status::InvalidArgument(
          fmt::format("E-LIMIT: the sheet has more than {} columns, or titles beyond the limit",
                      options_.column_count_max),
          kLimit);
    }
    header_ = std::move((*row)->cells);
    if (header_.empty()) {
      return Status::InvalidArgument("E-NO-HEADER: the first row has no titles", kNoHeader);
    }
    record_ = 1;
    const std::vector<std::string_view> titles(header_.begin(), header_.end());
    writer_->AppendRow(titles, header_raw_);
    return Status::Ok();
  }

  Result<TableItem> NextItem() {
    for (;;) {
      Result<std::optional<SheetRow>> row = NextRow();
      if (!row) return row.error();
      if (!*row) return TableEnd{};
      current_ = std::move(**row);
      ++record_;
      if (IsFooter()) {
        ++totals_.footers;
        continue;
      }
      if (++totals_.rows > options_.row_count_max) {
        return Status::InvalidArgument(
            fmt::format("E-LIMIT: more than {} rows", options_.row_count_max), kLimit);
      }
      return Judge();
    }
  }

  bool IsFooter() const {
    if (current_.cells.size() != 1) return false;
    return std::ranges::any_of(footers_, [this](std::string_view beginning) {
      return std::string_view(current_.cells.front()).starts_with(beginning);
    });
  }

  TableItem Judge() {
    const size_t count = current_.cells.size();
    Write(std::max(count, header_.size()));
    if (current_.too_large) return Refuse(2105, "R-LIMIT", "a cell or the row is over its limit");
    if (current_.too_wide || count > header_.size()) {
      return Refuse(
          2101, "R-COLUMNS",
          fmt::format("has texts in more columns than the header, which has {}", header_.size()));
    }
    if (current_.has_error) {
      return Refuse(2107, "R-ERROR-CELL",
                    "a formula gives an error (such as #REF! or #N/A); mend it, or clear the cell");
    }
    return TableRow{.record = record_,
                    .line = current_.number,
                    .raw = raw_,
                    .cells = cells_,
                    .cell_count = header_.size()};
  }

  // The row as text, with empty cells up to `width`.
  void Write(size_t width) {
    current_.cells.resize(width);
    cells_.assign(current_.cells.begin(), current_.cells.end());
    raw_.clear();
    writer_->AppendRow(cells_, raw_);
  }

  TableItem Refuse(int number, std::string code, std::string reason) const {
    return TableRowError{.record = record_,
                         .line = current_.number,
                         .raw = raw_,
                         .cell_count = cells_.size(),
                         .number = number,
                         .code = std::move(code),
                         .reason = std::move(reason)};
  }

  const std::unique_ptr<ZipArchive> archive_;
  const XlsxOptions options_;
  Workbook workbook_;
  SharedStrings strings_;
  std::unique_ptr<ByteSource> sheet_;
  std::unique_ptr<SheetParser> parser_;
  std::unique_ptr<CsvWriter> writer_;
  std::vector<char> buffer_ = std::vector<char>(kChunkBytes);
  TableFormat format_;
  std::vector<std::string> header_;
  std::string header_raw_, raw_;
  std::vector<std::string_view> footers_, cells_;
  SheetRow current_;
  TableTotals totals_;
  Status failure_;
  uint64_t bytes_ = 0, record_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<TableReader>> OpenXlsx(const std::string& path, const XlsxOptions& options) {
  Result<std::unique_ptr<ZipArchive>> archive = ZipArchive::Open(path);
  if (!archive) return archive.error();
  auto reader = std::make_unique<Reader>(std::move(*archive), options);
  if (Status begun = reader->Begin(); !begun.ok()) return begun;
  return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace referrald::format
