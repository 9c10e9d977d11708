#include "thrift/rpc/handler.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "storage/base/limits.h"
#include "thrift/idl/referrald_constants.h"
#include "thrift/rpc/convert.h"
#include "thrift/rpc/errors.h"
#include "thrift/rpc/views.h"

namespace referrald::rpc {
namespace {

constexpr std::array<std::string_view, 16> kAdministration{
    "checkFeed",    "previewFile",  "planSync",  "revertRun",    "planRevert",   "listExports",
    "runExport",    "verify",       "rebuild",   "eraseContact", "createBackup", "listBackups",
    "verifyBackup", "getKeyStatus", "rotateKey", "copyKeys"};

// Nobody watches: the caller asks and waits.
void IgnoreProgress(uint64_t /*done*/, uint64_t /*total*/) {}

// Nobody types more, and every word of it is looked up.
void CheckQuery(const std::string& query) {
  constexpr size_t kQueryBytesMax = 512;
  if (query.size() <= kQueryBytesMax) return;
  Throw(Status::InvalidArgument("query: " + std::to_string(query.size()) + " bytes, limit " +
                                    std::to_string(kQueryBytesMax),
                                5023),
        "query");
}

void CheckVersion(int32_t api_major) {
  if (api_major == 0 || api_major == idl::g_referrald_constants.API_MAJOR) return;
  Throw(Status::InvalidArgument("api_major: this server speaks " +
                                    idl::g_referrald_constants.API_VERSION + ", the client " +
                                    std::to_string(api_major) + ".x: use a matching client",
                                5007),
        "api_major");
}

void FillTotals(const ledger::Reader& reader, idl::ServerInfo& info) {
  const ledger::Totals totals = OrThrow(reader.GetTotals());
  info.sequence = Count(reader.head().value);
  info.event_count = Count(totals.events);
  info.person_count = Count(totals.persons);
  info.organisation_count = Count(totals.organisations);
  info.opportunity_count = Count(totals.opportunities);
  info.referral_count = Count(totals.referrals);
  info.introduction_count = Count(totals.introductions);
}

void FillStore(const Services& services, idl::ServerInfo& info) {
  info.accepts_writes = true;
  if (!services.store_statistics) return;
  const engine::Statistics store = services.store_statistics();
  info.store_bytes = Count(store.size_bytes);
  info.free_disk_bytes = Count(store.free_disk_bytes);
  info.accepts_writes = store.accepts_writes;
  info.not_accepting_reason = store.reason;
}

idl::RecordResult RecordFact(ledger::Ledger& ledger, ledger::RecordFact wish,
                             ledger::Ledger::Deadline deadline) {
  const Result<ledger::Receipt> receipt = ledger.Record(std::move(wish), deadline);
  return receipt ? ToIdl(*receipt, referral::EntityKind::kPerson) : ToIdl(receipt.error());
}

idl::RecordResult RecordAct(ledger::Ledger& ledger, ledger::RecordAct wish,
                            ledger::Ledger::Deadline deadline) {
  const Result<ledger::Receipt> receipt = ledger.Record(std::move(wish), deadline);
  return receipt ? ToIdl(*receipt, referral::EntityKind::kPerson) : ToIdl(receipt.error());
}

idl::RecordResult RecordParty(ledger::Ledger& ledger, ledger::ObserveParty wish,
                              ledger::Ledger::Deadline deadline) {
  const referral::EntityKind kind = wish.row.kind;
  const Result<ledger::Receipt> receipt = ledger.Observe(std::move(wish), deadline);
  return receipt ? ToIdl(*receipt, kind) : ToIdl(receipt.error());
}

// Whatever becomes of one event, the others have their own result.
idl::RecordResult RecordOne(ledger::Ledger& ledger, const idl::EventInput& event,
                            const std::string& actor, ledger::Ledger::Deadline deadline) {
  Result<Wish> wish = WishFrom(event, actor);
  if (!wish) return ToIdl(wish.error());
  if (auto* const fact = std::get_if<ledger::RecordFact>(&*wish)) {
    return RecordFact(ledger, std::move(*fact), deadline);
  }
  if (auto* const act = std::get_if<ledger::RecordAct>(&*wish)) {
    return RecordAct(ledger, std::move(*act), deadline);
  }
  return RecordParty(ledger, std::move(std::get<ledger::ObserveParty>(*wish)), deadline);
}

// By what a file may hold the party: ids, and addresses and numbers that they ever had.
std::vector<std::string> TracesOf(const ledger::Reader& reader, const ledger::PartyRef& party) {
  namespace field = referral::field;
  const EntityId id = OrThrow(Resolve(reader, party), "contact");
  const referral::Entity entity = OrThrow(reader.GetEntity(id), "contact");
  std::vector<std::string> texts;
  for (const referral::Link& link : entity.links) texts.push_back(link.ref.id);
  for (const referral::Fields& fields : OrThrow(reader.FormerFields(id), "contact")) {
    for (const auto& [name, value] : fields) {
      if (name == field::kEmail || name == field::kPhone || name == field::kMobile) {
        texts.push_back(value);
      }
    }
  }
  std::ranges::sort(texts);
  const auto repeats = std::ranges::unique(texts);
  texts.erase(repeats.begin(), repeats.end());
  return texts;
}

// Files are a matter of the machine: only callers on it are told where they are.
std::string RejectsFile(const Services& services, const ledger::RunRecord& run) {
  for (const sync::FeedState& feed : services.sync->Feeds()) {
    if (feed.config.name == run.feed) return sync::RejectsFileOf(feed.config, run);
  }
  return {};
}

}  // namespace

size_t PageSize(int32_t max) {
  constexpr size_t kDefault = 100;
  if (max < 0) Throw(Status::InvalidArgument("max: must not be negative", 5020), "max");
  if (max == 0) return kDefault;
  return std::min(static_cast<size_t>(max), limits::kRpcPageMax);
}

bool IsAdministration(std::string_view method) {
  return std::ranges::find(kAdministration, method) != kAdministration.end();
}

void Handler::Begin(const Request& request) {
  request_ = request;
  request_.frame = {};
}

const Services& Handler::Ready() const {
  if (request_.overloaded || std::chrono::steady_clock::now() >= request_.deadline) {
    Throw(Status::Unavailable("too many calls at once: try again in a moment", 5006));
  }
  OrThrow(services_.sealed);
  return services_;
}

std::unique_ptr<ledger::Reader> Handler::Read() const { return OrThrow(Ready().ledger->Read()); }

void Handler::getServerInfo(idl::ServerInfo& reply, const std::string& client_name,
                            int32_t api_major, int32_t /*api_minor*/) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  CheckVersion(api_major);
  OrThrow(StatusOf(ActorFrom(caller_, client_name)), "client_name");
  client_name_ = client_name;
  reply.version = services_.version;
  reply.api_version = idl::g_referrald_constants.API_VERSION;
  reply.api_major = idl::g_referrald_constants.API_MAJOR;
  reply.api_minor = idl::g_referrald_constants.API_MINOR;
  reply.started_at = Micros(services_.started_at);
  reply.rpc_listen = services_.listen;
  if (caller_.local) reply.store_path = services_.store_path;
  FillTotals(*reader, reply);
  FillStore(services_, reply);
}

