#include "storage/ledger/records.h"

#include <algorithm>

namespace referrald::ledger {
namespace {

// The status a decoder ends with: the reader's own words are about bytes, ours about the record.
template <typename T>
Result<T> Finished(const TaggedReader& reader, std::string_view what, T value) {
  if (!reader.status().ok()) return Damaged(what).Prefixed(reader.status().message());
  return value;
}

bool IsZero(const Hash128& hash) { return hash == Hash128{}; }

void PutHash(TaggedWriter& out, uint32_t tag, const Hash128& hash) {
  if (!IsZero(hash)) out.Bytes(tag, AsBytes(hash));
}

template <typename T>
void Assign(const Result<T>& decoded, T& into, bool& damaged) {
  if (decoded) into = *decoded;
  damaged = damaged || !decoded;
}

Hash128 HashOrZero(std::string_view bytes, bool& damaged) {
  const Result<Hash128> hash = TakeHash(bytes);
  damaged = damaged || !hash;
  return hash ? *hash : Hash128{};
}

}  // namespace

Status Damaged(std::string_view what) {
  return Status::Corruption("stored " + std::string(what) + " is damaged; run `referralctl verify`",
                            4203);
}

Result<Hash128> TakeHash(std::string_view bytes) {
  Hash128 hash;
  if (bytes.size() != hash.size()) return Damaged("hash");
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

Result<Hash256> TakeHash256(std::string_view bytes) {
  Hash256 hash;
  if (bytes.size() != hash.size()) return Damaged("hash");
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

void PutRunId(TaggedWriter& out, uint32_t tag, const RunId& run) {
  if (run.empty()) return;
  out.Bytes(tag, {reinterpret_cast<const char*>(run.bytes.data()), run.bytes.size()});
}

Result<RunId> TakeRunId(std::string_view bytes) {
  RunId run;
  if (bytes.size() != run.bytes.size()) return Damaged("run id");
  std::copy(bytes.begin(), bytes.end(), run.bytes.begin());
  return run;
}

std::string Encode(const StoreInfo& info) {
  TaggedWriter out;
  out.Unsigned(1, info.format_version);
  PutHash(out, 2, info.check);
  out.Unsigned(3, info.generation);
  PutHash(out, 4, info.identity);
  out.Unsigned(5, info.has_head_file ? 1 : 0);
  out.Unsigned(6, info.derived_version);
  return out.Take();
}

Result<StoreInfo> DecodeStoreInfo(std::string_view bytes) {
  StoreInfo info;
  bool damaged = false;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: info.format_version = reader.Unsigned(); break;
      case 2: info.check = HashOrZero(reader.value(), damaged); break;
      case 3: info.generation = static_cast<uint8_t>(reader.Unsigned()); break;
      case 4: info.identity = HashOrZero(reader.value(), damaged); break;
      case 5: info.has_head_file = reader.Unsigned() != 0; break;
      case 6: info.derived_version = reader.Unsigned(); break;
      default: break;
    }
  }
  if (damaged) return Damaged("store information");
  return Finished(reader, "store information", info);
}

std::string Encode(const Head& head) {
  TaggedWriter out;
  out.Unsigned(1, head.last.value);
  if (head.last) out.Bytes(2, AsBytes(head.chain));
  out.Bytes(3, head.tree.Encode());
  return out.Take();
}

Result<Head> DecodeHead(std::string_view bytes) {
  Head head;
  bool damaged = false;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: head.last.value = reader.Unsigned(); break;
      case 2: Assign(TakeHash256(reader.value()), head.chain, damaged); break;
      case 3: Assign(MerkleFrontier::Decode(reader.value()), head.tree, damaged); break;
      default: break;
    }
  }
  if (damaged || head.tree.size() != head.last.value) return Damaged("head");
  return Finished(reader, "head", head);
}

std::string Encode(const Watermark& watermark) {
  TaggedWriter out;
  out.Unsigned(1, watermark.last.value);
  out.Bytes(2, watermark.tree.Encode());
  return out.Take();
}

