#include "plugin/ctl/record.h"

#include "plugin/ctl/text.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

Status StatusOf(const idl::RecordResult& result) {
  switch (result.status) {
    case idl::RecordStatus::RECORDED:
    case idl::RecordStatus::REPLAYED: return Status::Ok();
    case idl::RecordStatus::REFUSED: return Status::FailedPrecondition(result.message, result.code);
    case idl::RecordStatus::STALE: return Status::FailedPrecondition(result.message, result.code);
    case idl::RecordStatus::INVALID: return Status::InvalidArgument(result.message, result.code);
    case idl::RecordStatus::NOT_FOUND: return Status::NotFound(result.message, result.code);
    case idl::RecordStatus::CONFLICT: return Status::AlreadyExists(result.message, result.code);
    case idl::RecordStatus::UNAVAILABLE: return Status::Unavailable(result.message, result.code);
    case idl::RecordStatus::UNKNOWN:
    case idl::RecordStatus::FAILED: break;
  }
  return Status::Internal(result.message, result.code);
}

}  // namespace

ExitCode RecordEvent(Context& context, const idl::EventInput& event) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  idl::RecordEventsRequest request;
  request.__set_events({event});
  request.__set_client_name("referralctl");
  const auto answer = client->Ask(&idl::ReferraldAdminClient::recordEvents, request);
  if (!answer) return context.Fail(answer.error());
  if (answer->results.size() != 1) {
    return context.Fail(Status::Internal("the server gave no result for the event", 5011));
  }
  const idl::RecordResult& result = answer->results.front();
  if (const Status status = StatusOf(result); !status.ok()) return context.Fail(status);
  return context.Show(ToJson(result), RecordText(result, event.type, context.style()));
}

}  // namespace referrald::ctl
