#pragma once

#include <memory>
#include <utility>

#include "storage/ledger/ledger.h"

namespace referrald::sync {

// Reads that go on with a new view where the engine gives up an old one: for work that takes longer
// than a view lives, and may see a thing as it was or as it is. One thread; the ledger must outlive
// it.
class FreshReader {
 public:
  explicit FreshReader(const ledger::Ledger& ledger) : ledger_(ledger) {}

  // Takes a view of now.
  Status Renew() {
    Result<std::unique_ptr<ledger::Reader>> reader = ledger_.Read();
    if (!reader) return reader.error();
    reader_ = std::move(*reader);
    return Status::Ok();
  }

  // What `read` answers; asked once more on a new view where the old one is too old. After Renew.
  template <typename Read>
  auto Ask(const Read& read) -> decltype(read(std::declval<const ledger::Reader&>())) {
    auto answer = read(*reader_);
    if (answer || answer.error().code() != Code::kAborted) return answer;
    if (Status renewed = Renew(); !renewed.ok()) return renewed;
    return read(*reader_);
  }

  // The view as it is; after Renew.
  const ledger::Reader& reader() const { return *reader_; }

 private:
  const ledger::Ledger& ledger_;
  std::unique_ptr<ledger::Reader> reader_;
};

}  // namespace referrald::sync
