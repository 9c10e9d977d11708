#include "storage/referral/deal.h"

#include <charconv>
#include <string>

namespace referrald::referral {

Deal DealFrom(const Entity& opportunity) {
  Deal deal;
  const std::string outcome = MergedValue(opportunity, field::kOutcome);
  if (outcome == "won") deal.outcome = DealOutcome::kWon;
  if (outcome == "lost") deal.outcome = DealOutcome::kLost;
  deal.amount = ReadMoney(MergedValue(opportunity, field::kAmount),
                          MergedValue(opportunity, field::kCurrency));
  if (deal.outcome != DealOutcome::kOpen) {
    deal.decided_at = ReadDay(MergedValue(opportunity, field::kCloseDate));
  }
  return deal;
}

Money ReadMoney(std::string_view amount, std::string_view currency) {
  const size_t point = amount.find('.');
  std::string digits(amount.substr(0, point));
  std::string cents = point == std::string_view::npos ? "" : std::string(amount.substr(point + 1));
  if (cents.size() > 2 || digits.empty()) return {};
  cents.resize(2, '0');
  digits += cents;
  int64_t minor_units = 0;
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), minor_units);
  const bool whole = failed == std::errc() && end == digits.data() + digits.size();
  if (!whole || minor_units < 0 || !IsCurrency(currency)) return {};
  return {.minor_units = minor_units, .currency = std::string(currency)};
}

Timestamp ReadDay(std::string_view date) {
  constexpr size_t kDayBytes = 10;
  if (date.size() != kDayBytes) return {};
  const Result<Timestamp> day = ParseTimestamp(std::string(date) + "T00:00:00Z");
  return day ? *day : Timestamp{};
}

}  // namespace referrald::referral
