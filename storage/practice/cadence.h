#pragma once

#include <chrono>
#include <span>
#include <string_view>
#include <vector>

#include "storage/practice/customer.h"

// Keeping in touch without being intrusive (R31 to R34).
namespace referrald::practice {

struct CadencePlan {
  std::string_view name;     // As CadenceAssigned names it.
  std::string_view segment;  // For whom.
  std::chrono::days interval;
  size_t touches_max;  // The ceiling, within `window`.
  std::chrono::days window;
  std::string_view media;  // How, in words.
};
// The two plans of R32; the first is for whom none is assigned.
std::span<const CadencePlan> CadencePlans();
// Null where there is no such plan.
const CadencePlan* FindCadence(std::string_view name);

struct CadenceState {
  const CadencePlan* plan = nullptr;  // Never null.
  bool is_unknown_plan = false;       // One is assigned that there is not; `plan` is the first.
  Timestamp last{};                   // The last touch that counts, else when the clock began.
  Timestamp due{};
  int64_t overdue = 0;  // (now - due) / interval in thousandths; 0: not due yet (P14).
  size_t touches = 0;   // Within the window.
  bool at_ceiling = false;
  std::vector<Sequence> because{};
};
// Only real touches reset the clock: those that were told in time, and not after `now`. Before the
// first it begins when the plan was assigned, else with the first thing that is known of the
// customer.
CadenceState CadenceOf(const Customer& customer, Timestamp now);

}  // namespace referrald::practice
