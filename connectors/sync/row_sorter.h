#pragma once

#include <cstdint>
#include <map>
#include <variant>

#include "connectors/sync/digest.h"
#include "connectors/sync/row_source.h"
#include "connectors/sync/seen_rows.h"
#include "storage/ledger/ledger.h"

namespace referrald::sync {

// Decides what each row of one file is, by the rows before it and nothing else: the check, the
// writing, a dry run and a resumed run all sort alike. One thread; one object per reading of a
// file.
class RowSorter {
 public:
  struct Duplicate {};  // The same row a second time.
  struct Merge {        // Says that it became another row; applied after all others, so that the
    ledger::Row row;    // other one is known whatever the order of the file.
  };
  using Sorted = std::variant<ledger::Row, Merge, Duplicate, ledger::Reject>;

  // Rejects: what the reader and the connector refuse; a second, different row with the same id
  // (RFD2130 R-DUP-ID-IN-FILE: neither is known to be the right one, the first is kept).
  Sorted Sort(SourceRow row);

  // True where a row of this file was about `ref`. One thread at a time.
  bool HasSeen(const referral::ExternalRef& ref);

 private:
  Hash128 KeyOf(const referral::ExternalRef& ref);

  SeenRows seen_;
  Sha256 digest_;
};

// Who became whom in one file, so that a row that was merged into a row that was itself merged
// finds the last of them, whatever the order of the rows. One thread.
class Survivors {
 public:
  // At most limits::kMergesFollowedMax are kept; rows beyond find only a winner that is known.
  void Add(const ledger::Row& loser);
  // The last one that `loser` was merged into; `loser` itself where that leads in a circle.
  referral::ExternalRef Last(const ledger::Row& loser) const;

 private:
  std::map<referral::ExternalRef, referral::ExternalRef> winners_;
};

// What a row costs in the ledger's commit, roughly.
size_t BytesOf(const ledger::Row& row);

}  // namespace referrald::sync
