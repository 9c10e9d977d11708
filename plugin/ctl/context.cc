#include "plugin/ctl/context.h"

#include <fmt/format.h>

namespace referrald::ctl {
namespace {

constexpr std::chrono::hours kPatience{1};

std::string NumberText(const Status& failure) {
  return failure.number() == 0 ? std::string() : fmt::format("RFD{}", failure.number());
}

// The daemon did not speak, as against: it spoke, and cannot do it now.
bool IsNoAnswer(const Status& failure) {
  constexpr int kFirst = 5010;  // Nobody there, no referrald, no answer in time, no permission.
  constexpr int kLast = 5013;
  return failure.number() >= kFirst && failure.number() <= kLast;
}

}  // namespace

ExitCode ExitCodeOf(const Status& failure) {
  switch (failure.code()) {
    case Code::kOk: return ExitCode::kOk;
    case Code::kInvalidArgument: return ExitCode::kUsage;
    case Code::kNotFound: return ExitCode::kNotFound;
    case Code::kAlreadyExists:
    case Code::kFailedPrecondition:
    case Code::kPermissionDenied: return ExitCode::kRefused;
    case Code::kUnavailable:
    case Code::kDeadlineExceeded:
      return IsNoAnswer(failure) ? ExitCode::kNotReachable : ExitCode::kTryAgain;
    case Code::kAborted:
    case Code::kIoError:
    case Code::kCorruption:
    case Code::kInternal: break;
  }
  return ExitCode::kFailed;
}

Json ErrorJson(const Status& failure) {
  const std::string number = NumberText(failure);
  return {{"error",
           {{"kind", CodeName(failure.code())},
            {"code", number.empty() ? Json(nullptr) : Json(number)},
            {"message", failure.message()}}}};
}

Result<client::Client> Context::Connect() const {
  return client::Connect(options_.address, options_.timeout);
}

Result<client::Client> Context::ConnectPatiently() const {
  const std::chrono::milliseconds longest = kPatience;
  return client::Connect(options_.address, options_.timeout_given ? options_.timeout : longest);
}

ExitCode Context::Show(const Json& json, const std::string& text, ExitCode code) {
  if (options_.json) {
    out_ << Print(json);
  } else if (!options_.quiet) {
    out_ << text;
  } else if (code != ExitCode::kOk) {
    error_ << text;
  }
  return code;
}

ExitCode Context::Fail(const Status& failure) {
  const std::string number = NumberText(failure);
  if (options_.json) {
    out_ << Print(ErrorJson(failure));
  } else {
    error_ << fmt::format("referralctl: {}{}{}\n", number, number.empty() ? "" : " ",
                          Clean(failure.message()));
  }
  return ExitCodeOf(failure);
}

}  // namespace referrald::ctl
