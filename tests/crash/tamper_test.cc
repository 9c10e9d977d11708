// Somebody with a raw handle on the database changes the log. `referralctl verify` must find it,
// and must find nothing where nobody did.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>

#include "storage/base/limits.h"
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
    clock().Advance(limits::kCheckpointAge);
    TellAgain(people.front());
    EndRun();
    for (const std::string id : {"a", "b", "c"}) {
      Add({"crm", "Contact", id}, "Late" + id, "Comer", id + "@example.org");
    }
    Reopen();  // So that the engine holds what the tail held.
    head_ = *ledger().SignedHead();
    last_ = Read()->head().value;
  }

  // A wish that changes nothing; only its key has to be kept. The log is old enough to sign itself.
  void TellAgain(EntityId person) {
    ObserveParty wish;
    wish.row = Person({"crm", "Contact", "0"}, "First0", "Last0", "p0@example.org");
    wish.feed = "rpc";
    wish.actor = "rpc:test";
    wish.idempotency_key = "told before";
    const auto receipt = ledger().Observe(wish, Soon());
    ASSERT_TRUE(receipt) << StatusOf(receipt).ToString();
    EXPECT_EQ(receipt->entity, person);
  }

  // A run with a refused row, which ends; and one that is under way.
  void EndRun() {
    RunRecord run = NewRun();
    run.status = RunStatus::kPartial;
    run.counts = {.read = 3, .unchanged = 1, .quarantined = 2};
    std::vector<Reject> rejects(2);
    for (size_t i = 0; i < rejects.size(); ++i) {
      rejects[i].record = i + 2;
      rejects[i].code = "R-COLUMNS";
    }
    ended_ = run.id;
    ASSERT_TRUE(ledger().PutRun(run, rejects, Soon()).ok());
    ASSERT_TRUE(ledger().PutRun(NewRun(), {}, Soon()).ok());
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

  // What is kept beside the log, and bound to it.
  Changes TamperingBesideTheLog() {
    const std::string run = keys::Run(ended_);
    const std::string reject = keys::Reject(ended_, 2 + Below(2));
    RunRecord record = *DecodeRun(ended_, ValueOf(run));
    StoreInfo info = *DecodeStoreInfo(ValueOf(keys::StoreInfo()));
    switch (Below(10)) {
      case 0: return {{run, std::nullopt}};
      case 1: return {{reject, std::nullopt}};
      case 2: return {{keys::RunOfFeed(record.feed, ended_), std::nullopt}};
      case 3: return {{keys::Reject(ended_, 9), ValueOf(reject)}};
      case 4: return {{keys::Reject(RunId{}, 9), ValueOf(reject)}};
      case 5: record.status = RunStatus::kRunning; return {{run, Encode(record)}};
      case 6: record.counts = {.read = 3, .unchanged = 3}; return {{run, Encode(record)}};
      case 7: {
        const RunRecord forged = NewRun();
        record.id = forged.id;
        return {{keys::Run(forged.id), Encode(record)},
                {keys::RunOfFeed(record.feed, forged.id), std::string()}};
      }
      case 8: ++info.generation; return {{keys::StoreInfo(), Encode(info)}};
      default: break;
    }
    info.identity[Below(16)] ^= 1;
    return {{keys::StoreInfo(), Encode(info)}};
  }

  // The end of the log gone, and a head that says so.
  Changes CutOff(uint64_t count) {
    Changes changes;
    Head end;
    for (uint64_t n = 1; n <= last_; ++n) {
      const std::string key = keys::Event({n});
      if (n > last_ - count) {
        changes[key] = std::nullopt;
        continue;
      }
      end.last = {n};
      end.chain = LinkOf(ValueOf(key));
      end.tree.Append(MerkleLeaf(ValueOf(key)));
    }
    changes[keys::Head()] = Encode(end);
    return changes;
  }

  // In a space of the log's own, or in none; too short or too long to be one of its keys.
  std::string ForeignKey() {
    constexpr std::array<std::string_view, 7> kBeginnings = {"E", "R", "F", "Q", "Z", "a", "EE"};
    std::string key(kBeginnings[Below(kBeginnings.size())]);
    const uint64_t more = 1 + Below(7);
    for (uint64_t i = 0; i < more; ++i) key.push_back(static_cast<char>(Below(256)));
    return key;
  }

  Changes TamperingWithWhatIsDerived() {
    std::vector<std::pair<std::string, std::string>> all;
    EXPECT_TRUE((*engine().Read(1))
                    ->Scan(engine::PrefixRange(keys::kDerived),
                           [&](auto key, auto value) {
                             all.emplace_back(key, value);
                             return true;
                           })
                    .ok());
    // Where the read models end is its own record: damaged, they are made anew.
    std::erase_if(all, [](const auto& item) {
      return item.first.substr(2, 1) == std::string(1, static_cast<char>(Space::kWatermark));
    });
    const auto& [key, value] = all[Below(all.size())];
    if (value.empty() || Below(3) == 0) return {{key, std::nullopt}};
    std::string other = value;
    char& byte = other[Below(other.size())];
    byte = static_cast<char>(byte ^ static_cast<char>(1 + Below(255)));
    return {{key, other}};
  }

  Changes SomeTampering() {
    const std::string key = KeyOfSome();
    std::string other = KeyOfSome();
    while (other == key) other = KeyOfSome();
    switch (Below(16)) {
      case 0:
        return {
            {key, WithOtherByte(ValueOf(key), random_(), static_cast<uint8_t>(1 + Below(255)))}};
      case 1: return {{key, std::nullopt}};
      case 2: return {{key, ValueOf(other)}, {other, ValueOf(key)}};
      case 3: return {{key, ValueOf(other)}};
      case 4: return {{keys::Event({last_ + 1}), ValueOf(key)}};
      case 5: return {{keys::Event({last_}), std::nullopt}};
      case 6: return CutOff(1 + Below(4));
      case 7:
      case 8:
      case 9: return TamperingBesideTheLog();
      case 10:
      case 11: return {{ForeignKey(), std::string("x")}};
      case 12:
      case 13: return TamperingWithWhatIsDerived();
      default: break;
    }
    const auto forger = vault::Vault::ForTest("ffffffffffffffffffffffffffffffff");
    return TiedAnew(*forger, 1 + Below(last_));
  }

  size_t ProblemCount(const std::vector<std::string>& heads = {}, bool derived = true) {
    const auto report = ledger().Verify({}, {.heads = heads, .derived = derived});
    EXPECT_TRUE(report) << StatusOf(report).ToString();
    return report ? report->problems.size() : 0;
  }

  std::mt19937_64 random_{support::TestSeed()};
  std::string head_;
  RunId ended_;
  uint64_t last_ = 0;
};

