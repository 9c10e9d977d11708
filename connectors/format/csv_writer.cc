#include "connectors/format/csv_writer.h"

#include <optional>
#include <utility>

#include "connectors/format/converter.h"
#include "connectors/format/csv_dialect.h"
#include "storage/base/text.h"

namespace referrald::format {
namespace {

constexpr int kDelimiter = 2005;

class Writer final : public CsvWriter {
 public:
  Writer(CsvWriterOptions options, std::optional<Converter> converter)
      : options_(std::move(options)), converter_(std::move(converter)) {}

  void AppendPreamble(std::string& out) const override {
    if (options_.byte_order_mark) AppendText("\xef\xbb\xbf", out);
  }

  void AppendRow(std::span<const std::string_view> cells, std::string& out) const override {
    std::string text;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i != 0) text.push_back(options_.delimiter);
      // A row of one empty cell would be a blank line, which nobody reads as a row.
      AppendCell(cells[i], /*alone=*/cells.size() == 1, text);
    }
    text += options_.line_end;
    AppendText(text, out);
  }

  void AppendRaw(std::string_view raw, size_t missing, std::span<const std::string_view> extra,
                 std::string& out) const override {
    out += WithoutLineEnd(raw);
    std::string text(missing, options_.delimiter);
    for (const std::string_view cell : extra) {
      text.push_back(options_.delimiter);
      AppendCell(cell, /*alone=*/false, text);
    }
    text += options_.line_end;
    AppendText(text, out);
  }

 private:
  void AppendText(std::string_view text, std::string& out) const {
    if (!converter_) {
      out += text;
      return;
    }
    converter_->FromUtf8(text, out);
  }

  bool NeedsQuotes(std::string_view cell) const {
    if (options_.quoting == CsvQuoting::kAll) return true;
    if (cell.empty()) return false;
    // A leading space could hide from some readers, and sep= begins another kind of line.
    return cell.front() == ' ' || cell.back() == ' ' ||
           cell.find_first_of(std::string{'"', '\r', '\n', options_.delimiter}) !=
               std::string_view::npos;
  }

  static bool RunsAsFormula(std::string_view cell) {
    constexpr std::string_view kBeginnings[] = {"=",  "+",      "-",      "@",      "\t",
                                                "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
    for (const std::string_view beginning : kBeginnings) {
      if (cell.starts_with(beginning)) return true;
    }
    return false;
  }

  void AppendCell(std::string_view cell, bool alone, std::string& text) const {
    const bool neutral = options_.neutralise_formulas && RunsAsFormula(cell);
    const bool quoted = NeedsQuotes(cell) || neutral || (alone && cell.empty());
    if (quoted) text.push_back('"');
    if (neutral) text.push_back('\'');
    for (const char byte : cell) {
      if (byte == '"') text.push_back('"');
      text.push_back(byte);
    }
    if (quoted) text.push_back('"');
  }

  std::string Encoded(std::string_view text) const {
    std::string bytes;
    AppendText(text, bytes);
    return bytes;
  }

  std::string_view WithoutLineEnd(std::string_view raw) const {
    const std::string line_feed = Encoded("\n");
    const std::string carriage_return = Encoded("\r");
    if (raw.ends_with(line_feed)) raw.remove_suffix(line_feed.size());
    if (raw.ends_with(carriage_return)) raw.remove_suffix(carriage_return.size());
    return raw;
  }

  const CsvWriterOptions options_;
  const std::optional<Converter> converter_;
};

}  // namespace

CsvWriterOptions SameFormAs(const TableFormat& format) {
  CsvWriterOptions options;
  options.quoting = CsvQuoting::kAsNeeded;
  options.delimiter = format.delimiter;
  options.line_end = format.line_end;
  options.byte_order_mark = format.byte_order_mark;
  options.encoding = format.converter;
  return options;
}

Result<std::unique_ptr<CsvWriter>> CsvWriter::Make(const CsvWriterOptions& options) {
  if (!CanDelimit(options.delimiter)) {
    return Status::InvalidArgument("E-DELIMITER: the character cannot be a delimiter", kDelimiter);
  }
  std::optional<Converter> converter;
  if (!EqualsIgnoreCase(options.encoding, "UTF-8")) {
    Result<Converter> opened = Converter::Open(options.encoding);
    if (!opened) return opened.error();
    converter.emplace(*std::move(opened));
  }
  return std::unique_ptr<CsvWriter>(std::make_unique<Writer>(options, std::move(converter)));
}

}  // namespace referrald::format
