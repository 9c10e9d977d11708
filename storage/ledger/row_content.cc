#include "storage/ledger/row_content.h"

#include <utility>

#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

constexpr uint32_t kExternalId = 1;
constexpr uint32_t kField = 2;
constexpr uint32_t kAssociation = 3;

void PutContent(TaggedWriter& out, const referral::Fields& fields,
                const std::vector<referral::Association>& associations) {
  for (const referral::Field& field : fields) {
    TaggedWriter element;
    element.Bytes(1, field.name);
    element.Bytes(2, field.value);
    out.Element(kField, element.text());
  }
  for (const referral::Association& association : associations) {
    TaggedWriter element;
    element.Bytes(1, association.role);
    element.Bytes(2, association.ref.system);
    element.Bytes(3, association.ref.object);
    element.Bytes(4, association.ref.id);
    out.Element(kAssociation, element.text());
  }
}

Result<referral::Field> DecodeField(std::string_view bytes) {
  referral::Field field;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: field.name = reader.Text(); break;
      case 2: field.value = reader.Text(); break;
      default: break;
    }
  }
  if (!reader.status().ok()) return reader.status();
  return field;
}

Result<referral::Association> DecodeAssociation(std::string_view bytes) {
  referral::Association association;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: association.role = reader.Text(); break;
      case 2: association.ref.system = reader.Text(); break;
      case 3: association.ref.object = reader.Text(); break;
      case 4: association.ref.id = reader.Text(); break;
      default: break;
    }
  }
  if (!reader.status().ok()) return reader.status();
  return association;
}

}  // namespace

std::string EncodeRowContent(std::string_view external_id, const referral::Fields& fields,
                             const std::vector<referral::Association>& associations) {
  TaggedWriter out;
  out.Bytes(kExternalId, external_id);
  PutContent(out, fields, associations);
  return out.Take();
}

Result<RowContent> DecodeRowContent(std::string_view bytes) {
  RowContent content;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    if (reader.tag() == kExternalId) content.external_id = reader.Text();
    if (reader.tag() == kField) {
      Result<referral::Field> field = DecodeField(reader.value());
      if (!field) return Damaged("row content");
      content.fields.push_back(std::move(*field));
    }
    if (reader.tag() == kAssociation) {
      Result<referral::Association> association = DecodeAssociation(reader.value());
      if (!association) return Damaged("row content");
      content.associations.push_back(std::move(*association));
    }
  }
  if (!reader.status().ok()) return Damaged("row content");
  return content;
}

Hash128 Fingerprint(const vault::Vault& vault, referral::EntityKind kind,
                    const referral::Fields& fields,
                    const std::vector<referral::Association>& associations) {
  TaggedWriter out;
  out.Unsigned(1, static_cast<uint64_t>(kind));
  PutContent(out, fields, associations);
  return vault.BlindIndex(vault::IndexKind::kFingerprint, out.text());
}

}  // namespace referrald::ledger
