#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/base/log.h"
#include "storage/base/time.h"
#include "storage/engine/engine.h"
#include "storage/ledger/command_scope.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// A wish on its way through the writer.
class Command {
 public:
  virtual ~Command() = default;

  // Decides on `scope` and changes it; remembers the answer. Called again, on another scope, when
  // somebody else's commit came between. A refusal is not Ok and leaves nothing.
  virtual Status Decide(CommandScope& scope) = 0;
  // Gives the caller the answer, or `outcome` where that is not Ok. Called exactly once.
  virtual void Finish(const Status& outcome) = 0;
};

// The writer thread and its inbox. Takes what is waiting, decides each command on top of the one
// before, commits the group in one batch, and only then answers.
//
// Submit and RunAlone: any thread. The destructor finishes what was accepted.
class Writer {
 public:
  struct Parts {
    engine::Engine& engine;
    const vault::Vault& vault;
    const Clock& clock;
    const Logger& logger;
    engine::PartitionId partition;
  };
  Writer(const Parts& parts, uint8_t generation);
  ~Writer();

  // Unavailable: RFD4206 the inbox is full, RFD4207 closing.
  Status Submit(std::unique_ptr<Command> command);
  // Has `work` done on the writer thread, with no command under way. It is given the live
  // generation and may change it. A task, so that what tells the caller belongs to the writer.
  using AloneWork = std::packaged_task<void(uint8_t& generation)>;
  Status RunAlone(AloneWork work);

 private:
  using Commands = std::deque<std::unique_ptr<Command>>;
  struct Job {
    std::unique_ptr<Command> command;  // Or:
    AloneWork alone;
  };
  // Commands that were decided on one view, and how.
  struct Group {
    explicit Group(std::unique_ptr<engine::View> instant)
        : view(std::move(instant)), stored(*view), changes(stored) {}

    std::unique_ptr<engine::View> view;
    ViewKeyValues stored;
    Transaction changes;
    std::vector<Status> outcomes;  // Of the first so many commands.
  };

  Status Push(Job job);
  void Work();
  bool TakeJobs(Commands& commands, Job& alone);
  void CommitAll(Commands commands);
  // Decides as many commands as fit into one batch.
  void DecideGroup(const Commands& commands, Group& group);
  Status DecideOne(Command& command, Group& group, bool& fits);
  // Ok: durable. Aborted: nothing was written, decide again.
  Status CommitGroup(const Group& group);
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
  uint8_t generation_;
  Status damage_;

  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace referrald::ledger
