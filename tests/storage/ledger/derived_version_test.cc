// Whoever changes what is derived from the log has to say so, or an upgraded daemon would serve the
// read models of the old one.
#include <gtest/gtest.h>

#include "storage/ledger/keys.h"
#include "storage/ledger/records.h"
#include "storage/vault/hash.h"
#include "tests/support/ledger_fixture.h"

namespace referrald::ledger {
namespace {

using referral::EventType;

// Hashes of the log's own bytes, which are sealed under random nonces.
bool FollowsSealedBytes(std::string_view key) {
  const DerivedKeys keys(1);
  return key.starts_with(keys.In(Space::kWatermark)) || key.starts_with(keys.In(Space::kSubtree));
}

TEST(DerivedVersion, IsRaisedWithWhatIsDerived) {
  support::LedgerFixture store;
  const EntityId ana = store.Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
  const EntityId ben = store.Add({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
  const EntityId rep = store.Add({"crm", "User", "3"}, "Rep", "One", "rep@example.org");
  for (const EventType type : {EventType::kNameReceived, EventType::kIntroductionMade}) {
    ASSERT_TRUE(store.Record(store.Fact(type, ana, ben, rep)));
  }
  EraseParty erase;
  erase.party.id = ana;
  erase.actor = "test";
  ASSERT_TRUE(store.ledger().Erase(erase, support::LedgerFixture::Soon()));
  store.Reopen();  // So that the engine holds what the tail held.

  std::string all;
  size_t count = 0;
  const auto add = [&](std::string_view key, std::string_view value) {
    if (!FollowsSealedBytes(key)) all.append(key).append("=").append(value).append("\n");
    ++count;
    return true;
  };
  ASSERT_TRUE((*store.engine().Read(1))->Scan(engine::PrefixRange(keys::kDerived), add).ok());
  EXPECT_GT(count, 20u);
  EXPECT_EQ(kDerivedVersion, 3u);
  EXPECT_EQ(ToHex(AsBytes(vault::Sha256(all))),
            "4a3cb8a9812c1881f94494aa6fd1d5cff5311cf368209ea1fc9788e39db9d646")
      << "What is derived from the log has changed: raise kDerivedVersion "
         "(storage/ledger/records.h), "
         "say what changed in storage/doc/upgrade.md, and put the new hash here.";
}

}  // namespace
}  // namespace referrald::ledger
