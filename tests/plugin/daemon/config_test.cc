#include "plugin/daemon/config.h"

#include <gtest/gtest.h>

#include "connectors/registry/registry.h"
#include "tests/support/temp_dir.h"

namespace referrald::daemon {
namespace {

CheckedConfig Parse(std::string text) {
  const ConfigSource source{.path = "r.toml", .text = std::move(text)};
  return ParseConfig({&source, 1}, registry::Connectors());
}

// What is printed about a main file that holds `text` after its version on line 1.
std::string PrintAll(const std::string& text) {
  std::string printed;
  for (const Diagnostic& each : Parse("config_version = 1\n" + text).diagnostics) {
    printed += Print(each);
  }
  return printed;
}

std::vector<int> NumbersOf(const std::string& text) {
  std::vector<int> numbers;
  for (const Diagnostic& each : Parse("config_version = 1\n" + text).diagnostics) {
    numbers.push_back(each.number);
  }
  return numbers;
}

using Numbers = std::vector<int>;

TEST(ParseConfig, AnEmptyFileMeansTheDefaults) {
  const CheckedConfig checked = Parse("config_version = 1\n");
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked.config.store.path, "/var/lib/referrald/db");
  EXPECT_EQ(checked.config.store.key_file, "/var/lib/referrald/db.key");
  EXPECT_EQ(checked.config.server.rpc_listen.size(), 2u);
  EXPECT_EQ(checked.config.log.format, LogTarget::kJournal);
  EXPECT_TRUE(checked.config.feeds.empty());
}

TEST(ParseConfig, ReadsEverySetting) {
  const CheckedConfig checked = Parse(R"(config_version = 1
[server]
rpc_listen = "127.0.0.1:0"
max_frame = "2 MiB"
[store]
path = "/data/db/"
key_file = "/keys/k"
reserve = "1 GiB"
[log]
level = "debug"
format = "json"
[defaults]
max_bad = "10 %"
on_bad_row = "stop"
[[feed]]
name = "a"
connector = "salesforce"
priority = 10
settle = "500 ms"
min_rows = "0 %"
[[feed]]
name = "b"
connector = "generic_csv"
inbox = "/drop/b/inbox"
kind = "organisation"
encoding = "windows-1252"
delimiter = ";"
[feed.map]
external_id = "Key"
display_name = "{A} {B}"
"attr.x" = "X"
"organisation:Account" = "Parent"
changed_at = "Changed"
[[export]]
name = "a"
connector = "hubspot"
system = "hubspot-eu"
)");
  for (const Diagnostic& each : checked.diagnostics) ADD_FAILURE() << Print(each);
  const Config& config = checked.config;
  EXPECT_EQ(config.server.rpc_listen, std::vector<std::string>{"127.0.0.1:0"});
  EXPECT_EQ(config.server.frame_bytes_max, 2u << 20);
  EXPECT_EQ(config.store.path, "/data/db");
  EXPECT_EQ(config.store.key_file, "/keys/k");
  EXPECT_EQ(config.store.reserve_bytes, 1u << 30);
  EXPECT_EQ(config.log.level, LogLevel::kDebug);
  ASSERT_EQ(config.feeds.size(), 2u);
  const sync::FeedConfig& a = config.feeds[0];
  EXPECT_EQ(a.folder, "/srv/referrald/a");
  EXPECT_EQ(a.priority, 10u);
  EXPECT_EQ(a.settle, std::chrono::milliseconds(500));
  EXPECT_DOUBLE_EQ(a.max_bad_ratio, 0.1);
  EXPECT_DOUBLE_EQ(a.min_rows_ratio, 0);
  EXPECT_TRUE(a.stop_on_bad_row);
  EXPECT_EQ(a.mapping.system, "salesforce");
  const sync::FeedConfig& b = config.feeds[1];
  EXPECT_EQ(b.folder, "/drop/b");
  EXPECT_EQ(b.mapping.kind, referral::EntityKind::kOrganisation);
  EXPECT_EQ(b.mapping.object, "Account");
  EXPECT_EQ(b.mapping.columns.size(), 5u);
  EXPECT_EQ(b.delimiter, ";");
  ASSERT_EQ(config.exports.size(), 1u);
  EXPECT_EQ(config.exports[0].system, "hubspot-eu");
  EXPECT_EQ(config.exports[0].folder, "/srv/referrald/a");
}

TEST(ParseConfig, ShowsAnUnknownSettingWithTheNearestOne) {
  EXPECT_EQ(PrintAll("[server]\nrcp_listen = \"127.0.0.1:7432\"\n"),
            R"(error RFD1042: unknown setting `rcp_listen`
  --> r.toml:3:1
   |
 3 | rcp_listen = "127.0.0.1:7432"
   | ^^^^^^^^^^ not a setting of [server]
   = did you mean `rpc_listen`?   settings of [server]: rpc_listen, max_frame
)");
}

TEST(ParseConfig, ShowsWhereTheFileIsNotToml) {
  EXPECT_EQ(PrintAll("[server\nx = 1\n"),
            R"(error RFD1002: this is not TOML
  --> r.toml:2:8
   |
 2 | [server
   |        ^ Error while parsing table header: expected ']', saw '\n'
   = the rest of the file has not been read
)");
}

TEST(ParseConfig, ExplainsAnAddressBeyondLoopback) {
  EXPECT_EQ(
      PrintAll("[server]\nrpc_listen = [\"unix:/run/x.sock\", \"0.0.0.0:7431\"]\n"),
      "error RFD1012: `0.0.0.0:7431` can be reached from other machines\n"
      "  --> r.toml:3:35\n"
      "   |\n"
      " 3 | rpc_listen = [\"unix:/run/x.sock\", \"0.0.0.0:7431\"]\n"
      "   |                                   ^^^^^^^^^^^^^^ only loopback addresses and unix "
      "sockets are served\n"
      "   = there is no TLS yet: everybody who reaches this port could read and change the "
      "store. Use 127.0.0.1 or [::1], and an SSH tunnel from elsewhere\n");
}

TEST(ParseConfig, ShowsAnUnknownConnectorWithTheNearestOne) {
  EXPECT_EQ(PrintAll("[[feed]]\nname = \"x\"\nconnector = \"hubspt\"\n"),
            R"(error RFD1010: unknown connector `hubspt`
  --> r.toml:4:13
   |
 4 | connector = "hubspt"
   |             ^^^^^^^^ no connector has this name
   = did you mean `hubspot`?   connectors: salesforce, hubspot, dynamics, zoho, )"
            R"(pipedrive, suitecrm, espocrm, odoo, google, outlook, vcard, generic_csv
)");
}

TEST(ParseConfig, ShowsWhereANameWasTaken) {
  EXPECT_EQ(PrintAll("[[feed]]\nname = \"x\"\nconnector = \"hubspot\"\n"
                     "[[feed]]\nname = \"x\"\nconnector = \"hubspot\"\n"),
            R"(error RFD1009: the name `x` is taken
  --> r.toml:6:8
   |
 6 | name = "x"
   |        ^^^ names must differ
   = the first one is at r.toml:3
)");
}

TEST(ParseConfig, FindsEachKindOfMistake) {
  const std::string feed = "[[feed]]\nname = \"x\"\nconnector = \"hubspot\"\n";
  EXPECT_EQ(NumbersOf("[log]\nlevel = 3\n"), Numbers{1004});
  EXPECT_EQ(NumbersOf("[server]\nrpc_listen = [5]\n"), Numbers{1004});
  EXPECT_EQ(NumbersOf("server = 5\n"), Numbers{1004});
  EXPECT_EQ(NumbersOf("[feed]\nname = \"x\"\n"), Numbers{1004});
  EXPECT_EQ(NumbersOf("[log]\nformat = \"jsn\"\n"), Numbers{1005});
  EXPECT_EQ(NumbersOf("[store]\nreserve = \"1 Mib\"\n"), Numbers{1006});
  EXPECT_EQ(NumbersOf("[defaults]\nmax_bad = \"500 %\"\n"), Numbers{1006});
  EXPECT_EQ(NumbersOf(feed + "settle = \"2\"\n"), Numbers{1006});
  EXPECT_EQ(NumbersOf(feed + "priority = -1\n"), Numbers{1007});
  EXPECT_EQ(NumbersOf("[server]\nmax_frame = \"1 B\"\n"), Numbers{1007});
  EXPECT_EQ(NumbersOf("[[feed]]\nname = \"x\"\n"), Numbers{1008});
  EXPECT_EQ(NumbersOf("[[feed]]\nname = \"x\"\nconnector = \"generic_csv\"\n"), Numbers{1008});
  EXPECT_EQ(NumbersOf("[server]\nrpc_listen = \"foo\"\n"), Numbers{1011});
  EXPECT_EQ(NumbersOf("[server]\nrpc_listen = \"unix:x.sock\"\n"), Numbers{1011});
  EXPECT_EQ(NumbersOf("[server]\nrpc_listen = \"[::]:1\"\n"), Numbers{1012});
  EXPECT_EQ(NumbersOf("[server]\nrpc_listen = []\n"), Numbers{1011});
  EXPECT_EQ(NumbersOf("[store]\npath = \"db\"\n"), Numbers{1013});
  EXPECT_EQ(NumbersOf("[store]\npath = \"/a/../b\"\n"), Numbers{1013});
  EXPECT_EQ(NumbersOf(feed + "inbox = \"/srv/x\"\n"), Numbers{1013});
  EXPECT_EQ(NumbersOf(feed + "[[feed]]\nname = \"y\"\nconnector = \"hubspot\"\n"
                             "inbox = \"/srv/referrald/x/inbox\"\n"),
            Numbers{1014});
  EXPECT_EQ(NumbersOf(feed + "object = \"Contact\"\n"), Numbers{1015});
  EXPECT_EQ(NumbersOf("[[export]]\nname = \"x\"\nconnector = \"generic_csv\"\n"), Numbers{1015});
  EXPECT_EQ(NumbersOf("[[export]]\nname = \"x y\"\nconnector = \"hubspot\"\n"), Numbers{1016});
  EXPECT_EQ(NumbersOf(feed + "[feed.map]\nemial = \"E\"\n"), Numbers{1018});
  EXPECT_EQ(NumbersOf(feed + "[feed.map]\n\"organistion:Company\" = \"E\"\n"), Numbers{1018});
  EXPECT_EQ(NumbersOf(feed + "[feed.map]\n\"attr.\" = \"E\"\n"), Numbers{1018});
  EXPECT_EQ(NumbersOf(feed + "[feed.map]\ndisplay_name = \"{A {B}\"\n"), Numbers{1020});
  EXPECT_EQ(NumbersOf(feed + "encoding = \"klingon\"\n"), Numbers{1020});
  EXPECT_EQ(NumbersOf(feed + "delimiter = \"abc\"\n"), Numbers{1020});
  EXPECT_EQ(NumbersOf(feed + "encoding = \"windows-1252\"\ndelimiter = \"tab\"\n"), Numbers{});
  EXPECT_EQ(NumbersOf("[store]\nkey_credential = \"../k\"\n"), Numbers{1016});
  EXPECT_EQ(NumbersOf("[store]\nkey_file = \"/k\"\nkey_credential = \"k\"\n"), Numbers{1019});
  EXPECT_EQ(NumbersOf("[servre]\n"), Numbers{1042});
}

TEST(ParseConfig, TakesACredentialInPlaceOfTheKeyFile) {
  const CheckedConfig checked =
      Parse("config_version = 1\n[store]\nkey_credential = \"referrald.key\"\n");
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked.config.store.key_credential, "referrald.key");
}

