#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/referral/entity.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// What a row says about a person: the part of it that is kept only sealed.
struct RowContent {
  std::string external_id;
  referral::Fields fields;
  std::vector<referral::Association> associations;

  friend bool operator==(const RowContent&, const RowContent&) = default;
};
std::string EncodeRowContent(std::string_view external_id, const referral::Fields& fields,
                             const std::vector<referral::Association>& associations);
Result<RowContent> DecodeRowContent(std::string_view bytes);

// Equal for rows that say the same; tells an unchanged row without opening anything.
Hash128 Fingerprint(const vault::Vault& vault, referral::EntityKind kind,
                    const referral::Fields& fields,
                    const std::vector<referral::Association>& associations);

}  // namespace referrald::ledger
