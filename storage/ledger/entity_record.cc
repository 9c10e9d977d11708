#include "storage/ledger/entity_record.h"

#include <utility>

#include "storage/base/bytes.h"
#include "storage/ledger/records.h"
#include "storage/ledger/row_content.h"

namespace referrald::ledger {
namespace {

using referral::Entity;
using referral::Link;

constexpr int kKeyDestroyed = 4106;
constexpr uint32_t kSealed = 5;
constexpr uint32_t kErased = 6;

std::string ContextOf(EntityId id, Sequence updated) {
  std::string context = "c";
  AppendBigEndian64(context, id.value);
  AppendBigEndian64(context, updated.value);
  return context;
}

std::string EncodePublic(const Link& link) {
  TaggedWriter out;
  out.Bytes(1, link.ref.system);
  out.Bytes(2, link.ref.object);
  out.Bytes(3, link.feed);
  out.Unsigned(4, link.priority);
  PutRunId(out, 5, link.run);
  out.Unsigned(6, link.row);
  out.Unsigned(7, link.first_event.value);
  out.Unsigned(8, link.event.value);
  out.Signed(9, ToMicros(link.occurred_at));
  out.Signed(10, ToMicros(link.recorded_at));
  out.Unsigned(11, link.deleted ? 1 : 0);
  return out.Take();
}

Status DecodePublic(TaggedReader& reader, Link& link) {
  switch (reader.tag()) {
    case 1: link.ref.system = reader.Text(); break;
    case 2: link.ref.object = reader.Text(); break;
    case 3: link.feed = reader.Text(); break;
    case 4: link.priority = static_cast<uint32_t>(reader.Unsigned()); break;
    case 5: {
      const Result<RunId> run = TakeRunId(reader.value());
      if (!run) return run.error();
      link.run = *run;
      break;
    }
    case 6: link.row = reader.Unsigned(); break;
    case 7: link.first_event.value = reader.Unsigned(); break;
    case 8: link.event.value = reader.Unsigned(); break;
    case 9: link.occurred_at = FromMicros(reader.Signed()); break;
    case 10: link.recorded_at = FromMicros(reader.Signed()); break;
    case 11: link.deleted = reader.Unsigned() != 0; break;
    default: break;
  }
  return Status::Ok();
}

Status DecodeLinkInto(std::string_view bytes, Entity& entity) {
  Link& link = entity.links.emplace_back();
  TaggedReader reader(bytes);
  while (reader.Next()) {
    Status status = DecodePublic(reader, link);
    if (!status.ok()) return status;
  }
  return reader.status();
}

// Puts the opened contents into the links, which stand in the same order.
Status Open(std::string_view plain, Entity& entity) {
  size_t count = 0;
  TaggedReader reader(plain);
  while (reader.Next()) {
    if (reader.tag() != 1) continue;
    if (count == entity.links.size()) return Damaged("entity");
    Result<RowContent> content = DecodeRowContent(reader.value());
    if (!content) return content.error();
    Link& link = entity.links[count++];
    link.ref.id = std::move(content->external_id);
    link.fields = std::move(content->fields);
    link.associations = std::move(content->associations);
  }
  if (!reader.status().ok() || count != entity.links.size()) return Damaged("entity");
  return Status::Ok();
}

void PutPublic(TaggedWriter& out, const EntityRecord& record) {
  out.Unsigned(1, static_cast<uint64_t>(record.entity.kind));
  out.Unsigned(2, record.entity.merged_into.value);
  out.Unsigned(3, record.updated.value);
  for (const Link& link : record.entity.links) out.Element(4, EncodePublic(link));
}

struct Parts {
  EntityRecord record;
  std::string_view sealed;
};

Result<Parts> Split(EntityId id, std::string_view bytes) {
  Parts parts;
  Entity& entity = parts.record.entity;
  entity.id = id;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: entity.kind = static_cast<referral::EntityKind>(reader.Unsigned()); break;
      case 2: entity.merged_into.value = reader.Unsigned(); break;
      case 3: parts.record.updated.value = reader.Unsigned(); break;
      case 4:
        if (!DecodeLinkInto(reader.value(), entity).ok()) return Damaged("entity");
        break;
      case kSealed: parts.sealed = reader.value(); break;
      case kErased: entity.erased = reader.Unsigned() != 0; break;
      default: break;
    }
  }
  if (!reader.status().ok()) return Damaged("entity");
  return parts;
}

}  // namespace

Result<std::string> EncodeEntity(const vault::Vault& vault, const EntityRecord& record) {
  TaggedWriter out;
  PutPublic(out, record);
  if (record.entity.links.empty()) {
    out.Unsigned(kErased, record.entity.erased ? 1 : 0);
    return out.Take();
  }
  REFERRALD_CHECK(!record.entity.erased);
  TaggedWriter plain;
  for (const Link& link : record.entity.links) {
    plain.Element(1, EncodeRowContent(link.ref.id, link.fields, link.associations));
  }
  const EntityId id = record.entity.id;
  // Reproducibly, so that a rebuilt record is the live one byte for byte.
  const Result<std::string> sealed =
      vault.SealReproducibly(id.value, ContextOf(id, record.updated), plain.text());
  if (!sealed) return sealed.error();
  out.Bytes(kSealed, *sealed);
  return out.Take();
}

Result<EntityRecord> DecodeEntity(const vault::Vault& vault, EntityId id, std::string_view bytes) {
  const std::string place = "entity " + std::to_string(id.value);
  Result<Parts> parts = Split(id, bytes);
  if (!parts) return parts.error().Prefixed(place);
  if (parts->record.entity.links.empty()) return std::move(parts->record);
  const Result<std::string> plain =
      vault.Unseal(id.value, ContextOf(id, parts->record.updated), parts->sealed);
  if (!plain && plain.error().number() == kKeyDestroyed) {
    // The log says so a little later; until then nothing is known of it.
    parts->record.entity.links.clear();
    return std::move(parts->record);
  }
  if (!plain) return plain.error().Prefixed(place);
  const Status opened = Open(*plain, parts->record.entity);
  if (!opened.ok()) return opened.Prefixed(place);
  return std::move(parts->record);
}

Result<EntityId> MergedInto(std::string_view bytes) {
  EntityId into;
  TaggedReader reader(bytes);
  while (reader.Next() && reader.tag() <= 2) {
    if (reader.tag() == 2) into.value = reader.Unsigned();
  }
  if (!reader.status().ok()) return Damaged("entity");
  return into;
}

}  // namespace referrald::ledger
