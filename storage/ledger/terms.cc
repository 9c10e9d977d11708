#include "storage/ledger/terms.h"

#include <algorithm>
#include <string_view>

#include "storage/base/limits.h"
#include "storage/base/text.h"
#include "storage/ledger/likeness.h"

namespace referrald::ledger {
namespace {

using referral::EntityKind;
using referral::Fields;
namespace field = referral::field;

void AddPhone(const Fields& fields, std::string_view name, std::vector<Term>& terms) {
  std::string phone = FoldPhone(Find(fields, name));
  if (!phone.empty()) terms.push_back({Space::kPhone, std::move(phone)});
}

std::string NameOf(const Fields& fields) {
  const std::string_view display = Find(fields, field::kDisplayName);
  if (!display.empty()) return FoldName(display);
  std::string name(Find(fields, field::kFirstName));
  name.append(" ").append(Find(fields, field::kLastName));
  return FoldName(name);
}

void AddName(const Fields& fields, std::vector<Term>& terms) {
  const std::string name = NameOf(fields);
  if (name.empty()) return;
  terms.push_back({Space::kName, name});
  size_t left = limits::kNameTermsPerRowMax - 1;
  for (const std::string_view word : Words(name)) {
    if (left-- == 0) break;
    terms.push_back({Space::kName, std::string(word)});
  }
}

void AddRow(EntityKind kind, const referral::Link& link, std::vector<Term>& terms) {
  const Fields& fields = link.fields;
  AddName(fields, terms);
  for (std::string& likeness : LikenessesOf(link)) {
    terms.push_back({Space::kAlike, std::move(likeness)});
  }
  if (kind != EntityKind::kPerson) return;
  std::string email = EmailOf(fields);
  if (!email.empty()) terms.push_back({Space::kEmail, std::move(email)});
  AddPhone(fields, field::kPhone, terms);
  AddPhone(fields, field::kMobile, terms);
}

}  // namespace

std::string EmailOf(const Fields& fields) {
  std::string email = FoldEmail(Find(fields, field::kEmail));
  if (!IsPlausibleEmail(email)) email.clear();
  return email;
}

std::vector<Term> TermsOf(const referral::Entity& entity) {
  std::vector<Term> terms;
  if (entity.kind == EntityKind::kOpportunity) return terms;
  const bool all = IsDeleted(entity);
  for (const referral::Link& link : entity.links) {
    if (all || !link.deleted) AddRow(entity.kind, link, terms);
  }
  std::ranges::sort(terms);
  const auto repeats = std::ranges::unique(terms);
  terms.erase(repeats.begin(), repeats.end());
  return terms;
}

}  // namespace referrald::ledger
