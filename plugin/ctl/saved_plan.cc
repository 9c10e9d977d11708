#include "plugin/ctl/saved_plan.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iterator>

namespace referrald::ctl {
namespace {

constexpr int kUnusable = 5108, kDifferent = 5109;
constexpr int kVersion = 1;
constexpr std::string_view kWhat = "referrald sync plan";

Status Unusable(const std::string& path, std::string_view why) {
  return Status::InvalidArgument(
      fmt::format("the plan {} cannot be used: {}; make one with referralctl sync FEED FILE "
                  "--dry-run --plan-out FILE",
                  path, why),
      kUnusable);
}

bool IsSaved(const Json& json) {
  const auto is_text = [&json](const char* name) {
    return json.contains(name) && json[name].is_string();
  };
  return json.is_object() && is_text("what") && json["what"] == kWhat && is_text("feed") &&
         is_text("file") && json.value("version", 0) == kVersion && json.contains("accept") &&
         json["accept"].is_boolean() && json.contains("plan") && json["plan"].is_object();
}

}  // namespace

Status WriteSavedPlan(const std::string& path, const SavedPlan& saved) {
  const Json json = {{"what", kWhat},      {"version", kVersion},    {"feed", saved.feed},
                     {"file", saved.file}, {"accept", saved.accept}, {"plan", saved.plan}};
  std::ofstream out(path, std::ios::binary);
  out << Print(json) << std::flush;
  return out ? Status::Ok() : Unusable(path, "it cannot be written");
}

Result<SavedPlan> ReadSavedPlan(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Unusable(path, "it cannot be read");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !IsSaved(json)) return Unusable(path, "it is no plan");
  return SavedPlan{.feed = json["feed"].get<std::string>(),
                   .file = json["file"].get<std::string>(),
                   .accept = json["accept"].get<bool>(),
                   .plan = json["plan"]};
}

Status CheckSamePlan(const SavedPlan& saved, const Json& now) {
  const auto differs = [](const std::string& what) {
    return Status::FailedPrecondition(
        fmt::format("{}; nothing was written. Make a new plan and look at it", what), kDifferent);
  };
  const Json before_run = saved.plan.value("run", Json::object());
  const Json now_run = now.value("run", Json::object());
  if (before_run.value("sha256", "") != now_run.value("sha256", "")) {
    return differs("the file is not the one that was planned");
  }
  constexpr std::array kParts = {"rows", "gone", "stale", "status"};
  for (const char* const part : kParts) {
    const Json before = before_run.value(part, Json());
    const Json after = now_run.value(part, Json());
    if (before == after) continue;
    return differs(fmt::format("what is known has changed since: {} were planned as {} and are {}",
                               part, before.dump(), after.dump()));
  }
  if (saved.plan.value("fields_changed", Json()) != now.value("fields_changed", Json())) {
    return differs("what is known has changed since: other fields would change");
  }
  return Status::Ok();
}

}  // namespace referrald::ctl
