#include "connectors/hubspot/record_id.h"

#include <algorithm>

namespace referrald::hubspot {
namespace {

using connectors::RowError;

constexpr int kInvalid = 2121, kDamaged = 2122;
constexpr size_t kDigitsMax = 19;
// What a spreadsheet's numbers keep; of longer ones the last digits become zeros.
constexpr size_t kSpreadsheetDigits = 15;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Digits with a decimal point or an exponent: "1.9143E+10", "10001.0".
bool IsRewrittenNumber(std::string_view text) {
  return !text.empty() && IsDigit(text.front()) &&
         text.find_first_not_of("0123456789.,eE+-") == std::string_view::npos &&
         text.find_first_of(".,eE") != std::string_view::npos;
}

bool LostItsLastDigits(std::string_view digits) {
  return digits.size() > kSpreadsheetDigits &&
         digits.substr(kSpreadsheetDigits).find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::optional<RowError> CheckRecordId(std::string_view text) {
  const bool number = std::ranges::all_of(text, IsDigit);
  if (IsRewrittenNumber(text) || (number && LostItsLastDigits(text))) {
    return RowError{.number = kDamaged,
                    .code = "R-ID-DAMAGED",
                    .column = "",
                    .reason =
                        "a spreadsheet has rewritten the id as a number; export it again "
                        "and do not save it from a spreadsheet"};
  }
  if (number && !text.empty() && text.front() != '0' && text.size() <= kDigitsMax) {
    return std::nullopt;
  }
  return RowError{.number = kInvalid,
                  .code = "R-ID-INVALID",
                  .column = "",
                  .reason = "is no HubSpot record id: a whole number"};
}

}  // namespace referrald::hubspot
