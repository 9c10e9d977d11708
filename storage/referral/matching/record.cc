#include "storage/referral/matching/record.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::referral::matching {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Words of addresses and how they are abbreviated. Sorted.
constexpr Pair kAddressWords[] = {
    {"ave", "avenue"},  {"av", "avenue"},     {"blvd", "boulevard"}, {"cct", "circuit"},
    {"cl", "close"},    {"cres", "crescent"}, {"crt", "court"},      {"ct", "court"},
    {"dr", "drive"},    {"drv", "drive"},     {"hwy", "highway"},    {"ln", "lane"},
    {"mt", "mount"},    {"pde", "parade"},    {"pl", "place"},       {"rd", "road"},
    {"sq", "square"},   {"st", "street"},     {"str", "strasse"},    {"tce", "terrace"},
    {"ter", "terrace"}, {"vlge", "village"},
};

constexpr Pair kShortNames[] = {
    {"abby", "abigail"},    {"alex", "alexander"},    {"andy", "andrew"},
    {"angie", "angela"},    {"becky", "rebecca"},     {"ben", "benjamin"},
    {"bernie", "bernard"},  {"bert", "albert"},       {"beth", "elizabeth"},
    {"betty", "elizabeth"}, {"bill", "william"},      {"billy", "william"},
    {"bob", "robert"},      {"bobby", "robert"},      {"cathy", "catherine"},
    {"charlie", "charles"}, {"chris", "christopher"}, {"chuck", "charles"},
    {"dan", "daniel"},      {"danny", "daniel"},      {"dave", "david"},
    {"debbie", "deborah"},  {"dick", "richard"},      {"don", "donald"},
    {"doug", "douglas"},    {"ed", "edward"},         {"eddie", "edward"},
    {"frank", "francis"},   {"fred", "frederick"},    {"greg", "gregory"},
    {"hank", "henry"},      {"harry", "harold"},      {"jack", "john"},
    {"jake", "jacob"},      {"jim", "james"},         {"jimmy", "james"},
    {"joe", "joseph"},      {"josh", "joshua"},       {"kate", "katherine"},
    {"kathy", "katherine"}, {"ken", "kenneth"},       {"larry", "lawrence"},
    {"liz", "elizabeth"},   {"maggie", "margaret"},   {"matt", "matthew"},
    {"meg", "margaret"},    {"mick", "michael"},      {"mike", "michael"},
    {"nat", "nathaniel"},   {"nate", "nathaniel"},    {"ned", "edward"},
    {"nick", "nicholas"},   {"pat", "patrick"},       {"peggy", "margaret"},
    {"pete", "peter"},      {"phil", "philip"},       {"ray", "raymond"},
    {"rich", "richard"},    {"rick", "richard"},      {"rob", "robert"},
    {"ron", "ronald"},      {"sam", "samuel"},        {"sepp", "josef"},
    {"steve", "stephen"},   {"sue", "susan"},         {"ted", "edward"},
    {"tim", "timothy"},     {"toby", "tobias"},       {"tom", "thomas"},
    {"tony", "anthony"},    {"val", "valerie"},       {"vicky", "victoria"},
    {"will", "william"},    {"zach", "zachary"},
};

constexpr std::string_view kMailboxes[] = {
    "accounting", "accounts",  "admin",     "administration", "billing",
    "bookings",   "buero",     "careers",   "contact",        "customerservice",
    "einkauf",    "enquiries", "events",    "finance",        "hello",
    "help",       "hr",        "info",      "inquiries",      "invoice",
    "jobs",       "kontakt",   "mail",      "marketing",      "noreply",
    "no-reply",   "office",    "orders",    "post",           "postmaster",
    "press",      "rechnung",  "reception", "sales",          "secretary",
    "service",    "support",   "team",      "verkauf",        "vertrieb",
    "webmaster",  "welcome",
};

// What programs write where they know no date.
constexpr std::string_view kNoDates[] = {
    "00000000", "00010101", "18991230", "18991231", "19000101",
    "19010101", "19700101", "19800101", "20000101", "99991231",
};

std::string_view Find(std::span<const Pair> pairs, std::string_view key) {
  const auto found = std::ranges::find(pairs, key, &Pair::first);
  return found == pairs.end() ? key : found->second;
}

bool Contains(std::span<const std::string_view> texts, std::string_view text) {
  return std::ranges::find(texts, text) != texts.end();
}

// At most `size` bytes, cut between letters.
std::string Cut(std::string text, size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  text.resize(size);
  return text;
}

std::string_view CutView(std::string_view text) {
  return text.substr(0, std::min(text.size(), 4 * limits::kMatchedTextBytesMax));
}

