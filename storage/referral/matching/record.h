#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// One person as one row describes them, made ready to be compared.
namespace referrald::referral::matching {

// What can be compared. Order is that of the reasons that are printed.
enum class Field : uint8_t {
  kGivenName,
  kSurname,
  kBirthDate,
  kEmail,
  kPhone,
  kHouseNumber,
  kStreet,
  kLocality,  // A second address line: building, estate, district.
  kCity,
  kPostcode,
  kState,
  kCountry,
  kOrganisation,
  kTitle,  // What somebody is in their organisation.
};
inline constexpr size_t kFieldCount = 14;
std::string_view FieldName(Field field);  // "given name", "birth date", ...

// The values of a row as they stand. Empty: not known. The views need to live as long as the call.
struct Values {
  std::string_view given_name = {};
  std::string_view surname = {};
  std::string_view birth_date = {};  // Year, month, day: "1950-03-01", "19500301".
  std::string_view email = {};
  std::string_view phone = {};
  std::string_view house_number = {};  // Where it is empty, it is taken off the street.
  std::string_view street = {};
  std::string_view locality = {};
  std::string_view city = {};
  std::string_view postcode = {};
  std::string_view state = {};
  std::string_view country = {};
  std::string_view organisation = {};
  std::string_view title = {};
};

// A record that can be compared: folded texts, each of at most limits::kMatchedTextBytesMax bytes.
struct Record {
  std::string id;  // Breaks ties, so that an answer does not depend on the order of records.
  // Records of one system are different people (two rows of one CRM are two until the CRM says
  // otherwise). 0: a list that may hold somebody twice.
  uint32_t system = 0;
  std::array<std::string, kFieldCount> texts;
  bool email_is_shared = false;  // info@, sales@, ...: a mailbox, not a person.

  std::string_view operator[](Field field) const { return texts[static_cast<size_t>(field)]; }
};

// Folds `values` (names and addresses: FoldName; usual words of addresses to one spelling; phone:
// its last digits; birth date: eight digits). Birth dates that programs write for "unknown"
// (1900-01-01, 1970-01-01, ...), phones and e-mails that are none count as not known.
Record MakeRecord(std::string_view id, const Values& values);

// Whether the address names an office rather than a person: "info", "sales", ...
bool IsSharedMailbox(std::string_view folded_email);

// The name that a short form stands for: "bob" and "rob" are "robert". Others: the same.
std::string_view FullGivenName(std::string_view folded);

}  // namespace referrald::referral::matching
