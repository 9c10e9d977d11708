#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "plugin/daemon/config.h"

// Reads one table of a configuration and remembers which settings it was asked for, so that the
// list of known settings is the code that uses them. Seen by plugin/daemon/config.cc only.
namespace referrald::daemon {

// Finds things wrong in one file; knows its text. The source must outlive it.
class Findings {
 public:
  Findings(const ConfigSource& source, std::vector<Diagnostic>& out) : source_(source), out_(out) {}

  struct Finding {
    int number = 0;
    std::string message, label, note;
  };
  void Error(const toml::source_region& region, Finding finding);
  // About the file as a whole.
  void Error(Finding finding);

 private:
  const ConfigSource& source_;
  std::vector<Diagnostic>& out_;
};

// One table: each Read... takes the setting `key` if it is there, and leaves `value` alone if it is
// not or is wrong (which is then a finding). The table must outlive it.
class Section {
 public:
  // `title` as a person would write it: "[server]", "[[feed]]".
  Section(const toml::table& table, std::string title, Findings& findings)
      : table_(table), title_(std::move(title)), findings_(findings) {}

  // Each returns the node where the setting was there and was taken, else null.
  const toml::node* ReadText(std::string_view key, std::string& value);
  const toml::node* ReadInteger(std::string_view key, int64_t least, int64_t most, int64_t& value);
  const toml::node* ReadBytes(std::string_view key, uint64_t& value);
  const toml::node* ReadDuration(std::string_view key, std::chrono::milliseconds& value);
  const toml::node* ReadRatio(std::string_view key, double& value);
  // An absolute path without "." and "..", without a slash at its end.
  const toml::node* ReadPath(std::string_view key, std::string& value);

  struct TextItem {
    std::string text;
    const toml::node* node;
  };
  // A list of texts; one bare text counts as a list of one.
  std::vector<TextItem> ReadTexts(std::string_view key);

  // One of the names; the value that goes with it.
  template <typename T>
  using Choices = std::vector<std::pair<std::string_view, T>>;
  template <typename T>
  void ReadChoice(std::string_view key, const Choices<T>& choices, T& value) {
    std::vector<std::string_view> names;
    for (const auto& choice : choices) names.push_back(choice.first);
    const size_t found = ChoiceOf(key, names);
    if (found < choices.size()) value = choices[found].second;
  }

  // The table under `key`; null where there is none.
  const toml::table* ReadTable(std::string_view key);
  // The tables of [[key]].
  std::vector<const toml::table*> ReadTables(std::string_view key);

  // Must be set: a finding where it is not.
  void Require(std::string_view key, std::string_view example);
  // Every setting that nobody asked for is a finding; call it last.
  void RefuseTheRest();

  // A finding about the value of `key`, or about the table where it is not set.
  void Refuse(std::string_view key, Findings::Finding finding);

  const toml::table& table() const { return table_; }
  Findings& findings() { return findings_; }

 private:
  const toml::node* Ask(std::string_view key);
  const toml::node* Expect(std::string_view key, toml::node_type type, std::string_view example);
  size_t ChoiceOf(std::string_view key, const std::vector<std::string_view>& names);

  const toml::table& table_;
  std::string title_;
  Findings& findings_;
  std::vector<std::string> asked_;
};

// "did you mean `x`?   " or nothing, then `what`: a, b, c.
std::string Suggest(std::string_view word, const std::vector<std::string_view>& known,
                    std::string_view what);

}  // namespace referrald::daemon
