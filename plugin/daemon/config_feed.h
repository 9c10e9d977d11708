#pragma once

#include <map>
#include <string>
#include <vector>

#include "plugin/daemon/config_section.h"

// The [[feed]] and [[export]] tables. Seen by plugin/daemon/config.cc only.
namespace referrald::daemon {

// Reads feeds and exports of one file after another into a Config, and remembers across files which
// names and folders are taken. The connectors and the config must outlive it.
class FeedReader {
 public:
  FeedReader(KnownConnectors connectors, Config& config)
      : connectors_(connectors), config_(config) {}

  // The file that the next tables stand in.
  void BeginFile(const std::string& path) { file_ = path; }
  // What feeds take where they say nothing themselves; before the first ReadAll.
  void ReadDefaults(Section section);
  // [[feed]] and [[export]] of this file.
  void ReadAll(Section& root);

 private:
  using Taken = std::map<std::string, std::string, std::less<>>;  // What, and by whom.

  void ReadFeed(Section section);
  void ReadExport(Section section);
  static void ReadForm(Section& section, sync::FeedConfig& feed);
  static void ReadMapping(Section& section, sync::FeedConfig& feed);
  static void ReadColumns(Section section, connectors::FeedMapping& mapping);
  static void ReadStages(Section section, sync::FeedConfig& feed);
  static void CheckMapping(Section& section, const connectors::ConnectorInfo& connector,
                           sync::FeedConfig& feed);
  static void ReadLimits(Section& section, sync::FeedConfig& feed);
  const connectors::ConnectorInfo* ReadConnector(Section& section, std::string& name);
  void ReadName(Section& section, Taken& names, std::string& name);
  // Reads `key`, a path that must end in /`key`, and returns the folder that holds it.
  std::string ReadFolder(Section& section, std::string_view key, const std::string& name);
  bool HasRoom(Section& section, size_t count) const;

  KnownConnectors connectors_;
  Config& config_;
  std::string file_;
  sync::FeedConfig defaults_;
  Taken feed_names_, export_names_, folders_;
};

}  // namespace referrald::daemon
