#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/ledger/reader.h"
#include "thrift/idl/ReferraldAdmin.h"
#include "thrift/rpc/front.h"
#include "thrift/rpc/services.h"

namespace referrald::rpc {

// True for the methods of ReferraldAdmin that Referrald does not have.
bool IsAdministration(std::string_view method);

// How many to answer with, for a caller who wishes `max`. 0: the default; more than there may be:
// what there may be. Throws InvalidRequest where it is negative.
size_t PageSize(int32_t max);
// The survivor that `party` names; throws what the IDL has for a party that there is not.
EntityId PartyOf(const ledger::Reader& reader, const idl::PartyRef& party, const char* member);
Timestamp Now();

// Answers the calls of one connection, one at a time: converts, asks the floors below, converts. No
// rule of the domain lives here. Each method throws an exception of the IDL (errors.h).
class Handler final : public idl::ReferraldAdminIf {
 public:
  Handler(const Services& services, const Caller& caller) : services_(services), caller_(caller) {}

  // What follows belongs to `request`: its deadline, and whether to refuse it.
  void Begin(const Request& request);

  void getServerInfo(idl::ServerInfo& reply, const std::string& client_name, int32_t api_major,
                     int32_t api_minor) override;
  void recordEvents(idl::RecordEventsResult& reply,
                    const idl::RecordEventsRequest& request) override;
  void getContact(idl::Contact& reply, const idl::PartyRef& contact) override;
  void findContacts(idl::FindContactsResult& reply, const std::string& query, int32_t max) override;
  void getProvenance(std::vector<idl::FieldProvenance>& reply, const idl::PartyRef& contact,
                     const std::string& field) override;
  void getReferral(idl::Referral& reply, const std::string& id) override;
  void listReferrals(idl::ReferralPage& reply, const idl::ListReferralsRequest& request) override;
  void getChain(idl::Chain& reply, const idl::ChainRequest& request) override;
  void getTransitionTable(std::vector<idl::Transition>& reply) override;
  // handler_practice.cc
  void getActTable(std::vector<idl::ActRule>& reply) override;
  void getCustomer(idl::Customer& reply, const idl::PartyRef& party) override;
  void listPrompts(idl::PromptPage& reply, const idl::PromptsRequest& request) override;
  void getCoverage(idl::Coverage& reply, const idl::CoverageRequest& request) override;
  void getMetrics(idl::MetricsResult& reply, const idl::MetricsRequest& request) override;
  void findWaysIn(std::vector<idl::WaysIn>& reply, const idl::WaysInRequest& request) override;
  void listRewards(std::vector<idl::Reward>& reply, const std::string& plan) override;
  void getFirm(idl::Firm& reply, const idl::FirmRequest& request) override;
  void explainEvents(std::vector<idl::EventStory>& reply,
                     const std::vector<std::string>& events) override;
  void checkOutreach(idl::OutreachCheck& reply, const idl::PartyRef& contact,
                     const idl::PartyRef& rep) override;

  // handler_review.cc
  void getReferralAsOf(idl::Referral& reply, const std::string& id,
                       const idl::AsOf& as_of) override;
  void getCustomerAsOf(idl::Customer& reply, const idl::PartyRef& party,
                       const idl::AsOf& as_of) override;
  void suggestPeople(std::vector<idl::Suggestion>& reply, const idl::PartyRef& customer,
                     int32_t max) override;
  void listAttributions(idl::AttributionPage& reply,
                        const idl::AttributionsRequest& request) override;
  void listHolds(std::vector<idl::Hold>& reply, const idl::HoldsRequest& request) override;
  void listCatchUp(std::vector<idl::CatchUp>& reply, const idl::CatchUpRequest& request) override;

  // handler.cc
  void startSync(std::string& reply, const idl::StartSyncRequest& request) override;
  void getRun(idl::Run& reply, const std::string& id) override;
  void listRuns(idl::RunPage& reply, const std::string& feed, const std::string& cursor,
                int32_t max) override;
  void listRejects(idl::RejectPage& reply, const std::string& run, const std::string& cursor,
                   int32_t max) override;
  void listFeeds(std::vector<idl::Feed>& reply) override;
  void getPublicKey(std::string& reply) override;
  void getSignedHead(std::string& reply) override;
  void getProof(std::string& reply, const std::string& event) override;
  void getGrowthProof(std::string& reply, const std::string& older) override;

  void checkFeed(std::vector<idl::FeedCheck>& reply, const std::string& feed) override;
  void previewFile(idl::FilePreview& reply, const std::string& feed, const std::string& path,
                   int32_t max) override;
  void planSync(idl::SyncPlan& reply, const idl::StartSyncRequest& request,
                int64_t row_count_max) override;
  void listExports(std::vector<idl::ExportInfo>& reply) override;
  void revertRun(std::string& reply, const std::string& run) override;
  void planRevert(idl::Run& reply, const std::string& run) override;
  void runExport(idl::ExportResult& reply, const std::string& name) override;
  void verify(idl::VerifyReport& reply, const std::vector<std::string>& heads,
              bool log_only) override;
  void eraseContact(idl::ErasureReceipt& reply, const idl::PartyRef& contact,
                    const std::string& reason) override;
  int64_t rebuild() override;
  void createBackup(idl::BackupInfo& reply) override;
  void listBackups(std::vector<idl::BackupInfo>& reply) override;
  void verifyBackup(idl::BackupInfo& reply, int32_t id) override;
  void getKeyStatus(idl::KeyStatus& reply) override;
  void rotateKey(idl::KeyStatus& reply, const std::string& new_key_file) override;
  void copyKeys(std::string& reply) override;

 private:
  // The only way to the services: throws Unavailable where the request is to be refused, so that no
  // method can forget to.
  const Services& Ready() const;
  std::unique_ptr<ledger::Reader> Read() const;

  const Services& services_;
  const Caller caller_;
  Request request_;          // Without its frame.
  std::string client_name_;  // As the client introduced itself.
};

}  // namespace referrald::rpc
