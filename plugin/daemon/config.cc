#include "plugin/daemon/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <tuple>

#include "plugin/daemon/config_feed.h"
#include "plugin/daemon/config_section.h"
#include "thrift/rpc/address.h"

namespace referrald::daemon {
namespace {

constexpr int kUnreadable = 1001;
constexpr int kSyntax = 1002;
constexpr int kVersion = 1003;
constexpr int kOutOfRange = 1007;
constexpr int kBadAddress = 1011;
constexpr int kBeyondLoopback = 1012;
constexpr int kBadCredential = 1016;
constexpr int kTooMany = 1017;
constexpr int kTwoKeys = 1019;
constexpr int64_t kBackupsKeptMost = 1000;
constexpr int64_t kConfigVersion = 1;
constexpr uint64_t kFrameBytesLeast = 64 << 10;
constexpr uint64_t kFrameBytesMost = 16 << 20;
constexpr int kRpcBeyondLoopback = 5001;

// The front refuses such an address at start; here it can still be shown in its place.
std::optional<Findings::Finding> WrongWithAddress(const std::string& address) {
  const Result<rpc::Address> parsed = rpc::ParseAddress(address);
  if (parsed) return std::nullopt;
  if (parsed.error().number() == kRpcBeyondLoopback) {
    return Findings::Finding{
        .number = kBeyondLoopback,
        .message = fmt::format("`{}` can be reached from other machines", address),
        .label = "only loopback addresses and unix sockets are served",
        .note =
            "there is no TLS yet: everybody who reaches this port could read and change the "
            "store. Use 127.0.0.1 or [::1], and an SSH tunnel from elsewhere"};
  }
  return Findings::Finding{.number = kBadAddress,
                           .message = fmt::format("`{}` is not an address", address),
                           .label = "expected \"unix:/path\", \"127.0.0.1:7431\" or \"[::1]:7431\"",
                           .note = parsed.error().message()};
}

void ReadServer(Section section, ServerConfig& config) {
  const std::vector<Section::TextItem> items = section.ReadTexts("rpc_listen");
  const toml::array* const listed = section.table()["rpc_listen"].as_array();
  if (listed != nullptr && listed->empty()) {
    section.Refuse("rpc_listen", {.number = kBadAddress,
                                  .message = "`rpc_listen` names no address",
                                  .label = "nobody could ask the daemon anything",
                                  .note = "leave it out for the default"});
  }
  if (!items.empty()) config.rpc_listen.clear();
  for (const Section::TextItem& item : items) {
    if (auto finding = WrongWithAddress(item.text)) {
      section.findings().Error(item.node->source(), std::move(*finding));
      continue;
    }
    config.rpc_listen.push_back(item.text);
  }
  section.ReadBytes("max_frame", config.frame_bytes_max);
  if (config.frame_bytes_max < kFrameBytesLeast || config.frame_bytes_max > kFrameBytesMost) {
    section.Refuse("max_frame", {.number = kOutOfRange,
                                 .message = "`max_frame` is out of range",
                                 .label = "expected 64 KiB to 16 MiB",
                                 .note = {}});
  }
  section.RefuseTheRest();
}

void CheckKeyCredential(Section& section, bool has_file, const std::string& name) {
  if (has_file) {
    section.Refuse("key_credential", {.number = kTwoKeys,
                                      .message = "the store has one key, here are two",
                                      .label = "`key_file` is set, too",
                                      .note = "remove one of the two"});
  }
  if (name.empty() || name.starts_with('.') || name.find('/') != std::string::npos) {
    section.Refuse("key_credential", {.number = kBadCredential,
                                      .message = "this is not the name of a credential",
                                      .label = "expected the name in LoadCredential=NAME:...",
                                      .note = {}});
  }
}

void ReadStore(Section section, StoreConfig& config) {
  section.ReadPath("path", config.path);
  const bool has_file = section.ReadPath("key_file", config.key_file) != nullptr;
  if (section.ReadText("key_credential", config.key_credential) != nullptr) {
    CheckKeyCredential(section, has_file, config.key_credential);
  }
  section.ReadBytes("reserve", config.reserve_bytes);
  section.RefuseTheRest();
}

void ReadBackup(Section section, BackupConfig& config) {
  section.ReadPath("folder", config.folder);
  section.ReadInteger("keep", 1, kBackupsKeptMost, config.keep);
  section.ReadPath("key_folder", config.key_folder);
  section.ReadDuration("key_age", config.key_age);
  section.RefuseTheRest();
}

void ReadLog(Section section, LogConfig& config) {
  section.ReadChoice<LogLevel>("level",
                               {{"debug", LogLevel::kDebug},
                                {"info", LogLevel::kInfo},
                                {"warning", LogLevel::kWarning},
                                {"error", LogLevel::kError}},
                               config.level);
  section.ReadChoice<LogTarget>("format",
                                {{"journal", LogTarget::kJournal},
                                 {"logfmt", LogTarget::kLogfmt},
                                 {"json", LogTarget::kJson}},
                                config.format);
  section.RefuseTheRest();
}

void ReadVersion(Section& root, Findings& findings) {
  int64_t version = kConfigVersion;
  if (!root.table().contains("config_version")) {
    findings.Error({.number = kVersion,
                    .message = "the file has no `config_version`",
                    .label = {},
                    .note = fmt::format("add `config_version = {}` at its top: it tells later "
                                        "versions how to read it",
                                        kConfigVersion)});
  }
  if (root.ReadInteger("config_version", 0, INT64_MAX, version) != nullptr &&
      version != kConfigVersion) {
    root.Refuse("config_version",
                {.number = kVersion,
                 .message = fmt::format("config_version {} is not known here", version),
                 .label = fmt::format("this version reads {}", kConfigVersion),
                 .note = "install the version of referrald that this file was written for"});
  }
}

void ReadMain(const toml::table& table, Findings& findings, Config& config, FeedReader& feeds) {
  Section root(table, "the main file", findings);
  ReadVersion(root, findings);
  if (const auto* server = root.ReadTable("server")) {
    ReadServer(Section(*server, "[server]", findings), config.server);
  }
  if (const auto* store = root.ReadTable("store")) {
    ReadStore(Section(*store, "[store]", findings), config.store);
  }
  if (const auto* backup = root.ReadTable("backup")) {
    ReadBackup(Section(*backup, "[backup]", findings), config.backup);
  }
  if (const auto* log = root.ReadTable("log")) {
    ReadLog(Section(*log, "[log]", findings), config.log);
  }
  if (const auto* defaults = root.ReadTable("defaults")) {
    feeds.ReadDefaults(Section(*defaults, "[defaults]", findings));
  }
  feeds.ReadAll(root);
  root.RefuseTheRest();
}

void ReadExtra(const toml::table& table, Findings& findings, FeedReader& feeds) {
  Section root(table, "a file in conf.d", findings);
  feeds.ReadAll(root);
  root.RefuseTheRest();
}

std::optional<toml::table> ParseToml(const ConfigSource& source, Findings& findings) {
  try {
    return toml::parse(std::string_view(source.text), std::string_view(source.path));
  } catch (const toml::parse_error& error) {
    findings.Error(error.source(), {.number = kSyntax,
                                    .message = "this is not TOML",
                                    .label = std::string(error.description()),
                                    .note = "the rest of the file has not been read"});
    return std::nullopt;
  }
}

void ParseSource(const ConfigSource& source, bool is_main, CheckedConfig& checked,
                 FeedReader& feeds) {
  Findings findings(source, checked.diagnostics);
  const std::optional<toml::table> table = ParseToml(source, findings);
  if (!table) return;
  feeds.BeginFile(source.path);
  if (is_main) {
    ReadMain(*table, findings, checked.config, feeds);
  } else {
    ReadExtra(*table, findings, feeds);
  }
}

Diagnostic WholeFile(int number, std::string message, std::string path, std::string note) {
  return {.number = number,
          .message = std::move(message),
          .place = {.file = std::move(path)},
          .source_line = {},
          .label = {},
          .note = std::move(note)};
}

std::optional<ConfigSource> ReadSource(const std::string& path, std::vector<Diagnostic>& out) {
  std::error_code error;
  const bool regular = std::filesystem::is_regular_file(path, error);
  if (!error && !regular) {
    out.push_back(WholeFile(kUnreadable, "the configuration cannot be read", path,
                            "it is no regular file; give the file itself, not its folder"));
    return std::nullopt;
  }
  const uintmax_t size = error ? 0 : std::filesystem::file_size(path, error);
  if (!error && size > limits::kConfigFileBytesMax) {
    out.push_back(WholeFile(kTooMany, "the file is larger than 1 MiB", path,
                            "put feeds into files of their own, in conf.d beside it"));
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (error || !file) {
    out.push_back(WholeFile(kUnreadable, "the configuration cannot be read", path,
                            error ? error.message() : "reading failed"));
    return std::nullopt;
  }
  return ConfigSource{.path = path, .text = std::move(text)};
}

// conf.d/*.toml beside `main_path`, by name.
std::vector<std::string> ExtraFiles(const std::string& main_path) {
  std::vector<std::string> paths;
  const std::filesystem::path folder = std::filesystem::path(main_path).parent_path() / "conf.d";
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::filesystem::path& path = it->path();
    if (path.extension() != ".toml" || path.filename().string().starts_with('.')) continue;
    paths.push_back(path.string());
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

CheckedConfig ParseConfig(std::span<const ConfigSource> sources, KnownConnectors connectors) {
  CheckedConfig checked;
  FeedReader feeds(connectors, checked.config);
  for (const ConfigSource& source : sources) {
    const auto found_before = static_cast<ptrdiff_t>(checked.diagnostics.size());
    ParseSource(source, /*is_main=*/&source == &sources.front(), checked, feeds);
    // A person goes through a file from the top.
    std::ranges::sort(checked.diagnostics.begin() + found_before, checked.diagnostics.end(), {},
                      [](const Diagnostic& each) {
                        return std::tuple(each.place.line, each.place.column, each.number);
                      });
  }
  StoreConfig& store = checked.config.store;
  if (store.key_file.empty()) store.key_file = store.path + ".key";
  return checked;
}

CheckedConfig LoadConfig(const std::string& path, KnownConnectors connectors) {
  std::vector<Diagnostic> unreadable;
  std::vector<ConfigSource> sources;
  std::vector<std::string> paths = ExtraFiles(path);
  if (paths.size() > limits::kConfigFilesMax) {
    unreadable.push_back(WholeFile(kTooMany, "conf.d holds more than 1024 files", path,
                                   "only the first ones have been read"));
    paths.resize(limits::kConfigFilesMax);
  }
  paths.insert(paths.begin(), path);
  for (const std::string& each : paths) {
    std::optional<ConfigSource> source = ReadSource(each, unreadable);
    // Without its main file, conf.d says nothing worth complaining about.
    if (!source && each == path) return {.config = {}, .diagnostics = std::move(unreadable)};
    if (source) sources.push_back(std::move(*source));
  }
  CheckedConfig checked = ParseConfig(sources, connectors);
  checked.diagnostics.insert(checked.diagnostics.begin(), unreadable.begin(), unreadable.end());
  return checked;
}

}  // namespace referrald::daemon
