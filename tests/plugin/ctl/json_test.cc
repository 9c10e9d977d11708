#include "plugin/ctl/json.h"

#include <gtest/gtest.h>

namespace referrald::ctl {
namespace {

TEST(Json, RowCountsAddUpUnderTheirNames) {
  idl::RowCounts counts;
  counts.rows_read = 3;
  counts.created = 2;
  counts.held = 1;
  EXPECT_EQ(ToJson(counts).dump(),
            R"({"read":3,"created":2,"updated":0,"unchanged":0,"duplicate":0,"deleted":0,)"
            R"("merged":0,"suppressed":0,"quarantined":0,"held":1})");
}

TEST(Json, WhatIsNotSetIsNull) {
  idl::Feed feed;
  feed.name = "a";
  EXPECT_TRUE(ToJson(feed)["last_run"].is_null());
  EXPECT_TRUE(ToJson(idl::Run())["finished_at"].is_null());
  EXPECT_TRUE(ToJson(idl::Run())["code"].is_null());
  EXPECT_TRUE(ToJson(idl::Referral())["amount"].is_null());
}

TEST(Json, TimesAndNamesAreText) {
  idl::Run run;
  run.started_at = 1'000'000'000'000'000;
  run.code = 2030;
  EXPECT_EQ(ToJson(run)["started_at"], "2001-09-09T01:46:40.000000Z");
  EXPECT_EQ(ToJson(run)["code"], "RFD2030");
  idl::ContactSummary contact;
  contact.kind = idl::EntityKind::PERSON;
  contact.temperature = idl::Temperature::HOT;
  EXPECT_EQ(ToJson(contact)["kind"], "person");
  EXPECT_EQ(ToJson(contact)["temperature"], "HOT");
}

TEST(Json, AListIsAList) {
  EXPECT_EQ(ToJsonList(std::vector<idl::ExternalRef>(1)).dump(),
            R"([{"system":"","object":"","id":""}])");
  EXPECT_EQ(ToJsonList(std::vector<idl::Run>()).dump(), "[]");
}

TEST(Json, BytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(Print({{"name", "a\xff"}}), "{\n  \"name\": \"a\xef\xbf\xbd\"\n}\n");
}

}  // namespace
}  // namespace referrald::ctl
