#pragma once

#include <string>
#include <vector>

#include "storage/base/ids.h"
#include "storage/base/status.h"
#include "storage/ledger/transaction.h"

namespace referrald::ledger {

// Who holds an e-mail address (storage/doc/format.md, space 'm'): the holder with the smallest id
// under the key itself, so that "nobody" is one point look-up; the others behind it. What is stored
// depends on who the holders are and not on how they came: a rebuild that passes over somebody who
// was erased ends up with the same.

// At most `count_max`, ascending.
Result<std::vector<EntityId>> EmailHolders(const KeyValues& from, const std::string& key,
                                           size_t count_max);
Status AddEmailHolder(Transaction& to, const std::string& key, EntityId holder);
// Nothing happens where `holder` does not hold it.
Status RemoveEmailHolder(Transaction& to, const std::string& key, EntityId holder);

}  // namespace referrald::ledger
