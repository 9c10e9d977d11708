#include "thrift/rpc/address.h"

#include <gtest/gtest.h>

namespace referrald::rpc {
namespace {

TEST(Address, ReadsEveryFormAndWritesItBack) {
  for (const char* text :
       {"unix:/run/referrald/rpc.sock", "127.0.0.1:7431", "127.1.2.3:0", "[::1]:65535"}) {
    const Result<Address> address = ParseAddress(text);
    ASSERT_TRUE(address) << address.error().ToString();
    EXPECT_EQ(ToText(*address), text);
  }
  EXPECT_EQ(ToText(*ParseAddress("localhost:1")), "127.0.0.1:1");
}

TEST(Address, RefusesToListenBeyondThisMachine) {
  for (const char* text : {"0.0.0.0:7431", "192.168.1.4:7431", "[::]:7431", "[fe80::1]:1"}) {
    const Result<Address> address = ParseAddress(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().number(), 5001);
    EXPECT_NE(address.error().message().find("TLS"), std::string::npos);
    EXPECT_NE(address.error().message().find("ssh -L"), std::string::npos) << "no remedy";
  }
}

TEST(Address, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "7431", ":7431", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                           "127.0.0.1:x", "example.org:80", "unix:", "unix:relative.sock"}) {
    const Result<Address> address = ParseAddress(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().number(), 5002) << text;
  }
}

TEST(Address, NamesTheLimitOfASocketPath) {
  const Result<Address> address = ParseAddress("unix:/" + std::string(200, 'a'));
  ASSERT_FALSE(address);
  EXPECT_NE(address.error().message().find("201 bytes, limit 107"), std::string::npos);
}

}  // namespace
}  // namespace referrald::rpc
