#include "storage/ledger/row_limits.h"

#include <string>

#include "storage/base/limits.h"
#include "storage/ledger/observe.h"

namespace referrald::ledger {
namespace {

using referral::Entity;
using referral::Link;

// What lengths, tags, names and the seal add to a row in an entity record, at most.
constexpr size_t kRowOverheadBytes = 512;
constexpr size_t kPartOverheadBytes = 12;

Status Limit(std::string_view what, size_t is, size_t most) {
  return Status::InvalidArgument(std::string(what) + " is " + std::to_string(is) + ", limit " +
                                     std::to_string(most) + "; shorten it in the system",
                                 2301);
}

bool IsPlainName(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (name.empty() || name.size() > limits::kFieldNameBytesMax) return false;
  for (const char c : name) {
    if (!plain(c)) return false;
  }
  return true;
}

Status CheckRef(const referral::ExternalRef& ref) {
  if (!IsPlainName(ref.system) || !IsPlainName(ref.object) || ref.id.empty()) {
    return Status::InvalidArgument(
        "the row's name needs a system and object (letters, digits, '-', '_', '.') and an id",
        2302);
  }
  if (ref.id.size() > limits::kExternalIdBytesMax) {
    return Limit("length of the external id", ref.id.size(), limits::kExternalIdBytesMax);
  }
  return Status::Ok();
}

size_t BytesOf(const referral::Fields& fields,
               const std::vector<referral::Association>& associations) {
  size_t bytes = 0;
  for (const referral::Field& field : fields) {
    bytes += field.name.size() + field.value.size() + kPartOverheadBytes;
  }
  for (const referral::Association& one : associations) {
    bytes += one.role.size() + one.ref.system.size() + one.ref.object.size() + one.ref.id.size() +
             kPartOverheadBytes;
  }
  return bytes;
}

size_t BytesOf(const Link& link) {
  return kRowOverheadBytes + link.ref.id.size() + BytesOf(link.fields, link.associations);
}

size_t BytesOf(const Entity& entity) {
  size_t bytes = 0;
  for (const Link& link : entity.links) bytes += BytesOf(link);
  return bytes;
}

Status CheckFields(const Row& row) {
  if (row.fields.size() > limits::kFieldCountMax) {
    return Limit("number of fields", row.fields.size(), limits::kFieldCountMax);
  }
  for (const referral::Field& field : row.fields) {
    if (field.name.size() > limits::kFieldNameBytesMax) {
      return Limit("length of a field's name", field.name.size(), limits::kFieldNameBytesMax);
    }
    if (field.value.size() > limits::kFieldValueBytesMax) {
      return Limit("length of " + field.name, field.value.size(), limits::kFieldValueBytesMax);
    }
  }
  const size_t bytes = BytesOf(row.fields, row.associations);
  if (bytes > limits::kRowFieldBytesMax) {
    return Limit("length of all fields", bytes, limits::kRowFieldBytesMax);
  }
  return Status::Ok();
}

}  // namespace

Status CheckRow(const Row& row) {
  Status status = CheckRef(row.ref);
  if (status.ok() && row.merged_into) status = CheckRef(*row.merged_into);
  if (status.ok()) status = CheckFields(row);
  if (!status.ok()) return status;
  switch (row.kind) {
    case referral::EntityKind::kPerson:
    case referral::EntityKind::kOrganisation:
    case referral::EntityKind::kOpportunity: return Status::Ok();
    case referral::EntityKind::kUnknown: break;
  }
  return Status::InvalidArgument("the row is neither person, organisation nor opportunity", 2302);
}

bool HasRoomFor(const Entity& entity, const Row& row) {
  size_t bytes = kRowOverheadBytes + row.ref.id.size() + BytesOf(row.fields, row.associations);
  size_t count = 1;
  for (const Link& link : entity.links) {
    if (link.ref == row.ref) continue;
    bytes += BytesOf(link);
    ++count;
  }
  return count <= limits::kLinksPerEntityMax && bytes <= limits::kValueBytesMax;
}

bool HasRoomFor(const Entity& entity, const Entity& more) {
  return entity.links.size() + more.links.size() <= limits::kLinksPerEntityMax &&
         BytesOf(entity) + BytesOf(more) <= limits::kValueBytesMax;
}

RowResult Full(const Row& row, const Entity& entity) {
  return Refused(
      row, RowOutcome::kQuarantined, 2301,
      ToText(entity.kind, entity.id) + " already has " + std::to_string(entity.links.size()) +
          " rows, limit " + std::to_string(limits::kLinksPerEntityMax) + " rows and " +
          std::to_string(limits::kValueBytesMax) + " bytes; remove duplicates in the system");
}

RowResult OtherKind(const Row& row, const Entity& entity) {
  return Refused(row, RowOutcome::kQuarantined, 2303,
                 "the row says " + std::string(EntityKindName(row.kind)) + ", but it is known as " +
                     std::string(EntityKindName(entity.kind)) + " " +
                     ToText(entity.kind, entity.id) + "; check the feed's object and kind");
}

}  // namespace referrald::ledger
