#include "storage/vault/key_contents.h"

#include <algorithm>
#include <set>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/vault/hash.h"
#include "storage/vault/key_file.h"

namespace referrald::vault {
namespace {

// Tags of the stored form; never renumber.
enum ContentsTag : uint32_t { kIndex = 1, kChain = 2, kSign = 3, kCover = 4, kErasure = 5 };
enum ErasureTag : uint32_t { kAt = 1, kSubject = 2, kTombstone = 3 };

constexpr size_t kFieldHeadMax = 12;  // Tag and length in front of a field.

template <typename T>
void SortOnce(std::vector<T>& list) {
  std::ranges::sort(list);
  list.erase(std::ranges::unique(list).begin(), list.end());
}

std::string EncodeErasure(const Erasure& erasure) {
  TaggedWriter out;
  out.Signed(kAt, ToMicros(erasure.at));
  for (const uint64_t subject : erasure.subjects) {
    std::string bytes;
    AppendVarint(bytes, subject);
    out.Element(kSubject, bytes);
  }
  for (const Hash128& tombstone : erasure.tombstones) out.Element(kTombstone, AsBytes(tombstone));
  return out.Take();
}

Result<Erasure> DecodeErasure(std::string_view bytes) {
  Erasure erasure;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    if (reader.tag() == kAt) erasure.at = FromMicros(reader.Signed());
    if (reader.tag() == kSubject) erasure.subjects.push_back(reader.Unsigned());
    if (reader.tag() != kTombstone) continue;
    Hash128& tombstone = erasure.tombstones.emplace_back();
    if (reader.value().size() != tombstone.size()) {
      return Status::Corruption("a tombstone has another size");
    }
    std::ranges::copy(reader.value(), tombstone.begin());
  }
  if (!reader.status().ok()) return reader.status();
  if (erasure != Normalised(erasure)) return Status::Corruption("an erasure is out of order");
  return erasure;
}

Status ReadKey(const TaggedReader& reader, Key& key) {
  if (reader.value().size() != Key::kSize) return Status::Corruption("a key has another size");
  key = Key(reader.value());
  return Status::Ok();
}

Status ReadField(const TaggedReader& reader, KeyContents& contents) {
  switch (reader.tag()) {
    case kIndex: return ReadKey(reader, contents.keys.index);
    case kChain: return ReadKey(reader, contents.keys.chain);
    case kSign: return ReadKey(reader, contents.keys.sign);
    case kCover: {
      Result<KeyTree> tree = KeyTree::Decode(reader.value());
      if (tree) contents.subjects.tree = *std::move(tree);
      return StatusOf(tree);
    }
    case kErasure: {
      Result<Erasure> erasure = DecodeErasure(reader.value());
      if (erasure) contents.subjects.erasures.push_back(*std::move(erasure));
      return StatusOf(erasure);
    }
    default: return Status::Ok();
  }
}

// The cover leaves out those who were erased, and nobody else.
Status CheckErased(const Subjects& subjects) {
  std::set<uint64_t> erased;
  for (const Erasure& erasure : subjects.erasures) {
    erased.insert(erasure.subjects.begin(), erasure.subjects.end());
  }
  const bool covered = std::ranges::any_of(erased, [&subjects](uint64_t subject) {
    return subject > limits::kSequenceMax || subjects.tree.Covering(subject) != nullptr;
  });
  if (!covered && subjects.tree.ErasedCount() == erased.size()) return Status::Ok();
  return Status::Corruption("keys and erasures disagree");
}

}  // namespace

bool Subjects::Remembers(const Erasure& erasure) const {
  return std::ranges::any_of(erasures, [&erasure](const Erasure& known) {
    return known.subjects == erasure.subjects && known.tombstones == erasure.tombstones;
  });
}

Subjects Subjects::With(Erasure erasure) const {
  Subjects next{.tree = tree.Without(erasure.subjects), .erasures = erasures};
  next.erasures.push_back(std::move(erasure));
  return next;
}

Erasure Normalised(Erasure erasure) {
  SortOnce(erasure.subjects);
  SortOnce(erasure.tombstones);
  return erasure;
}

Result<KeyContents> NewContents() {
  KeyContents contents;
  for (Key* const key : {&contents.keys.index, &contents.keys.chain, &contents.keys.sign}) {
    Result<Key> fresh = NewKey();
    if (!fresh) return fresh.error();
    *key = *std::move(fresh);
  }
  const Result<Key> root = NewKey();
  if (!root) return root.error();
  contents.subjects.tree = KeyTree::FromRoot(*root);
  return contents;
}

KeyContents DeriveContents(const Key& master) {
  return {.keys = {.index = DeriveKey(master, "referrald index 1"),
                   .chain = DeriveKey(master, "referrald chain 1"),
                   .sign = DeriveKey(master, "referrald sign 1")},
          .subjects = {.tree = KeyTree::FromRoot(DeriveKey(master, "referrald tree 1")),
                       .erasures = {}}};
}

std::string EncodeContents(const StoreKeys& keys, const Subjects& subjects) {
  const SecretBytes cover = subjects.tree.Encode();
  std::string erasures;
  {
    TaggedWriter out;
    for (const Erasure& erasure : subjects.erasures) out.Element(kErasure, EncodeErasure(erasure));
    erasures = out.Take();
  }
  TaggedWriter out;
  out.Reserve(4 * kFieldHeadMax + 3 * Key::kSize + cover.size() + erasures.size());
  out.Bytes(kIndex, keys.index.text());
  out.Bytes(kChain, keys.chain.text());
  out.Bytes(kSign, keys.sign.text());
  out.Bytes(kCover, TextOf(cover));
  return out.Take().append(erasures);
}

Result<KeyContents> DecodeContents(std::string_view bytes) {
  KeyContents contents;
  TaggedReader reader(bytes);
  std::set<uint32_t> seen;
  while (reader.Next()) {
    seen.insert(reader.tag());
    if (Status read = ReadField(reader, contents); !read.ok()) return read;
  }
  if (!reader.status().ok()) return reader.status();
  for (const uint32_t tag : {kIndex, kChain, kSign}) {
    if (!seen.contains(tag)) return Status::Corruption("a key is missing");
  }
  if (Status agree = CheckErased(contents.subjects); !agree.ok()) return agree;
  return contents;
}

}  // namespace referrald::vault
