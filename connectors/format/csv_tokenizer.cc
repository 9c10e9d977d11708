#include "connectors/format/csv_tokenizer.h"

#include "connectors/format/scan.h"

namespace referrald::format {

void CsvTokenizer::Begin() {
  cells_.clear();
  in_quotes_ = false;
  open_ = {};
}

size_t CsvTokenizer::FindClosingQuote(std::string_view text, size_t from, size_t to) {
  while (true) {
    const size_t at = dialect_.backslash_quotes ? FindEither(text, from, to, '"', '\\')
                                                : FindByte(text, from, to, '"');
    if (at >= to) return to;
    const bool escape = text[at] == '\\';
    const bool doubled = !escape && at + 1 < to && text[at + 1] == '"';
    if (!escape && !doubled) return at;
    open_.rewritten = true;
    from = at + 2;
  }
}

TokenResult CsvTokenizer::AddLine(std::string_view text, size_t begin, size_t content_end,
                                  size_t end) {
  size_t at = begin;
  while (true) {
    if (!in_quotes_) {
      size_t start = at;
      while (start < content_end && text[start] == ' ') ++start;
      if (start == content_end || text[start] != '"') {
        const size_t cell_end = FindByte(text, at, content_end, dialect_.delimiter);
        cells_.push_back({.begin = at, .end = cell_end});
        if (cell_end == content_end) return TokenResult::kComplete;
        at = cell_end + 1;
        continue;
      }
      in_quotes_ = true;
      open_ = {.begin = start + 1};
      at = start + 1;
    }
    const size_t quote = FindClosingQuote(text, at, content_end);
    if (quote == content_end) {
      // A CR LF within quotes becomes LF.
      if (end - content_end == 2) open_.rewritten = true;
      return TokenResult::kInsideQuotes;
    }
    open_.end = quote;
    cells_.push_back(open_);
    in_quotes_ = false;
    at = quote + 1;
    while (at < content_end && text[at] == ' ') ++at;
    if (at == content_end) return TokenResult::kComplete;
    if (text[at] != dialect_.delimiter) return TokenResult::kTextAfterQuote;
    ++at;
  }
}

void CsvTokenizer::AppendUnquoted(std::string_view cell) {
  for (size_t at = 0; at < cell.size(); ++at) {
    const char byte = cell[at];
    const char next = at + 1 < cell.size() ? cell[at + 1] : '\0';
    const bool line_end = byte == '\r' && next == '\n';
    const bool escaped = dialect_.backslash_quotes ? byte == '\\' && (next == '"' || next == '\\')
                                                   : byte == '"' && next == '"';
    const bool doubled = dialect_.backslash_quotes && byte == '"' && next == '"';
    if (line_end || escaped || doubled) ++at;
    unquoted_.push_back(cell[at]);
  }
}

std::span<const std::string_view> CsvTokenizer::Cells(std::string_view text) {
  views_.clear();
  unquoted_.clear();
  // No view may move once it is taken; unquoting never makes a text longer.
  if (unquoted_.capacity() < text.size()) unquoted_.reserve(text.size());
  for (const Cell& cell : cells_) {
    const std::string_view raw = text.substr(cell.begin, cell.end - cell.begin);
    if (!cell.rewritten) {
      views_.push_back(raw);
      continue;
    }
    const size_t begin = unquoted_.size();
    AppendUnquoted(raw);
    views_.push_back(std::string_view(unquoted_).substr(begin));
  }
  return views_;
}

}  // namespace referrald::format
