#include "connectors/format/vcard_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/format/csv_writer.h"
#include "connectors/format/line_reader.h"
#include "connectors/format/vcard_property.h"
#include "storage/base/text.h"

namespace referrald::format {
namespace {

constexpr int kContainer = 2001, kLimit = 2008, kCellLimit = 2105, kCard = 2108;
constexpr size_t kBufferBytes = 64 * 1024;

enum Column : size_t {
  kUid,
  kRev,
  kKind,
  kFn,
  kFamily,
  kGiven,
  kAdditional,
  kOrg,
  kUnit,
  kTitle,
  kEmail,
  kTel,
  kCell,
  kStreet,
  kCity,
  kRegion,
  kPostal,
  kCountry,
  kBday,
  kUrl,
  kNote,
  kCategories,
  kRelated,
  kColumns
};
constexpr std::array<std::string_view, kColumns> kTitles = {
    "UID",          "REV",        "KIND",     "FN",         "N.family",   "N.given",
    "N.additional", "ORG",        "ORG.unit", "TITLE",      "EMAIL",      "TEL",
    "TEL.cell",     "ADR.street", "ADR.city", "ADR.region", "ADR.postal", "ADR.country",
    "BDAY",         "URL",        "NOTE",     "CATEGORIES", "RELATED"};

using Cells = std::array<std::string, kColumns>;

// "20260312T091400Z" as "2026-03-12T09:14:00Z"; anything else as it is.
std::string ExtendedTime(std::string_view text) {
  constexpr size_t kBasic = 15;  // Without its zone.
  const bool basic =
      text.size() >= kBasic && text[8] == 'T' &&
      std::ranges::all_of(text.substr(0, 8), [](char c) { return c >= '0' && c <= '9'; });
  if (!basic) return std::string(text);
  const auto part = [text](size_t at, size_t size) { return std::string(text.substr(at, size)); };
  return part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(9, 2) + ":" + part(11, 2) +
         ":" + part(13, 2) + std::string(text.substr(kBasic));
}

bool IsPreferred(const VcardProperty& property) {
  return property.HasType("pref") || property.Parameter("PREF") == "1";
}

// Puts what a card says into its cells.
class CardCells {
 public:
  explicit CardCells(size_t bytes_max) : bytes_max_(bytes_max) {}

  void Take(const VcardProperty& property) {
    const std::string_view name = property.name;
    if (name == "N") TakeParts(property, {kFamily, kGiven, kAdditional});
    if (name == "ORG") TakeParts(property, {kOrg, kUnit});
    if (name == "ADR") TakeAddress(property);
    if (name == "TEL") TakeNumber(property);
    if (name == "EMAIL") TakePreferred(kEmail, property, Unescaped(property.value));
    if (name == "REV") Set(kRev, ExtendedTime(property.value));
    for (const auto& [wanted, column] : kPlain) {
      if (name == wanted && cells_[column].empty()) Set(column, Unescaped(property.value));
    }
  }
  Cells& cells() { return cells_; }
  bool too_large() const { return too_large_; }

 private:
  static constexpr std::array<std::pair<std::string_view, Column>, 10> kPlain = {
      {{"UID", kUid},
       {"KIND", kKind},
       {"FN", kFn},
       {"TITLE", kTitle},
       {"BDAY", kBday},
       {"URL", kUrl},
       {"NOTE", kNote},
       {"CATEGORIES", kCategories},
       {"RELATED", kRelated},
       {"X-ADDRESSBOOKSERVER-KIND", kKind}}};

  void Set(Column column, std::string text) {
    if (text.size() > bytes_max_) {
      too_large_ = true;
    } else {
      cells_[column] = std::move(text);
    }
  }

  // The preferred one replaces an earlier one; otherwise the first stays.
  bool TakePreferred(Column column, const VcardProperty& property, std::string text) {
    const bool preferred = IsPreferred(property) && !preferred_[column];
    if (!cells_[column].empty() && !preferred) return false;
    preferred_[column] = IsPreferred(property);
    Set(column, std::move(text));
    return true;
  }

  void TakeParts(const VcardProperty& property, std::initializer_list<Column> columns) {
    const std::vector<std::string> parts = StructuredParts(property.value);
    size_t part = 0;
    for (const Column column : columns) {
      if (part < parts.size() && cells_[column].empty()) Set(column, parts[part]);
      ++part;
    }
  }

