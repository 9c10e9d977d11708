#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/base/log.h"
#include "storage/base/time.h"
#include "storage/engine/head_file.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/store_place.h"
#include "storage/vault/erasure.h"

namespace referrald::ledger {

// A store that may be worked on: ours, of this format and key, its log as long as the head file
// says, its read models as long as the log.
struct OpenedStore {
  StoreInfo info;  // As it is stored.
  // Where the read models in the engine end: where the log does, but on a full disk, where the rest
  // has to be projected onto the tail.
  Sequence last;
  bool is_behind = false;
  std::optional<engine::HeadFile> head_file;
  // Set: the log is to be taken although the head file knows better. HeadAccepted and the numbers
  // that were given before are to be appended, then ReplaceHeadFile; `head_file` is not set.
  std::optional<HeadAccepted> accepted;
  // What the vault remembers and this log does not (restored_log.h): to be appended.
  std::vector<vault::Erasure> forgotten{};
  // Numbers up to this one were given before, in a log that was lost: to be retired.
  Sequence given;
};

// Makes a new store, or makes an old one fit. Failures as Ledger::Open; nothing is changed by one.
// Says in the log (store.rebuilding) why read models have to be made anew, where they have.
Result<OpenedStore> OpenStore(const StorePlace& place, const Clock& clock, const Logger& logger,
                              const LedgerOptions& options);

// Sets the head file at `path` aside and makes one that says where the log ends now: the last step
// of an acceptance. After a crash in the middle there is none, which has to be accepted again.
Status ReplaceHeadFile(const StorePlace& place, const std::string& path);

}  // namespace referrald::ledger
