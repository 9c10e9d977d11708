// The calls about asking and looking after.
#include <algorithm>
#include <chrono>

#include "thrift/rpc/convert.h"
#include "thrift/rpc/errors.h"
#include "thrift/rpc/firm_views.h"
#include "thrift/rpc/handler.h"
#include "thrift/rpc/metric_views.h"
#include "thrift/rpc/practice_views.h"
#include "thrift/rpc/story_views.h"
#include "thrift/rpc/views.h"

namespace referrald::rpc {
namespace {

practice::MetricScope ScopeFrom(const ledger::Reader& reader, const idl::MetricsRequest& request) {
  practice::MetricScope scope;
  scope.now = Now();
  if (request.__isset.rep) scope.rep = PartyOf(reader, request.rep, "rep");
  if (!request.team.empty()) scope.team = OrThrow(TeamNamed(reader, request.team), "team");
  scope.segment = request.segment;
  scope.from = FromMicros(request.from_at);
  scope.to = FromMicros(request.to_at);
  if (request.count_min > 0) scope.count_min = request.count_min;
  for (const std::string& id : request.metrics) {
    if (practice::FindMetric(id) == nullptr) {
      Throw(Status::InvalidArgument("metrics: there is no metric " + id +
                                        "; M01 to M32, with M13a "
                                        "and M13b",
                                    5021),
            "metrics");
    }
  }
  return scope;
}

practice::WaySearch SearchFrom(const ledger::Reader& reader, const idl::WaysInRequest& request) {
  constexpr int32_t kHopsMax = 5;
  constexpr size_t kTargetsMax = 20;
  if (request.targets.size() > kTargetsMax) {
    Throw(Status::InvalidArgument("targets: " + std::to_string(request.targets.size()) +
                                      ", limit " + std::to_string(kTargetsMax),
                                  5024),
          "targets");
  }
  if (request.hops_max < 0 || request.hops_max > kHopsMax) {
    Throw(Status::InvalidArgument("hops_max: 1 to 5", 5020), "hops_max");
  }
  practice::WaySearch search;
  if (request.hops_max > 0) search.hops_max = static_cast<size_t>(request.hops_max);
  if (request.max > 0) search.way_count_max = PageSize(request.max);
  if (request.__isset.rep) search.rep = PartyOf(reader, request.rep, "rep");
  return search;
}

}  // namespace

EntityId PartyOf(const ledger::Reader& reader, const idl::PartyRef& party, const char* member) {
  return OrThrow(Resolve(reader, OrThrow(PartyRefFrom(party, member), member)), member);
}

Timestamp Now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

void Handler::getMetrics(idl::MetricsResult& reply, const idl::MetricsRequest& request) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const practice::MetricScope scope = ScopeFrom(*reader, request);
  reply.sequence = Count(reader->head().value);
  for (const practice::Figure& figure : OrThrow(MetricsView(*reader, scope))) {
    const auto& wanted = request.metrics;
    const bool is_wanted = wanted.empty() || std::ranges::count(wanted, figure.metric) > 0;
    if (is_wanted) reply.figures.push_back(ToIdl(figure));
  }
}

void Handler::findWaysIn(std::vector<idl::WaysIn>& reply, const idl::WaysInRequest& request) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const practice::WaySearch search = SearchFrom(*reader, request);
  for (const idl::PartyRef& target : request.targets) {
    reply.push_back(OrThrow(WaysInView(*reader, PartyOf(*reader, target, "targets"), search)));
  }
}

void Handler::getFirm(idl::Firm& reply, const idl::FirmRequest& request) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  reply = OrThrow(FirmView(*reader, request, Now()), "process");
}

void Handler::explainEvents(std::vector<idl::EventStory>& reply,
                            const std::vector<std::string>& events) {
  constexpr size_t kEventsMax = 100;
  const std::unique_ptr<ledger::Reader> reader = Read();
  if (events.size() > kEventsMax) {
    Throw(Status::InvalidArgument(
              "events: " + std::to_string(events.size()) + ", limit " + std::to_string(kEventsMax),
              5024),
          "events");
  }
  for (const std::string& event : events) {
    reply.push_back(OrThrow(StoryView(*reader, OrThrow(ParseSequence(event), "events")), "events"));
  }
}

void Handler::listRewards(std::vector<idl::Reward>& reply, const std::string& plan) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  for (const practice::Reward& reward : OrThrow(reader->RewardsOf(plan, Now()))) {
    reply.push_back(OrThrow(RewardView(*reader, reward)));
  }
}

void Handler::getActTable(std::vector<idl::ActRule>& reply) {
  for (const practice::ActRule& rule : practice::ActTable()) reply.push_back(ToIdl(rule));
}

void Handler::getCustomer(idl::Customer& reply, const idl::PartyRef& party) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  reply = OrThrow(CustomerView(*reader, PartyOf(*reader, party, "party")));
}

void Handler::listPrompts(idl::PromptPage& reply, const idl::PromptsRequest& request) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const EntityId rep = request.__isset.rep ? PartyOf(*reader, request.rep, "rep") : EntityId{};
  const Timestamp due_by = request.due_by > 0 ? FromMicros(request.due_by) : Now();
  const auto page =
      OrThrow(reader->ListPrompts(rep, due_by, request.cursor, PageSize(request.max)), "cursor");
  for (const practice::Prompt& prompt : page.items) {
    reply.prompts.push_back(OrThrow(PromptView(*reader, prompt)));
  }
  reply.next_cursor = page.next;
}

void Handler::getCoverage(idl::Coverage& reply, const idl::CoverageRequest& request) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  reply = OrThrow(CoverageView(*reader, request, PageSize(request.max)), "cursor");
}

void Handler::checkOutreach(idl::OutreachCheck& reply, const idl::PartyRef& contact,
                            const idl::PartyRef& rep) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const EntityId who = PartyOf(*reader, contact, "contact");
  reply = OrThrow(OutreachView(*reader, who, PartyOf(*reader, rep, "rep")));
}

}  // namespace referrald::rpc
