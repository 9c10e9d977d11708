#pragma once

#include <string>
#include <vector>

#include "plugin/ctl/json.h"
#include "plugin/ctl/output.h"
#include "storage/base/time.h"
#include "thrift/idl/referrald_types.h"

// One page for a sales leader: coverage, whether names become introductions, chains, win rates with
// their intervals, and what to do next. Pure.
namespace referrald::ctl {

inline constexpr int32_t kReportPrompts = 10;

struct Report {
  Timestamp made_at{};
  idl::ServerInfo info{};
  idl::MetricsResult metrics{};
  idl::Coverage coverage{};
  std::vector<idl::Prompt> prompts{};  // The next kReportPrompts.
};

std::string ReportText(const Report& report, const Style& style);
Json ReportJson(const Report& report);
// A page of its own: no script, nothing loaded from elsewhere.
std::string ReportHtml(const Report& report);

}  // namespace referrald::ctl
