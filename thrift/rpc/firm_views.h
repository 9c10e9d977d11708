#pragma once

#include "storage/base/status.h"
#include "storage/base/time.h"
#include "storage/ledger/reader.h"
#include "storage/practice/metric.h"
#include "thrift/idl/referrald_types.h"

// Answers about the firm itself. Errors as in ledger::Reader.
namespace referrald::rpc {

// NotFound (RFD3021): there is no such process.
Result<idl::Firm> FirmView(const ledger::Reader& reader, const idl::FirmRequest& request,
                           Timestamp now);
// What figures are made of: quiz, poll, targets and every version of the process.
Result<practice::FirmRecord> FirmRecordOf(const ledger::Reader& reader, Timestamp now);

}  // namespace referrald::rpc