std::string Folded(std::string_view text) {
  return Cut(FoldName(CutView(text)), limits::kMatchedTextBytesMax);
}

std::string FoldedAddress(std::string_view text) {
  std::string spelled;
  const std::string folded = Folded(text);
  for (const std::string_view word : Words(folded)) {
    // "st james" is no street: the first word keeps its spelling.
    const bool first = spelled.empty();
    if (!first) spelled.push_back(' ');
    spelled += first ? word : Find(kAddressWords, word);
  }
  return Cut(std::move(spelled), limits::kMatchedTextBytesMax);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string BirthDigits(std::string_view text) {
  constexpr size_t kDateDigits = 8;
  std::string digits;
  for (const char c : text.substr(0, 32)) {
    if (IsDigit(c)) digits.push_back(c);
    if (c == 'T' || digits.size() == kDateDigits) break;
  }
  const bool known = digits.size() == kDateDigits && !Contains(kNoDates, digits);
  return known ? digits : std::string();
}

// Country and trunk codes are written or left out; the last digits are always there.
std::string PhoneDigits(std::string_view text) {
  constexpr size_t kPhoneDigitsCompared = 9;
  std::string phone = FoldPhone(text.substr(0, 64));
  if (phone.starts_with('+')) phone.erase(0, 1);
  if (phone.size() > kPhoneDigitsCompared) phone.erase(0, phone.size() - kPhoneDigitsCompared);
  // 000000, 111111111: typed to satisfy a form.
  const bool typed = phone.empty() || phone.find_first_not_of(phone.front()) == std::string::npos;
  return typed ? std::string() : phone;
}

std::string Email(std::string_view text) {
  std::string email = FoldEmail(CutView(text));
  return IsPlausibleEmail(email) ? email : std::string();
}

bool HasDigit(std::string_view word) { return std::ranges::any_of(word, IsDigit); }

// "12a main street" and "hauptstrasse 12" have their number in the street.
void TakeNumberOffStreet(std::string& street, std::string& number) {
  if (!number.empty()) return;
  const std::vector<std::string_view> words = Words(street);
  if (words.size() < 2) return;
  const bool leads = HasDigit(words.front());
  if (!leads && !HasDigit(words.back())) return;
  number = std::string(leads ? words.front() : words.back());
  const size_t rest = street.size() - number.size() - 1;
  street = leads ? street.substr(number.size() + 1) : street.substr(0, rest);
}

}  // namespace

std::string_view FieldName(Field field) {
  switch (field) {
    case Field::kGivenName: return "given name";
    case Field::kSurname: return "surname";
    case Field::kBirthDate: return "birth date";
    case Field::kEmail: return "e-mail";
    case Field::kPhone: return "phone";
    case Field::kHouseNumber: return "house number";
    case Field::kStreet: return "street";
    case Field::kLocality: return "locality";
    case Field::kCity: return "city";
    case Field::kPostcode: return "postcode";
    case Field::kState: return "state";
    case Field::kCountry: return "country";
    case Field::kOrganisation: return "organisation";
    case Field::kTitle: return "title";
  }
  return "unknown";
}

Record MakeRecord(std::string_view id, const Values& values) {
  Record record;
  record.id = std::string(id);
  const auto at = [&record](Field field) -> std::string& {
    return record.texts[static_cast<size_t>(field)];
  };
  at(Field::kGivenName) = Folded(values.given_name);
  at(Field::kSurname) = Folded(values.surname);
  at(Field::kBirthDate) = BirthDigits(values.birth_date);
  at(Field::kEmail) = Email(values.email);
  at(Field::kPhone) = PhoneDigits(values.phone);
  at(Field::kHouseNumber) = Folded(values.house_number);
  at(Field::kStreet) = FoldedAddress(values.street);
  at(Field::kLocality) = FoldedAddress(values.locality);
  at(Field::kCity) = FoldedAddress(values.city);
  at(Field::kPostcode) = Folded(values.postcode);
  at(Field::kState) = Folded(values.state);
  at(Field::kCountry) = Folded(values.country);
  at(Field::kOrganisation) = Folded(values.organisation);
  at(Field::kTitle) = Folded(values.title);
  TakeNumberOffStreet(at(Field::kStreet), at(Field::kHouseNumber));
  record.email_is_shared = IsSharedMailbox(at(Field::kEmail));
  return record;
}

bool IsSharedMailbox(std::string_view folded_email) {
  return Contains(kMailboxes, folded_email.substr(0, folded_email.find('@')));
}

std::string_view FullGivenName(std::string_view folded) { return Find(kShortNames, folded); }

}  // namespace referrald::referral::matching