void Handler::recordEvents(idl::RecordEventsResult& reply,
                           const idl::RecordEventsRequest& request) {
  ledger::Ledger& ledger = *Ready().ledger;
  if (request.events.size() > limits::kRecordEventsMax) {
    Throw(Status::InvalidArgument("events: " + std::to_string(request.events.size()) + ", limit " +
                                      std::to_string(limits::kRecordEventsMax),
                                  5024),
          "events");
  }
  const std::string& name = request.client_name.empty() ? client_name_ : request.client_name;
  const std::string actor = OrThrow(ActorFrom(caller_, name), "client_name");
  for (const idl::EventInput& event : request.events) {
    reply.results.push_back(RecordOne(ledger, event, actor, request_.deadline));
  }
}

void Handler::getContact(idl::Contact& reply, const idl::PartyRef& contact) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const ledger::PartyRef party = OrThrow(PartyRefFrom(contact, "contact"), "contact");
  const EntityId id = OrThrow(Resolve(*reader, party), "contact");
  reply = OrThrow(ContactView(*reader, id, party.id));
}

void Handler::findContacts(idl::FindContactsResult& reply, const std::string& query, int32_t max) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  CheckQuery(query);
  reply = OrThrow(FindView(*reader, query, PageSize(max)), "query");
}

void Handler::getProvenance(std::vector<idl::FieldProvenance>& reply, const idl::PartyRef& contact,
                            const std::string& field) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const ledger::PartyRef party = OrThrow(PartyRefFrom(contact, "contact"), "contact");
  const EntityId id = OrThrow(Resolve(*reader, party), "contact");
  reply = OrThrow(ProvenanceView(*reader, id, field), "field");
}

void Handler::getReferral(idl::Referral& reply, const std::string& id) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const ReferralId wanted = OrThrow(ParseReferralId(id), "id");
  reply = OrThrow(ReferralView(*reader, OrThrow(reader->GetReferral(wanted))));
  for (const referral::RecordedFact& fact : OrThrow(reader->FactsOf(wanted))) {
    reply.events.push_back(ToIdl(fact));
  }
}

