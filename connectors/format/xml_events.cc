#include "connectors/format/xml_events.h"

#include <expat.h>

#include <string>
#include <utility>

namespace referrald::format {
namespace {

constexpr int kContainer = 2001, kLimit = 2008;
constexpr size_t kUnfinishedBytesMax = 2 << 20;

// "x:row" is "row": a prefix means nothing where there is one namespace.
std::string_view Local(const char* name) {
  const std::string_view whole = name;
  return whole.substr(whole.rfind(':') + 1);
}

}  // namespace

struct XmlReader::State {
  explicit State(XmlHandlers given) : handlers(std::move(given)) {
    XML_SetUserData(parser, this);
    XML_SetElementHandler(
        parser,
        [](void* self, const char* name, const char** attributes) {
          if (const auto& begin = Of(self).handlers.begin) {
            begin(Local(name), XmlAttributes(attributes));
          }
        },
        [](void* self, const char* name) {
          if (const auto& end = Of(self).handlers.end) end(Local(name));
        });
    XML_SetCharacterDataHandler(parser, [](void* self, const char* text, int size) {
      if (const auto& take = Of(self).handlers.text) take({text, static_cast<size_t>(size)});
    });
    XML_SetEntityDeclHandler(parser, [](void* self, const char*, int, const char*, int, const char*,
                                        const char*, const char*, const char*) {
      State& state = Of(self);
      state.has_entities = true;
      XML_StopParser(state.parser, XML_FALSE);
    });
  }
  // Something was read to its end.
  static State& Of(void* self) {
    State& state = *static_cast<State*>(self);
    state.unfinished_bytes = 0;
    return state;
  }
  ~State() { XML_ParserFree(parser); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  XML_Parser parser = XML_ParserCreate(nullptr);
  XmlHandlers handlers;
  bool has_entities = false;
  size_t unfinished_bytes = 0;  // Read since the last thing that had an end.
};

std::string_view XmlAttributes::operator[](std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (name == Local(pair[0])) return pair[1];
  }
  return {};
}

XmlReader::XmlReader(XmlHandlers handlers) : state_(std::make_unique<State>(std::move(handlers))) {}
XmlReader::~XmlReader() = default;
XmlReader::XmlReader(XmlReader&&) noexcept = default;
XmlReader& XmlReader::operator=(XmlReader&&) noexcept = default;

Status XmlReader::Feed(std::string_view bytes, bool last) {
  // The parser keeps a tag, a comment or a name whole until it ends.
  state_->unfinished_bytes += bytes.size();
  if (state_->unfinished_bytes > kUnfinishedBytesMax) {
    return Status::InvalidArgument("E-LIMIT: a tag in the workbook does not end", kLimit);
  }
  const XML_Status status =
      XML_Parse(state_->parser, bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
  if (status == XML_STATUS_OK) return Status::Ok();
  if (state_->has_entities) {
    return Status::InvalidArgument(
        "E-CONTAINER: the workbook has a document type with entities, which no workbook needs",
        kContainer);
  }
  return Status::InvalidArgument(std::string("E-CONTAINER: the workbook is damaged (") +
                                     XML_ErrorString(XML_GetErrorCode(state_->parser)) +
                                     "); save it again",
                                 kContainer);
}

}  // namespace referrald::format
