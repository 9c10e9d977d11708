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

// Null where there is none.
const Explanation* FindExplanation(int number);

// Those of one thousand, sorted by number, each once: 1 configuration, 2 files and rows, 3 what the
// rules refuse, 4 the store, 5 calls. Empty for any other.
std::span<const Explanation> Explanations(int thousand);

std::span<const Explanation> ConfigurationExplanations();
std::span<const Explanation> FilesExplanations();
std::span<const Explanation> DomainExplanations();
std::span<const Explanation> StoreExplanations();
std::span<const Explanation> RpcExplanations();

}  // namespace referrald::ctl
