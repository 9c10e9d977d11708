#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/format/byte_source.h"
#include "connectors/format/gzip.h"
#include "storage/base/status.h"

namespace referrald::format {

// One file in an archive.
struct ZipMember {
  uint64_t index = 0;
  std::string name;  // As it stands: "export/Contact.csv". Never used as a path.
  uint64_t bytes = 0;
  uint64_t packed_bytes = 0;
};

// A zip archive on disk, looked into and never unpacked as it stands. Names that would lead out of
// a folder, symbolic links, encrypted members, names that stand twice and sizes that cannot be are
// refused when it is opened, all of it: whoever made such a thing made the rest of it, too.
// One thread at a time.
class ZipArchive {
 public:
  // InvalidArgument: RFD2001 E-CONTAINER no whole archive (its directory at the end is missing or
  // damaged), or one with a member as above, named; RFD2008 E-LIMIT too many members, or ones that
  // grow too far. NotFound and the like as the file system says.
  static Result<std::unique_ptr<ZipArchive>> Open(const std::string& path,
                                                  const InflateLimits& limits = {});
  virtual ~ZipArchive() = default;

  // Without folders, in the order of the archive.
  virtual const std::vector<ZipMember>& members() const = 0;
  // The one that is called so; case counts.
  const ZipMember* Find(std::string_view name) const;

  // The member's bytes; the archive must outlive them. Read answers InvalidArgument: RFD2001
  // damaged, or other than its size says; RFD2008 grows too far.
  virtual Result<std::unique_ptr<ByteSource>> OpenMember(const ZipMember& member) = 0;
};

}  // namespace referrald::format
