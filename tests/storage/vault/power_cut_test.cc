// The power goes at every step of every change, and with each thing that was not synced surviving
// or not: what is left always opens, and what was promised has happened.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "storage/vault/vault.h"
#include "tests/storage/vault/fake_disk.h"

namespace referrald::vault {
namespace {

const Places kPlaces{.key_file = "/keys/db.key", .key_store = "/store/db.keys"};
constexpr uint64_t kLucks = 12;
constexpr uint64_t kSubject = 45;
constexpr uint64_t kNeighbour = 44;

class PowerCutTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto vault = Vault::OpenOn(disk_, kPlaces, /*create=*/true);
    ASSERT_TRUE(vault) << vault.error().ToString();
    sealed_ = *(*vault)->Seal(kSubject, "c", "text");
    neighbours_ = *(*vault)->Seal(kNeighbour, "c", "neighbour's");
  }

  static std::unique_ptr<Vault> Reopen(FakeDisk& disk) {
    auto vault = Vault::OpenOn(disk, kPlaces, /*create=*/false);
    EXPECT_TRUE(vault) << StatusOf(vault).ToString();
    return vault ? *std::move(vault) : nullptr;
  }

  // Runs `change` with the power going at each step in turn; `check` sees what a machine finds that
  // starts again, and whether the change had been acknowledged.
  void AtEveryStep(const std::function<Status(Vault&)>& change,
                   const std::function<void(Vault&, FakeDisk&, bool)>& check) {
    for (size_t step = 0;; ++step) {
      const auto disk = disk_.Copy();
      const auto vault = Reopen(*disk);
      disk->CutPowerAt(step);
      const bool done = change(*vault).ok();
      for (uint64_t luck = 0; luck < kLucks; ++luck) {
        SCOPED_TRACE(testing::Message() << "step " << step << ", luck " << luck);
        const auto after = disk->AfterPowerCut(luck);
        const auto reopened = Reopen(*after);
        ASSERT_NE(reopened, nullptr);
        EXPECT_EQ(reopened->Unseal(kNeighbour, "c", neighbours_).value_or("-"), "neighbour's");
        check(*reopened, *after, done);
      }
      if (done) {
        EXPECT_GE(step, 5u);
        break;
      }
    }
  }

  FakeDisk disk_;
  std::string sealed_, neighbours_;
};

TEST_F(PowerCutTest, AnAcknowledgedErasureHasHappened) {
  const Erasure erasure{.subjects = {kSubject}, .tombstones = {Hash128{1}}, .at = FromMicros(1)};
  AtEveryStep([&](Vault& vault) { return vault.Erase(erasure); },
              [&](Vault& vault, FakeDisk& disk, bool done) {
                if (done) {
                  EXPECT_TRUE(vault.IsErased(kSubject));
                }
                const bool erased = vault.IsErased(kSubject);
                EXPECT_EQ(vault.Erasures().size(), erased ? 1u : 0u);
                EXPECT_EQ(vault.Unseal(kSubject, "c", sealed_).has_value(), !erased);
                // The caller asks again, and whatever happens then, the answer counts.
                ASSERT_TRUE(vault.Erase(erasure).ok());
                const auto last = disk.AfterPowerCut(/*luck=*/0);
                EXPECT_TRUE(Reopen(*last)->IsErased(kSubject));
              });
}

TEST_F(PowerCutTest, ARotationLeavesAPairThatOpens) {
  const std::string old_key = *disk_.Get(kPlaces.key_file);
  AtEveryStep([](Vault& vault) { return StatusOf(vault.Rotate()); },
              [&](Vault& vault, FakeDisk& disk, bool done) {
                EXPECT_EQ(vault.Unseal(kSubject, "c", sealed_).value_or("-"), "text");
                // Opening has finished it: the key file alone is enough, also after the next cut.
                const auto last = disk.AfterPowerCut(/*luck=*/0);
                last->Erase(kPlaces.key_file + ".next");
                ASSERT_NE(Reopen(*last), nullptr);
                if (!done) return;
                last->Put(kPlaces.key_file, old_key);
                EXPECT_EQ(StatusOf(Vault::OpenOn(*last, kPlaces, false)).number(), 4107);
              });
}

