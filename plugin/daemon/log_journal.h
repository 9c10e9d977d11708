#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/base/log.h"

namespace referrald::daemon {

// What the journal is told of a record, each "NAME=value": MESSAGE, PRIORITY, SYSLOG_IDENTIFIER,
// REFERRALD_EVENT, REFERRALD_CODE where there is a number, and REFERRALD_<KEY> for each field.
std::vector<std::string> JournalFields(const LogRecord& record);

// Sends records to journald by its own protocol; a record that cannot be sent goes to standard
// error as logfmt. Null where this machine has no journal.
std::unique_ptr<LogSink> MakeJournalSink();

}  // namespace referrald::daemon
