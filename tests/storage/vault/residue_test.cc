// What the process still has in its memory of a person who was erased.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "storage/vault/hash.h"
#include "storage/vault/key_contents.h"
#include "storage/vault/key_store.h"
#include "storage/vault/key_tree.h"
#include "storage/vault/vault.h"
#include "tests/storage/vault/fake_disk.h"

namespace referrald::vault {
namespace {

constexpr uint64_t kSubject = 45;
constexpr uint8_t kMask = 0xa5;
constexpr uintptr_t kRegionBytesMax = uintptr_t{64} << 20;  // Larger ones are a sanitizer's own.

// The second half of a key that is looked for (whoever was given its place may have written over
// the first), masked, since it must not be found here.
class Needle {
 public:
  static constexpr size_t kSize = Key::kSize / 2;

  explicit Needle(const uint8_t* key) {
    std::transform(key + Key::kSize - kSize, key + Key::kSize, masked_.begin(),
                   [](uint8_t byte) { return static_cast<uint8_t>(byte ^ kMask); });
  }

  // The sanitizers rightly say that this memory is none of our business.
  __attribute__((no_sanitize("address", "thread"))) bool IsAt(const volatile uint8_t* place) const {
    for (size_t i = 0; i < masked_.size(); ++i) {
      if ((place[i] ^ kMask) != masked_[i]) return false;
    }
    return true;
  }

 private:
  std::array<uint8_t, kSize> masked_{};
};

__attribute__((no_sanitize("address", "thread"))) bool IsIn(const Needle& needle, uintptr_t first,
                                                            uintptr_t behind) {
  for (uintptr_t at = first; at + Needle::kSize <= behind; at += 4) {
    if (needle.IsAt(reinterpret_cast<const volatile uint8_t*>(at))) return true;
  }
  return false;
}

// Whether `needle` is anywhere in the heap or in other memory of ours; not on the stack, where any
// call may have left a word or two.
bool IsInMemory(const Needle& needle) {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  while (std::getline(maps, line)) {
    std::istringstream fields(line);
    uintptr_t first = 0, behind = 0;
    char dash = 0;
    std::string rights, offset, device, node, name;
    fields >> std::hex >> first >> dash >> behind >> rights >> offset >> device >> node >> name;
    if (rights.substr(0, 2) != "rw" || name == "[stack]" || behind - first > kRegionBytesMax) {
      continue;
    }
    if (IsIn(needle, first, behind)) return true;
  }
  return false;
}

// The seeds on the way to the leaf of kSubject, from the root on, and the person's seal key.
std::vector<Needle> NeedlesOf(const KeyTree& tree) {
  std::vector<Needle> needles;
  Seed seed = tree.nodes().front().seed;
  needles.emplace_back(seed.data());
  for (int depth = 0; depth < kTreeDepth; ++depth) {
    DeriveChild(seed, (kSubject >> (kTreeDepth - 1 - depth) & 1) != 0, seed);
    needles.emplace_back(seed.data());
  }
  HashSeed("rfd-leaf", seed.data(), 0, seed.data());
  needles.emplace_back(seed.data());
  Wipe(seed.data(), seed.size());
  return needles;
}

// A sanitizer keeps dead stack frames and freed blocks in memory that this test looks through.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
constexpr bool kIsSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kIsSanitized = false;
#endif

TEST(Residue, NothingThatLeadsToAnErasedPersonStaysInMemory) {
  if (kIsSanitized) GTEST_SKIP() << "a sanitizer keeps dead stack frames and freed blocks";
  FakeDisk disk;
  const Places places{.key_file = "/key", .key_store = "/keys"};
  disk.Put(places.key_file, std::string(32, 'k'));
  std::vector<Needle> needles;
  {
    const KeyContents contents = DeriveContents(Key(std::string(32, 'm')));
    needles = NeedlesOf(contents.subjects.tree);
    disk.Put(places.key_store,
             *WrapContents(Key(std::string(32, 'k')), 1, contents.keys, contents.subjects));
  }
  const auto vault = Vault::OpenOn(disk, places, /*create=*/false);
  ASSERT_TRUE(vault) << StatusOf(vault).ToString();
  const std::string sealed = *(*vault)->SealReproducibly(kSubject, "c", "text");
  ASSERT_TRUE((*vault)->Unseal(kSubject, "c", sealed));
  ASSERT_TRUE(std::ranges::all_of(needles, IsInMemory)) << "the test does not see what it should";
  ASSERT_TRUE((*vault)->Erase({.subjects = {kSubject}, .tombstones = {}, .at = {}}).ok());
  for (size_t i = 0; i < needles.size(); ++i) EXPECT_FALSE(IsInMemory(needles[i])) << i;
}

}  // namespace
}  // namespace referrald::vault