  // Post-office box, extended address, street, city, region, postal code, country.
  void TakeAddress(const VcardProperty& property) {
    constexpr size_t kFirst = 2;
    const std::vector<std::string> parts = StructuredParts(property.value);
    if (parts.size() <= kFirst || !TakePreferred(kStreet, property, parts[kFirst])) return;
    size_t part = kFirst + 1;
    for (const Column column : {kCity, kRegion, kPostal, kCountry}) {
      Set(column, part < parts.size() ? parts[part] : std::string());
      ++part;
    }
  }

  void TakeNumber(const VcardProperty& property) {
    std::string number = Unescaped(property.value);
    constexpr std::string_view kScheme = "tel:";
    if (number.starts_with(kScheme)) number.erase(0, kScheme.size());
    if (property.HasType("fax") || property.HasType("pager")) return;
    if (property.HasType("cell") && cells_[kCell].empty()) Set(kCell, number);
    if (!property.HasType("cell")) TakePreferred(kTel, property, std::move(number));
  }

  const size_t bytes_max_;
  Cells cells_;
  std::array<bool, kColumns> preferred_{};
  bool too_large_ = false;
};

class Reader final : public TableReader {
 public:
  Reader(ByteSource& source, const VcardOptions& options)
      : options_(options), lines_(source, kBufferBytes, options.line_bytes_max) {}

  Status Begin() {
    const Result<std::string_view> sample = lines_.Sample();
    if (!sample) return sample.error();
    constexpr std::string_view kMark = "\xef\xbb\xbf";
    const bool marked = sample->starts_with(kMark);
    lines_.SetLayout(1, false, marked ? kMark.size() : 0);
    if (!LowerAscii(*sample).contains("begin:vcard")) {
      return Status::InvalidArgument("E-CONTAINER: the file holds no vCard", kContainer);
    }
    Result<std::unique_ptr<CsvWriter>> writer = CsvWriter::Make({.quoting = CsvQuoting::kAsNeeded});
    if (!writer) return writer.error();
    writer_ = std::move(*writer);
    format_ = {.encoding = "vCard",
               .converter = "UTF-8",
               .delimiter = ',',
               .delimiter_name = {},
               .line_end = "\r\n"};
    header_.assign(kTitles.begin(), kTitles.end());
    writer_->AppendRow(kTitles, header_raw_);
    return Status::Ok();
  }

  const TableFormat& format() const override { return format_; }
  const std::vector<std::string>& header() const override { return header_; }
  std::string_view header_raw() const override { return header_raw_; }
  void SkipFooters(std::span<const std::string_view>) override {}
  uint64_t bytes_consumed() const override { return lines_.bytes_before(); }
  const TableTotals& totals() const override { return totals_; }

  Result<TableItem> Next() override {
    if (!failure_.ok()) return failure_;
    Result<TableItem> item = NextItem();
    if (!item) failure_ = item.error();
    return item;
  }

 private:
  // The next line of the file without its end; false at the end.
  Result<bool> NextPhysical(std::string& line) {
    lines_.BeginRecord();
    LineSpan span;
    const Result<bool> more = lines_.NextLine(span);
    if (!more || !*more) return more;
    ++line_;
    line.assign(lines_.record().substr(span.begin, span.content_end - span.begin));
    return true;
  }

  // The next property as one line: folded ones joined before they are decoded, since a fold may
  // stand within a character.
  Result<bool> NextLogical(std::string& line) {
    if (ahead_) {
      line = *std::exchange(ahead_, std::nullopt);
    } else {
      const Result<bool> more = NextPhysical(line);
      if (!more || !*more) return more;
    }
    // A line that was read ahead is the last one that was read.
    logical_line_ = line_;
    std::string next;
    for (;;) {
      const Result<bool> more = NextPhysical(next);
      if (!more) return more;
      if (!*more) return true;
      const bool soft = ContinuesQuotedPrintable(line);
      // Empty lines stand within folded ones where a line end was written twice.
      if (next.empty() && !soft) continue;
      const bool folded = next.starts_with(' ') || next.starts_with('\t');
      if (!soft && !folded) break;
      if (soft) line.pop_back();
      std::string_view rest = next;
      if (folded) rest.remove_prefix(1);
      // What is too long for any cell is a picture: its end does not matter.
      if (line.size() <= options_.cell_bytes_max * 4) line += rest;
    }
    ahead_ = std::move(next);
    return true;
  }

