#include "plugin/ctl/explain_texts.h"

#include <algorithm>

namespace referrald::ctl {

const Explanation* FindExplanation(int number) {
  const auto texts = Explanations(number / 1000);
  const auto found = std::ranges::lower_bound(texts, number, {}, &Explanation::number);
  return found != texts.end() && found->number == number ? &*found : nullptr;
}

std::span<const Explanation> Explanations(int thousand) {
  switch (thousand) {
    case 1: return ConfigurationExplanations();
    case 2: return FilesExplanations();
    case 3: return DomainExplanations();
    case 4: return StoreExplanations();
    case 5: return RpcExplanations();
    default: return {};
  }
}

}  // namespace referrald::ctl