void Handler::listReferrals(idl::ReferralPage& reply, const idl::ListReferralsRequest& request) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const ledger::ReferralFilter filter = OrThrow(FilterFrom(request), "request");
  const auto page =
      OrThrow(reader->ListReferrals(filter, request.cursor, PageSize(request.max)), "cursor");
  for (const referral::Referral& each : page.items) {
    reply.referrals.push_back(OrThrow(ReferralView(*reader, each)));
  }
  reply.next_cursor = page.next;
}

void Handler::getChain(idl::Chain& reply, const idl::ChainRequest& request) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  if (request.depth_max < 0) {
    Throw(Status::InvalidArgument("depth_max: must not be negative", 5020), "depth_max");
  }
  const ledger::PartyRef party = OrThrow(PartyRefFrom(request.person, "person"), "person");
  const EntityId person = OrThrow(Resolve(*reader, party), "person");
  ledger::ChainScope scope{.count_max = limits::kRpcPageMax};
  if (request.depth_max > 0) {
    scope.levels_max = std::min(static_cast<uint32_t>(request.depth_max), scope.levels_max);
  }
  if (request.max < 0) Throw(Status::InvalidArgument("max: must not be negative", 5020), "max");
  if (request.max > 0) {
    scope.count_max = std::min(static_cast<size_t>(request.max), limits::kChainMembersMax);
  }
  reply = OrThrow(ChainView(*reader, person, scope, request.bare));
}

void Handler::getTransitionTable(std::vector<idl::Transition>& reply) {
  for (const referral::Transition& line : referral::TransitionTable()) reply.push_back(ToIdl(line));
}

void Handler::startSync(std::string& reply, const idl::StartSyncRequest& request) {
  sync::SyncService& sync = *Ready().sync;
  const sync::StartOptions options = OrThrow(StartOptionsFrom(request, caller_), "path");
  reply = ToText(OrThrow(sync.Begin(request.feed, options), "feed"));
}

void Handler::getRun(idl::Run& reply, const std::string& id) {
  sync::SyncService& sync = *Ready().sync;
  const ledger::RunRecord run = OrThrow(sync.GetRun(OrThrow(ParseRunId(id), "id")));
  reply = ToIdl(run);
  if (caller_.local) reply.rejects_file = RejectsFile(services_, run);
}

void Handler::listRuns(idl::RunPage& reply, const std::string& feed, const std::string& cursor,
                       int32_t max) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  // Runs of a feed that is configured no more are kept; a feed that nobody knows is a typing error.
  const auto page = OrThrow(reader->ListRuns(feed, cursor, PageSize(max)), "cursor");
  if (!feed.empty() && cursor.empty() && page.items.empty()) {
    const std::vector<sync::FeedState> feeds = Ready().sync->Feeds();
    const auto is_it = [&feed](const sync::FeedState& state) { return state.config.name == feed; };
    if (std::ranges::none_of(feeds, is_it)) {
      OrThrow(Status::NotFound("there is no feed called " + feed + ", and no run of one", 2046));
    }
  }
  for (const ledger::RunRecord& run : page.items) reply.runs.push_back(ToIdl(run));
  reply.next_cursor = page.next;
}

void Handler::listRejects(idl::RejectPage& reply, const std::string& run, const std::string& cursor,
                          int32_t max) {
  const std::unique_ptr<ledger::Reader> reader = Read();
  const RunId wanted = OrThrow(ParseRunId(run), "run");
  OrThrow(Ready().sync->GetRun(wanted), "run");  // No run is not the same as a run without rejects.
  const auto page = OrThrow(reader->ListRejects(wanted, cursor, PageSize(max)), "cursor");
  for (const ledger::Reject& reject : page.items) reply.rejects.push_back(ToIdl(reject));
  reply.next_cursor = page.next;
}

void Handler::listFeeds(std::vector<idl::Feed>& reply) {
  for (const sync::FeedState& feed : Ready().sync->Feeds()) reply.push_back(ToIdl(feed, caller_));
}

void Handler::checkFeed(std::vector<idl::FeedCheck>& reply, const std::string& feed) {
  for (const sync::Check& check : OrThrow(Ready().sync->CheckFeed(feed), "feed")) {
    reply.push_back(ToIdl(check));
  }
}

void Handler::previewFile(idl::FilePreview& reply, const std::string& feed, const std::string& path,
                          int32_t max) {
  reply = ToIdl(OrThrow(Ready().sync->PreviewFile(feed, path, PageSize(max)), "path"));
}