  Result<TableItem> NextItem() {
    if (begun_at_ != 0) return ReadCard();
    std::string line;
    for (;;) {
      const Result<bool> more = NextLogical(line);
      if (!more) return more.error();
      if (!*more) return TableEnd{};
      if (Trim(line).empty()) continue;
      if (EqualsIgnoreCase(Trim(line), "BEGIN:VCARD")) return ReadCard();
      return Refuse("there is text outside of any card");
    }
  }

  Result<TableItem> ReadCard() {
    if (++totals_.rows > options_.card_count_max) {
      return Status::InvalidArgument(
          "E-LIMIT: more than " + std::to_string(options_.card_count_max) + " cards", kLimit);
    }
    ++record_;
    const uint64_t first_line = begun_at_ != 0 ? std::exchange(begun_at_, 0) : logical_line_;
    CardCells card(options_.cell_bytes_max);
    std::string line, why;
    bool after_agent = false;
    for (int depth = 1; depth > 0;) {
      const Result<bool> more = NextLogical(line);
      if (!more) return more.error();
      if (!*more) return Finish(card, first_line, "the card does not end (END:VCARD)");
      const std::string_view text = Trim(line);
      // Some programs write comments.
      if (text.empty() || text.starts_with('#')) continue;
      if (EqualsIgnoreCase(text, "BEGIN:VCARD")) {
        // A card within a card is told by AGENT; any other begins because this one did not end.
        if (!after_agent) {
          begun_at_ = logical_line_;
          return Finish(card, first_line, "the card does not end (END:VCARD)");
        }
        ++depth;
      } else if (EqualsIgnoreCase(text, "END:VCARD")) {
        --depth;
      } else if (depth == 1) {
        if (std::string wrong = TakeLine(line, card, after_agent); !wrong.empty()) why = wrong;
        continue;
      }
      after_agent = false;
    }
    return Finish(card, first_line, why);
  }

  // "" or what is wrong with the line.
  static std::string TakeLine(std::string_view line, CardCells& card, bool& after_agent) {
    const Result<VcardProperty> property = ParseVcardProperty(line);
    if (!property) return std::string(property.error().message());
    after_agent = property->name == "AGENT";
    card.Take(*property);
    return {};
  }

  Result<TableItem> Finish(CardCells& card, uint64_t first_line, std::string_view why) {
    cells_ = std::move(card.cells());
    views_.assign(cells_.begin(), cells_.end());
    raw_.clear();
    writer_->AppendRow(views_, raw_);
    if (!why.empty() || card.too_large()) {
      return TableRowError{
          .record = record_,
          .line = first_line,
          .raw = raw_,
          .cell_count = kColumns,
          .number = why.empty() ? kCellLimit : kCard,
          .code = why.empty() ? "R-LIMIT" : "R-CARD",
          .reason = why.empty() ? "a text of the card is over its limit" : std::string(why)};
    }
    return TableRow{.record = record_,
                    .line = first_line,
                    .raw = raw_,
                    .cells = views_,
                    .cell_count = kColumns};
  }

  Result<TableItem> Refuse(std::string_view why) {
    ++totals_.rows;
    ++record_;
    CardCells nothing(options_.cell_bytes_max);
    return Finish(nothing, logical_line_, why);
  }

  const VcardOptions options_;
  LineReader lines_;
  std::unique_ptr<CsvWriter> writer_;
  TableFormat format_;
  std::vector<std::string> header_;
  std::string header_raw_, raw_;
  Cells cells_;
  std::vector<std::string_view> views_;
  std::optional<std::string> ahead_;  // A line that was read to see that it is no continuation.
  TableTotals totals_;
  Status failure_;
  uint64_t line_ = 0, logical_line_ = 0, record_ = 1;
  uint64_t begun_at_ = 0;  // Where a card began whose BEGIN has been read; 0: none.
};

}  // namespace

Result<std::unique_ptr<TableReader>> OpenVcard(ByteSource& source, const VcardOptions& options) {
  auto reader = std::make_unique<Reader>(source, options);
  if (Status begun = reader->Begin(); !begun.ok()) return begun;
  return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace referrald::format
