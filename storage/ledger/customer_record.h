#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/status.h"
#include "storage/practice/customer.h"
#include "storage/practice/prompt.h"

namespace referrald::ledger {

// 'D' .. 'l': what one party folded to, and the prompts that follow, whenever they are due.
struct CustomerRecord {
  practice::Customer customer;
  std::vector<practice::Prompt> prompts;

  friend bool operator==(const CustomerRecord&, const CustomerRecord&) = default;
};
std::string Encode(const CustomerRecord& record);
// Corruption (RFD4203): Encode did not write it.
Result<CustomerRecord> DecodeCustomer(EntityId party, std::string_view bytes);

// 'D' .. 'f': the little of it that portfolio-wide questions need, for every active party.
struct CoverageRecord {
  std::array<practice::SlotState, practice::kSlotCount> slots{};
  bool is_customer = false;
  bool was_asked = false;

  friend bool operator==(const CoverageRecord&, const CoverageRecord&) = default;
};
CoverageRecord CoverageOf(const practice::Customer& customer);
std::string Encode(const CoverageRecord& record);
Result<CoverageRecord> DecodeCoverage(std::string_view bytes);

}  // namespace referrald::ledger
