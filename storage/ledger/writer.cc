#include "storage/ledger/writer.h"

#include <pthread.h>

#include <string>
#include <utility>

#include "storage/base/limits.h"

namespace referrald::ledger {
namespace {

// True where every operation of `batch` is what the view shows. Seals draw nonces, so nobody else's
// batch looks like ours.
Result<bool> HasLanded(const engine::View& view, const engine::Batch& batch) {
  std::vector<std::string> keys;
  for (size_t i = 0; i < batch.size(); ++i) keys.emplace_back(batch.at(i).key);
  const Result<std::vector<std::optional<std::string>>> values = view.MultiGet(keys);
  if (!values) return values.error();
  for (size_t i = 0; i < batch.size(); ++i) {
    const engine::Batch::Operation operation = batch.at(i);
    const std::optional<std::string>& value = (*values)[i];
    if (operation.is_delete ? value.has_value() : value != operation.value) return false;
  }
  return true;
}

Status TooLarge() {
  return Status::InvalidArgument("the command is too much for one commit (limit " +
                                     std::to_string(limits::kBatchBytesMax) + " bytes, " +
                                     std::to_string(limits::kBatchOperationsMax) +
                                     " operations); send fewer rows at a time",
                                 4204);
}

}  // namespace

Writer::Writer(const Parts& parts, uint8_t generation)
    : parts_(parts), generation_(generation), thread_([this] { Work(); }) {
  pthread_setname_np(thread_.native_handle(), "writer");
}

Writer::~Writer() {
  const std::lock_guard lock(mutex_);
  closing_ = true;
  arrived_.notify_one();
}

Status Writer::Submit(std::unique_ptr<Command> command) {
  return Push({.command = std::move(command), .alone = {}});
}

Status Writer::RunAlone(AloneWork work) { return Push({.command = {}, .alone = std::move(work)}); }

Status Writer::Push(Job job) {
  const std::lock_guard lock(mutex_);
  if (closing_) return Status::Unavailable("the ledger is closing", 4207);
  if (inbox_.size() >= limits::kWriteQueueLengthMax) {
    return Status::Unavailable(
        std::to_string(inbox_.size()) + " commands are waiting, limit; try again later", 4206);
  }
  inbox_.push_back(std::move(job));
  arrived_.notify_one();
  return Status::Ok();
}

void Writer::Work() {
  for (;;) {
    Commands commands;
    Job alone;
    if (!TakeJobs(commands, alone)) return;
    if (alone.alone.valid()) alone.alone(generation_);
    CommitAll(std::move(commands));
  }
}

bool Writer::TakeJobs(Commands& commands, Job& alone) {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return closing_ || !inbox_.empty(); });
  if (inbox_.empty()) return false;
  while (!inbox_.empty() && commands.size() < limits::kGroupCommandsMax) {
    if (inbox_.front().alone.valid()) {
      if (!commands.empty()) break;  // What came before it comes first.
      alone = std::move(inbox_.front());
      inbox_.pop_front();
      break;
    }
    commands.push_back(std::move(inbox_.front().command));
    inbox_.pop_front();
  }
  return true;
}

void Writer::CommitAll(Commands commands) {
  int attempts = 0;
  while (!commands.empty()) {
    if (!damage_.ok()) return FailAll(commands, damage_);
    Result<std::unique_ptr<engine::View>> view = parts_.engine.Read(parts_.partition);
    if (!view) return FailAll(commands, view.error());
    Group group(std::move(*view));
    DecideGroup(commands, group);
    const Status committed = CommitGroup(group);
    if (committed.code() == Code::kAborted && ++attempts < limits::kCommitAttemptsMax) continue;
    attempts = 0;
    Answer(commands, group, committed);
  }
}

void Writer::DecideGroup(const Commands& commands, Group& group) {
  for (const std::unique_ptr<Command>& command : commands) {
    bool fits = true;
    Status outcome = DecideOne(*command, group, fits);
    if (!fits && !group.changes.empty()) return;  // It goes first into the next group.
    group.outcomes.push_back(fits ? std::move(outcome) : TooLarge());
  }
}

Status Writer::DecideOne(Command& command, Group& group, bool& fits) {
  Result<std::unique_ptr<CommandScope>> scope =
      CommandScope::Open(group.changes, parts_.vault, DerivedKeys(generation_), parts_.clock.Now());
  if (!scope) return scope.error();
  const Status decided = command.Decide(**scope);
  if (!decided.ok()) return decided;
  fits = group.changes.FitsWith((*scope)->changes());
  if (fits) group.changes.Absorb(std::move((*scope)->changes()));
  return decided;
}

Status Writer::CommitGroup(const Group& group) {
  if (group.changes.empty()) return Status::Ok();
  const engine::Batch batch = group.changes.ToBatch(parts_.partition, group.view->version());
  const engine::CommitResult result = parts_.engine.Commit(batch);
  switch (result.outcome) {
    case engine::Outcome::kOk: return Status::Ok();
    case engine::Outcome::kConflict: return Status::Aborted("another writer was faster");
    case engine::Outcome::kUnknown: return AfterUnknown(batch);
    case engine::Outcome::kUnavailable: return Status::Unavailable(result.detail, 4002);
    case engine::Outcome::kTooLarge: return TooLarge();
    case engine::Outcome::kCorrupt: return Stop(result.detail);
  }
  return Status::Internal("unknown outcome of a commit");
}

Status Writer::AfterUnknown(const engine::Batch& batch) {
  const auto lost = [](const Status& why) {
    return Status::DeadlineExceeded("it is not known whether this was stored (" + why.message() +
                                    "); ask again with the same idempotency key");
  };
  const Status settled = parts_.engine.Settle(parts_.partition);
  if (!settled.ok()) return lost(settled);
  const Result<std::unique_ptr<engine::View>> view = parts_.engine.Read(parts_.partition);
  if (!view) return lost(view.error());
  const Result<bool> landed = HasLanded(**view, batch);
  if (!landed) return lost(landed.error());
  return *landed ? Status::Ok() : Status::Aborted("the answer to a commit was lost");
}

Status Writer::Stop(std::string_view detail) {
  damage_ = Status::Corruption("the storage is damaged (" + std::string(detail) +
                                   "); nothing is accepted any more: run `referralctl verify`",
                               4208);
  parts_.logger.Write({.level = LogLevel::kError,
                       .event = "store.damaged",
                       .message = damage_.message(),
                       .number = damage_.number(),
                       .fields = {},
                       .at = {}});
  return damage_;
}

void Writer::Answer(Commands& commands, const Group& group, const Status& committed) {
  for (const Status& outcome : group.outcomes) {
    // A refusal was decided on changes of the group that may not have come to be.
    commands.front()->Finish(committed.ok() && !outcome.ok() ? outcome : committed);
    commands.pop_front();
  }
}

void Writer::FailAll(Commands& commands, const Status& status) {
  for (const std::unique_ptr<Command>& command : commands) command->Finish(status);
  commands.clear();
}

}  // namespace referrald::ledger
