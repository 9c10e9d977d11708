#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "connectors/api/dates.h"
#include "storage/base/status.h"
#include "storage/base/time.h"
#include "storage/referral/entity.h"

// What a connector is: description as data, and two small functions where data is not enough.
namespace referrald::connectors {

// What a row of a file says, in our words; the file's own words stay in the file.
struct Draft {
  referral::EntityKind kind = referral::EntityKind::kUnknown;
  referral::ExternalRef ref;
  referral::Fields fields;  // Normalised.
  std::vector<referral::Association> associations;
  Timestamp changed_at{};  // When the system says it changed; zero: it does not say.
  bool deleted = false;
  std::optional<referral::ExternalRef> merged_into;
  // Fields and roles of which the row says nothing, not even that they are empty (ledger::Row).
  std::shared_ptr<const std::vector<std::string>> silent{};
};

// Why a row cannot become a Draft. `code` as in FORMATS 6.2: "R-ID-INVALID". No values inside.
struct RowError {
  int number = 0;  // RFD21xx.
  std::string code;
  std::string column;
  std::string reason;
};

// What a column can mean besides a field of the person. A name with a colon is a link to another
// row, role and object: "organisation:Account", "referred_by:Contact".
namespace role {
inline constexpr std::string_view kExternalId = "external_id";
inline constexpr std::string_view kChangedAt = "changed_at";
inline constexpr std::string_view kDeleted = "deleted";         // A boolean.
inline constexpr std::string_view kMergedInto = "merged_into";  // The survivor's id.
}  // namespace role

// What a column's text is, and so how it is read. Malformed: R-TYPE with the number given.
enum class ColumnType : uint8_t {
  kText,
  kEmail,     // Folded; RFD2110.
  kPhone,     // As given.
  kDateTime,  // See dates.h; without a zone: UTC. RFD2111.
  kDate,      // Date only: never through a zone. RFD2112.
  kNumber,    // As given, but it holds a digit. RFD2113.
  kBoolean,   // "true" or "false". RFD2114.
  kIdList,    // Of a link: several ids, joined with ';'.
};

// One column of a system's file.
struct ColumnRule {
  std::string_view field;  // field::k..., role::k..., a link, or "": only `finish` reads it.
  std::span<const std::string_view> names;  // Its titles, API name first; compared without case.
  ColumnType type = ColumnType::kText;
};

// One kind of file of a system.
struct ObjectDescription {
  std::string_view object;  // "Contact": as in ExternalRef::object.
  referral::EntityKind kind = referral::EntityKind::kPerson;
  std::string_view title;  // "Salesforce contacts".
  std::span<const ColumnRule> columns;
  // Columns, by any of their rule's names. All of `signature`: it is this kind of file; any of
  // `excludes`: it is not; without all of `required` the file cannot be used.
  std::span<const std::string_view> signature;
  std::span<const std::string_view> excludes;
  std::span<const std::string_view> required;
  // All of these: it is a file of this kind, too, though perhaps without what is required, such as
  // files made for inserting. For telling people what a file is; empty: none.
  std::span<const std::string_view> marks = {};
};

// How export files for the system's own importer are written.
struct ExportColumn {
  std::string_view title;
  std::string_view value;  // See connectors/sync/export.h: "external_id", "temperature", ...
};
struct ExportDescription {
  std::string_view object;  // Of the rows that are written.
  std::span<const ExportColumn> columns;
  bool byte_order_mark = false;
  std::string_view line_end = "\r\n";
};

enum class Maturity : uint8_t { kStable, kBeta };

// What the admin configured for one feed; only generic_csv needs a mapping.
struct FeedMapping {
  std::string object;                                         // "Contact"; generic_csv only.
  referral::EntityKind kind = referral::EntityKind::kPerson;  // generic_csv only.
  // Field name, role or link -> column title, or a template "{First Name} {Last Name}". Overrides
  // the connector's.
  std::vector<std::pair<std::string, std::string>> columns;
  std::string system;                    // ExternalRef::system; default: the connector's name.
  DateOrder dates = DateOrder::kUnsaid;  // Of dates of numbers alone.
};

// A file's header row: where each column is. Titles are compared without case, white space at the
// ends, NBSP and a byte order mark; where none is so called, without punctuation and spaces, too,
// if exactly one column is: "account_id" is found as "AccountId".
class Header {
 public:
  Header() = default;
  explicit Header(std::vector<std::string> titles);

  const std::vector<std::string>& titles() const { return titles_; }
  std::optional<size_t> Find(std::string_view title) const;
  // The first of `names` that the file has.
  std::optional<size_t> FindAny(std::span<const std::string_view> names) const;
  // Titles that stand more than once; the first one counts.
  std::vector<std::string> Duplicates() const;

 private:
  std::vector<std::string> titles_;
  std::optional<size_t> FindLoosely(std::string_view title) const;

