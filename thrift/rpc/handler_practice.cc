// The calls about asking and looking after.
#include <chrono>

#include "thrift/rpc/convert.h"
#include "thrift/rpc/errors.h"
#include "thrift/rpc/handler.h"
#include "thrift/rpc/practice_views.h"
#include "thrift/rpc/views.h"

namespace referrald::rpc {
namespace {

EntityId PartyOf(const ledger::Reader& reader, const idl::PartyRef& party, const char* member) {
  return OrThrow(Resolve(reader, OrThrow(PartyRefFrom(party, member), member)), member);
}

}  // namespace

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
  const Timestamp due_by = request.due_by > 0
                               ? FromMicros(request.due_by)
                               : std::chrono::time_point_cast<std::chrono::microseconds>(
                                     std::chrono::system_clock::now());
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
