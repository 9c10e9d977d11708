#include "storage/referral/entity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/support/seed.h"

namespace referrald::referral {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct LinkSpec {
  std::string system;
  uint32_t priority = 0;
  int64_t occurred = 0;
  uint64_t event = 0;
  bool deleted = false;
  Fields fields;
};

Link MakeLink(const LinkSpec& spec) {
  Link link;
  link.ref = {spec.system, "Contact", "id"};
  link.priority = spec.priority;
  link.occurred_at = FromMicros(spec.occurred);
  link.event = Sequence{spec.event};
  link.deleted = spec.deleted;
  link.fields = Normalised(spec.fields);
  return link;
}

Entity MakeEntity(const std::vector<LinkSpec>& specs) {
  Entity entity{.id = EntityId{42}, .kind = EntityKind::kPerson, .merged_into = {}, .links = {}};
  for (const LinkSpec& spec : specs) entity.links.push_back(MakeLink(spec));
  return entity;
}

TEST(EntityIdText, WritesThePrefixOfTheKind) {
  EXPECT_EQ(ToText(EntityKind::kPerson, EntityId{42}), "c_42");
  EXPECT_EQ(ToText(EntityKind::kOrganisation, EntityId{43}), "o_43");
  EXPECT_EQ(ToText(EntityKind::kOpportunity, EntityId{44}), "opp_44");
}

TEST(EntityIdText, ReadsAnyPrefix) {
  for (const std::string_view text : {"c_42", "o_42", "opp_42"}) {
    ASSERT_TRUE(ParseEntityId(text)) << text;
    EXPECT_EQ(ParseEntityId(text)->value, 42U);
  }
  EXPECT_EQ(ParseEntityId("c_9007199254740991")->value, (uint64_t{1} << 53) - 1);
}

TEST(EntityIdText, RefusesEverythingElseWithoutRepeatingIt) {
  for (const std::string_view text :
       {"", "c_", "c_0", "c_042", "c_-1", "c_+1", "c_1x", " c_1", "42", "x_42", "C_42",
        "c_9007199254740992", "c_99999999999999999999", "ben@example.com"}) {
    const Result<EntityId> id = ParseEntityId(text);
    ASSERT_FALSE(id) << text;
    EXPECT_EQ(id.error().code(), Code::kInvalidArgument);
    EXPECT_EQ(id.error().message().find("ben@"), std::string::npos);
  }
}

TEST(ExternalRefText, ReadsBackWhatItWrites) {
  const ExternalRef ref{"salesforce", "Contact", "003:with:colons"};
  EXPECT_EQ(ToText(ref), "salesforce:Contact:003:with:colons");
  EXPECT_EQ(ParseExternalRef(ToText(ref)).value(), ref);
  EXPECT_TRUE(ParseExternalRef("generic-csv:my_list.v2:Ünïcode id"));
}

TEST(ExternalRefText, RefusesWhatHasNotThreeParts) {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("a:b"), std::string("a:b:"),
        std::string(":b:c"), std::string("a::c"), std::string("a b:c:d"), std::string("ä:b:c"),
        "a:b:" + std::string(257, 'x')}) {
    const Result<ExternalRef> ref = ParseExternalRef(text);
    ASSERT_FALSE(ref) << text;
    EXPECT_EQ(ref.error().code(), Code::kInvalidArgument);
  }
}

TEST(Normalised, SortsTrimsAndKeepsTheFirst) {
  const Fields fields = Normalised({{"title", " CTO "},
                                    {"email", "first@example.com"},
                                    {" email ", "second@example.com"},
                                    {"phone", "  "},
                                    {"", "nameless"}});
  EXPECT_THAT(fields, ElementsAre(Field{"email", "first@example.com"}, Field{"title", "CTO"}));
  EXPECT_EQ(Normalised(fields), fields);
}

TEST(Normalised, AnEmptyFirstValueDoesNotHideTheSecond) {
  EXPECT_THAT(Normalised({{"a", " "}, {"a", "x"}}), ElementsAre(Field{"a", "x"}));
}

TEST(Find, GivesTheValueOrNothing) {
  const Fields fields = Normalised({{"b", "2"}, {"a", "1"}});
  EXPECT_EQ(Find(fields, "a"), "1");
  EXPECT_EQ(Find(fields, "b"), "2");
  EXPECT_EQ(Find(fields, "c"), "");
  EXPECT_EQ(Find({}, "a"), "");
}

TEST(Merge, LowestPriorityThenNewestChangeThenNewestEventWins) {
  struct Case {
    const char* why;
    LinkSpec winner, loser;
  };
  const Case cases[] = {
      {"priority beats time", {"a", 1, 10, 1, false, {}}, {"b", 2, 99, 9, false, {}}},
      {"time beats event", {"a", 1, 20, 1, false, {}}, {"b", 1, 10, 9, false, {}}},
      {"event decides the rest", {"a", 1, 10, 9, false, {}}, {"b", 1, 10, 1, false, {}}},
  };
  for (Case c : cases) {
    SCOPED_TRACE(c.why);
    c.winner.fields = {{"title", "winner"}};
    c.loser.fields = {{"title", "loser"}};
    for (const auto& specs : {std::vector{c.winner, c.loser}, std::vector{c.loser, c.winner}}) {
      const Entity entity = MakeEntity(specs);
      const std::vector<MergedField> merged = Merge(entity);
      ASSERT_EQ(merged.size(), 1U);
      EXPECT_EQ(merged[0].value, "winner");
      EXPECT_EQ(merged[0].from->ref.system, "a");
      ASSERT_EQ(merged[0].disagreeing.size(), 1U);
      EXPECT_EQ(merged[0].disagreeing[0]->ref.system, "b");
      EXPECT_EQ(MergedValue(entity, "title"), "winner");
    }
  }
}

