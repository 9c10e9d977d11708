#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/sync/sync.h"
#include "storage/ledger/run.h"

namespace referrald::sync {

// Every row of one run that was not used, and why; small, because many rows share few reasons.
// One thread.
class RejectList {
 public:
  RejectList() { Intern(""); }

  void Add(const ledger::Reject& reject);

  // Sorted by record; of two about one record the first that was added stays.
  void Settle();

  size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  ledger::Reject at(size_t index) const;  // In the order of addition, or of Settle.

 private:
  struct Item {
    uint64_t record = 0, line = 0;
    ledger::RowOutcome outcome = ledger::RowOutcome::kQuarantined;
    int number = 0;
    uint32_t code = 0, column = 0, reason = 0;  // Places in texts_.
    uint32_t added = 0;
  };
  uint32_t Intern(const std::string& text);

  std::vector<Item> items_;
  uint32_t added_ = 0;
  std::vector<const std::string*> texts_;  // Keys of places_, which do not move.
  std::map<std::string, uint32_t> places_;
};

// Writes the rows of `rejects` (settled) out of the run's file at `source` to `path`: the user's
// own header and rows, byte for byte, in the file's own encoding, delimiter and line ends, each
// with the cells of kRejectColumns behind it. Appears under its name when it is complete; mode
// 0640.
Status WriteRejectsFile(const std::string& source, const FeedConfig& feed,
                        const RejectList& rejects, const std::string& path);

// "contacts.01JD....rejects.csv".
std::string RejectsFileName(const ledger::RunRecord& run);

// True for such a name: its rows are a small part of an export.
bool IsRejectsFileName(std::string_view name);

}  // namespace referrald::sync
