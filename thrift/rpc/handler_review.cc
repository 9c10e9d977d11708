// The calls about whom to ask for, whose introduction counts, what waits for a look, and the past.
#include <algorithm>

#include "thrift/rpc/convert.h"
#include "thrift/rpc/convert_members.h"
#include "thrift/rpc/errors.h"
#include "thrift/rpc/handler.h"
#include "thrift/rpc/review_views.h"
#include "thrift/rpc/views.h"

namespace referrald::rpc {
namespace {

constexpr size_t kSuggestionsDefault = 5;
constexpr size_t kSuggestionsMax = 50;

ledger::AsOf AsOfFrom(const idl::AsOf& as_of) {
  ledger::AsOf when{.recorded = OrThrow(OptionalEvent(as_of.event, "as_of.event"), "as_of"),
                    .occurred = FromMicros(as_of.at)};
  if (when.empty()) {
    Throw(Status::InvalidArgument("as_of: set event, at, or both", 5020), "as_of");
  }
  return when;
}

}  // namespace

void Handler::getReferralAsOf(idl::Referral& reply, const std::string& id, const idl::AsOf& as_of) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  reply =
      OrThrow(ReferralAsOfView(*reader, OrThrow(ParseReferralId(id), "id"), AsOfFrom(as_of)), "id");
}

void Handler::getCustomerAsOf(idl::Customer& reply, const idl::PartyRef& party,
                              const idl::AsOf& as_of) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  reply = OrThrow(CustomerAsOfView(*reader, PartyOf(*reader, party, "party"), AsOfFrom(as_of)));
}

void Handler::suggestPeople(std::vector<idl::Suggestion>& reply, const idl::PartyRef& customer,
                            int32_t max) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const size_t count = max == 0 ? kSuggestionsDefault : std::min(PageSize(max), kSuggestionsMax);
  reply = OrThrow(SuggestionsView(*reader, PartyOf(*reader, customer, "customer"), count));
}

void Handler::listAttributions(idl::AttributionPage& reply,
                               const idl::AttributionsRequest& request) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  ledger::AttributionQuery query{.opportunity = {},
                                 .rule = request.rule,
                                 .compare_with = request.compare_with,
                                 .cursor = request.cursor};
  if (request.__isset.opportunity) {
    query.opportunity = PartyOf(*reader, request.opportunity, "opportunity");
  }
  reply = OrThrow(AttributionsView(*reader, query, PageSize(request.max)), "rule");
}

void Handler::listHolds(std::vector<idl::Hold>& reply, const idl::HoldsRequest& request) {
  reply = OrThrow(HoldsView(*Read(), request.released));
}

void Handler::listCatchUp(std::vector<idl::CatchUp>& reply, const idl::CatchUpRequest& request) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const EntityId rep = request.__isset.rep ? PartyOf(*reader, request.rep, "rep") : EntityId{};
  reply = OrThrow(CatchUpView(*reader, rep, Now(), PageSize(request.max)));
}

}  // namespace referrald::rpc
