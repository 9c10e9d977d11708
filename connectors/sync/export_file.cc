#include "connectors/sync/export_file.h"

#include <fmt/core.h>

#include <charconv>
#include <filesystem>
#include <utility>

namespace referrald::sync {
namespace {

constexpr std::string_view kStateHeader = "referrald export state 1\n";
constexpr mode_t kMode = 0640;
constexpr size_t kIdDigits = 32;

Result<std::string> ReadWhole(const std::string& path) {
  const Result<Descriptor> file = OpenRegular(path);
  if (!file) return file.error().code() == Code::kNotFound ? Result<std::string>("") : file.error();
  std::string text;
  std::string buffer(64 * 1024, '\0');
  for (;;) {
    const Result<size_t> size = ReadSome(*file, buffer.data(), buffer.size());
    if (!size) return size.error();
    if (*size == 0) return text;
    text.append(buffer, 0, *size);
  }
}

std::string IdHash(std::string_view external_id) {
  return Sha256Of(external_id).substr(0, kIdDigits);
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

Result<ExportState> ExportState::Read(const std::string& path) {
  Result<std::string> text = ReadWhole(path);
  if (!text) return text.error();
  ExportState state;
  std::string_view rest = *text;
  if (!rest.starts_with(kStateHeader)) return state;
  rest.remove_prefix(kStateHeader.size());
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    uint64_t said = 0;
    const bool whole = line.size() > kIdDigits + 1 && line[kIdDigits] == ' ';
    const char* const end = line.data() + line.size();
    const bool read =
        whole && std::from_chars(line.data() + kIdDigits + 1, end, said, 16).ptr == end;
    if (!read) return ExportState();
    state.lines_.emplace(line.substr(0, kIdDigits), said);
  }
  return state;
}

Status ExportState::Write(const std::string& path) const {
  Result<AtomicFile> file = AtomicFile::Create(path, kMode);
  if (!file) return file.error();
  if (Status done = file->Append(kStateHeader); !done.ok()) return done;
  for (const auto& [id, said] : lines_) {
    if (Status done = file->Append(fmt::format("{} {:x}\n", id, said)); !done.ok()) return done;
  }
  return file->Commit();
}

bool ExportState::Note(std::string_view external_id, std::string_view line) {
  const uint64_t said = Checksum64(line);
  std::string id = IdHash(external_id);
  bool is_new = true;
  if (before_ != nullptr) {
    const auto known = before_->find(id);
    is_new = known == before_->end() || known->second != said;
  }
  lines_[std::move(id)] = said;
  return is_new;
}

Result<ExportFile> ExportFile::Create(const ExportForm& form) {
  auto writer = format::CsvWriter::Make({.line_end = form.line_end,
                                         .byte_order_mark = form.byte_order_mark,
                                         .neutralise_formulas = form.for_people});
  if (!writer) return writer.error();
  Result<AtomicFile> file = AtomicFile::Create(form.path, kMode);
  if (!file) return file.error();
  ExportFile output(form.path, std::move(*writer), std::move(*file));
  std::string preamble;
  output.writer_->AppendPreamble(preamble);
  if (Status written = output.Append(preamble); !written.ok()) return written;
  return output;
}

std::string_view ExportFile::Line(std::span<const std::string_view> cells) {
  line_.clear();
  writer_->AppendRow(cells, line_);
  return line_;
}

Status ExportFile::Append(std::string_view line) {
  digest_.Add(line);
  return file_.Append(line);
}

Status ExportFile::Commit(const ExportNote& note, uint64_t rows) {
  std::error_code ignored;
  std::filesystem::remove(path_ + ".done", ignored);
  if (Status done = file_.Commit(); !done.ok()) return done;
  const std::string sum = digest_.Finish();
  const std::string name = BaseName(path_);
  Status done = WriteFileAtomically(path_ + ".sha256", sum + "  " + name + "\n", kMode);
  if (!done.ok()) return done;
  done = WriteFileAtomically(
      path_ + ".manifest.json",
      fmt::format("{{\"file\": {}, \"sha256\": \"{}\", \"rows\": {}, \"through\": \"{}\", "
                  "\"changes_only\": {}}}\n",
                  Quoted(name), sum, rows, ToText(note.through), note.changes_only),
      kMode);
  return done.ok() ? WriteFileAtomically(path_ + ".done", "", kMode) : done;
}

}  // namespace referrald::sync