TEST_F(PowerCutTest, ARotationToAGivenKeyLeavesOneOfTheTwoThatOpens) {
  const std::string given = "/credentials/new";
  disk_.Put(given, std::string(32, 'n'));
  for (size_t step = 0;; ++step) {
    const auto disk = disk_.Copy();
    const auto vault = Reopen(*disk);
    disk->CutPowerAt(step);
    const bool done = vault->Rotate(given).has_value();
    for (uint64_t luck = 0; luck < kLucks; ++luck) {
      const auto after = disk->AfterPowerCut(luck);
      const bool opens_with_old = Vault::OpenOn(*after, kPlaces, false).has_value();
      const bool opens_with_new =
          Vault::OpenOn(*after, {.key_file = given, .key_store = kPlaces.key_store}, false)
              .has_value();
      EXPECT_NE(opens_with_old, opens_with_new) << step << " " << luck;
      if (done) {
        EXPECT_TRUE(opens_with_new) << luck;
      }
    }
    if (done) break;
  }
}

// Killed, started again, and only then the power goes: what the second process said is true.
TEST_F(PowerCutTest, WhatAProcessFindsAfterAnotherWasKilledStays) {
  const Erasure erasure{.subjects = {kSubject}, .tombstones = {}, .at = FromMicros(1)};
  for (const bool rotates : {false, true}) {
    for (size_t step = 0;; ++step) {
      SCOPED_TRACE(testing::Message() << (rotates ? "rotation" : "erasure") << ", step " << step);
      const auto disk = disk_.Copy();
      const auto killed = Reopen(*disk);
      disk->CutPowerAt(step);
      const bool done = (rotates ? StatusOf(killed->Rotate()) : killed->Erase(erasure)).ok();
      disk->Restart();
      const auto second = Reopen(*disk);
      ASSERT_NE(second, nullptr);
      if (!rotates) {
        EXPECT_TRUE(second->Erase(erasure).ok());
      }
      for (uint64_t luck = 0; luck < kLucks; ++luck) {
        const auto after = disk->AfterPowerCut(luck);
        const auto third = Reopen(*after);
        ASSERT_NE(third, nullptr);
        EXPECT_EQ(third->IsErased(kSubject), !rotates);
      }
      if (done) break;
    }
  }
}

TEST_F(PowerCutTest, AFirstStartCanBeDoneAgain) {
  for (size_t step = 0;; ++step) {
    FakeDisk disk;
    disk.CutPowerAt(step);
    const auto vault = Vault::OpenOn(disk, kPlaces, /*create=*/true);
    for (uint64_t luck = 0; luck < kLucks; ++luck) {
      const auto after = disk.AfterPowerCut(luck);
      if (vault) {
        const auto reopened = Reopen(*after);
        ASSERT_NE(reopened, nullptr);
        EXPECT_TRUE(reopened->Unseal(1, "c", *(*vault)->Seal(1, "c", "text")));
      } else {
        EXPECT_TRUE(Vault::OpenOn(*after, kPlaces, /*create=*/true)) << step << " " << luck;
      }
    }
    if (vault) break;
  }
}

// A step fails once, and the machine goes on.
TEST_F(PowerCutTest, AFailedStepErasesNothingOrSaysSo) {
  const Erasure erasure{.subjects = {kSubject}, .tombstones = {}, .at = FromMicros(1)};
  for (size_t step = 0;; ++step) {
    SCOPED_TRACE(step);
    const auto disk = disk_.Copy();
    const auto vault = Reopen(*disk);
    disk->FailAt(step);
    const Status status = vault->Erase(erasure);
    if (status.ok()) break;
    EXPECT_EQ(vault->IsErased(kSubject), status.number() == 4109);
    EXPECT_EQ(vault->Unseal(kNeighbour, "c", neighbours_).value_or("-"), "neighbour's");
    // Asked again it does it, or goes on saying that it does not know.
    EXPECT_EQ(vault->Erase(erasure).number(), status.number() == 4109 ? 4109 : 0);
    EXPECT_TRUE(Reopen(*disk)->IsErased(kSubject));
  }
}

TEST_F(PowerCutTest, AFailedStepOfARotationCanBeDoneAgain) {
  for (size_t step = 0;; ++step) {
    SCOPED_TRACE(step);
    const auto disk = disk_.Copy();
    const auto vault = Reopen(*disk);
    disk->FailAt(step);
    const auto first = vault->Rotate();
    if (first) break;
    const auto again = vault->Rotate();
    EXPECT_EQ(again.has_value(), first.error().number() != 4109) << StatusOf(again).ToString();
    const auto reopened = Reopen(*disk);
    ASSERT_NE(reopened, nullptr);
    EXPECT_EQ(reopened->Unseal(kSubject, "c", sealed_).value_or("-"), "text");
    EXPECT_TRUE(reopened->Rotate());
  }
}

}  // namespace
}  // namespace referrald::vault
