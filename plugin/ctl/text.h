#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/ctl/output.h"
#include "storage/base/time.h"
#include "thrift/idl/referrald_types.h"

// What people read: answers of the daemon as text. Pure; each ends with a line feed.
namespace referrald::ctl {

// The daemon, its store and its feeds on one screen.
std::string StatusText(const idl::ServerInfo& info, std::span<const idl::Feed> feeds, Timestamp now,
                       const Style& style);
std::string ErasureText(const idl::ErasureReceipt& receipt, const Style& style);
std::string BackupText(const idl::BackupInfo& backup, const Style& style);
std::string BackupsText(std::span<const idl::BackupInfo> backups, const Style& style);
std::string KeyText(const idl::KeyStatus& keys, const Style& style);
std::string VerifyText(const idl::VerifyReport& report, const Style& style);
std::string ExportText(const idl::ExportResult& result, const Style& style);
std::string ExportsText(std::span<const idl::ExportInfo> exports, const Style& style);

std::string FeedsText(std::span<const idl::Feed> feeds, Timestamp now, const Style& style);
std::string CheckText(std::span<const idl::FeedCheck> checks, const Style& style);
std::string PreviewText(const idl::FilePreview& preview, const Style& style);
// What a dry run found.
std::string PlanText(const idl::SyncPlan& plan, const Style& style);

std::string RunsText(std::span<const idl::Run> runs, Timestamp now, const Style& style);
// With what the first rejects have in common, where they are given.
// What followed, or would follow, from a file besides its rows: gone, stale, the same, moments.
std::string AsideText(const idl::Run& run);
std::string RunText(const idl::Run& run, std::span<const idl::Reject> rejects, const Style& style);
std::string RejectsText(std::span<const idl::Reject> rejects, const Style& style);
// "rows 12 = created 10 + ...": outcomes that did not happen are left out, but for the usual ones.
std::string RowsText(const idl::RowCounts& counts);
// One line without a line feed: "hubspot-eu  importing  61 %  53 801/88 140 rows  ...".
// `rows_per_second` 0: not known yet.
std::string ProgressText(const idl::Run& run, double rows_per_second);
// "OK", "PARTIAL", ... in its colour.
std::string RunStatusText(std::string_view status, const Style& style);

std::string ContactsText(const idl::FindContactsResult& found, const Style& style);
std::string ContactText(const idl::Contact& contact, const Style& style);
// Where each field comes from, and, with `contact`, why it is HOT or COLD.
std::string WhyText(const idl::Contact* contact, std::span<const idl::FieldProvenance> fields,
                    const Style& style);
std::string TemperatureText(idl::Temperature::type temperature, const Style& style);
// "salesforce:Contact:003..."
std::string RefText(const idl::ExternalRef& ref);

// "c_42 Ana Lopez"; "-" for no one.
std::string WhoText(const std::string& id, const std::string& name);
std::string ReferralsText(std::span<const idl::Referral> referrals, const Style& style);
std::string ReferralText(const idl::Referral& referral, const Style& style);
std::string RecordText(const idl::RecordResult& result, std::string_view type, const Style& style);
std::string TransitionsText(const Style& style);

// What is due, with the reason and what to say.
std::string PromptsText(std::span<const idl::Prompt> prompts, Timestamp now, const Style& style);
std::string CustomerText(const idl::Customer& customer, Timestamp now, const Style& style);
std::string CoverageText(const idl::Coverage& coverage, const Style& style);
std::string OutreachText(const idl::OutreachCheck& check, const Style& style);

// "62.5 %", "3.0 days", "too few".
std::string FigureValue(const idl::Figure& figure);
// What it stands on: "5 of 8, 95 %: 30.6 % to 86.3 %".
std::string FigureBasis(const idl::Figure& figure);
std::string FiguresText(const idl::MetricsResult& result, const Style& style);
std::string WaysText(const idl::WaysIn& ways, const Style& style);
std::string RewardsText(std::span<const idl::Reward> rewards, const Style& style);

std::string FirmText(const idl::Firm& firm, const Style& style);
std::string AttributionsText(const idl::AttributionPage& page, const Style& style);
std::string HoldsText(std::span<const idl::Hold> holds, const Style& style);
std::string CatchUpText(std::span<const idl::CatchUp> list, Timestamp now, const Style& style);
std::string SuggestionsText(std::span<const idl::Suggestion> people, const Style& style);
std::string StoriesText(std::span<const idl::EventStory> stories, const Style& style);

struct ChainView {
  bool up = true;
  bool down = true;
};
std::string ChainText(const idl::Chain& chain, ChainView view, const Style& style);
// For Graphviz.
std::string ChainDot(const idl::Chain& chain, ChainView view);

}  // namespace referrald::ctl