TEST(ParseConfig, WantsAVersionItKnows) {
  EXPECT_EQ(Parse("").diagnostics.at(0).number, 1003);
  EXPECT_EQ(Parse("config_version = 2\n").diagnostics.at(0).number, 1003);
}

TEST(ParseConfig, FindsAllMistakesFromTheTopDown) {
  EXPECT_EQ(NumbersOf("x = 1\n[log]\nlevel = 3\n[store]\npath = \"db\"\n[[feed]]\n"),
            (Numbers{1042, 1004, 1013, 1008, 1008}));
}

TEST(ParseConfig, FilesInConfDHoldFeedsAndExportsOnly) {
  const ConfigSource sources[] = {
      {.path = "r.toml",
       .text = "config_version = 1\n[[feed]]\nname = \"a\"\nconnector = \"hubspot\"\n"},
      {.path = "conf.d/b.toml", .text = "[[feed]]\nname = \"a\"\nconnector = \"hubspot\"\n"},
      {.path = "conf.d/c.toml", .text = "[store]\npath = \"/x\"\n"},
  };
  const CheckedConfig checked = ParseConfig(sources, registry::Connectors());
  ASSERT_EQ(checked.diagnostics.size(), 2u);
  EXPECT_EQ(checked.diagnostics[0].number, 1009);
  EXPECT_EQ(checked.diagnostics[0].place.file, "conf.d/b.toml");
  EXPECT_EQ(checked.diagnostics[0].note, "the first one is at r.toml:3");
  EXPECT_EQ(checked.diagnostics[1].number, 1042);
}

