// Somebody with a raw handle on the database changes the log. `referralctl verify` must find it,
// and must find nothing where nobody did.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "storage/ledger/envelope.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/records.h"
#include "tests/support/figure.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/seed.h"

namespace referrald::ledger {
namespace {

class TamperTest : public testing::Test, public support::LedgerFixture {
 protected:
  TamperTest() {
    std::vector<EntityId> people;
    for (int i = 0; i < 12; ++i) {
      const std::string id = std::to_string(i);
      people.push_back(
          Add({"crm", "Contact", id}, "First" + id, "Last" + id, "p" + id + "@example.org"));
    }
    for (size_t i = 1; i + 1 < people.size(); ++i) {
      EXPECT_TRUE(Record(
          Fact(referral::EventType::kIntroductionMade, people[i - 1], people[i], people.back())));
    }
    Reopen();  // So that the engine holds what the tail held.
    head_ = *ledger().SignedHead();
    last_ = Read()->head().value;
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  std::string KeyOfSome() { return keys::Event({1 + Below(last_)}); }
  std::string ValueOf(const std::string& key) {
    return (*engine().Read(1))->Get(key)->value_or(std::string());
  }

  using Changes = std::map<std::string, std::optional<std::string>>;
  void Apply(const Changes& changes) {
    engine::Batch batch(1, (*engine().Read(1))->version());
    for (const auto& [key, value] : changes) value ? batch.Put(key, *value) : batch.Delete(key);
    ASSERT_EQ(engine().Commit(batch).outcome, engine::Outcome::kOk);
  }
  Changes Before(const Changes& changes) {
    Changes before;
    for (const auto& [key, value] : changes) before[key] = *(*engine().Read(1))->Get(key);
    return before;
  }

  // An event with one byte changed and its checksum made to fit again.
  static std::string WithOtherByte(std::string bytes, uint64_t place, uint8_t mask) {
    constexpr size_t kFieldsAt = 9;
    const size_t at = kFieldsAt + place % (bytes.size() - kFieldsAt);
    bytes[at] = static_cast<char>(bytes[at] ^ mask);
    std::string checksum;
    AppendBigEndian64(checksum, Checksum64(std::string_view(bytes).substr(kFieldsAt)));
    return bytes.replace(1, checksum.size(), checksum);
  }

  // The whole log, tied anew from event `from` on by somebody who has `key` in place of ours.
  Changes TiedAnew(const vault::Vault& key, uint64_t from) {
    Changes changes;
    Head end;
    for (uint64_t n = 1; n <= last_; ++n) {
      std::string bytes = ValueOf(keys::Event({n}));
      Envelope envelope = *DecodeEnvelope({n}, bytes);
      if (n >= from) {
        if (n == from) envelope.actor = "somebody-else";
        envelope.chain = {};
        const std::string open = EncodeEnvelope(envelope);
        constexpr size_t kLinkBytes = 34;
        envelope.chain = key.ChainHash(
            end.chain, std::string_view(open).substr(9, open.size() - 9 - kLinkBytes));
        bytes = EncodeEnvelope(envelope);
        changes[keys::Event({n})] = bytes;
      }
      end.last = {n};
      end.chain = LinkOf(bytes);
      end.tree.Append(MerkleLeaf(bytes));
    }
    changes[keys::Head()] = Encode(end);
    return changes;
  }

  Changes SomeTampering() {
    const std::string key = KeyOfSome();
    std::string other = KeyOfSome();
    while (other == key) other = KeyOfSome();
    switch (Below(7)) {
      case 0:
        return {
            {key, WithOtherByte(ValueOf(key), random_(), static_cast<uint8_t>(1 + Below(255)))}};
      case 1: return {{key, std::nullopt}};
      case 2: return {{key, ValueOf(other)}, {other, ValueOf(key)}};
      case 3: return {{key, ValueOf(other)}};
      case 4: return {{keys::Event({last_ + 1}), ValueOf(key)}};
      case 5: return {{keys::Event({last_}), std::nullopt}};
      default: break;
    }
    const auto forger = vault::Vault::ForTest("ffffffffffffffffffffffffffffffff");
    return TiedAnew(*forger, 1 + Below(last_));
  }

  size_t ProblemCount(const std::vector<std::string>& heads = {}) {
    const auto report = ledger().Verify({}, {.heads = heads});
    EXPECT_TRUE(report) << StatusOf(report).ToString();
    return report ? report->problems.size() : 0;
  }

  std::mt19937_64 random_{support::TestSeed()};
  std::string head_;
  uint64_t last_ = 0;
};

TEST_F(TamperTest, IsAlwaysFoundAndNothingElseIs) {
  const uint64_t count = support::Figure("REFERRALD_TAMPERINGS", 300);
  for (uint64_t i = 0; i < count; ++i) {
    const Changes changes = SomeTampering();
    const Changes before = Before(changes);
    if (changes == before) continue;
    Apply(changes);
    ASSERT_GT(ProblemCount(), 0u) << "tampering " << i;
    Apply(before);
    if (i % 10 == 0) {
      ASSERT_EQ(ProblemCount({head_}), 0u) << "false alarm after " << i;
    }
  }
}

// The key is what it rests on: who has it can tie the log anew, and only a head that was kept
// elsewhere tells.
TEST_F(TamperTest, WithTheKeyIsFoundByAKeptHeadAlone) {
  engine::Batch batch(1, (*engine().Read(1))->version());
  ASSERT_TRUE((*engine().Read(1))
                  ->Scan(engine::PrefixRange(keys::kCheckpoints),
                         [&batch](std::string_view key, std::string_view) {
                           batch.Delete(key);
                           return true;
                         })
                  .ok());
  ASSERT_EQ(engine().Commit(batch).outcome, engine::Outcome::kOk);
  Apply(TiedAnew(vault(), last_ / 2));
  ASSERT_TRUE(ledger().Rebuild({}));
  EXPECT_EQ(ProblemCount(), 0u);
  EXPECT_GT(ProblemCount({head_}), 0u);
}

}  // namespace
}  // namespace referrald::ledger
