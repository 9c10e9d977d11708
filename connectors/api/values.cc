#include "connectors/api/values.h"

#include <algorithm>
#include <iterator>

#include "connectors/api/dates.h"
#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::connectors {
namespace {

namespace field = referral::field;

constexpr std::string_view kFields[] = {
    field::kDisplayName, field::kFirstName, field::kLastName,   field::kEmail,
    field::kPhone,       field::kMobile,    field::kTitle,      field::kCompany,
    field::kDomain,      field::kIndustry,  field::kCity,       field::kPostalCode,
    field::kCountry,     field::kOwner,     field::kLeadSource, field::kReferredBy,
    field::kStatus,      field::kStage,     field::kAmount,     field::kCurrency,
    field::kCloseDate,   field::kOutcome,   role::kExternalId,  role::kChangedAt,
    role::kDeleted,      role::kMergedInto};

RowError TypeError(int number, std::string reason) {
  return {.number = number, .code = "R-TYPE", .column = "", .reason = std::move(reason)};
}

// Some exports carry stray control characters; only tab and line feed are text.
std::string WithoutControls(std::string_view text) {
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n';
  };
  std::string clean(text);
  std::erase_if(clean, is_control);
  return clean;
}

std::variant<std::string, RowError> ReadEmail(std::string_view text) {
  std::string folded = FoldEmail(text);
  if (IsPlausibleEmail(folded)) return folded;
  return TypeError(2110, "is not one e-mail address; keep one address in the cell, or none");
}

bool HasDigit(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool IsLinkName(std::string_view name) {
  const size_t colon = name.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == name.size()) return false;
  const auto is_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':';
  };
  return std::ranges::all_of(name, is_name) && name.find(':', colon + 1) == std::string_view::npos;
}

}  // namespace

std::optional<bool> ReadBoolean(std::string_view text) {
  constexpr std::string_view kTrue[] = {"true", "1", "yes", "y", "on", "x"};
  constexpr std::string_view kFalse[] = {"false", "0", "no", "n", "off"};
  const auto same = [text](std::string_view word) { return EqualsIgnoreCase(word, text); };
  if (std::ranges::any_of(kTrue, same)) return true;
  if (std::ranges::any_of(kFalse, same)) return false;
  return std::nullopt;
}

std::variant<std::string, RowError> ReadValue(ColumnType type, std::string_view text,
                                              DateOrder order) {
  switch (type) {
    case ColumnType::kText:
    case ColumnType::kPhone:
    case ColumnType::kIdList: return WithoutControls(text);
    case ColumnType::kEmail: return ReadEmail(text);
    case ColumnType::kDateTime: {
      const Result<Timestamp> at = ParseDateTime(text, order);
      if (at) return FormatTimestamp(*at);
      return TypeError(2111,
                       "is not a time; write 2026-11-21T10:04:09Z or 2026-11-21 10:04, or say in "
                       "which order its numbers stand: dates of the feed");
    }
    case ColumnType::kDate: {
      const Result<std::string> date = ParseDate(text, order);
      if (date) return *date;
      return TypeError(2112,
                       "is not a date; write 2026-11-21, or say in which order its numbers stand: "
                       "dates of the feed");
    }
    case ColumnType::kNumber:
      if (HasDigit(text)) return WithoutControls(text);
      return TypeError(2113, "is not a number");
    case ColumnType::kBoolean: {
      const std::optional<bool> value = ReadBoolean(text);
      if (value) return std::string(*value ? "true" : "false");
      return TypeError(2114, "is neither true nor false; write true or false");
    }
  }
  return WithoutControls(text);
}

std::string DomainOf(std::string_view address) {
  address = Trim(address);
  if (const size_t scheme = address.find("://"); scheme != std::string_view::npos) {
    address.remove_prefix(scheme + 3);
  }
  address = address.substr(0, address.find_first_of("/?#"));
  std::string host = LowerAscii(address);
  if (host.starts_with("www.")) host.erase(0, 4);
  return host;
}

bool IsKnownField(std::string_view name) {
  const bool custom = name.starts_with("attr.") && name.size() > 5;
  return custom || IsLinkName(name) ||
         std::ranges::find(kFields, name) != std::ranges::end(kFields);
}

std::vector<std::string_view> KnownFields() { return {std::begin(kFields), std::end(kFields)}; }

}  // namespace referrald::connectors
