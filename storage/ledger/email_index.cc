#include "storage/ledger/email_index.h"

#include <algorithm>
#include <optional>

#include "storage/base/bytes.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

struct First {
  EntityId holder;
  bool more = false;  // Others are behind it.
};

std::string Encode(const First& first) {
  std::string bytes = EncodeNumber(first.holder.value);
  bytes.push_back(first.more ? 1 : 0);
  return bytes;
}

Result<std::optional<First>> FindFirst(const KeyValues& from, const std::string& key) {
  const Result<std::optional<std::string>> bytes = from.Get(key);
  if (!bytes) return bytes.error();
  if (!*bytes) return std::optional<First>{};
  if ((*bytes)->size() != 9) return Damaged("e-mail index");
  return std::optional<First>{
      First{.holder = EntityId{ReadBigEndian64(**bytes)}, .more = (**bytes)[8] != 0}};
}

std::string KeyOf(const std::string& key, EntityId holder) {
  return key + EncodeNumber(holder.value);
}

// The holders behind the first: keys longer than `key` that begin with it.
Result<std::vector<EntityId>> Others(const KeyValues& from, const std::string& key,
                                     size_t count_max) {
  engine::Range range = engine::PrefixRange(key);
  range.begin.push_back('\0');  // Behind `key` itself.
  range.row_count_max = count_max;
  std::vector<EntityId> holders;
  const Status status = from.Scan(range, [&](std::string_view found, std::string_view) {
    holders.push_back(EntityId{keys::LastNumber(found)});
    return true;
  });
  if (!status.ok()) return status;
  return holders;
}

}  // namespace

Result<std::vector<EntityId>> EmailHolders(const KeyValues& from, const std::string& key,
                                           size_t count_max) {
  const Result<std::optional<First>> first = FindFirst(from, key);
  if (!first) return first.error();
  if (!*first || count_max == 0) return std::vector<EntityId>{};
  if (!(*first)->more) return std::vector<EntityId>{(*first)->holder};
  Result<std::vector<EntityId>> holders = Others(from, key, count_max);
  if (!holders) return holders.error();
  holders->insert(std::ranges::lower_bound(*holders, (*first)->holder), (*first)->holder);
  if (holders->size() > count_max) holders->resize(count_max);
  return holders;
}

Status AddEmailHolder(Transaction& to, const std::string& key, EntityId holder) {
  const Result<std::optional<First>> first = FindFirst(to, key);
  if (!first) return first.error();
  if (!*first) {
    to.Put(key, Encode({.holder = holder}));
    return Status::Ok();
  }
  const EntityId known = (*first)->holder;
  if (known == holder) return Status::Ok();
  to.Put(key, Encode({.holder = std::min(known, holder), .more = true}));
  to.Put(KeyOf(key, std::max(known, holder)), {});
  return Status::Ok();
}

Status RemoveEmailHolder(Transaction& to, const std::string& key, EntityId holder) {
  const Result<std::optional<First>> first = FindFirst(to, key);
  if (!first) return first.error();
  if (!*first) return Status::Ok();
  if ((*first)->holder != holder) to.Delete(KeyOf(key, holder));
  const Result<std::vector<EntityId>> others =
      (*first)->more ? Others(to, key, 2) : std::vector<EntityId>{};
  if (!others) return others.error();
  if ((*first)->holder != holder) {
    to.Put(key, Encode({.holder = (*first)->holder, .more = !others->empty()}));
    return Status::Ok();
  }
  if (others->empty()) {
    to.Delete(key);
    return Status::Ok();
  }
  to.Put(key, Encode({.holder = others->front(), .more = others->size() > 1}));
  to.Delete(KeyOf(key, others->front()));
  return Status::Ok();
}

}  // namespace referrald::ledger
