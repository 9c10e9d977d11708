#include <csv.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

// usage: bench_csv_libcsv FILE
// The same as bench_csv with libcsv. The header is not counted.
namespace {

struct Sums {
  uint64_t rows = 0;
  uint64_t cell_bytes = 0;
};

void OnCell(void*, size_t bytes, void* sums) { static_cast<Sums*>(sums)->cell_bytes += bytes; }

void OnRow(int, void* data) {
  auto* sums = static_cast<Sums*>(data);
  if (sums->rows++ == 0) sums->cell_bytes = 0;
}

bool ReadAll(const char* path, Sums& sums) {
  std::FILE* file = std::fopen(path, "rb");
  csv_parser parser;
  if (file == nullptr || csv_init(&parser, 0) != 0) return false;
  std::vector<char> buffer(256 * 1024);
  size_t got = 0;
  while ((got = std::fread(buffer.data(), 1, buffer.size(), file)) > 0) {
    if (csv_parse(&parser, buffer.data(), got, OnCell, OnRow, &sums) != got) return false;
  }
  csv_fini(&parser, OnCell, OnRow, &sums);
  csv_free(&parser);
  std::fclose(file);
  --sums.rows;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  Sums sums;
  const auto start = std::chrono::steady_clock::now();
  const bool read = ReadAll(argv[1], sums);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (!read) return 1;
  std::printf("{\"rows\": %llu, \"cell_bytes\": %llu, \"seconds\": %.6f}\n",
              static_cast<unsigned long long>(sums.rows),
              static_cast<unsigned long long>(sums.cell_bytes), taken.count());
  return 0;
}