Result<Watermark> DecodeWatermark(std::string_view bytes) {
  Watermark watermark;
  bool damaged = false;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: watermark.last.value = reader.Unsigned(); break;
      case 2: Assign(MerkleFrontier::Decode(reader.value()), watermark.tree, damaged); break;
      default: break;
    }
  }
  if (damaged || watermark.tree.size() != watermark.last.value) return Damaged("watermark");
  return Finished(reader, "watermark", watermark);
}

std::string Encode(const IdempotencyRecord& record) {
  TaggedWriter out;
  PutHash(out, 1, record.payload);
  out.Unsigned(2, record.sequence.value);
  out.Unsigned(3, record.referral.value);
  out.Unsigned(4, record.entity.value);
  return out.Take();
}

Result<IdempotencyRecord> DecodeIdempotency(std::string_view bytes) {
  IdempotencyRecord record;
  bool damaged = false;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: record.payload = HashOrZero(reader.value(), damaged); break;
      case 2: record.sequence.value = reader.Unsigned(); break;
      case 3: record.referral.value = reader.Unsigned(); break;
      case 4: record.entity.value = reader.Unsigned(); break;
      default: break;
    }
  }
  if (damaged) return Damaged("idempotency record");
  return Finished(reader, "idempotency record", record);
}

std::string Encode(const LinkRecord& record) {
  TaggedWriter out;
  out.Unsigned(1, record.entity.value);
  PutHash(out, 2, record.fingerprint);
  out.Unsigned(3, record.event.value);
  out.Unsigned(4, record.deleted ? 1 : 0);
  return out.Take();
}

Result<LinkRecord> DecodeLink(std::string_view bytes) {
  LinkRecord record;
  bool damaged = false;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: record.entity.value = reader.Unsigned(); break;
      case 2: record.fingerprint = HashOrZero(reader.value(), damaged); break;
      case 3: record.event.value = reader.Unsigned(); break;
      case 4: record.deleted = reader.Unsigned() != 0; break;
      default: break;
    }
  }
  if (damaged) return Damaged("link");
  return Finished(reader, "link", record);
}

std::string Encode(const Totals& totals) {
  TaggedWriter out;
  out.Unsigned(1, totals.persons);
  out.Unsigned(2, totals.organisations);
  out.Unsigned(3, totals.opportunities);
  out.Unsigned(4, totals.referrals);
  out.Unsigned(5, totals.introductions);
  out.Unsigned(6, totals.erased);
  return out.Take();
}

Result<Totals> DecodeTotals(std::string_view bytes) {
  Totals totals;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: totals.persons = reader.Unsigned(); break;
      case 2: totals.organisations = reader.Unsigned(); break;
      case 3: totals.opportunities = reader.Unsigned(); break;
      case 4: totals.referrals = reader.Unsigned(); break;
      case 5: totals.introductions = reader.Unsigned(); break;
      case 6: totals.erased = reader.Unsigned(); break;
      default: break;
    }
  }
  return Finished(reader, "totals", totals);
}

std::string Encode(const IntroductionEnd& end) {
  std::string bytes;
  AppendBigEndian64(bytes, end.person.value);
  AppendBigEndian64(bytes, end.sequence.value);
  AppendBigEndian64(bytes, static_cast<uint64_t>(ToMicros(end.occurred_at)));
  return bytes;
}

Result<IntroductionEnd> DecodeIntroductionEnd(std::string_view bytes) {
  if (bytes.size() != 24) return Damaged("introduction");
  return IntroductionEnd{
      .person = EntityId{ReadBigEndian64(bytes)},
      .sequence = Sequence{ReadBigEndian64(bytes.substr(8))},
      .occurred_at = FromMicros(static_cast<int64_t>(ReadBigEndian64(bytes.substr(16))))};
}

std::string EncodeNumber(uint64_t value) {
  std::string bytes;
  AppendBigEndian64(bytes, value);
  return bytes;
}

Result<uint64_t> DecodeNumber(std::string_view bytes) {
  if (bytes.size() != 8) return Damaged("number");
  return ReadBigEndian64(bytes);
}

}  // namespace referrald::ledger
