#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "connectors/sync/sync.h"
#include "plugin/daemon/config_diagnostics.h"
#include "storage/base/limits.h"
#include "storage/base/log.h"

// What the admin decides (packaging/config/referrald.toml says it at length). Read whole at start,
// checked whole, then frozen: a change needs a restart.
namespace referrald::daemon {

struct ServerConfig {
  // "unix:/absolute/path" or a numeric loopback "127.0.0.1:7431", "[::1]:7431"; port 0: any.
  std::vector<std::string> rpc_listen = {"unix:/run/referrald/rpc.sock", "127.0.0.1:7431"};
  uint64_t frame_bytes_max = limits::kFrameBytesMax;  // Raising it costs that much a connection.
};

struct StoreConfig {
  std::string path = "/var/lib/referrald/db";
  std::string key_file;  // Default: `path` with ".key" behind it, a file beside the store's folder.
  std::string key_credential;  // Not empty: a systemd credential of this name is the key instead.
  uint64_t reserve_bytes = limits::kDiskReserveBytes;  // Free disk that is left alone.
};

// Where copies go that survive the disk of the store. Log and keys apart.
struct BackupConfig {
  std::string folder;  // Empty: no backups.
  int64_t keep = 7;
  std::string key_folder;  // Empty: no copies of the key store.
  std::chrono::milliseconds key_age = std::chrono::days{30};
};

enum class LogTarget : uint8_t {
  kJournal,  // journald's own protocol; logfmt on standard error where there is no journal.
  kLogfmt,
  kJson,
};

struct LogConfig {
  LogLevel level = LogLevel::kInfo;
  LogTarget format = LogTarget::kJournal;
};

struct Config {
  ServerConfig server;
  StoreConfig store;
  BackupConfig backup;
  LogConfig log;
  std::vector<sync::FeedConfig> feeds;
  std::vector<sync::ExportConfig> exports;
};

// The text of one file, and the path under which messages name it.
struct ConfigSource {
  std::string path;
  std::string text;
};

// A configuration and everything that is wrong with it: all of it, not the first.
struct CheckedConfig {
  Config config;  // To be used only where there are no errors.
  std::vector<Diagnostic> diagnostics;

  bool ok() const { return !HasErrors(diagnostics); }
};

using KnownConnectors = std::span<const connectors::ConnectorInfo* const>;

// Pure. The first source is the main file; the others (conf.d) may hold [[feed]] and [[export]].
CheckedConfig ParseConfig(std::span<const ConfigSource> sources, KnownConnectors connectors);

// Reads `path` and, sorted by name, conf.d/*.toml beside it, and parses them.
CheckedConfig LoadConfig(const std::string& path, KnownConnectors connectors);

}  // namespace referrald::daemon