TEST_F(TamperTest, IsAlwaysFoundAndNothingElseIs) {
  const uint64_t count = support::Figure("REFERRALD_TAMPERINGS", 300);
  for (uint64_t i = 0; i < count; ++i) {
    const Changes changes = SomeTampering();
    const Changes before = Before(changes);
    if (changes == before) continue;
    Apply(changes);
    // The log alone tells as well, but for what is derived from it.
    const bool derived = i % 2 == 0 || changes.begin()->first.starts_with(keys::kDerived);
    ASSERT_GT(ProblemCount({}, derived), 0u) << "tampering " << i;
    Apply(before);
    if (i % 10 == 0) {
      ASSERT_EQ(ProblemCount({head_}), 0u) << "false alarm after " << i;
    }
  }
}

// What the log signed of itself stands in it: who has the key of the chain, but not the one that
// signs, ties what came before to a signature that says otherwise.
TEST_F(TamperTest, WithTheKeyOfTheChainIsFoundByWhatTheLogSigned) {
  Apply(TiedAnew(vault(), 1));
  ASSERT_TRUE(ledger().Rebuild({}));
  EXPECT_GT(ProblemCount(), 0u);
}

// A retry is known again by the log alone.
TEST_F(TamperTest, CannotMakeARetryForgotten) {
  const uint64_t before = last_;
  const Result<std::unique_ptr<engine::View>> view = engine().Read(1);
  const std::string derived = DerivedKeys(1).In(Space::kIdempotency);
  ASSERT_TRUE((*view)
                  ->Scan(engine::PrefixRange(derived),
                         [this](std::string_view key, std::string_view) {
                           Apply({{std::string(key), std::nullopt}});
                           return true;
                         })
                  .ok());
  EXPECT_GT(ProblemCount(), 0u);
  ASSERT_TRUE(ledger().Rebuild({}));
  TellAgain(EntityId{1});
  EXPECT_EQ(Read()->head().value, before);
}

// The key is what it rests on: who has it can tie the log anew, and only a head that was kept
// elsewhere tells.
TEST_F(TamperTest, WithTheKeyIsFoundByAKeptHeadAlone) {
  // From here on: the log signed nothing after it, which would have to be signed anew as well.
  const uint64_t from = last_ - 1;
  Apply(TiedAnew(vault(), from));
  ASSERT_TRUE(ledger().Rebuild({}));
  EXPECT_EQ(ProblemCount(), 0u);
  EXPECT_GT(ProblemCount({head_}), 0u);
}

}  // namespace
}  // namespace referrald::ledger
