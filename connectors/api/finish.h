#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "connectors/api/connector.h"

// Steps that the `finish` of several connectors takes.
namespace referrald::connectors {

// The file's title of the column that the description calls `name`; "" where it has none.
std::string TitleOf(const ObjectDescription& object, const Cells& cells, std::string_view name);

// Gives an empty `field` the first text that one of the columns `names` has: of two addresses the
// private one counts where there is no other. As the column's type is read, with its errors.
struct Filling {
  std::string_view field;
  ColumnType type = ColumnType::kText;
  std::span<const std::string_view> names;
};
std::optional<RowError> FillEmpty(const Filling& filling, const Cells& cells, Draft& draft);

// Puts `text`, read as `type`, in place of what the field says; an empty text leaves it empty.
struct NewValue {
  std::string_view field;
  ColumnType type = ColumnType::kText;
  std::string_view text;
  std::string_view column;  // For an error.
};
std::optional<RowError> ReplaceField(const NewValue& value, Draft& draft);

// Gives a row without an id the one that DerivedId (ids.h) makes. R-NOBODY (RFD2124): there is
// nothing to make it of.
std::optional<RowError> NameByContent(Draft& draft);

// Web addresses become their hosts.
void FinishDomain(Draft& draft);

// How the stages that every installation of a system begins with end a deal.
struct StageNames {
  std::span<const std::string_view> won, lost, open;
};
// Sets the outcome that the draft's stage says, compared without case. A stage of somebody's own
// says nothing: [feed.stages] does.
void FinishOutcome(const StageNames& names, Draft& draft);
void SetOutcome(std::string_view outcome, Draft& draft);  // "won", "lost", "open".

// R-ID-INVALID and the like with the column's title.
std::optional<RowError> InColumn(std::optional<RowError> error, std::string column);

}  // namespace referrald::connectors
