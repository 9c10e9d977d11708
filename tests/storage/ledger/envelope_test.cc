#include "storage/ledger/envelope.h"

#include <gtest/gtest.h>

#include "storage/base/bytes.h"

namespace referrald::ledger {
namespace {

std::unique_ptr<vault::Vault> TestVault() {
  return vault::Vault::ForTest("0123456789abcdef0123456789abcdef");
}

constexpr Hash256 kPrevious{1, 2, 3};

std::string Encoded(const vault::Vault& vault, Event event) {
  Result<std::string> bytes = EncodeEvent(vault, kPrevious, event);
  EXPECT_TRUE(bytes) << StatusOf(bytes).ToString();
  return bytes ? *std::move(bytes) : std::string();
}

Event SeenEvent() {
  return {.sequence = {7},
          .occurred_at = FromMicros(1'700'000'000'000'001),
          .recorded_at = FromMicros(1'700'000'000'000'002),
          .actor = "feed:crm",
          .idempotency = {1, 2, 3},
          .body = RowSeen{.kind = referral::EntityKind::kPerson,
                          .entity = {5},
                          .basis = referral::MatchBasis::kEmail,
                          .ref = {"crm", "Contact", "id-1"},
                          .feed = "crm",
                          .priority = 10,
                          .run = {{9, 8, 7}},
                          .row = 12,
                          .fields = {{"email", "ana@example.org"}, {"empty-not", "x"}},
                          .associations = {{"organisation", {"crm", "Account", "a-1"}}}}};
}

Event FactEvent() {
  referral::Fact fact;
  fact.type = referral::EventType::kIntroductionMade;
  fact.referral = {44};
  fact.source = {1};
  fact.contact = {2};
  fact.rep = {3};
  fact.channel = referral::Channel::kEmail;
  fact.reason = "why";
  fact.evidence = {.reference = "mail 4", .sha256 = "", .contact_expects = true};
  fact.amount = {.minor_units = -5, .currency = "EUR"};
  return {.sequence = {45},
          .occurred_at = FromMicros(-1),
          .recorded_at = FromMicros(2),
          .actor = "uid:0",
          .idempotency = {},
          .body = fact};
}

std::vector<Event> Samples() {
  Event deleted = SeenEvent();
  deleted.body = RowDeleted{
      .entity = {}, .ref = {"crm", "Contact", "gone"}, .feed = "crm", .run = {}, .row = 3};
  Event merged = SeenEvent();
  merged.body = PartyMerged{.loser = {3}, .winner = {2}, .feed = "crm", .run = {}, .row = 3};
  Event erased = SeenEvent();
  erased.body = PartyErased{
      .entity = {5}, .members = {{3}, {4}}, .tombstones = {{1}, {2}}, .reason = "asked for it"};
  Event accepted = SeenEvent();
  accepted.payload = {4, 5};
  accepted.body = HeadAccepted{.expected = {9}, .found = {6}, .reason = "old disk"};
  return {SeenEvent(), deleted, merged, erased, accepted, FactEvent()};
}

TEST(Envelope, OpensToWhatWasClosed) {
  const auto vault = TestVault();
  for (const Event& event : Samples()) {
    Event written = event;
    const Result<std::string> bytes = EncodeEvent(*vault, kPrevious, written);
    ASSERT_TRUE(bytes) << bytes.error().ToString();
    EXPECT_NE(written.chain, Hash256{});
    const Result<Event> opened = DecodeEvent(*vault, event.sequence, *bytes);
    ASSERT_TRUE(opened) << opened.error().ToString();
    EXPECT_EQ(*opened, written);
    EXPECT_EQ(*CheckLink(*vault, kPrevious, event.sequence, *bytes), written.chain);
  }
}

TEST(Envelope, KeepsItsBytes) {
  Envelope envelope{.type = referral::EventType::kIntroductionMade,
                    .sequence = {45},
                    .occurred_at = FromMicros(10),
                    .recorded_at = FromMicros(20),
                    .actor = "uid:0",
                    .idempotency = {1},
                    .subjects = {{1}, {2}},
                    .body = "B",
                    .sealed = {{.subject = {2}, .bytes = "S"}}};
  // The golden bytes of version 2: changing them needs a new version.
  const std::string fields = ToHex(EncodeEnvelope(envelope)).substr(18);
  EXPECT_EQ(fields,
            "01012e"
            "02012d"
            "030114"
            "040128"
            "05057569643a30"
            "061001000000000000000000000000000000"
            "07080000000000000001"
            "07080000000000000002"
            "080142"
            "0906"
            "010102"
            "020153"
            "0f20" +
                std::string(64, '0'));
  EXPECT_EQ(ToHex(EncodeEnvelope(envelope)).substr(0, 2), "02");
  EXPECT_EQ(*DecodeEnvelope({45}, EncodeEnvelope(envelope)), envelope);
}

TEST(Envelope, RefusesEveryFlippedBit) {
  const auto vault = TestVault();
  const std::string bytes = Encoded(*vault, SeenEvent());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const Result<Event> opened = DecodeEvent(*vault, {7}, damaged);
    ASSERT_FALSE(opened) << "bit " << bit;
    EXPECT_EQ(opened.error().code(), Code::kCorruption);
  }
}

TEST(Envelope, RefusesEveryTruncationAndAnotherPlace) {
  const auto vault = TestVault();
  const std::string bytes = Encoded(*vault, SeenEvent());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeEvent(*vault, {7}, bytes.substr(0, size)));
  }
  EXPECT_FALSE(DecodeEvent(*vault, {8}, bytes));
}

// One flipped bit, another place, another history, somebody without the key.
TEST(Envelope, IsTiedToTheEventBefore) {
  const auto vault = TestVault();
  const std::string bytes = Encoded(*vault, SeenEvent());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string altered = bytes;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_EQ(StatusOf(CheckLink(*vault, kPrevious, {7}, altered)).number(), 4210) << bit;
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(CheckLink(*vault, kPrevious, {7}, bytes.substr(0, size)));
  }
  EXPECT_FALSE(CheckLink(*vault, Hash256{}, {7}, bytes));
  const auto other = vault::Vault::ForTest("ffffffffffffffffffffffffffffffff");
  EXPECT_FALSE(CheckLink(*other, kPrevious, {7}, bytes));
}

