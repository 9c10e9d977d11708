#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/ids.h"
#include "storage/base/time.h"

namespace referrald::referral {

// What a CRM holds a row about. Person and organisation are parties; an opportunity is a mirror of
// the CRM's own. Stored; never renumber.
enum class EntityKind : uint8_t { kUnknown = 0, kPerson = 1, kOrganisation = 2, kOpportunity = 3 };

std::string_view EntityKindName(EntityKind kind);  // "person", "organisation", "opportunity"

// "c_42", "o_43", "opp_44".
std::string ToText(EntityKind kind, EntityId id);
// Accepts any of the three prefixes; the number alone decides.
// InvalidArgument: anything else.
Result<EntityId> ParseEntityId(std::string_view text);

// A row's name in a system: ("salesforce", "Contact", "003...").
struct ExternalRef {
  std::string system;
  std::string object;
  std::string id;

  friend auto operator<=>(const ExternalRef&, const ExternalRef&) = default;
};
// "salesforce:Contact:003...".
std::string ToText(const ExternalRef& ref);
// InvalidArgument: not system:object:id, the first two made of letters, digits, '-', '_' or '.'.
Result<ExternalRef> ParseExternalRef(std::string_view text);

// One piece of what a row says. Names: the constants below, or "attr.<anything>" for a custom one.
struct Field {
  std::string name;
  std::string value;

  friend bool operator==(const Field&, const Field&) = default;
};
// Sorted by name, each name once, no empty values: one meaning, one form.
using Fields = std::vector<Field>;

namespace field {
inline constexpr std::string_view kDisplayName = "display_name";
inline constexpr std::string_view kFirstName = "first_name";
inline constexpr std::string_view kLastName = "last_name";
inline constexpr std::string_view kEmail = "email";
inline constexpr std::string_view kPhone = "phone";
inline constexpr std::string_view kMobile = "mobile";
inline constexpr std::string_view kTitle = "title";
inline constexpr std::string_view kCompany = "company";  // An organisation's name, as text.
inline constexpr std::string_view kDomain = "domain";
inline constexpr std::string_view kIndustry = "industry";
inline constexpr std::string_view kCity = "city";
inline constexpr std::string_view kPostalCode = "postal_code";
inline constexpr std::string_view kCountry = "country";
inline constexpr std::string_view kOwner = "owner";  // The rep, as the system names them.
inline constexpr std::string_view kLeadSource = "lead_source";
inline constexpr std::string_view kReferredBy =
    "referred_by";  // Free text: a claim, never evidence.
inline constexpr std::string_view kStatus = "status";
inline constexpr std::string_view kStage = "stage";
inline constexpr std::string_view kAmount = "amount";  // As the system writes it.
inline constexpr std::string_view kCurrency = "currency";
inline constexpr std::string_view kCloseDate = "close_date";  // Date only: never through a zone.
inline constexpr std::string_view kOutcome = "outcome";       // "open", "won", "lost".
}  // namespace field

// Sorts, trims, drops empty values; of two with one name the first is kept.
Fields Normalised(Fields fields);
// The value, or empty.
std::string_view Find(const Fields& fields, std::string_view name);

// Another row that a row points to: its account, its contacts.
struct Association {
  std::string role;  // "organisation", "contact", "owner", "referred_by".
  ExternalRef ref;

  friend bool operator==(const Association&, const Association&) = default;
};

// One CRM row as we last saw it, and where it came from: the provenance of every field it carries.
struct Link {
  ExternalRef ref;
  std::string feed;
  uint32_t priority = 0;  // Of the feed when the row came; lower wins a field conflict.
  RunId run;
  uint64_t row = 0;         // Record number in its file; the header is 1. 0: came over the RPC.
  Sequence first_event;     // The event that first saw this row.
  Sequence event;           // The event that last saw it differently.
  Timestamp occurred_at{};  // When the system says it changed; otherwise when we read it.
  Timestamp recorded_at{};
  bool deleted = false;  // The system says so (IsDeleted); its fields no longer count.
  Fields fields;
  std::vector<Association> associations;

  friend bool operator==(const Link&, const Link&) = default;
};

// A person, organisation or opportunity: all rows that are the same thing, merged when read.
struct Entity {
  EntityId id;
  EntityKind kind = EntityKind::kUnknown;
  EntityId merged_into;  // Set: ask that one instead.
  bool erased = false;   // What was known is gone for good; id, and place in chains, remain.
  std::vector<Link> links;

  friend bool operator==(const Entity&, const Entity&) = default;
};

// Which row a merged field came from, and the values that lost.
struct MergedField {
  std::string name;
  std::string value;
  const Link* from = nullptr;            // Into the entity given to Merge.
  std::vector<const Link*> disagreeing;  // Live links with another value.
};

// One value a field over the live links: the lowest priority number wins, then the newest
// occurred_at, then the newest event. Deleted links count only where no link is live.
std::vector<MergedField> Merge(const Entity& entity);

// The name to show: display_name, else first and last name, else the company, else the id of a row
// of the system "local" (a rep named by a word), else "" (callers then show the id; an e-mail
// address is never shown as a name). "(erased)" for an erased one.
std::string DisplayName(const Entity& entity);

// One merged value, or empty.
std::string MergedValue(const Entity& entity, std::string_view name);

// True where there are links and every one is deleted.
bool IsDeleted(const Entity& entity);

}  // namespace referrald::referral
