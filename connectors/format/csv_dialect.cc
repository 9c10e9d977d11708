#include "connectors/format/csv_dialect.h"

#include <optional>

#include "connectors/format/scan.h"
#include "storage/base/text.h"

namespace referrald::format {
namespace {

constexpr int kDelimiter = 2005;
constexpr char kCandidates[] = {',', ';', '\t', '|', '^', '`'};
constexpr size_t kRowsLookedAt = 100;

// How well a dialect fits the first rows.
struct Fit {
  size_t columns = 0;
  size_t rows = 0;
  size_t alike = 0;   // Rows as long as the header.
  size_t broken = 0;  // Rows with text behind a closing quote.
};

// One physical line of `text` from `begin`.
struct Line {
  size_t begin = 0, content_end = 0, end = 0;
};
Line LineFrom(std::string_view text, size_t begin) {
  const size_t at = FindEither(text, begin, text.size(), '\n', '\r');
  if (at == text.size()) return {begin, at, at};
  const bool pair = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
  return {begin, at, at + (pair ? 2U : 1U)};
}

bool IsBlank(std::span<const std::string_view> cells) {
  for (const std::string_view cell : cells) {
    if (!Trim(cell).empty()) return false;
  }
  return true;
}

void CountRow(size_t cell_count, Fit& fit) {
  if (fit.columns == 0) {
    fit.columns = cell_count;
    return;
  }
  ++fit.rows;
  if (cell_count == fit.columns) ++fit.alike;
}

Fit Measure(std::string_view text, CsvDialect dialect) {
  Fit fit;
  CsvTokenizer tokenizer(dialect);
  tokenizer.Begin();
  size_t at = 0;
  while (at < text.size() && fit.rows + fit.broken < kRowsLookedAt) {
    const Line line = LineFrom(text, at);
    at = line.end;
    const TokenResult result = tokenizer.AddLine(text, line.begin, line.content_end, line.end);
    if (result == TokenResult::kInsideQuotes) continue;
    if (result == TokenResult::kTextAfterQuote) {
      ++fit.broken;
    } else if (!IsBlank(tokenizer.Cells(text))) {
      CountRow(tokenizer.cell_count(), fit);
    }
    tokenizer.Begin();
  }
  return fit;
}

bool Better(const Fit& left, const Fit& right) {
  if ((left.columns > 1) != (right.columns > 1)) return left.columns > 1;
  // Compares alike / (rows + broken) without dividing; a header alone counts as one row alike.
  const size_t left_share = (left.alike + 1) * (right.rows + right.broken + 1);
  const size_t right_share = (right.alike + 1) * (left.rows + left.broken + 1);
  if (left_share != right_share) return left_share > right_share;
  return left.columns > right.columns;
}

char BestDelimiter(std::string_view text) {
  char best = kCandidates[0];
  Fit best_fit = Measure(text, {.delimiter = best});
  for (const char candidate : kCandidates) {
    const Fit fit = Measure(text, {.delimiter = candidate});
    if (!Better(fit, best_fit)) continue;
    best = candidate;
    best_fit = fit;
  }
  return best;
}

// Some programs write \" within quotes; told by rows that are broken otherwise.
bool UsesBackslashes(std::string_view text, char delimiter) {
  if (text.find("\\\"") == std::string_view::npos) return false;
  const Fit plain = Measure(text, {.delimiter = delimiter});
  const Fit escaped = Measure(text, {.delimiter = delimiter, .backslash_quotes = true});
  return escaped.broken < plain.broken && escaped.alike >= plain.alike;
}

std::optional<char> Configured(std::string_view name) {
  if (EqualsIgnoreCase(name, "tab") || name == "\\t") return '\t';
  if (name.size() == 1 && CanDelimit(name[0])) return name[0];
  return std::nullopt;
}

std::optional<char> SeparatorLine(std::string_view text) {
  const Line line = LineFrom(text, 0);
  std::string_view content = text.substr(0, line.content_end);
  if (content.size() >= 2 && content.front() == '"' && content.back() == '"') {
    content = content.substr(1, content.size() - 2);
  }
  if (content.size() != 5 || !EqualsIgnoreCase(content.substr(0, 4), "sep=")) return std::nullopt;
  if (!CanDelimit(content[4])) return std::nullopt;
  return content[4];
}

}  // namespace

bool CanDelimit(char byte) {
  if (byte == '\t' || byte == '\x01' || byte == '\x1f') return true;
  const bool punctuation = (byte > ' ' && byte < '0') || (byte > '9' && byte < 'A') ||
                           (byte > 'Z' && byte < 'a') || (byte > 'z' && byte < '\x7f');
  return punctuation && byte != '"' && byte != '\\';
}

std::string DelimiterName(char delimiter) {
  if (delimiter == '\t') return "tab";
  if (delimiter < ' ') return "control character " + std::to_string(int{delimiter});
  return std::string(1, delimiter);
}

Result<DetectedDialect> DetectDialect(std::string_view text, std::string_view configured) {
  DetectedDialect detected;
  if (const std::optional<char> separator = SeparatorLine(text)) {
    detected.separator_line = true;
    detected.dialect.delimiter = *separator;
    text.remove_prefix(LineFrom(text, 0).end);
  }
  if (!configured.empty()) {
    const std::optional<char> delimiter = Configured(configured);
    if (!delimiter) {
      return Status::InvalidArgument("E-DELIMITER: \"" + std::string(configured) +
                                         "\" cannot be a delimiter; use one of , ; | ^ ` or tab",
                                     kDelimiter);
    }
    detected.dialect.delimiter = *delimiter;
  } else if (!detected.separator_line) {
    detected.dialect.delimiter = BestDelimiter(text);
  }
  detected.dialect.backslash_quotes = UsesBackslashes(text, detected.dialect.delimiter);
  return detected;
}

}  // namespace referrald::format