  std::vector<std::pair<std::string, size_t>> index_;  // Folded, sorted.
  std::vector<std::pair<std::string, size_t>> loose_;  // Letters and digits alone, sorted.
};

// One row, seen through its header. Borrows both.
class Cells {
 public:
  Cells(const Header& header, std::span<const std::string_view> cells,
        DateOrder dates = DateOrder::kUnsaid)
      : header_(header), cells_(cells), dates_(dates) {}

  // The trimmed text under the title; "" where the file has no such column or the row is short.
  std::string_view operator[](std::string_view title) const;
  std::string_view at(size_t column) const;
  // Under the first of `names` that the file has.
  std::string_view Any(std::span<const std::string_view> names) const;
  const Header& header() const { return header_; }
  DateOrder dates() const { return dates_; }

 private:
  const Header& header_;
  std::span<const std::string_view> cells_;
  DateOrder dates_;
};

struct ConnectorInfo {
  std::string_view name;     // "salesforce"; also ExternalRef::system.
  std::string_view title;    // "Salesforce"
  std::string_view summary;  // One line: which files.
  Maturity maturity = Maturity::kStable;
  std::span<const ObjectDescription> objects;  // Empty: by mapping only (generic_csv).
  std::span<const ExportDescription> exports;  // Empty: cannot export.
  // Finishes a draft that the column rules filled: id, deletion, merge, associations. `draft` comes
  // with kind, ref.system, ref.object and fields set. Null: ref.id is the mapped external_id.
  std::optional<RowError> (*finish)(const ObjectDescription& object, const Cells& cells,
                                    Draft& draft) = nullptr;
  // Its exports put an apostrophe before texts that begin with one of these, so that no spreadsheet
  // runs them; taken off again. FORMATS 6.3.
  std::string_view apostrophe_before = {};
  // Its files name no row: `finish` gives each an id of its own (ids.h).
  bool derives_ids = false;
  // What reports print below their rows; for TableReader::SkipFooters.
  std::span<const std::string_view> footers = {};
};

// A connector bound to one file's header: what maps where, and rows into drafts. A value; must not
// outlive the connector's constants (which live for ever).
class Mapping {
 public:
  // InvalidArgument: RFD2010 required columns are missing (named); RFD2011 the mapping names a
  // column that the file does not have; RFD2012 it names a field that there is not.
  static Result<Mapping> Bind(const ConnectorInfo& connector, const ObjectDescription* object,
                              const FeedMapping& mapping, Header header);

  // `cells` is padded to the header; from `cell_count` on the file's row had none.
  std::variant<Draft, RowError> Map(std::span<const std::string_view> cells,
                                    size_t cell_count) const;
  std::variant<Draft, RowError> Map(std::span<const std::string_view> cells) const {
    return Map(cells, cells.size());
  }

  std::string_view object() const { return object_name_; }
  const Header& header() const { return header_; }
  // (column title, field) of the columns that are used, and the titles of the others.
  std::vector<std::pair<std::string, std::string>> Mapped() const;
  std::vector<std::string> Ignored() const;

 private:
  struct Source {  // Where one field's text comes from.
    std::string field;
    std::string column;  // Its title in the file, for errors.
    ColumnType type = ColumnType::kText;
    // Literal text and column indices, alternating: "{First Name} {Last Name}".
    std::vector<std::variant<std::string, size_t>> parts;
  };
  static Result<Source> Configured(const Header& header, const std::string& name,
                                   const std::string& text);
  Status AddConfigured(const FeedMapping& mapping);
  void AddRules();
  void FindSilent(const FeedMapping& mapping);
  bool Speaks(std::string_view name, size_t cell_count) const;
  std::vector<std::string> SilentIn(size_t cell_count) const;
  Status CheckRequired() const;
  std::string_view TextOf(const Source& source, const Cells& cells, std::string& built) const;
  std::optional<RowError> Place(const Source& source, std::string_view text, Draft& draft) const;

  const ConnectorInfo* connector_ = nullptr;
  const ObjectDescription* object_ = nullptr;  // Null: generic_csv.
  referral::EntityKind kind_ = referral::EntityKind::kPerson;
  std::string system_, object_name_;
  DateOrder dates_ = DateOrder::kUnsaid;
  Header header_;
  std::vector<Source> sources_;
  std::shared_ptr<const std::vector<std::string>> silent_;  // In every row; null: of nothing.
};

// The object whose signature the header has, best (longest) first; null where none does.
const ObjectDescription* Recognise(const ConnectorInfo& connector, const Header& header);
// Whether the header has a column by any name of the rule that knows `name`.
bool HasColumn(const ObjectDescription& object, const Header& header, std::string_view name);
// The one whose marks it has; null where none does.
const ObjectDescription* RecogniseByMarks(const ConnectorInfo& connector, const Header& header);

}  // namespace referrald::connectors
