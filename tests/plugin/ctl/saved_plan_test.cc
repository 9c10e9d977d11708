#include "plugin/ctl/saved_plan.h"

#include <gmock/gmock.h>

#include "tests/support/temp_dir.h"

namespace referrald::ctl {
namespace {

using ::testing::HasSubstr;

Json PlanOf(int created, const std::string& sha256) {
  return {{"run",
           {{"sha256", sha256},
            {"status", "ok"},
            {"gone", 0},
            {"stale", 0},
            {"rows", {{"read", 5}, {"created", created}}}}},
          {"fields_changed", {{"email", 2}}}};
}

TEST(SavedPlan, ComesBackAsItWasWritten) {
  const support::TempDir dir;
  const SavedPlan saved{.feed = "crm", .file = "/x.csv", .accept = true, .plan = PlanOf(1, "aa")};
  ASSERT_TRUE(WriteSavedPlan(dir / "p.json", saved).ok());
  const Result<SavedPlan> read = ReadSavedPlan(dir / "p.json");
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(read->feed, "crm");
  EXPECT_EQ(read->file, "/x.csv");
  EXPECT_TRUE(read->accept);
  EXPECT_EQ(read->plan, saved.plan);
}

TEST(SavedPlan, WhatIsNoPlanIsRefused) {
  const support::TempDir dir;
  EXPECT_EQ(ReadSavedPlan(dir / "none.json").error().number(), 5108);
  for (const std::string text :
       {"", "[]", "{\"what\": 7}", "{\"what\": \"referrald sync plan\"}"}) {
    dir.Write("p.json", text);
    EXPECT_EQ(ReadSavedPlan(dir / "p.json").error().number(), 5108) << text;
  }
  EXPECT_EQ(WriteSavedPlan(dir / "no/such/folder", {}).number(), 5108);
}

TEST(SavedPlan, IsAppliedOnlyWhereTheSameWouldHappen) {
  const SavedPlan saved{.feed = "crm", .file = "/x.csv", .plan = PlanOf(1, "aa")};
  EXPECT_TRUE(CheckSamePlan(saved, PlanOf(1, "aa")).ok());
  EXPECT_THAT(CheckSamePlan(saved, PlanOf(1, "bb")).message(),
              HasSubstr("the file is not the one"));
  const Status changed = CheckSamePlan(saved, PlanOf(2, "aa"));
  EXPECT_EQ(changed.number(), 5109);
  EXPECT_THAT(changed.message(), HasSubstr("rows were planned as"));
  for (const char* const part : {"gone", "stale", "status"}) {
    Json other = PlanOf(1, "aa");
    other["run"][part] = "x";
    EXPECT_EQ(CheckSamePlan(saved, other).number(), 5109) << part;
  }
  Json fields = PlanOf(1, "aa");
  fields["fields_changed"]["phone"] = 1;
  EXPECT_EQ(CheckSamePlan(saved, fields).number(), 5109);
}

}  // namespace
}  // namespace referrald::ctl
