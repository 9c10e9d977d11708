#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <variant>

#include "connectors/format/byte_source.h"
#include "connectors/format/csv_reader.h"
#include "storage/base/status.h"

// usage: bench_csv FILE
// Reads every row once and prints {"rows", "cell_bytes", "seconds"}.
namespace referrald::bench {
namespace {

struct Sums {
  uint64_t rows = 0;
  uint64_t cell_bytes = 0;
};

Result<Sums> ReadAll(const char* path) {
  Result<std::unique_ptr<format::ByteSource>> file = format::OpenFile(path);
  if (!file) return file.error();
  Result<std::unique_ptr<format::TableReader>> reader = format::OpenCsv(**file, {});
  if (!reader) return reader.error();
  Sums sums;
  while (true) {
    const Result<format::TableItem> item = (*reader)->Next();
    if (!item) return item.error();
    if (std::holds_alternative<format::TableEnd>(*item)) return sums;
    const auto* row = std::get_if<format::TableRow>(&*item);
    if (row == nullptr) return Status::InvalidArgument("the file has a bad row");
    ++sums.rows;
    // Touches every cell, as an import does and the peers must.
    for (const std::string_view cell : row->cells) sums.cell_bytes += cell.size();
  }
}

}  // namespace
}  // namespace referrald::bench

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto start = std::chrono::steady_clock::now();
  const auto sums = referrald::bench::ReadAll(argv[1]);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (!sums) {
    std::fprintf(stderr, "%s\n", sums.error().ToString().c_str());
    return 1;
  }
  std::printf("{\"rows\": %llu, \"cell_bytes\": %llu, \"seconds\": %.6f}\n",
              static_cast<unsigned long long>(sums->rows),
              static_cast<unsigned long long>(sums->cell_bytes), taken.count());
  return 0;
}
