#include "connectors/api/ids.h"

#include <algorithm>

#include "storage/base/bytes.h"
#include "storage/base/text.h"

namespace referrald::connectors {
namespace {

namespace field = referral::field;

constexpr int kInvalid = 2121, kDamaged = 2122;
constexpr size_t kDigitsMax = 19;
// What a spreadsheet's numbers keep; of longer ones the last digits become zeros.
constexpr size_t kSpreadsheetDigits = 15;
constexpr size_t kGuidSize = 36;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }

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

RowError Invalid(std::string_view what, std::string_view form) {
  return {.number = kInvalid,
          .code = "R-ID-INVALID",
          .column = "",
          .reason = "is no " + std::string(what) + ": " + std::string(form)};
}

// 128 bits in hexadecimal: two checksums over texts that differ.
std::string Digest(std::string_view kind, std::string_view text) {
  std::string bytes;
  for (const std::string_view salt : {"1", "2"}) {
    AppendBigEndian64(bytes, Checksum64(std::string(salt) + std::string(kind) + std::string(text)));
  }
  return std::string(kind) + "-" + ToHex(bytes);
}

}  // namespace

std::optional<RowError> CheckNumberId(std::string_view text, std::string_view what) {
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
  return Invalid(what, "a whole number");
}

std::variant<std::string, RowError> ReadGuid(std::string_view text, std::string_view what) {
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  std::string guid = LowerAscii(text);
  bool whole = guid.size() == kGuidSize;
  for (size_t i = 0; whole && i < guid.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    whole = dash ? guid[i] == '-' : IsHexDigit(guid[i]);
  }
  if (whole) return guid;
  return Invalid(what, "a GUID such as 1f3c5a7e-0000-4000-8000-00000000000a");
}

std::optional<std::string> DerivedId(const referral::Fields& fields) {
  const std::string email = FoldEmail(Find(fields, field::kEmail));
  if (!email.empty()) return Digest("mail", email);
  std::string name = FoldName(Find(fields, field::kDisplayName));
  if (name.empty()) {
    name = FoldName(std::string(Find(fields, field::kFirstName)) + " " +
                    std::string(Find(fields, field::kLastName)));
  }
  const std::string company = FoldName(Find(fields, field::kCompany));
  std::string phone = FoldPhone(Find(fields, field::kPhone));
  if (phone.empty()) phone = FoldPhone(Find(fields, field::kMobile));
  if (name.empty() && company.empty() && phone.empty()) return std::nullopt;
  return Digest("name", name + "\n" + company + "\n" + phone);
}

}  // namespace referrald::connectors
