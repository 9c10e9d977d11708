#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "storage/base/log.h"
#include "storage/base/time.h"
#include "storage/engine/engine.h"
#include "storage/engine/head_file.h"
#include "storage/ledger/command_scope.h"
#include "storage/ledger/instant.h"
#include "storage/ledger/store_place.h"

namespace referrald::ledger {

// A wish on its way through the writer.
class Command {
 public:
  virtual ~Command() = default;

  // Decides on `scope` and changes it; remembers the answer. Called again, on another scope, when
  // somebody else's commit came between. A refusal is not Ok and leaves nothing.
  virtual Status Decide(CommandScope& scope) = 0;
  // Gives the caller the answer, or `outcome` where that is not Ok. Called exactly once. `log`: the
  // durable log with the command's events in it; empty where `outcome` is not Ok.
  virtual void Finish(const Status& outcome, const TreeHead& log) = 0;
};

// The writer thread and its inbox. Takes what is waiting, decides each command on top of the one
// before, commits the events of the group in one synced batch, puts what they change in the read
// models on the tail, and only then answers.
//
// Submit and RunAlone: any thread. The destructor finishes what was accepted.
class Writer {
 public:
  struct Parts {
    StorePlace place;
    const Clock& clock;
    const Logger& logger;
    Hash128 identity;             // Of the database.
    engine::HeadFile* head_file;  // Null: none. Used by the writer thread alone.
  };
  explicit Writer(const Parts& parts);
  ~Writer();

  // Unavailable: RFD4206 the inbox is full, RFD4207 closing.
  Status Submit(std::unique_ptr<Command> command);
  // Has `work` done on the writer thread, with no command under way. A task, so that what tells the
  // caller belongs to the writer.
  using AloneWork = std::packaged_task<void()>;
  Status RunAlone(AloneWork work);

 private:
  using Commands = std::deque<std::unique_ptr<Command>>;
  struct Job {
    std::unique_ptr<Command> command;  // Or:
    AloneWork alone;
  };
  // Commands that were decided on one instant, and how.
  struct Group {
    Group(std::unique_ptr<Instant> on, const Head& log_end)
        : instant(std::move(on)), end(log_end), changes(*instant) {}

    std::unique_ptr<Instant> instant;
    Head end;  // Where the log ends with the group's events.
    Transaction changes;
    std::vector<Status> outcomes;  // Of the first so many commands.
  };

  Status Push(Job job);
  void Work();
  bool TakeJobs(Commands& commands, Job& alone);
  void CommitAll(Commands commands);
  Result<std::unique_ptr<Group>> BeginGroup();
  // Decides as many commands as fit into one batch.
  void DecideGroup(const Commands& commands, Group& group);
  Status DecideOne(Command& command, Group& group, bool& fits);
  // Ok: durable. Aborted: nothing was written, decide again.
  Status CommitGroup(Group& group);
  Status CommitBatch(const engine::Batch& batch);
  // Appends, now and then, a signed checkpoint of the log as the group leaves it to the group.
  void SignNowAndThen(Group& group);
  // Tells the head file where the log ends now, before anybody else is told.
  void MarkHead(const Head& end);
  void SyncHead();
  Status AfterUnknown(const engine::Batch& batch);
  static void Answer(Commands& commands, const Group& group, const Status& committed);
  static void FailAll(Commands& commands, const Status& status);
  Status Stop(std::string_view detail);

  const Parts parts_;

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Job> inbox_;  // Guarded by mutex_.
  bool closing_ = false;   // Guarded by mutex_.

  // Owned by the writer thread.
  Status damage_;
  Timestamp signed_at_;  // The log; before that, when the writer began.
  // Set: the head file is to be synced then.
  std::optional<std::chrono::steady_clock::time_point> head_due_;

  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace referrald::ledger
