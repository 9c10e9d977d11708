#pragma once

#include "connectors/sync/runner.h"

// Taking back what a run wrote.
namespace referrald::sync {

// Ok where `run` has something that could be taken back. FailedPrecondition RFD2049: it is still
// running, or wrote nothing.
Status CheckRevertible(const ledger::RunRecord& run);

// Undoes `undone`, by new events: rows that it created are deleted, rows that it changed or deleted
// say again what they said before. Held (RFD2131): a row that a later run changed again, and two
// contacts that the system had merged. Suppressed: a row about somebody who was erased since. Its
// claims and purchase moments stay: what was recorded of the world is no part of a file.
//
// `run` is the record as it shall stand at the begin of this attempt, with `reverts` set; Execute
// can be called again by a later process, and goes on where the store says that it was. One thread;
// one use.
class Reverter {
 public:
  Reverter(const RunContext& context, ledger::RunRecord run);

  RunEnd Execute();

 private:
  RunEnd Close(const Status& status);

  const RunContext context_;
  const RunLedger store_;
  RunLog log_;
  ledger::RunRecord run_;
};

// What Execute would do; nothing is written. As the ledger says.
Result<ledger::RunRecord> PlanRevertRun(const RunContext& context, ledger::RunRecord run);

}  // namespace referrald::sync
