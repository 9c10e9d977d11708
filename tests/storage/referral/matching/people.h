#pragma once

#include <string>
#include <string_view>

#include "storage/referral/matching/decide.h"

// People whom the tests of matching know.
namespace referrald::referral::matching {

inline constexpr Values kJohn = {.given_name = "John",
                                 .surname = "Hargreaves",
                                 .birth_date = "1950-03-14",
                                 .street = "12 Mill Lane",
                                 .city = "Castle Hill",
                                 .postcode = "2154",
                                 .state = "NSW"};

// Another row that says what kJohn says, but for what a test changes.
inline Values LikeJohn() { return kJohn; }

// Without an address or a birth date, as most contacts of a CRM are.
inline constexpr Values kContact = {.given_name = "Anna",
                                    .surname = "Lindqvist",
                                    .email = "anna.lindqvist@acme.example",
                                    .phone = "+46 8 123 456 78",
                                    .organisation = "Acme"};

inline Decision DecideOf(const Values& left, const Values& right) {
  return Decide(Compare(MakeRecord("left", left), MakeRecord("right", right)));
}

}  // namespace referrald::referral::matching
