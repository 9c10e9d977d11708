#include "connectors/hubspot/record_id.h"

#include "connectors/api/ids.h"

namespace referrald::hubspot {

std::optional<connectors::RowError> CheckRecordId(std::string_view text) {
  return connectors::CheckNumberId(text, "HubSpot record id");
}

}  // namespace referrald::hubspot
