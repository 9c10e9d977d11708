#include "storage/practice/cadence.h"

#include <algorithm>
#include <array>

namespace referrald::practice {
namespace {

using std::chrono::days;

constexpr std::array kPlans = std::to_array<CadencePlan>({
    {"high-ticket", "few customers, large deals", days{30}, 3, days{30}, "monthly status meeting"},
    {"low-ticket", "many customers, small deals", days{90}, 4, days{90},
     "newsletter, gift, personal mail"},
});

}  // namespace

std::span<const CadencePlan> CadencePlans() { return kPlans; }

const CadencePlan* FindCadence(std::string_view name) {
  if (name.empty()) return &kPlans.front();
  const auto* const plan = std::ranges::find(kPlans, name, &CadencePlan::name);
  return plan == kPlans.end() ? nullptr : plan;
}

CadenceState CadenceOf(const Customer& customer, Timestamp now) {
  CadenceState state;
  state.plan = FindCadence(customer.cadence);
  state.is_unknown_plan = state.plan == nullptr;
  if (state.plan == nullptr) state.plan = &kPlans.front();
  const bool is_assigned = customer.cadence_at != Timestamp{};
  state.last = is_assigned ? customer.cadence_at : customer.first_at;
  Sequence because = is_assigned ? customer.cadence_because : customer.first;
  bool was_touched = false;
  for (const Touch& touch : customer.touches) {
    if (touch.at <= now && touch.at > now - state.plan->window) ++state.touches;
    if (!touch.counts || touch.at > now || (was_touched && touch.at < state.last)) continue;
    was_touched = true;
    state.last = touch.at;
    because = touch.sequence;
  }
  state.due = state.last + state.plan->interval;
  state.at_ceiling = state.touches >= state.plan->touches_max;
  if (because) state.because.push_back(because);
  if (was_touched && customer.cadence_because) state.because.push_back(customer.cadence_because);
  if (now > state.due) {
    const int64_t interval = ToMicros(Timestamp{state.plan->interval});
    state.overdue = (ToMicros(now) - ToMicros(state.due)) / (interval / 1000);
  }
  return state;
}

}  // namespace referrald::practice
