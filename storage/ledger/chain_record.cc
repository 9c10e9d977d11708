#include "storage/ledger/chain_record.h"

#include <algorithm>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

void Put(TaggedWriter& out, uint32_t tag, const Amounts& amounts) {
  for (const auto& [currency, minor_units] : amounts) {
    TaggedWriter element;
    element.Bytes(1, currency);
    element.Signed(2, minor_units);
    out.Element(tag, element.text());
  }
}

bool Take(std::string_view bytes, Amounts& into) {
  std::string currency;
  int64_t minor_units = 0;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    if (reader.tag() == 1) currency = reader.Text();
    if (reader.tag() == 2) minor_units = reader.Signed();
  }
  into[std::move(currency)] = minor_units;
  return reader.status().ok();
}

bool Take(std::string_view bytes, std::vector<ChainChild>& into) {
  constexpr size_t kChildBytes = 16;
  if (bytes.size() % kChildBytes != 0) return false;
  for (; !bytes.empty(); bytes.remove_prefix(kChildBytes)) {
    into.push_back(
        {.introduction = {ReadBigEndian64(bytes)}, .person = {ReadBigEndian64(bytes.substr(8))}});
  }
  return true;
}

}  // namespace

void AddChild(ChainRecord& parent, const ChainChild& child) {
  if (++parent.child_count > kChildrenInRecordMax) {
    parent.children.clear();
    return;
  }
  parent.children.insert(std::ranges::upper_bound(parent.children, child), child);
}

std::string Encode(const ChainRecord& record) {
  TaggedWriter out;
  out.Unsigned(1, record.parent.value);
  out.Unsigned(2, record.referral.value);
  out.Unsigned(3, record.sequence.value);
  out.Signed(4, ToMicros(record.brought_at));
  out.Unsigned(5, record.arrivals);
  out.Unsigned(6, record.child_count);
  out.Unsigned(7, record.reach);
  Put(out, 8, record.won);
  Put(out, 9, record.won_below);
  std::string children;
  for (const ChainChild& child : record.children) {
    AppendBigEndian64(children, child.introduction.value);
    AppendBigEndian64(children, child.person.value);
  }
  out.Bytes(10, children);
  return out.Take();
}

Result<ChainRecord> DecodeChain(std::string_view bytes) {
  ChainRecord record;
  bool whole = true;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: record.parent.value = reader.Unsigned(); break;
      case 2: record.referral.value = reader.Unsigned(); break;
      case 3: record.sequence.value = reader.Unsigned(); break;
      case 4: record.brought_at = FromMicros(reader.Signed()); break;
      case 5: record.arrivals = reader.Unsigned(); break;
      case 6: record.child_count = reader.Unsigned(); break;
      case 7: record.reach = reader.Unsigned(); break;
      case 8: whole = Take(reader.value(), record.won) && whole; break;
      case 9: whole = Take(reader.value(), record.won_below) && whole; break;
      case 10: whole = Take(reader.value(), record.children) && whole; break;
      default: break;
    }
  }
  if (!whole || !reader.status().ok()) return Damaged("place in a chain");
  return record;
}

void Add(Amounts& sum, const Amounts& more, int64_t times) {
  for (const auto& [currency, minor_units] : more) {
    int64_t& amount = sum[currency];
    amount += times * minor_units;
    if (amount == 0) sum.erase(currency);
  }
}

}  // namespace referrald::ledger
