#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "connectors/format/byte_source.h"
#include "connectors/format/csv_reader.h"
#include "storage/base/status.h"
#include "storage/base/text.h"
#include "storage/referral/matching/link.h"
#include "tests/support/linkage_figures.h"
#include "tests/support/linkage_set.h"

// usage: bench_linkage FILE [OTHER_FILE] | bench_linkage --generated SEED
// Links the rows of one FEBRL file, or those of one with those of another, and prints the figures
// as JSON. The truth is in the ids ("rec-12-org", "rec-12-dup-0"); numbers that a state gives its
// people (soc_sec_id) are not read.
namespace referrald::bench {
namespace {

using referral::matching::Record;
using support::LinkageSet;

constexpr std::string_view kTitles[] = {"rec_id",    "given_name",   "surname", "street_number",
                                        "address_1", "address_2",    "suburb",  "postcode",
                                        "state",     "date_of_birth"};
constexpr size_t kTitleCount = std::size(kTitles);
using Columns = std::array<size_t, kTitleCount>;

Result<Columns> FindColumns(const std::vector<std::string>& header) {
  Columns columns{};
  for (size_t title = 0; title < kTitleCount; ++title) {
    size_t at = 0;
    while (at < header.size() && Trim(header[at]) != kTitles[title]) ++at;
    if (at == header.size()) {
      return Status::InvalidArgument("no column " + std::string(kTitles[title]));
    }
    columns[title] = at;
  }
  return columns;
}

// "rec-12-dup-0" -> 12.
Result<uint32_t> PersonOf(std::string_view id) {
  unsigned person = 0;
  if (std::sscanf(std::string(Trim(id)).c_str(), "rec-%u-", &person) != 1) {
    return Status::InvalidArgument("an id is not of the form rec-N-...");
  }
  return static_cast<uint32_t>(person);
}

// The truth stays outside: the id is the place in the files.
Record MakeRow(const format::TableRow& row, const Columns& columns, uint32_t system) {
  const auto cell = [&](size_t title) { return Trim(row.cells[columns[title]]); };
  const std::string id = std::to_string(system) + ":" + std::to_string(row.record);
  Record record = referral::matching::MakeRecord(id, {.given_name = cell(1),
                                                      .surname = cell(2),
                                                      .birth_date = cell(9),
                                                      .house_number = cell(3),
                                                      .street = cell(4),
                                                      .locality = cell(5),
                                                      .city = cell(6),
                                                      .postcode = cell(7),
                                                      .state = cell(8)});
  record.system = system;
  return record;
}

Status ReadRows(const char* path, uint32_t system, LinkageSet& set) {
  Result<std::unique_ptr<format::ByteSource>> file = format::OpenFile(path);
  if (!file) return file.error();
  Result<std::unique_ptr<format::TableReader>> reader = format::OpenCsv(**file, {});
  if (!reader) return reader.error();
  const Result<Columns> columns = FindColumns((*reader)->header());
  if (!columns) return columns.error();
  while (true) {
    const Result<format::TableItem> item = (*reader)->Next();
    if (!item) return item.error();
    if (std::holds_alternative<format::TableEnd>(*item)) return {};
    const auto* row = std::get_if<format::TableRow>(&*item);
    if (row == nullptr) return Status::InvalidArgument("the file has a bad row");
    const Result<uint32_t> person = PersonOf(row->cells[(*columns)[0]]);
    if (!person) return person.error();
    set.records.push_back(MakeRow(*row, *columns, system));
    set.people.push_back(*person);
  }
}

// Two files are two systems: their rows are linked across, never within.
Result<LinkageSet> ReadFiles(int count, char** paths) {
  LinkageSet set;
  for (int at = 0; at < count; ++at) {
    const uint32_t system = count == 1 ? 0 : static_cast<uint32_t>(at) + 1;
    const Status status = ReadRows(paths[at], system, set);
    if (!status.ok()) return status;
  }
  return set;
}

void Print(const LinkageSet& set) {
  const auto start = std::chrono::steady_clock::now();
  const referral::matching::Linkage linkage = referral::matching::Link(set.records);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  const support::LinkageFigures figures = support::Measure(set.records, set.people, linkage);
  std::printf(
      "{\"rows\": %llu, \"true_pairs\": %llu, \"precision\": %.6f, \"recall\": %.6f, "
      "\"recall_with_review\": %.6f, \"review_share\": %.6f, \"compared\": %llu, "
      "\"seconds\": %.4f}\n",
      static_cast<unsigned long long>(figures.rows),
      static_cast<unsigned long long>(figures.true_pairs), figures.Precision(), figures.Recall(),
      figures.RecallWithReview(), figures.ReviewShare(),
      static_cast<unsigned long long>(linkage.pairs_compared), taken.count());
}

Result<LinkageSet> MakeSet(int argc, char** argv) {
  if (std::string_view(argv[1]) != "--generated") return ReadFiles(argc - 1, argv + 1);
  return support::MakeLinkageSet({.person_count = 5000},
                                 argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
}

}  // namespace
}  // namespace referrald::bench

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) return 2;
  const auto set = referrald::bench::MakeSet(argc, argv);
  if (!set) {
    std::fprintf(stderr, "%s\n", set.error().ToString().c_str());
    return 1;
  }
  referrald::bench::Print(*set);
  return 0;
}
