#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "storage/base/status.h"

namespace referrald::format {

// One attribute of the element that begins; "" where it has none of that name.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  std::string_view operator[](std::string_view name) const;

 private:
  const char** pairs_;
};

// What happens while XML is read; names are without namespace ("c", "row").
struct XmlHandlers {
  std::function<void(std::string_view element, const XmlAttributes& attributes)> begin;
  std::function<void(std::string_view element)> end;
  std::function<void(std::string_view text)> text;
};

// Reads XML piece by piece in bounded memory. A document type with entities ends it at once: no
// workbook has one, and traps do. One thread.
class XmlReader {
 public:
  explicit XmlReader(XmlHandlers handlers);
  ~XmlReader();
  XmlReader(XmlReader&&) noexcept;
  XmlReader& operator=(XmlReader&&) noexcept;

  // `last`: nothing comes after this piece. InvalidArgument RFD2001 E-CONTAINER: not well-formed,
  // or with entities of its own.
  Status Feed(std::string_view bytes, bool last);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace referrald::format
