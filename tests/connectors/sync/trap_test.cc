// Files that are made to hurt: each is refused or set aside, in bounded time and memory, and the
// next file is read.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <fstream>
#include <functional>

#include "tests/connectors/format/zip_maker.h"
#include "tests/connectors/sync/sync_fixture.h"

namespace referrald::sync {
namespace {

using ledger::RunRecord;
using ledger::RunStatus;

constexpr size_t kMiB = size_t{1} << 20;
constexpr std::string_view kHeader = "Id,LastName,Email\n";
constexpr std::string_view kGoodRow = "003000000000001AAA,Winter,clara@example.org\n";

std::string Repeated(std::string_view text, size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

// The bytes of an archive or workbook.
std::string Zipped(const format::Members& members) {
  const support::TempDir dir;
  format::WriteZip(dir / "x", members);
  return support::ReadFile(dir / "x");
}

std::string Replaced(std::string bytes, std::string_view from, std::string_view to) {
  for (size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + 1)) {
    bytes.replace(at, from.size(), to);
  }
  return bytes;
}

std::string Book(const std::string& rows, const std::string& strings = "") {
  return Zipped(format::WorkbookOf(rows, strings));
}

std::string BookWithSheet(const std::string& sheet) {
  format::Members members = format::WorkbookOf("");
  members.back().second = sheet;
  return Zipped(members);
}

std::string HeaderOf(size_t columns) {
  std::string header = "Id,LastName";
  for (size_t i = 2; i < columns; ++i) header += ",c";
  return header + "\n";
}

struct Trap {
  std::string name;
  std::function<std::string()> bytes;
};

void PrintTo(const Trap& trap, std::ostream* out) { *out << trap.name; }

const std::string kContact = std::string(kHeader) + std::string(kGoodRow);

using format::Gzip;

const std::vector<Trap> kTraps = {
    {"gzip_of_zeros", [] { return Gzip(std::string(256 * kMiB, '\0')); }},
    {"gzip_of_rows", [] { return Gzip(std::string(kHeader) + Repeated("a,b,c\n", 20 * kMiB)); }},
    {"gzip_in_gzip", [] { return Gzip(Gzip(kContact)); }},
    {"gzip_cut", [] { return Gzip(kContact).substr(0, 30); }},
    {"gzip_with_garbage", [] { return Gzip(kContact) + "garbage"; }},
    {"zip_of_zeros", [] { return Zipped({{"Contact.csv", std::string(256 * kMiB, '0')}}); }},
    {"zip_in_zip", [] { return Zipped({{"inner.zip", Zipped({{"Contact.csv", kContact}})}}); }},
    {"zip_leads_up",
     [] { return Replaced(Zipped({{"nnnnnnnn", kContact}}), "nnnnnnnn", "../../ab"); }},
    {"zip_leads_to_root",
     [] { return Replaced(Zipped({{"nnnnnnnn", kContact}}), "nnnnnnnn", "/etc/abc"); }},
    {"zip_backslashes",
     [] { return Replaced(Zipped({{"nnnnnnnn", kContact}}), "nnnnnnnn", "..\\..\\ab"); }},
    {"zip_drive",
     [] { return Replaced(Zipped({{"nnnnnnnn", kContact}}), "nnnnnnnn", "C:/a.csv"); }},
    {"zip_two_of_a_name",
     [] {
       return Replaced(Zipped({{"Contact.csv", kContact}, {"nnnnnnn.csv", "x"}}), "nnnnnnn.csv",
                       "Contact.csv");
     }},
    {"zip_cut",
     [] {
       const std::string zip = Zipped({{"Contact.csv", kContact}});
       return zip.substr(0, zip.size() - 25);
     }},
    {"zip_empty", [] { return std::string("PK\x05\x06") + std::string(18, '\0'); }},
    {"zip_many_members",
     [] {
       format::Members members;
       for (int i = 0; i < 20'000; ++i) members.emplace_back(std::to_string(i), "");
       return Zipped(members);
     }},
    {"zip_nothing_of_ours", [] { return Zipped({{"readme.txt", "hello"}}); }},
    {"zip_lying_sum",
     [] {
       std::string zip =
           Zipped({{"Contact.csv", std::string(kHeader) + "\x01unlikely text\x02\n"}});
       return Replaced(std::move(zip), "unlikely", "UNLIKELY");
     }},
    {"book_of_entities",
     [] {
       return BookWithSheet(
           "<!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">"
           "<!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]><worksheet><sheetData><row>"
           "<c t=\"str\"><v>&c;</v></c></row></sheetData></worksheet>");
     }},
    {"book_external_entity",
     [] {
       return BookWithSheet(
           "<!DOCTYPE l [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet>"
           "<sheetData><row><c t=\"str\"><v>&a;</v></c></row></sheetData></worksheet>");
     }},
    {"book_endless_tag",
     [] { return BookWithSheet("<worksheet a=\"" + std::string(64 * kMiB, 'x')); }},
    {"book_endless_comment",
     [] { return BookWithSheet("<worksheet><!--" + std::string(64 * kMiB, '-')); }},
    {"book_large_cell",
     [] {
       return Book("<row><c t=\"str\"><v>" + std::string(256 * kMiB, 'x') + "</v></c></row>");
     }},
    {"book_many_columns",
     [] { return Book("<row>" + Repeated("<c><v>1</v></c>", 1'000'000) + "</row>"); }},
    {"book_shared_texts",
     [] {
       return Book("<row/>", Repeated("<si><t>" + std::string(1000, 'x') + "</t></si>", 100'000));
     }},
    {"book_without_sheet", [] { return Zipped({{"[Content_Types].xml", "<T/>"}, {"xl/x", "y"}}); }},
    {"book_damaged", [] { return Book("<row><c></row>"); }},
    {"csv_unterminated_quote",
     [] { return std::string(kHeader) + "1,\"" + Repeated("text,\n", 10 * kMiB); }},
    {"csv_large_cell",
     [] { return std::string(kHeader) + "1," + std::string(256 * kMiB, 'x') + "\n"; }},
    {"csv_many_columns", [] { return HeaderOf(1'000'000); }},
    {"csv_of_nul", [] { return std::string(kHeader) + std::string(16 * kMiB, '\0'); }},
    {"csv_utf32_with_another_mark", [] { return std::string("\xfe\xff\0\0\0I\0\0\0d", 10); }},
    {"vcard_endless_line", [] { return "BEGIN:VCARD\nNOTE:" + std::string(64 * kMiB, 'x'); }},
    {"pdf", [] { return std::string("%PDF-1.7\n"); }},
    {"web_page", [] { return std::string("<!DOCTYPE html><html>Log in</html>"); }},
};

class TrapTest : public SyncTest, public ::testing::WithParamInterface<Trap> {
 protected:
  TrapTest() {
    feeds_ = {SystemFeed("salesforce")};
    Up();
  }
  static double CpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  }
  // Peak of this process since the last call, in KiB; /proc forgets it when told to.
  static void ForgetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }
  static size_t KiB(std::string_view name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with(name)) return std::stoul(line.substr(line.find_first_of("0123456789")));
    }
    return 0;
  }
};

TEST_P(TrapTest, IsRefusedAndTheNextFileIsRead) {
  dir_.Write("trap", GetParam().bytes());
  const std::string in_inbox = In("salesforce", "inbox/trap.csv");
  std::filesystem::rename(dir_ / "trap", in_inbox);
  const size_t before = sink_.All("run.finished").size();
  ForgetPeak();
  const size_t resident = KiB("VmRSS");
  const double cpu = CpuSeconds();
  service_->Rescan("salesforce", "trap.csv");
  const RunRecord run = WaitForRun(before + 1);
  RecordProperty("cpu_ms", static_cast<int>((CpuSeconds() - cpu) * 1000));
  RecordProperty("peak_mib", static_cast<int>((KiB("VmHWM") - resident) / 1024));
  EXPECT_TRUE(run.status == RunStatus::kFailed || run.status == RunStatus::kHeld)
      << ledger::RunStatusName(run.status) << " " << run.reason;
  EXPECT_NE(run.number, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // Memory is a promise and no matter of speed. Sanitizers keep what was freed.
  EXPECT_LT(KiB("VmHWM") - resident, 64 * 1024U);
#endif
  EXPECT_EQ(Totals().persons, 0U);
  EXPECT_EQ(Import("salesforce", "next.csv", kContact).counts.created, 1U);
}

INSTANTIATE_TEST_SUITE_P(Files, TrapTest, ::testing::ValuesIn(kTraps),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace referrald::sync