TEST(LoadConfig, ReadsTheMainFileAndConfD) {
  const support::TempDir dir;
  const std::string path = dir.Write("r.toml", "config_version = 1\n");
  dir.Write("conf.d/b.toml", "[[feed]]\nname = \"b\"\nconnector = \"hubspot\"\n");
  dir.Write("conf.d/a.toml", "[[feed]]\nname = \"a\"\nconnector = \"hubspot\"\n");
  dir.Write("conf.d/a.toml.bak", "nonsense");
  const CheckedConfig checked = LoadConfig(path, registry::Connectors());
  ASSERT_TRUE(checked.ok());
  ASSERT_EQ(checked.config.feeds.size(), 2u);
  EXPECT_EQ(checked.config.feeds[0].name, "a");
}

TEST(LoadConfig, SaysThatAFileIsMissing) {
  const support::TempDir dir;
  const CheckedConfig checked = LoadConfig(dir / "r.toml", registry::Connectors());
  ASSERT_EQ(checked.diagnostics.size(), 1u);
  EXPECT_EQ(Print(checked.diagnostics[0]),
            "error RFD1001: the configuration cannot be read\n  --> " + (dir / "r.toml") +
                "\n   = No such file or directory\n");
}

TEST(LoadConfig, TheShippedConfigurationIsValid) {
  const CheckedConfig checked =
      LoadConfig(REFERRALD_SOURCE_DIR "/packaging/config/referrald.toml", registry::Connectors());
  EXPECT_TRUE(checked.diagnostics.empty());
}

Diagnostic Of(Severity severity) {
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  return diagnostic;
}

TEST(Diagnostics, CountsErrorsAndWarnings) {
  const Diagnostic error = Of(Severity::kError);
  const Diagnostic warning = Of(Severity::kWarning);
  EXPECT_EQ(CountText({}), "no errors");
  EXPECT_EQ(CountText({{error}}), "1 error");
  EXPECT_EQ(CountText({{error, error, warning}}), "2 errors, 1 warning");
  EXPECT_FALSE(HasErrors({{warning}}));
}

TEST(Diagnostics, ShowsControlCharactersAsSigns) {
  Diagnostic tab = Of(Severity::kError);
  tab.number = 1;
  tab.message = "m";
  tab.place = {.file = "f", .line = 12, .column = 3, .width = 2};
  tab.source_line = "\tx\x1b[2J";
  tab.label = "here";
  EXPECT_EQ(Print(tab), "error RFD1: m\n   --> f:12:3\n    |\n 12 |  x?[2J\n    |   ^^ here\n");
}

}  // namespace
}  // namespace referrald::daemon
