#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "connectors/api/connector.h"

namespace referrald::connectors {

using Outcome = std::variant<Draft, RowError>;

// One row through a connector, the kind of file recognised by its titles; the test fails where that
// is not possible.
inline Outcome MapOne(const ConnectorInfo& connector, const std::vector<std::string>& titles,
                      const std::vector<std::string_view>& cells, const FeedMapping& feed = {}) {
  const Header header(titles);
  const ObjectDescription* object = Recognise(connector, header);
  const Result<Mapping> mapping = Mapping::Bind(connector, object, feed, header);
  EXPECT_TRUE(mapping) << StatusOf(mapping).message();
  if (!mapping) return RowError{.number = -1, .code = "", .column = "", .reason = ""};
  return mapping->Map(cells);
}

inline Draft DraftOf(const Outcome& outcome) {
  const auto* error = std::get_if<RowError>(&outcome);
  EXPECT_EQ(error, nullptr) << error->code << " " << error->column << ": " << error->reason;
  return error == nullptr ? std::get<Draft>(outcome) : Draft{};
}

// "RFD2121 R-ID-INVALID Id", or "" for a draft.
inline std::string ErrorOf(const Outcome& outcome) {
  const auto* error = std::get_if<RowError>(&outcome);
  if (error == nullptr) return "";
  return "RFD" + std::to_string(error->number) + " " + error->code + " " + error->column;
}

inline std::string FieldOf(const Draft& draft, std::string_view name) {
  return std::string(referral::Find(draft.fields, name));
}

// "role=system:object:id", in order.
inline std::vector<std::string> LinksOf(const Draft& draft) {
  std::vector<std::string> links;
  for (const referral::Association& link : draft.associations) {
    links.push_back(link.role + "=" + link.ref.system + ":" + link.ref.object + ":" + link.ref.id);
  }
  return links;
}

}  // namespace referrald::connectors
