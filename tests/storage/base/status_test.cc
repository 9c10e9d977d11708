#include "storage/base/status.h"

#include <gtest/gtest.h>

#include <memory>

namespace referrald {
namespace {

TEST(Status, IsOkByDefault) {
  EXPECT_TRUE(Status().ok());
  EXPECT_EQ(Status::Ok().ToString(), "ok");
}

TEST(Status, TellsNumberCodeAndMessage) {
  EXPECT_EQ(Status::FailedPrecondition("not verified", 3002).ToString(),
            "RFD3002 failed precondition: not verified");
  EXPECT_EQ(Status::NotFound("no such contact").ToString(), "not found: no such contact");
  EXPECT_EQ(Status::IoError("x", 42).ToString(), "RFD0042 i/o error: x");
}

TEST(Status, PrefixesThePlaceAndKeepsTheRest) {
  const Status status = Status::Unavailable("full", 4002).Prefixed("feed eu");
  EXPECT_EQ(status, Status(Code::kUnavailable, "feed eu: full", 4002));
  EXPECT_TRUE(Status::Ok().Prefixed("feed eu").ok());
}

TEST(Status, OnlyTwoCodesAreWorthAnotherTry) {
  EXPECT_TRUE(Status::Unavailable("").retriable());
  EXPECT_TRUE(Status::DeadlineExceeded("").retriable());
  EXPECT_FALSE(Status::Aborted("").retriable());
  EXPECT_FALSE(Status::Ok().retriable());
}

TEST(Status, EveryCodeHasANameOfItsOwn) {
  std::string names;
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code) {
    const std::string name =
        std::string("[") + std::string(CodeName(static_cast<Code>(code))) + "]";
    EXPECT_EQ(names.find(name), std::string::npos) << name;
    names += name;
  }
}

TEST(Result, HoldsAValueOrTheReason) {
  const Result<int> value = 3;
  EXPECT_EQ(*value, 3);
  EXPECT_TRUE(StatusOf(value).ok());
  const Result<std::unique_ptr<int>> none = Status::NotFound("nothing");
  ASSERT_FALSE(none);
  EXPECT_EQ(StatusOf(none), Status::NotFound("nothing"));
}

TEST(CheckDeathTest, EndsTheProcessWithThePlace) {
  EXPECT_DEATH(REFERRALD_CHECK(1 == 2), "status_test.cc:[0-9]+: broken invariant: 1 == 2");
}

}  // namespace
}  // namespace referrald