TEST(Merge, EachFieldComesFromTheBestRowThatHasIt) {
  const Entity entity = MakeEntity({{"a", 1, 0, 1, false, {{"email", "x@example.com"}}},
                                    {"b", 2, 0, 2, false, {{"phone", "1234567"}}}});
  const std::vector<MergedField> merged = Merge(entity);
  ASSERT_EQ(merged.size(), 2U);
  EXPECT_EQ(merged[0].name, "email");
  EXPECT_EQ(merged[0].from, &entity.links[0]);
  EXPECT_EQ(merged[1].name, "phone");
  EXPECT_EQ(merged[1].from, &entity.links[1]);
  EXPECT_THAT(merged[1].disagreeing, IsEmpty());
}

TEST(Merge, RowsThatSayTheSameDoNotDisagree) {
  const Entity entity = MakeEntity(
      {{"a", 1, 0, 1, false, {{"title", "CTO"}}}, {"b", 2, 0, 2, false, {{"title", "CTO"}}}});
  EXPECT_THAT(Merge(entity).at(0).disagreeing, IsEmpty());
}

TEST(Merge, DeletedRowsCountOnlyWhereNoneIsLive) {
  const LinkSpec deleted{"a", 1, 9, 9, true, {{"title", "gone"}, {"phone", "1234567"}}};
  const LinkSpec live{"b", 2, 0, 1, false, {{"title", "live"}}};
  const Entity both = MakeEntity({deleted, live});
  ASSERT_EQ(Merge(both).size(), 1U);
  EXPECT_EQ(Merge(both)[0].value, "live");
  EXPECT_EQ(MergedValue(both, "phone"), "");
  EXPECT_FALSE(IsDeleted(both));

  const Entity only = MakeEntity({deleted});
  EXPECT_EQ(MergedValue(only, "title"), "gone");
  EXPECT_EQ(Merge(only).size(), 2U);
  EXPECT_TRUE(IsDeleted(only));
}

TEST(Merge, NothingGivesNothing) {
  EXPECT_THAT(Merge(Entity{}), IsEmpty());
  EXPECT_EQ(MergedValue(Entity{}, "title"), "");
  EXPECT_FALSE(IsDeleted(Entity{}));
}

TEST(DisplayName, TakesTheBestThereIs) {
  const auto name = [](Fields fields) {
    return DisplayName(MakeEntity({{"a", 1, 0, 1, false, std::move(fields)}}));
  };
  EXPECT_EQ(name({{"display_name", "Ben B."}, {"first_name", "Ben"}}), "Ben B.");
  EXPECT_EQ(name({{"first_name", "Ben"}, {"last_name", "Berg"}, {"company", "X"}}), "Ben Berg");
  EXPECT_EQ(name({{"first_name", "Ben"}}), "Ben");
  EXPECT_EQ(name({{"last_name", "Berg"}}), "Berg");
  EXPECT_EQ(name({{"company", "Acme"}}), "Acme");
  EXPECT_EQ(name({{"email", "ben@example.com"}}), "");
}

Entity RandomEntity(std::mt19937_64& random) {
  Entity entity;
  const size_t count = random() % 6;
  for (size_t i = 0; i < count; ++i) {
    LinkSpec spec{std::string(1, static_cast<char>('a' + i)),
                  static_cast<uint32_t>(random() % 3),
                  static_cast<int64_t>(random() % 3),
                  random() % 3,
                  random() % 4 == 0,
                  {}};
    for (const char* name : {"email", "phone", "title"}) {
      if (random() % 2 == 0) spec.fields.push_back({name, std::to_string(random() % 3)});
    }
    entity.links.push_back(MakeLink(spec));
  }
  return entity;
}

// Every value comes from a row that says so, no row outranks it, and the losers say otherwise.
void ExpectSound(const Entity& entity, const MergedField& merged) {
  EXPECT_EQ(Find(merged.from->fields, merged.name), merged.value);
  EXPECT_EQ(MergedValue(entity, merged.name), merged.value);
  for (const Link& link : entity.links) {
    if (link.deleted != merged.from->deleted || Find(link.fields, merged.name).empty()) continue;
    EXPECT_LE(merged.from->priority, link.priority);
    const bool differs = Find(link.fields, merged.name) != merged.value;
    EXPECT_EQ(std::ranges::count(merged.disagreeing, &link), differs ? 1 : 0);
  }
}

TEST(Merge, IsSoundAndIndependentOfLinkOrder) {
  std::mt19937_64 random(support::TestSeed());
  for (int round = 0; round < 2000; ++round) {
    Entity entity = RandomEntity(random);
    const std::vector<MergedField> merged = Merge(entity);
    EXPECT_TRUE(std::ranges::is_sorted(merged, {}, &MergedField::name));
    for (const MergedField& field : merged) ExpectSound(entity, field);
    Entity shuffled = entity;
    std::ranges::shuffle(shuffled.links, random);
    for (const MergedField& field : merged) {
      ASSERT_EQ(MergedValue(shuffled, field.name), field.value) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace referrald::referral
