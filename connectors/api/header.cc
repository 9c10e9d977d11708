#include <algorithm>
#include <utility>

#include "connectors/api/connector.h"
#include "storage/base/text.h"

namespace referrald::connectors {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kNoBreakSpace = "\xc2\xa0";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string FoldTitle(std::string_view title) {
  std::string folded = LowerAscii(title);
  ReplaceAll(folded, kByteOrderMark, "");
  ReplaceAll(folded, kNoBreakSpace, " ");
  return std::string(Trim(folded));
}

// What is left of a title without case and punctuation: "AccountId", "Account ID" and "account_id"
// are one, as API names, labels and database columns of the same system are.
std::string LooseTitle(std::string_view title) {
  std::string loose;
  for (const char c : LowerAscii(title)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
    if (kept) loose.push_back(c);
  }
  return loose;
}

char Lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

// Looked up for each row: orders a folded title and a plain one without making a copy.
struct ByTitle {
  bool operator()(const std::pair<std::string, size_t>& entry, std::string_view title) const {
    return std::ranges::lexicographical_compare(
        entry.first, title,
        [](char left, char right) {
          return static_cast<unsigned char>(left) < static_cast<unsigned char>(right);
        },
        {}, Lower);
  }
};

}  // namespace

Header::Header(std::vector<std::string> titles) : titles_(std::move(titles)) {
  index_.reserve(titles_.size());
  for (size_t i = 0; i < titles_.size(); ++i) index_.emplace_back(FoldTitle(titles_[i]), i);
  std::ranges::sort(index_);
  for (size_t i = 0; i < titles_.size(); ++i) {
    loose_.emplace_back(LooseTitle(FoldTitle(titles_[i])), i);
  }
  std::ranges::sort(loose_);
}

std::optional<size_t> Header::Find(std::string_view title) const {
  const bool plain = title == Trim(title) && title.find('\xc2') == std::string_view::npos;
  const std::string folded = plain ? std::string() : FoldTitle(title);
  const std::string_view wanted = plain ? title : std::string_view(folded);
  const auto found = std::lower_bound(index_.begin(), index_.end(), wanted, ByTitle());
  if (wanted.empty()) return std::nullopt;
  const bool exact = found != index_.end() && EqualsIgnoreCase(found->first, wanted);
  return exact ? std::optional(found->second) : FindLoosely(wanted);
}

// Only where it cannot be another column.
std::optional<size_t> Header::FindLoosely(std::string_view title) const {
  const std::string loose = LooseTitle(title);
  if (loose.empty()) return std::nullopt;
  const auto found =
      std::ranges::equal_range(loose_, loose, {}, &std::pair<std::string, size_t>::first);
  if (found.size() != 1) return std::nullopt;
  return found.front().second;
}

std::optional<size_t> Header::FindAny(std::span<const std::string_view> names) const {
  for (const std::string_view name : names) {
    if (const std::optional<size_t> column = Find(name)) return column;
  }
  return std::nullopt;
}

std::vector<std::string> Header::Duplicates() const {
  std::vector<std::string> duplicates;
  for (size_t i = 1; i < index_.size(); ++i) {
    const bool same = !index_[i].first.empty() && index_[i].first == index_[i - 1].first;
    const bool first_repeat = i < 2 || index_[i - 2].first != index_[i].first;
    if (same && first_repeat) duplicates.push_back(titles_[index_[i - 1].second]);
  }
  return duplicates;
}

std::string_view Cells::operator[](std::string_view title) const {
  const std::optional<size_t> column = header_.Find(title);
  return column ? at(*column) : std::string_view();
}

std::string_view Cells::at(size_t column) const {
  return column < cells_.size() ? Trim(cells_[column]) : std::string_view();
}

std::string_view Cells::Any(std::span<const std::string_view> names) const {
  const std::optional<size_t> column = header_.FindAny(names);
  return column ? at(*column) : std::string_view();
}

}  // namespace referrald::connectors
