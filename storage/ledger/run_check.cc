#include "storage/ledger/run_check.h"

#include <utility>

#include "storage/ledger/keys.h"
#include "storage/ledger/records.h"
#include "storage/ledger/run_digest.h"

namespace referrald::ledger {

Status RunCheck::Finished(const SyncFinished& finished) {
  const Result<std::optional<std::string>> record = view_.Get(keys::Run(finished.run));
  if (!record) return record.error();
  if (!*record) {
    report_("run " + ToText(finished.run) + ": missing");
    return Status::Ok();
  }
  const Result<RunDigest> digest =
      DigestOf(place_.vault, finished.run, **record,
               [this](const engine::Range& range, const engine::Sink& sink) {
                 return view_.Scan(range, sink);
               });
  if (!digest) return digest.error();
  ++finished_;
  if (digest->hash == finished.digest) return Status::Ok();
  report_("run " + ToText(finished.run) +
          ": its record, or a reject of it, is not what it was when the run ended");
  return Status::Ok();
}

Status RunCheck::End() {
  Status status;
  const Status scanned = view_.Scan(engine::PrefixRange(keys::kRuns),
                                    [&](std::string_view key, std::string_view record) {
                                      status = CheckRun(key, record);
                                      return status.ok();
                                    });
  if (status.ok()) status = scanned;
  return status.ok() ? CheckLeftOvers() : status;
}

Status RunCheck::CheckRun(std::string_view key, std::string_view record) {
  if (Status status = place_.CheckInterrupted(); !status.ok()) return status;
  if (!keys::IsRun(key)) {
    report_("key " + ToHex(key) + ": not one of a run; nothing of this program wrote it");
    return Status::Ok();
  }
  const RunId id = keys::LastRun(key);
  ++runs_;
  const Result<RunRecord> run = DecodeRun(id, record);
  if (!run) {
    report_("run " + ToText(id) + ": " + run.error().message());
    return Status::Ok();
  }
  if (run->status != RunStatus::kRunning) ++ended_;
  const Result<std::optional<std::string>> listed = view_.Get(keys::RunOfFeed(run->feed, id));
  if (!listed) return listed.error();
  if (!*listed) report_("run " + ToText(id) + ": not among the runs of its feed");
  const Result<uint64_t> rejects = Count(keys::RejectsOfRun(id));
  if (!rejects) return rejects.error();
  rejects_ += *rejects;
  return Status::Ok();
}

Status RunCheck::CheckLeftOvers() {
  const Result<uint64_t> listed = Count(keys::kRunsByFeed);
  if (!listed) return listed.error();
  const Result<uint64_t> rejects = Count(keys::kRejects);
  if (!rejects) return rejects.error();
  if (ended_ > finished_) {
    report_("runs: " + std::to_string(ended_) +
            " records say that a run has ended, the log knows " + std::to_string(finished_));
  }
  if (ended_ < finished_) report_("runs: a run that has ended is said to be under way");
  if (*listed != runs_) report_("runs: a feed lists one that is not there");
  if (*rejects != rejects_) report_("runs: there are rejects of none");
  return Status::Ok();
}

Result<uint64_t> RunCheck::Count(std::string_view prefix) const {
  uint64_t count = 0;
  const Status scanned =
      view_.Scan(engine::PrefixRange(prefix), [&count](std::string_view, std::string_view) {
        ++count;
        return true;
      });
  if (!scanned.ok()) return scanned;
  return count;
}

}  // namespace referrald::ledger
