// Answers about asking and looking after, for programs.
#include "plugin/ctl/json.h"

namespace referrald::ctl {

Json ToJson(const idl::Prompt& prompt) {
  return {{"id", prompt.id},
          {"rule", prompt.rule},
          {"action", prompt.action},
          {"party", prompt.party},
          {"party_name", prompt.party_name},
          {"rep", prompt.rep},
          {"rep_name", prompt.rep_name},
          {"referral", prompt.referral},
          {"about", prompt.about},
          {"due", TimeOf(prompt.due)},
          {"kind", prompt.kind},
          {"slots", prompt.slots},
          {"because", prompt.because},
          {"reason", prompt.reason},
          {"advice", prompt.advice},
          {"script", prompt.script},
          {"snoozed_until", TimeOf(prompt.snoozed_until)}};
}

Json ToJson(const idl::SourceSlot& slot) {
  return {{"slot", slot.slot},
          {"state", slot.state},
          {"because", slot.because},
          {"ask_count", slot.ask_count},
          {"introduction_count", slot.introduction_count}};
}

Json ToJson(const idl::Ask& ask) {
  return {{"event", ask.event},
          {"occurred_at", TimeOf(ask.occurred_at)},
          {"kind", ask.kind},
          {"slots", ask.slots},
          {"rep", ask.rep},
          {"occasion", ask.occasion},
          {"with_incentive", ask.with_incentive},
          {"outcome", ask.outcome},
          {"answer", ask.answer},
          {"answered_at", TimeOf(ask.answered_at)},
          {"again_at", TimeOf(ask.again_at)},
          {"name_count", ask.name_count}};
}

Json ToJson(const idl::Moment& moment) {
  return {
      {"event", moment.event}, {"type", moment.type}, {"occurred_at", TimeOf(moment.occurred_at)}};
}

Json ToJson(const idl::Reference& reference) {
  return {{"event", reference.event},           {"occurred_at", TimeOf(reference.occurred_at)},
          {"prospect", reference.prospect},     {"rep", reference.rep},
          {"insistence", reference.insistence}, {"state", reference.state},
          {"because", reference.because},       {"result", reference.result}};
}

Json ToJson(const idl::UnappliedEvent& event) {
  return {{"event", event.event}, {"reason", event.reason}};
}

Json ToJson(const idl::Customer& customer) {
  return {{"id", customer.id},
          {"display_name", customer.display_name},
          {"rep", customer.rep},
          {"is_customer", customer.is_customer},
          {"is_active", customer.is_active},
          {"roles", customer.roles},
          {"slots", ToJsonList(customer.slots)},
          {"asks", ToJsonList(customer.asks)},
          {"moments", ToJsonList(customer.moments)},
          {"references", ToJsonList(customer.references)},
          {"prompts", ToJsonList(customer.prompts)},
          {"last_touch_at", TimeOf(customer.last_touch_at)},
          {"cadence", customer.cadence},
          {"suppressed", customer.suppressed},
          {"unapplied", ToJsonList(customer.unapplied)}};
}

Json ToJson(const idl::SlotCoverage& slot) {
  return {
      {"slot", slot.slot},       {"unasked", slot.unasked},         {"asked", slot.asked},
      {"yielded", slot.yielded}, {"none_exists", slot.none_exists}, {"declined", slot.declined}};
}

Json ToJson(const idl::CoverageGap& gap) {
  return {{"party", gap.party}, {"uncovered", gap.uncovered}, {"was_asked", gap.was_asked}};
}

Json ToJson(const idl::Coverage& coverage) {
  return {{"sequence", coverage.sequence},
          {"party_count", coverage.party_count},
          {"asked_count", coverage.asked_count},
          {"full_count", coverage.full_count},
          {"mean_thousandths", coverage.mean_thousandths},
          {"slots", ToJsonList(coverage.slots)},
          {"gaps", ToJsonList(coverage.gaps)},
          {"next_cursor", coverage.next_cursor}};
}

Json ToJson(const idl::OutreachCheck& check) {
  return {{"allowed", check.allowed},
          {"temperature", check.temperature},
          {"reason", check.reason},
          {"steps", check.steps},
          {"because", check.because}};
}

Json ToJson(const idl::Figure& figure) {
  const auto optional = [](bool is_set, int64_t number) {
    return is_set ? Json(number) : Json(nullptr);
  };
  return {{"metric", figure.metric},
          {"name", figure.name},
          {"formula", figure.formula},
          {"benchmark", figure.benchmark},
          {"part", figure.part},
          {"unit", figure.unit},
          {"numerator", figure.numerator},
          {"denominator", figure.denominator},
          {"excluded", figure.excluded},
          {"excluded_why", figure.excluded_why},
          {"value", optional(figure.__isset.value, figure.value)},
          {"low", optional(figure.__isset.low, figure.low)},
          {"high", optional(figure.__isset.high, figure.high)},
          {"because", figure.because}};
}

Json ToJson(const idl::WaysIn& ways) {
  Json all = Json::array();
  for (const idl::Way& way : ways.ways) {
    Json steps = Json::array();
    for (const idl::WayStep& step : way.steps) {
      steps.push_back({{"person_from", step.person_from},
                       {"name_from", step.name_from},
                       {"person_to", step.person_to},
                       {"name_to", step.name_to},
                       {"kind", step.kind},
                       {"because", step.because}});
    }
    all.push_back({{"steps", std::move(steps)}});
  }
  return {{"target", ways.target}, {"ways", std::move(all)}, {"truncated", ways.truncated}};
}

Json ToJson(const idl::Reward& reward) {
  return {{"proposal", reward.proposal},
          {"plan", reward.plan},
          {"party", reward.party},
          {"party_name", reward.party_name},
          {"referral", reward.referral},
          {"amount",
           {{"minor_units", reward.amount.minor_units}, {"currency", reward.amount.currency}}},
          {"state", reward.state},
          {"reason", reward.reason},
          {"due", TimeOf(reward.due)},
          {"clawed_back", reward.clawed_back},
          {"because", reward.because}};
}

Json ToJson(const idl::EventStory& story) {
  return {{"event", story.event},
          {"type", story.type},
          {"occurred_at", TimeOf(story.occurred_at)},
          {"recorded_at", TimeOf(story.recorded_at)},
          {"actor", story.actor},
          {"sentence", story.sentence},
          {"because", story.because}};
}

Json ToJson(const idl::Firm& firm) {
  Json quiz = Json::array(), poll = Json::array(), targets = Json::array(), steps = Json::array();
  for (const idl::QuizQuestion& one : firm.quiz) {
    quiz.push_back(
        {{"question", one.question}, {"leader_yes", one.leader_yes}, {"rep_yes", one.rep_yes}});
  }
  for (const idl::ActivityRank& one : firm.poll) {
    poll.push_back({{"activity", one.activity}, {"mean_rank", one.mean_rank}});
  }
  for (const idl::Target& one : firm.targets) {
    targets.push_back({{"metric", one.metric},
                       {"owner", one.owner},
                       {"target", one.target},
                       {"review_days", one.review_days},
                       {"reviewed_at", TimeOf(one.reviewed_at)},
                       {"on_time", one.on_time},
                       {"because", one.because}});
  }
  for (const idl::ProcessStep& one : firm.steps) {
    steps.push_back({{"text", one.text},
                     {"needs_evidence", one.needs_evidence},
                     {"done", one.done},
                     {"out_of_order", one.out_of_order},
                     {"skipped", one.skipped},
                     {"pending", one.pending}});
  }
  return {{"sequence", firm.sequence},
          {"verdict", firm.verdict},
          {"advice", firm.advice},
          {"adherence", firm.__isset.adherence ? Json(firm.adherence) : Json(nullptr)},
          {"deal_count", firm.deal_count},
          {"steps", std::move(steps)},
          {"targets", std::move(targets)},
          {"quiz", std::move(quiz)},
          {"leader_count", firm.leader_count},
          {"rep_count", firm.rep_count},
          {"quiz_score", firm.quiz_score},
          {"quiz_gap", firm.quiz_gap},
          {"poll", std::move(poll)},
          {"prompts", ToJsonList(firm.prompts)},
          {"skipped_steps", firm.skipped_steps},
          {"quarters", ToJsonList(firm.quarters)}};
}

}  // namespace referrald::ctl
