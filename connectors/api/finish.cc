#include "connectors/api/finish.h"

#include <algorithm>
#include <utility>

#include "connectors/api/ids.h"
#include "connectors/api/values.h"
#include "storage/base/text.h"

namespace referrald::connectors {

namespace field = referral::field;

namespace {

// Fields are looked up in the order that Normalised gives them.
void Add(std::string_view name, std::string value, Draft& draft) {
  draft.fields.push_back({.name = std::string(name), .value = std::move(value)});
  draft.fields = referral::Normalised(std::move(draft.fields));
}

}  // namespace

std::string TitleOf(const ObjectDescription& object, const Cells& cells, std::string_view name) {
  for (const ColumnRule& rule : object.columns) {
    if (rule.field != name) continue;
    if (const auto column = cells.header().FindAny(rule.names)) {
      return std::string(Trim(cells.header().titles()[*column]));
    }
  }
  return {};
}

std::optional<RowError> FillEmpty(const Filling& filling, const Cells& cells, Draft& draft) {
  if (!Find(draft.fields, filling.field).empty()) return std::nullopt;
  for (const std::string_view name : filling.names) {
    const std::string_view text = cells[name];
    if (text.empty()) continue;
    std::variant<std::string, RowError> read = ReadValue(filling.type, text, cells.dates());
    if (auto* error = std::get_if<RowError>(&read)) {
      error->column = name;
      return std::move(*error);
    }
    Add(filling.field, std::move(std::get<std::string>(read)), draft);
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<RowError> ReplaceField(const NewValue& value, Draft& draft) {
  std::erase_if(draft.fields, [&value](const auto& one) { return one.name == value.field; });
  if (value.text.empty()) return std::nullopt;
  std::variant<std::string, RowError> read = ReadValue(value.type, value.text);
  if (auto* error = std::get_if<RowError>(&read)) {
    error->column = value.column;
    return std::move(*error);
  }
  Add(value.field, std::move(std::get<std::string>(read)), draft);
  return std::nullopt;
}

std::optional<RowError> NameByContent(Draft& draft) {
  std::optional<std::string> id = DerivedId(draft.fields);
  if (!id) {
    return RowError{.number = 2124,
                    .code = "R-NOBODY",
                    .column = "",
                    .reason =
                        "the row has neither address, name, organisation nor phone number by "
                        "which it could be known again"};
  }
  draft.ref.id = *std::move(id);
  return std::nullopt;
}

void FinishDomain(Draft& draft) {
  for (referral::Field& entry : draft.fields) {
    if (entry.name == field::kDomain) entry.value = DomainOf(entry.value);
  }
}

void SetOutcome(std::string_view outcome, Draft& draft) {
  Add(field::kOutcome, std::string(outcome), draft);
}

void FinishOutcome(const StageNames& names, Draft& draft) {
  const std::string_view stage = Trim(Find(draft.fields, field::kStage));
  const auto holds = [stage](std::span<const std::string_view> stages) {
    return std::ranges::any_of(
        stages, [stage](std::string_view one) { return EqualsIgnoreCase(one, stage); });
  };
  if (holds(names.won)) {
    SetOutcome("won", draft);
  } else if (holds(names.lost)) {
    SetOutcome("lost", draft);
  } else if (holds(names.open)) {
    SetOutcome("open", draft);
  }
}

std::optional<RowError> InColumn(std::optional<RowError> error, std::string column) {
  if (error) error->column = std::move(column);
  return error;
}

}  // namespace referrald::connectors
