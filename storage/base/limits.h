#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

// Every bound of the system, by name. Raising one costs memory or time where its comment says so.
namespace referrald::limits {

// The engine contract (house.md, "The engine interface"): the least any engine must offer.
inline constexpr size_t kKeyBytesMax = 1024;
inline constexpr size_t kValueBytesMax = 64 * 1024;
inline constexpr size_t kBatchBytesMax = 1 << 20;
inline constexpr size_t kBatchOperationsMax = 8192;

// Runs of derived keys (storage/doc/engine.md).
inline constexpr size_t kIngestBytesMax = 64 << 20;  // Raising it costs that much memory.
inline constexpr size_t kIngestOperationsMax = 1 << 20;
inline constexpr size_t kIngestInsertBytesMax = 256 << 10;  // Above: a table. Commits wait for it.
inline constexpr uint64_t kIngestLevel0FilesMax = 12;       // More: a run waits for compaction.
inline constexpr std::chrono::seconds kIngestDeadline{60};  // For that wait.

// Facts and records.
inline constexpr size_t kIdempotencyKeyBytesMax = 128;
inline constexpr size_t kFreeTextBytesMax = 4096;  // Reason to meet, evidence note.
inline constexpr size_t kActNameBytesMax = 64;     // Plan, version, step, metric, purpose.
inline constexpr size_t kActNumbersMax = 16;
inline constexpr size_t kActsPerPartyMax = 4096;      // Folded together; more are refused.
inline constexpr size_t kActsPerPlanMax = 20'000;     // About one reward plan; more are refused.
inline constexpr size_t kReferralsPerFoldMax = 2000;  // The oldest of one source or contact.
inline constexpr size_t kSuggestionCandidatesMax = 2000;  // People looked at for one customer,
inline constexpr size_t kSuggestionsAlikeMax = 1000;      // of them with one thing in common.
inline constexpr size_t kExternalIdBytesMax = 256;
inline constexpr size_t kFieldNameBytesMax = 128;
inline constexpr size_t kFieldValueBytesMax = 8192;     // One imported field.
inline constexpr size_t kFieldCountMax = 256;           // Fields of one imported row.
inline constexpr size_t kRowFieldBytesMax = 24 * 1024;  // All fields of one imported row.
inline constexpr size_t kLinksPerEntityMax = 16;        // Rows of CRMs that are the same person.
inline constexpr size_t kNameTermsPerRowMax = 12;       // Names and words of names, indexed.
inline constexpr size_t kMergeReferralsMax = 200;       // Referrals that one merge may move.
inline constexpr size_t kEventsPerReferralMax = 512;
inline constexpr size_t kChainEdgesMax = 10'000;    // Relationships of one person that are read.
inline constexpr size_t kChainMembersMax = 10'000;  // People in one answer about a chain.
inline constexpr size_t kChainDepthMax = 64;
inline constexpr uint64_t kSequenceMax = (uint64_t{1} << 53) - 1;  // Node reads i64 as a double.

// Matching: who is who in a list of records.
inline constexpr size_t kMatchedTextBytesMax = 256;  // Of one field; what follows is not compared.
inline constexpr size_t kMatchedLettersMax = 64;     // Of them, in a comparison of two texts.
inline constexpr size_t kBlockingKeysMax = 32;       // Of one record.
inline constexpr size_t kBlockRecordsMax = 200;      // Comparisons grow with its square.
inline constexpr size_t kCandidatesPerRecordMax = 200;  // 8 bytes each.
inline constexpr size_t kClusterRecordsMax = 64;        // Comparisons grow with its square.

// Keys: some 250 bytes to 1.5 KB a person that was erased; each erasure writes the file anew.
inline constexpr size_t kKeyStoreBytesMax = size_t{64} << 20;

// The write path.
inline constexpr size_t kWriteQueueLengthMax = 4096;  // More waiting commands: Unavailable.
inline constexpr size_t kGroupCommandsMax = 512;      // Commands that share one sync.
inline constexpr size_t kImportRowsPerCommand = 256;
inline constexpr int kCommitAttemptsMax = 5;  // After conflicts and lost answers.
// Read models on their way into the engine. More waiting in memory: commands wait, too.
inline constexpr size_t kLayerBytesMax = 8 << 20;           // What one group may change.
inline constexpr size_t kDrainBytes = 8 << 20;              // Enough to make a run of.
inline constexpr size_t kDrainRunBytesMax = 16 << 20;       // One run.
inline constexpr size_t kTailBytesMax = 64 << 20;           // All; a restart projects so much anew.
inline constexpr std::chrono::milliseconds kDrainAge{250};  // Less than a run waits so long.
inline constexpr std::chrono::minutes kCheckpointAge{10};   // A growing log signs itself so often.
inline constexpr std::chrono::seconds kHeadSyncAge{1};  // The head file is no older on the disk.
inline constexpr size_t kHeadBytesMax = 4096;           // Record 'H' in a batch.
inline constexpr size_t kHeadOperationsMax = 1;
inline constexpr size_t kRetiredPerCommitMax = 1000;          // Events of a log that was put back.
inline constexpr size_t kDryRunBytesMax = size_t{512} << 20;  // What a dry run may keep in mind.

// Files.
inline constexpr uint64_t kFileBytesMax = uint64_t{4} << 30;
inline constexpr uint64_t kFileRowsMax = 5'000'000;
inline constexpr size_t kCsvRowBytesMax = 1 << 20;
inline constexpr size_t kCsvCellBytesMax = 64 * 1024;
inline constexpr size_t kCsvColumnsMax = 1024;
inline constexpr size_t kZipMembersMax = 10'000;
inline constexpr size_t kWorkbookStringBytesMax = size_t{32} << 20;  // Shared by all of its cells.
inline constexpr size_t kWorkbookPartBytesMax = 4 << 20;  // Of its list of sheets, and of styles.
inline constexpr size_t kImportBytesPerCommand = 200 * 1024;
inline constexpr size_t kImportRecordsPerCommand = 4096;  // Repeated rows cost a command nothing.
inline constexpr size_t kRejectTextsMax = 100'000;        // Different reasons one run can name.
inline constexpr size_t kMergesFollowedMax = 100'000;     // Rows of a file merged into others.
inline constexpr size_t kPlanRejectsMax = 1000;
inline constexpr size_t kRejectsPerRunMax = 100'000;  // Kept in the store; the file has all.

// Runs.
inline constexpr uint32_t kRunAttemptsMax = 3;      // Crashes without progress: poison.
inline constexpr int kStoreRetriesMax = 4;          // Then the run waits for the next rescan.
inline constexpr size_t kRunsWaitingMax = 1000;     // More begun runs: Unavailable.
inline constexpr size_t kRunsLookedBackMax = 1000;  // For the last good one.
inline constexpr size_t kRowLogsPerCodeMax = 10;    // Log lines of one run and reason.
inline constexpr size_t kRowHistoryMax = 10'000;    // Events about one party's rows.
inline constexpr size_t kErasedEmailsMax = 1000;    // Addresses that keep an erased one out.
inline constexpr size_t kTraceBytesMin = 4;         // Shorter ids are in every file.
inline constexpr size_t kTraceFilesMax = 1000;      // Named in one receipt.
inline constexpr size_t kInboxFilesMax = 10'000;    // Looked at in one go; the rest later.
inline constexpr std::chrono::seconds kImportDeadline{60};

// The RPC front (reliability.md, E10-E15).
inline constexpr size_t kFrameBytesMax = 1 << 20;
inline constexpr size_t kRpcStringBytesMax = 256 * 1024;
inline constexpr size_t kRpcContainerElementsMax = 10'000;
inline constexpr int kRpcDepthMax = 32;
inline constexpr size_t kRpcConnectionsMax = 1024;
inline constexpr size_t kRpcRequestsInFlightMax = 256;
inline constexpr size_t kRpcPageMax = 1000;
inline constexpr size_t kRecordEventsMax = 1000;  // Events in one recordEvents call.
inline constexpr std::chrono::seconds kRpcIdleDeadline{60};
inline constexpr std::chrono::seconds kRpcFrameDeadline{5};
inline constexpr std::chrono::seconds kRpcWriteDeadline{5};
inline constexpr std::chrono::seconds kRpcRequestDeadline{10};
inline constexpr std::chrono::seconds kRpcStopDeadline{8};
inline constexpr size_t kRpcReadStepBytes = 16 * 1024;    // A frame grows by so much at a time.
inline constexpr size_t kRpcBufferedBytesMax = 64 << 20;  // Frames beyond their first step, all.
inline constexpr size_t kRpcAnswerBytesMax = 16'000'000;  // What every Thrift client reads.
inline constexpr size_t kRpcWorkersDefault = 8;
inline constexpr size_t kRpcRefusalsLoggedPerMinute = 10;

// The configuration.
inline constexpr size_t kConfigFileBytesMax = 1 << 20;
inline constexpr size_t kConfigFilesMax = 1024;  // In conf.d.
inline constexpr size_t kFeedsMax = 1024;        // Feeds, and exports: one watch each.

// Backups.
inline constexpr size_t kBackupNoteBytesMax = 2048;
inline constexpr size_t kBackupMetaBytesMax = size_t{64} << 20;  // Some 100 bytes a table.

// Disk: below this much free space nothing is written (reliability.md, 4.2).
inline constexpr uint64_t kDiskReserveBytes = uint64_t{192} << 20;
inline constexpr uint64_t kBallastBytesMax = uint64_t{64} << 20;
inline constexpr std::chrono::seconds kDiskLookAge{1};  // Of the thread that waits for room.

}  // namespace referrald::limits