void Handler::planSync(idl::SyncPlan& reply, const idl::StartSyncRequest& request,
                       int64_t row_count_max) {
  sync::SyncService& sync = *Ready().sync;
  sync::StartOptions options = OrThrow(StartOptionsFrom(request, caller_), "path");
  if (row_count_max < 0) {
    Throw(Status::InvalidArgument("row_count_max: must not be negative", 5020), "row_count_max");
  }
  options.row_count_max = static_cast<uint64_t>(row_count_max);
  reply = ToIdl(OrThrow(sync.DryRun(request.feed, options), "feed"));
}

void Handler::listExports(std::vector<idl::ExportInfo>& reply) {
  for (const sync::ExportConfig& each : Ready().sync->Exports()) reply.push_back(ToIdl(each));
}

void Handler::revertRun(std::string& reply, const std::string& run) {
  const RunId id = OrThrow(ParseRunId(run), "run");
  reply = ToText(OrThrow(Ready().sync->BeginRevert(id, "rpc"), "run"));
}

void Handler::planRevert(idl::Run& reply, const std::string& run) {
  reply = ToIdl(OrThrow(Ready().sync->PlanRevert(OrThrow(ParseRunId(run), "run")), "run"));
}

void Handler::runExport(idl::ExportResult& reply, const std::string& name) {
  reply = ToIdl(OrThrow(Ready().sync->RunExport(name), "name"));
}

void Handler::verify(idl::VerifyReport& reply, const std::vector<std::string>& heads,
                     bool log_only) {
  reply = ToIdl(
      OrThrow(Ready().ledger->Verify(&IgnoreProgress, {.heads = heads, .derived = !log_only})));
}

void Handler::eraseContact(idl::ErasureReceipt& reply, const idl::PartyRef& contact,
                           const std::string& reason) {
  ledger::Ledger& ledger = *Ready().ledger;
  ledger::EraseParty wish{.party = OrThrow(PartyRefFrom(contact, "contact"), "contact"),
                          .reason = reason,
                          .actor = OrThrow(ActorFrom(caller_, client_name_), "client_name")};
  // Before: afterwards nobody knows any more what to look for.
  const sync::Traces traces = Ready().sync->FilesThatHold(TracesOf(*Read(), wish.party));
  const auto deadline = std::chrono::steady_clock::now() + limits::kRpcRequestDeadline;
  reply = ToIdl(OrThrow(ledger.Erase(std::move(wish), deadline), "contact"));
  reply.files = traces.files;
  reply.unread_files = traces.unread;
  reply.more_files = traces.more;
  reply.files_searched = traces.searched;
}

void Handler::getPublicKey(std::string& reply) { reply = Ready().ledger->PublicKey(); }

void Handler::getSignedHead(std::string& reply) { reply = OrThrow(Ready().ledger->SignedHead()); }

void Handler::getProof(std::string& reply, const std::string& event) {
  const ledger::Ledger& ledger = *Ready().ledger;
  reply = OrThrow(ledger.ProveEvent(OrThrow(ParseSequence(event), "event")), "event");
}

void Handler::getGrowthProof(std::string& reply, const std::string& older) {
  reply = OrThrow(Ready().ledger->ProveGrowth(older), "older");
}

void Handler::createBackup(idl::BackupInfo& reply) {
  reply = ToIdl(OrThrow(Ready().upkeep->CreateBackup()));
}

void Handler::listBackups(std::vector<idl::BackupInfo>& reply) {
  for (const upkeep::Backup& each : OrThrow(Ready().upkeep->ListBackups())) {
    reply.push_back(ToIdl(each));
  }
}

void Handler::verifyBackup(idl::BackupInfo& reply, int32_t id) {
  reply = ToIdl(OrThrow(Ready().upkeep->VerifyBackup(static_cast<uint32_t>(id)), "id"));
}

void Handler::getKeyStatus(idl::KeyStatus& reply) { reply = ToIdl(Ready().upkeep->Keys()); }

void Handler::rotateKey(idl::KeyStatus& reply, const std::string& new_key_file) {
  OrThrow(StatusOf(Ready().upkeep->RotateKey(new_key_file)), "new_key_file");
  reply = ToIdl(Ready().upkeep->Keys());
}

void Handler::copyKeys(std::string& reply) { reply = OrThrow(Ready().upkeep->CopyKeys()); }

int64_t Handler::rebuild() { return Count(OrThrow(Ready().ledger->Rebuild(&IgnoreProgress))); }

}  // namespace referrald::rpc
