#include "plugin/daemon/daemon.h"

#include <gtest/gtest.h>

namespace referrald::daemon {
namespace {

TEST(ExitCodeOf, TellsTheServiceManagerWhatIsTheMatter) {
  EXPECT_EQ(ExitCodeOf(Status::Ok()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(Status::Unavailable("in use", 4001)), ExitCode::kStoreInUse);
  EXPECT_EQ(ExitCodeOf(Status::Unavailable("full", 4002)), ExitCode::kTemporary);
  EXPECT_EQ(ExitCodeOf(Status::Corruption("damaged", 4003)), ExitCode::kDamaged);
  EXPECT_EQ(ExitCodeOf(Status::Corruption("not a key", 4103)), ExitCode::kDamaged);
  EXPECT_EQ(ExitCodeOf(Status::InvalidArgument("an address", 5001)), ExitCode::kConfiguration);
  EXPECT_EQ(ExitCodeOf(Status::NotFound("no key", 4101)), ExitCode::kFailed);
  EXPECT_EQ(ExitCodeOf(Status::FailedPrecondition("in use", 5004)), ExitCode::kFailed);
}

}  // namespace
}  // namespace referrald::daemon
