#include "plugin/ctl/json.h"

namespace referrald::ctl {

Json ToJson(const idl::Credit& credit) {
  return {{"referral", credit.referral},
          {"source", credit.source},
          {"source_name", credit.source_name},
          {"introduction", credit.introduction},
          {"introduced_at", TimeOf(credit.introduced_at)},
          {"why", credit.why},
          {"because", credit.because}};
}

Json ToJson(const idl::NoCredit& other) {
  return {
      {"referral", other.referral}, {"source", other.source}, {"source_name", other.source_name},
      {"reason", other.reason},     {"why", other.why},       {"because", other.because}};
}

Json ToJson(const idl::Attribution& one) {
  return {{"opportunity", one.opportunity},
          {"rule", one.rule},
          {"credit", one.__isset.credit ? ToJson(one.credit) : Json(nullptr)},
          {"others", ToJsonList(one.others)}};
}

Json ToJson(const idl::AttributionPage& page) {
  return {{"sequence", page.sequence},
          {"attributions", ToJsonList(page.attributions)},
          {"compared", ToJsonList(page.compared)},
          {"next_cursor", page.next_cursor}};
}

Json ToJson(const idl::Hold& hold) {
  return {{"rule", hold.rule},
          {"referrals", hold.referrals},
          {"why", hold.why},
          {"about", hold.about},
          {"because", hold.because}};
}

Json ToJson(const idl::CatchUp& one) {
  return {{"party", one.party},
          {"party_name", one.party_name},
          {"rep", one.rep},
          {"plan", one.plan},
          {"last_touch_at", TimeOf(one.last_touch_at)},
          {"due", TimeOf(one.due)},
          {"overdue", one.overdue},
          {"because", one.because}};
}

Json ToJson(const idl::Suggestion& one) {
  return {{"slot", one.slot},
          {"person", one.person},
          {"name", one.name},
          {"reason", one.reason},
          {"confirmed_acquaintance", one.confirmed_acquaintance},
          {"because", one.because}};
}

Json ToJson(const idl::FirmPrompt& prompt) {
  return {{"rule", prompt.rule},
          {"reason", prompt.reason},
          {"advice", prompt.advice},
          {"because", prompt.because}};
}

Json ToJson(const idl::QuizQuarter& quarter) {
  return {{"begins_at", TimeOf(quarter.begins_at)},
          {"respondent_count", quarter.respondent_count},
          {"score", quarter.score},
          {"gap", quarter.gap}};
}

Json ToJson(const idl::Money& money) {
  return {{"minor_units", money.minor_units}, {"currency", money.currency}};
}

}  // namespace referrald::ctl
