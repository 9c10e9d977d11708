#include "connectors/google/google.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/api/finish.h"
#include "connectors/google/columns.h"
#include "storage/base/text.h"

namespace referrald::google {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::RowError;

constexpr int kGroupsMax = 20;  // Of "E-mail N - Value" columns that are looked at.

// "* anna@example.org ::: anna@home.example": the one with the star is the primary one, else the
// first.
std::string Primary(std::string_view cell) {
  constexpr std::string_view kJoin = ":::";
  std::string first;
  while (!cell.empty()) {
    const size_t end = std::min(cell.find(kJoin), cell.size());
    std::string_view one = Trim(cell.substr(0, end));
    cell.remove_prefix(std::min(end + kJoin.size(), cell.size()));
    const bool starred = one.starts_with("* ");
    if (starred) one = Trim(one.substr(2));
    if (starred) return std::string(one);
    if (first.empty()) first = one;
  }
  return first;
}

// The first of the numbered columns that has a text; how many there are depends on the data.
std::string FirstValue(const Cells& cells, std::string_view group) {
  for (int number = 1; number <= kGroupsMax; ++number) {
    const std::string title = std::string(group) + " " + std::to_string(number) + " - Value";
    if (std::string value = Primary(cells[title]); !value.empty()) return value;
  }
  return {};
}

std::optional<RowError> Finish(const ObjectDescription&, const Cells& cells, Draft& draft) {
  const std::string email = FirstValue(cells, "E-mail");
  const std::string phone = FirstValue(cells, "Phone");
  auto error = connectors::ReplaceField({.field = field::kEmail,
                                         .type = ColumnType::kEmail,
                                         .text = email,
                                         .column = kEMail1Value[0]},
                                        draft);
  if (!error) {
    error = connectors::ReplaceField({.field = field::kPhone,
                                      .type = ColumnType::kPhone,
                                      .text = phone,
                                      .column = kPhone1Value[0]},
                                     draft);
  }
  if (error) return error;
  connectors::FinishDomain(draft);
  return connectors::NameByContent(draft);
}

}  // namespace

constexpr ConnectorInfo kConnector{
    .name = "google",
    .title = "Google Contacts",
    .summary = "CSV exports of Google Contacts, in both forms of its header",
    .maturity = connectors::Maturity::kBeta,
    .objects = kObjects,
    .exports = {},
    .finish = &Finish,
    .derives_ids = true};

}  // namespace referrald::google
