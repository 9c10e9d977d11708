#include "storage/ledger/proof_file.h"

#include <string_view>

namespace referrald::ledger {
namespace {

// Writes JSON as Python's json.dumps(..., indent=1, ensure_ascii=False) does: the reader accepts
// no other form.
class Json {
 public:
  explicit Json(std::string_view kind) {
    Number("referrald_proof", 1);
    Text("kind", kind);
  }

  void Number(std::string_view name, uint64_t value) { Name(name).append(std::to_string(value)); }
  void Text(std::string_view name, std::string_view value) {
    Name(name);
    Quoted(value);
  }
  void Path(std::string_view name, const MerklePath& path) {
    Name(name);
    for (const Hash256& hash : path) {
      out_.append(&hash == path.data() ? "[\n  \"" : ",\n  \"");
      out_.append(ToHex(AsBytes(hash))).append("\"");
    }
    out_.append(path.empty() ? "[]" : "\n ]");
  }
  std::string Take() && { return std::move(out_.append("\n}\n")); }

 private:
  std::string& Name(std::string_view name) {
    out_.append(out_.empty() ? "{\n " : ",\n ");
    Quoted(name);
    return out_.append(": ");
  }
  // Of what stands in names, hexadecimal and checkpoints, only a newline needs another form.
  void Quoted(std::string_view text) {
    out_.push_back('"');
    for (const char c : text) {
      REFERRALD_CHECK(c != '"' && c != '\\' && (c == '\n' || static_cast<uint8_t>(c) >= ' '));
      if (c == '\n') out_.append("\\n");
      if (c != '\n') out_.push_back(c);
    }
    out_.push_back('"');
  }

  std::string out_;
};

}  // namespace

std::string EncodeProofFile(const InclusionProof& proof) {
  Json json("inclusion");
  json.Text("checkpoint", proof.checkpoint);
  json.Number("index", proof.index);
  json.Text("record", ToHex(proof.record));
  json.Path("path", proof.path);
  return std::move(json).Take();
}

std::string EncodeProofFile(const ConsistencyProof& proof) {
  Json json("consistency");
  json.Text("old", proof.old_checkpoint);
  json.Text("new", proof.new_checkpoint);
  json.Path("path", proof.path);
  return std::move(json).Take();
}

}  // namespace referrald::ledger
