#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "storage/base/bytes.h"
#include "tests/support/raw_connection.h"
#include "tests/support/rpc_fixture.h"
#include "tests/support/seed.h"

// What an enemy, or a program gone wrong, may send to the port: the daemon lives, closes at once,
// keeps its memory, and nobody else notices.
namespace referrald::rpc {
namespace {

using support::Framed;
using support::RawConnection;

// A sanitizer keeps what was freed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsOurs = false;
#else
constexpr bool kMemoryIsOurs = true;
#endif
constexpr int64_t kGrowthBytesMax = 32 << 20;

// Thrift's type numbers, as they stand on the wire.
enum WireType : char { kBool = 2, kI64 = 10, kString = 11, kStruct = 12, kMap = 13, kList = 15 };

std::string Number32(uint32_t value) {
  std::string bytes;
  AppendBigEndian32(bytes, value);
  return bytes;
}

std::string Field(WireType type, char id) { return {static_cast<char>(type), '\0', id}; }

std::string Header(const std::string& method) {
  const auto size = static_cast<uint32_t>(method.size());
  return std::string("\x80\x01\x00\x01", 4) + Number32(size) + method + Number32(1);
}

// recordEvents with `request` as the bytes of its only argument.
std::string RecordEvents(const std::string& request) {
  return Header("recordEvents") + Field(kStruct, 1) + request + std::string(2, '\0');
}

std::string List(char id, WireType element, uint32_t size) {
  return Field(kList, id) + static_cast<char>(element) + Number32(size);
}

std::string Repeat(const std::string& bytes, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += bytes;
  return all;
}

struct Payload {
  std::string name;
  std::string bytes;
};

// Sizes that lie, products that wrap, and depth without end.
std::vector<Payload> LyingCalls() {
  constexpr char kUnknown = 99;
  const std::string deep_list = std::string(1, kList) + Number32(1);
  return {
      {"list<i64> whose bytes wrap to 0", RecordEvents(List(kUnknown, kI64, 0x20000000))},
      {"list<i64> of 2^31 - 1", RecordEvents(List(kUnknown, kI64, 0x7fffffff))},
      {"list<i64> of 100 MB", RecordEvents(List(kUnknown, kI64, 12'500'000))},
      {"list<i64> of -1", RecordEvents(List(kUnknown, kI64, 0xffffffff))},
      {"list<struct> of 2^31 - 1", RecordEvents(List(1, kStruct, 0x7fffffff))},
      {"list<struct> of 20 million", RecordEvents(List(1, kStruct, 20'000'000))},
      {"list<struct> of 10,000, empty", RecordEvents(List(1, kStruct, 10'000))},
      {"list<bool> of 100 million", RecordEvents(List(kUnknown, kBool, 100'000'000))},
      {"string of 2 GB", RecordEvents(Field(kString, 2) + Number32(0x7fffffff))},
      {"string of 99 MB", RecordEvents(Field(kString, 2) + Number32(99'000'000))},
      {"string of -1", RecordEvents(Field(kString, 2) + Number32(0xffffffff))},
      {"string of 300 KB, whole", RecordEvents(Field(kString, 2) + Number32(300'000) +
                                               std::string(300'000, 'x') + std::string(1, '\0'))},
      {"structs 100,000 deep", RecordEvents(Repeat(Field(kStruct, kUnknown), 100'000))},
      {"lists 100,000 deep", RecordEvents(Field(kList, kUnknown) + Repeat(deep_list, 100'000))},
      {"map of 2^31 - 1", RecordEvents(Field(kMap, kUnknown) + static_cast<char>(kI64) +
                                       static_cast<char>(kI64) + Number32(0x7fffffff))},
      {"an unknown type", RecordEvents(std::string("\x7f\x00\x01", 3))},
      {"an argument that ends early", Header("getContact") + Field(kStruct, 1)},
      {"a method's name of 2 GB",
       std::string("\x80\x01\x00\x01", 4) + Number32(0x7fffffff) + "abc"},
      {"a method's name of 200 KB", Header(std::string(200'000, 'm')) + std::string(1, '\0')},
      {"a reply instead of a call", std::string("\x80\x01\x00\x02", 4) + std::string(16, '\0')},
  };
}

std::vector<Payload> Payloads(uint64_t seed) {
  std::vector<Payload> all;
  for (const Payload& call : LyingCalls()) all.push_back({call.name, Framed(call.bytes)});
  std::mt19937_64 random(seed);
  std::string garbage(65536, '\0');
  for (char& byte : garbage) byte = static_cast<char>(random());
  all.push_back({"64 KB of garbage, framed", Framed(garbage)});
  all.push_back({"64 KB of garbage", "\xff" + garbage});
  all.push_back({"HTTP", "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"});
  all.push_back({"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"});
  all.push_back({"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)});
  all.push_back({"SSH", "SSH-2.0-OpenSSH_9.2\r\n"});
  all.push_back({"unframed", Header("listFeeds") + std::string(1, '\0')});
  all.push_back({"THeader", Framed(std::string("\x0f\xff\x00\x00", 4) + std::string(20, 'x'))});
  all.push_back({"compact", Framed(std::string("\x82\x21\x01\x09", 4) + "listFeeds")});
  all.push_back({"a frame of 2 GB", Number32(0x7fffffff)});
  all.push_back({"a frame of nothing", Number32(0)});
  return all;
}

int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t pages = 0;
  int64_t resident = 0;
  statm >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

class HostileTest : public support::RpcFixture {
 protected:
  // No deadline may do what is to be done at once.
  void SetUp() override {
    constexpr std::chrono::hours kFar{1};
    ASSERT_NO_FATAL_FAILURE(Start({.idle_deadline = kFar, .frame_deadline = kFar}));
  }
};

TEST_F(HostileTest, NothingThatIsSentKillsFillsOrBlocksTheServer) {
  client::Client honest = Connect(tcp_address());
  const auto call = [&honest] { return honest.Ask(&idl::ReferraldAdminClient::listFeeds); };
  ASSERT_TRUE(call());
  const int64_t before = ResidentBytes();
  for (const std::string& address : {tcp_address(), unix_address()}) {
    for (const Payload& payload : Payloads(support::TestSeed())) {
      SCOPED_TRACE(payload.name + " to " + address);
      RawConnection enemy(address);
      enemy.Send(payload.bytes);
      enemy.ReadFrame();  // Where the header was readable there is an answer first.
      EXPECT_TRUE(enemy.IsClosed());
      ASSERT_TRUE(call()) << "an honest client suffered";
    }
  }
  if (kMemoryIsOurs) {
    EXPECT_LT(ResidentBytes() - before, kGrowthBytesMax);
  }
}

TEST_F(HostileTest, SaysWhatWasWrongAndRepeatsNothing) {
  RawConnection enemy(tcp_address());
  enemy.Send(Framed(RecordEvents(List(99, kI64, 0x7fffffff))));
  const auto answer = enemy.ReadFrame();
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->find("a list over 10000 elements"), std::string::npos);
  EXPECT_TRUE(enemy.IsClosed());
}

}  // namespace
}  // namespace referrald::rpc
