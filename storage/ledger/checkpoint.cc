#include "storage/ledger/checkpoint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "storage/base/base64.h"
#include "storage/base/limits.h"

namespace referrald::ledger {
namespace {

constexpr std::string_view kOrigin = "referrald/";
constexpr std::string_view kChain = "chain ";
constexpr std::string_view kTime = "time ";
constexpr size_t kLines = 5;

std::string Origin(const Hash128& database) {
  return std::string(kOrigin) + ToHex(AsBytes(database));
}

std::string EncodeBody(const Checkpoint& checkpoint) {
  std::string body = Origin(checkpoint.database) + '\n';
  body += std::to_string(checkpoint.tree.size) + '\n';
  body += ToBase64(AsBytes(checkpoint.tree.root)) + '\n';
  body.append(kChain).append(ToHex(AsBytes(checkpoint.chain))) += '\n';
  body.append(kTime).append(FormatTimestamp(checkpoint.at)) += '\n';
  return body;
}

// The first lines of `body`, without their newlines, where there are as many as there should be.
std::optional<std::array<std::string_view, kLines>> Lines(std::string_view body) {
  std::array<std::string_view, kLines> lines;
  for (std::string_view& line : lines) {
    const size_t end = body.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    line = body.substr(0, end);
    body.remove_prefix(end + 1);
  }
  return lines;
}

// `line` behind `start`; nothing where it begins otherwise.
std::string_view Behind(std::string_view start, std::string_view line) {
  return line.starts_with(start) ? line.substr(start.size()) : std::string_view();
}

template <size_t kSize>
bool Take(const std::optional<std::string>& bytes, std::array<uint8_t, kSize>& into) {
  if (!bytes || bytes->size() != kSize) return false;
  std::ranges::copy(*bytes, into.begin());
  return true;
}

std::optional<Checkpoint> ParseBody(std::string_view body) {
  const auto lines = Lines(body);
  if (!lines) return std::nullopt;
  Checkpoint checkpoint;
  const auto& [origin, size, root, chain, time] = *lines;
  std::from_chars(size.data(), size.data() + size.size(), checkpoint.tree.size);
  const Result<Timestamp> at = ParseTimestamp(Behind(kTime, time));
  if (!at || checkpoint.tree.size > limits::kSequenceMax ||
      !Take(FromHex(Behind(kOrigin, origin)), checkpoint.database) ||
      !Take(FromBase64(root), checkpoint.tree.root) ||
      !Take(FromHex(Behind(kChain, chain)), checkpoint.chain)) {
    return std::nullopt;
  }
  checkpoint.at = *at;
  // One value, one text: also refuses other forms of numbers and times.
  if (EncodeBody(checkpoint) != body) return std::nullopt;
  return checkpoint;
}

}  // namespace

NoteKey LogKey(const Hash128& database, const vault::PublicKey& key) {
  return {.name = Origin(database), .key = key};
}

std::string EncodeCheckpoint(const Checkpoint& checkpoint, const vault::PublicKey& key,
                             const Signer& sign) {
  return SignNote(EncodeBody(checkpoint), LogKey(checkpoint.database, key), sign);
}

Result<Checkpoint> OpenCheckpoint(std::string_view text, const NoteKey& key) {
  const Result<std::string> body = OpenNote(text, key);
  if (!body) return body.error().Prefixed("checkpoint");
  const std::optional<Checkpoint> checkpoint = ParseBody(*body);
  if (!checkpoint) {
    return Status::Corruption("checkpoint: signed, but not in the form of a checkpoint",
                              kNoteRefused);
  }
  if (Origin(checkpoint->database) != key.name) {
    return Status::Corruption("checkpoint: of another database than the key's", kNoteRefused);
  }
  return *checkpoint;
}

}  // namespace referrald::ledger