// A text about two people goes with either of them; what it meant stays.
TEST(Envelope, IsRedactedWhenEitherOfTwoIsErased) {
  for (const uint64_t erased : {1U, 2U}) {
    const auto vault = TestVault();
    const std::string bytes = Encoded(*vault, FactEvent());
    ASSERT_TRUE(vault->Erase({.subjects = {erased}, .tombstones = {}, .at = {}}).ok());
    const Result<Event> opened = DecodeEvent(*vault, {45}, bytes);
    ASSERT_TRUE(opened) << opened.error().ToString();
    EXPECT_TRUE(opened->redacted);
    const auto& fact = std::get<referral::Fact>(opened->body);
    EXPECT_EQ(fact.reason, Event::kErasedText);
    EXPECT_EQ(fact.evidence.reference, Event::kErasedText);
    EXPECT_TRUE(fact.provenance.empty());
    EXPECT_EQ(fact.contact, EntityId{2});
    EXPECT_TRUE(CheckLink(*vault, kPrevious, {45}, bytes));
  }
}

TEST(Envelope, NamesEverybodyConcernedOnce) {
  const auto vault = TestVault();
  const auto envelope = DecodeEnvelope({45}, Encoded(*vault, FactEvent()));
  EXPECT_EQ(envelope->subjects, (std::vector<EntityId>{{1}, {2}, {3}}));
}

TEST(Envelope, SealsWhatIsPersonal) {
  const auto vault = TestVault();
  const std::string bytes = Encoded(*vault, SeenEvent());
  for (const char* canary : {"ana@example.org", "id-1", "a-1"}) {
    EXPECT_EQ(bytes.find(canary), std::string::npos) << canary;
  }
}

}  // namespace
}  // namespace referrald::ledger
