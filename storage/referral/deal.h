#pragma once

#include <cstdint>
#include <string_view>

#include "storage/base/time.h"
#include "storage/referral/entity.h"
#include "storage/referral/fact.h"

// What the rows of a CRM say of a deal, where they say it in a form that is not guessed at.
namespace referrald::referral {

enum class DealOutcome : uint8_t { kOpen = 0, kWon = 1, kLost = 2 };

struct Deal {
  DealOutcome outcome = DealOutcome::kOpen;
  Money amount;  // No currency: not known.
  Timestamp
      decided_at{};  // The close date of one that is won or lost, midnight UTC; zero: unknown.
};

// Of the merged fields of an opportunity. Pure.
Deal DealFrom(const Entity& opportunity);

// Digits with at most two decimals; no currency for anything else.
Money ReadMoney(std::string_view amount, std::string_view currency);

// "2026-05-31" at the start of that day, UTC; zero for anything else.
Timestamp ReadDay(std::string_view date);

}  // namespace referrald::referral
