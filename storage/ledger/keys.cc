#include "storage/ledger/keys.h"

#include <algorithm>
#include <array>

namespace referrald::ledger::keys {
namespace {

std::string_view AsView(const RunId& run) {
  return {reinterpret_cast<const char*>(run.bytes.data()), run.bytes.size()};
}

}  // namespace

std::string Event(Sequence sequence) {
  std::string key(kEvents);
  AppendBigEndian64(key, sequence.value);
  return key;
}

std::string Head() { return "H"; }

std::string StoreInfo() { return "V"; }

std::string Run(const RunId& run) { return std::string(kRuns).append(AsView(run)); }

std::string RunsOfFeed(std::string_view feed) {
  std::string key(kRunsByFeed);
  key.append(feed);
  key.push_back('\0');  // Names of feeds have none, so no feed's keys start with another's.
  return key;
}

std::string RunOfFeed(std::string_view feed, const RunId& run) {
  return RunsOfFeed(feed).append(AsView(run));
}

std::string RejectsOfRun(const RunId& run) { return std::string(kRejects).append(AsView(run)); }

std::string Reject(const RunId& run, uint64_t record) {
  std::string key = RejectsOfRun(run);
  AppendBigEndian64(key, record);
  return key;
}

std::span<const std::string_view> Prefixes() {
  static constexpr std::array<std::string_view, 7> kPrefixes = {kDerived, kEvents, kRunsByFeed, "H",
                                                                kRejects, kRuns,   "V"};
  return kPrefixes;
}

bool IsEvent(std::string_view key) {
  return key.starts_with(kEvents) && key.size() == kEvents.size() + sizeof(uint64_t);
}

bool IsRun(std::string_view key) {
  return key.starts_with(kRuns) && key.size() == kRuns.size() + sizeof(RunId::bytes);
}

uint64_t LastNumber(std::string_view key) {
  REFERRALD_CHECK(key.size() >= 8);
  return ReadBigEndian64(key.substr(key.size() - 8));
}

RunId LastRun(std::string_view key) {
  RunId run;
  REFERRALD_CHECK(key.size() >= run.bytes.size());
  const std::string_view bytes = key.substr(key.size() - run.bytes.size());
  std::copy(bytes.begin(), bytes.end(), run.bytes.begin());
  return run;
}

}  // namespace referrald::ledger::keys

namespace referrald::ledger {

std::string DerivedKeys::All() const {
  std::string key(keys::kDerived);
  key.push_back(static_cast<char>(generation_));
  return key;
}

std::string DerivedKeys::In(Space space) const {
  std::string key = All();
  key.push_back(static_cast<char>(space));
  return key;
}

std::string DerivedKeys::In(Space space, std::string_view rest) const {
  return In(space).append(rest);
}

std::string DerivedKeys::In(Space space, const Hash128& hash) const {
  return In(space).append(AsBytes(hash));
}

std::string DerivedKeys::In(Space space, const Hash128& hash, EntityId id) const {
  std::string key = In(space, hash);
  AppendBigEndian64(key, id.value);
  return key;
}

std::string DerivedKeys::In(Space space, uint64_t first) const {
  std::string key = In(space);
  AppendBigEndian64(key, first);
  return key;
}

std::string DerivedKeys::In(Space space, uint64_t first, uint64_t second) const {
  std::string key = In(space, first);
  AppendBigEndian64(key, second);
  return key;
}

std::string DerivedKeys::Acts(Topic topic, uint64_t id) const {
  std::string key = In(Space::kAct);
  key.push_back(static_cast<char>(topic));
  AppendBigEndian64(key, id);
  return key;
}

std::string DerivedKeys::Act(Topic topic, uint64_t id, Sequence sequence) const {
  std::string key = Acts(topic, id);
  AppendBigEndian64(key, sequence.value);
  return key;
}

std::string DerivedKeys::ActsNamed(std::string_view name) const {
  std::string key = In(Space::kAct);
  key.push_back('n');
  key.append(name);
  key.push_back('\0');  // Names have none, so no name's keys start with another's.
  return key;
}

std::string DerivedKeys::ActNamed(std::string_view name, Sequence sequence) const {
  std::string key = ActsNamed(name);
  AppendBigEndian64(key, sequence.value);
  return key;
}

std::string DerivedKeys::Prompts(EntityId rep, uint8_t priority) const {
  std::string key = In(Space::kPrompt);
  AppendBigEndian64(key, rep.value);
  key.push_back(static_cast<char>(priority));
  return key;
}

std::string DerivedKeys::Triple(EntityId source, EntityId contact, EntityId rep) const {
  std::string key = In(Space::kTriple, source.value, contact.value);
  AppendBigEndian64(key, rep.value);
  return key;
}

}  // namespace referrald::ledger
