#pragma once

#include <span>
#include <string_view>

namespace referrald::ctl {

// What an RFD number means, for `referralctl explain`: what happened, and what to do.
struct Explanation {
  int number = 0;
  std::string_view title;
  std::string_view meaning;
  std::string_view remedy;
};

// Sorted by number, each once.
std::span<const Explanation> Explanations();
// Null where there is none.
const Explanation* FindExplanation(int number);

}  // namespace referrald::ctl
