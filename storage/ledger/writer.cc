#include "storage/ledger/writer.h"

#include <pthread.h>

#include <string>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/generation.h"
#include "storage/ledger/prove.h"

namespace referrald::ledger {
namespace {

constexpr std::string_view kOwnActor = "referrald";

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

Writer::Writer(const Parts& parts)
    : parts_(parts), signed_at_(parts.clock.Now()), thread_([this] { Work(); }) {
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
    if (!TakeJobs(commands, alone)) break;
    if (alone.alone.valid()) alone.alone();
    CommitAll(std::move(commands));
    if (head_due_ && std::chrono::steady_clock::now() >= *head_due_) SyncHead();
  }
  SyncHead();
}

bool Writer::TakeJobs(Commands& commands, Job& alone) {
  std::unique_lock lock(mutex_);
  const auto something = [this] { return closing_ || !inbox_.empty(); };
  if (!head_due_) {
    arrived_.wait(lock, something);
  } else if (!arrived_.wait_until(lock, *head_due_, something)) {
    return true;  // Nothing came; the head file is due.
  }
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
    const Result<std::unique_ptr<Group>> group = BeginGroup();
    if (!group) return FailAll(commands, group.error());
    DecideGroup(commands, **group);
    const Status committed = CommitGroup(**group);
    if (committed.code() == Code::kAborted && ++attempts < limits::kCommitAttemptsMax) continue;
    attempts = 0;
    Answer(commands, **group, committed);
  }
}

Result<std::unique_ptr<Writer::Group>> Writer::BeginGroup() {
  if (Status room = parts_.place.tail.AwaitRoom(); !room.ok()) return room;
  for (;;) {
    Result<std::unique_ptr<Instant>> instant = Instant::Take(parts_.place);
    if (!instant) return instant.error();
    const Result<Head> end = ReadHead(**instant);
    if (!end) return end.error();
    if (end->last == (*instant)->last()) {
      return std::make_unique<Group>(*std::move(instant), *end);
    }
    // A commit whose answer was lost is in the log after all: read models must follow first.
    if (Status caught_up = CatchUpTail(parts_.place); !caught_up.ok()) return caught_up;
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
  CommandScope scope(group.changes, parts_.place.vault, group.instant->keys(), parts_.clock.Now(),
                     group.end);
  Status decided = command.Decide(scope);
  if (!decided.ok()) return decided;
  fits = group.changes.FitsWith(scope.changes());
  if (!fits) return decided;
  group.changes.Absorb(std::move(scope.changes()));
  group.end = scope.end();
  return decided;
}

Status Writer::CommitGroup(Group& group) {
  if (group.changes.empty()) return Status::Ok();
  const bool has_events = group.end.last != group.instant->last();
  if (has_events) {
    SignNowAndThen(group);
    group.changes.Put(keys::Head(), Encode(group.end));
    group.changes.Put(group.instant->keys().In(Space::kWatermark),
                      Encode(Watermark{.last = group.end.last, .tree = group.end.tree}));
  }
  const engine::Batch batch =
      group.changes.ToBatch(parts_.place.partition, group.instant->version());
  const Status stored = CommitBatch(batch);
  if (!stored.ok() || !has_events) return stored;
  MarkHead(group.end);
  parts_.place.tail.Publish(group.changes.TakeLayer(group.end.last));
  return stored;
}

void Writer::SignNowAndThen(Group& group) {
  const Timestamp now = parts_.clock.Now();
  if (now - signed_at_ < limits::kCheckpointAge) return;
  CommandScope scope(group.changes, parts_.place.vault, group.instant->keys(), now, group.end);
  const Checkpoint checkpoint{.database = parts_.identity,
                              .tree = group.end.tree.Head(),
                              .chain = group.end.chain,
                              .at = now};
  const Result<Sequence> appended =
      scope.Append({.sequence = {},
                    .occurred_at = now,
                    .recorded_at = {},
                    .actor = std::string(kOwnActor),
                    .body = CheckpointSigned{Signed(parts_.place.vault, checkpoint)}});
  // Where it has no room beside what people wish, the next group takes it.
  if (!appended || !group.changes.FitsWith(scope.changes())) return;
  group.changes.Absorb(std::move(scope.changes()));
  group.end = scope.end();
  signed_at_ = now;
}

void Writer::MarkHead(const Head& end) {
  if (parts_.head_file == nullptr) return;
  // What is in the log is durable whatever happens here; a head file that lags for want of space
  // misses the loss of so much, and no more. Any other failure is the disk's, and final.
  const Status written = parts_.head_file->Write(
      {.identity = parts_.identity, .sequence = end.last.value, .chain = end.chain});
  if (!written.ok() && written.code() != Code::kUnavailable) (void)Stop(written.message());
  if (!head_due_) head_due_ = std::chrono::steady_clock::now() + limits::kHeadSyncAge;
}

void Writer::SyncHead() {
  head_due_.reset();
  if (parts_.head_file == nullptr) return;
  const Status synced = parts_.head_file->Sync();
  if (!synced.ok() && synced.code() != Code::kUnavailable) (void)Stop(synced.message());
}

Status Writer::CommitBatch(const engine::Batch& batch) {
  const engine::CommitResult result = parts_.place.engine.Commit(batch);
  switch (result.outcome) {
    case engine::Outcome::kOk: return Status::Ok();
    case engine::Outcome::kConflict: return Status::Aborted("another writer was faster");
    case engine::Outcome::kUnknown: return AfterUnknown(batch);
    case engine::Outcome::kUnavailable: return Status::Unavailable(result.detail, result.number);
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
  const Status settled = parts_.place.engine.Settle(parts_.place.partition);
  if (!settled.ok()) return lost(settled);
  const Result<std::unique_ptr<engine::View>> view =
      parts_.place.engine.Read(parts_.place.partition);
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
  const TreeHead log = committed.ok() ? group.end.tree.Head() : TreeHead{};
  for (const Status& outcome : group.outcomes) {
    // A refusal was decided on changes of the group that may not have come to be.
    const bool refused = committed.ok() && !outcome.ok();
    commands.front()->Finish(refused ? outcome : committed, refused ? TreeHead{} : log);
    commands.pop_front();
  }
}

void Writer::FailAll(Commands& commands, const Status& status) {
  for (const std::unique_ptr<Command>& command : commands) command->Finish(status, {});
  commands.clear();
}

}  // namespace referrald::ledger
