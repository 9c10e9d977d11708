#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "thrift/idl/referrald_types.h"

// What programs read (--json): answers of the daemon with the member names of the IDL. Members are
// added, never renamed. Times are RFC 3339 text, null where not set; enumerators are their names.
namespace referrald::ctl {

using Json = nlohmann::ordered_json;

Json ToJson(const idl::ServerInfo& info);
Json ToJson(const idl::ExternalRef& ref);
Json ToJson(const idl::Feed& feed);
Json ToJson(const idl::FeedCheck& check);
Json ToJson(const idl::FilePreview& preview);
Json ToJson(const idl::SyncPlan& plan);
Json ToJson(const idl::RowCounts& counts);
Json ToJson(const idl::Run& run);
Json ToJson(const idl::Reject& reject);
Json ToJson(const idl::ContactSummary& contact);
Json ToJson(const idl::Contact& contact);
Json ToJson(const idl::FieldProvenance& field);
Json ToJson(const idl::RecordResult& result);
Json ToJson(const idl::Referral& referral);
Json ToJson(const idl::Chain& chain);
Json ToJson(const idl::VerifyReport& report);
Json ToJson(const idl::ErasedRow& row);
Json ToJson(const idl::ErasureReceipt& receipt);
Json ToJson(const idl::BackupInfo& backup);
Json ToJson(const idl::KeyStatus& keys);
Json ToJson(const idl::ExportInfo& info);
Json ToJson(const idl::ExportResult& result);

Json ToJson(const idl::Prompt& prompt);
Json ToJson(const idl::SourceSlot& slot);
Json ToJson(const idl::Ask& ask);
Json ToJson(const idl::Moment& moment);
Json ToJson(const idl::Reference& reference);
Json ToJson(const idl::UnappliedEvent& event);
Json ToJson(const idl::Customer& customer);
Json ToJson(const idl::SlotCoverage& slot);
Json ToJson(const idl::CoverageGap& gap);
Json ToJson(const idl::Coverage& coverage);
Json ToJson(const idl::OutreachCheck& check);
Json ToJson(const idl::Figure& figure);
Json ToJson(const idl::WaysIn& ways);
Json ToJson(const idl::Reward& reward);
Json ToJson(const idl::Firm& firm);
Json ToJson(const idl::EventStory& story);
// json_review.cc
Json ToJson(const idl::Credit& credit);
Json ToJson(const idl::NoCredit& other);
Json ToJson(const idl::Attribution& one);
Json ToJson(const idl::AttributionPage& page);
Json ToJson(const idl::Hold& hold);
Json ToJson(const idl::CatchUp& one);
Json ToJson(const idl::Suggestion& one);
Json ToJson(const idl::FirmPrompt& prompt);
Json ToJson(const idl::QuizQuarter& quarter);
Json ToJson(const idl::Money& money);
// RFC 3339; null where it is not set.
Json TimeOf(int64_t micros);

template <typename T>
Json ToJsonList(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(ToJson(item));
  return list;
}

// Two spaces deep, with a line feed; bytes that are not UTF-8 become U+FFFD.
std::string Print(const Json& json);

}  // namespace referrald::ctl
