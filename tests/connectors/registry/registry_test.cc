#include "connectors/registry/registry.h"

#include <gtest/gtest.h>

#include <set>

#include "connectors/api/values.h"

namespace referrald::registry {
namespace {

using connectors::ConnectorInfo;
using connectors::Header;

TEST(Registry, FindsEachConnectorByItsName) {
  size_t index = 0;
  for (const ConnectorInfo* connector : Connectors()) {
    EXPECT_EQ(FindConnector(connector->name), connector);
    EXPECT_EQ(ConnectorNames()[index++], connector->name);
  }
  EXPECT_EQ(index, ConnectorNames().size());
  EXPECT_EQ(FindConnector("nobody"), nullptr);
}

TEST(Registry, RecognisesFilesOfEverySystem) {
  const auto contacts = RecogniseAny(Header({"Record ID", "First Name", "Email"}));
  ASSERT_TRUE(contacts);
  EXPECT_EQ(contacts->connector->name, "hubspot");
  EXPECT_EQ(contacts->object->title, "HubSpot contacts");
  const auto leads = RecogniseAny(Header({"Id", "LastName", "Company"}));
  ASSERT_TRUE(leads);
  EXPECT_EQ(leads->object->title, "Salesforce leads");
  EXPECT_FALSE(RecogniseAny(Header({"Name", "Phone"})));
}

// The descriptions are data; data has typing errors too.
TEST(Registry, DescriptionsHoldTogether) {
  std::set<std::string_view> exports = {
      "external_id", "temperature",    "kind",          "basis",       "state",
      "claimed",     "referred_by_id", "chain_depth",   "chain_reach", "event",
      "coverage",    "next_ask",       "next_ask_rule", "next_touch"};
  for (const ConnectorInfo* connector : Connectors()) {
    for (const auto& object : connector->objects) {
      EXPECT_FALSE(object.signature.empty()) << object.title;
      for (const auto& rule : object.columns) {
        EXPECT_FALSE(rule.names.empty()) << object.title;
        EXPECT_TRUE(rule.field.empty() || connectors::IsKnownField(rule.field)) << rule.field;
      }
    }
    for (const auto& description : connector->exports) {
      EXPECT_EQ(description.columns[0].value, "external_id");
      for (const auto& column : description.columns) {
        EXPECT_TRUE(exports.contains(column.value)) << column.value;
      }
    }
  }
}

}  // namespace
}  // namespace referrald::registry
