#pragma once

#include <zip.h>
#include <zlib.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace referrald::format {

// Archives and workbooks that a test needs, made on the spot.
using Members = std::vector<std::pair<std::string, std::string>>;

// Writes a zip archive of (name, bytes) to `path`.
inline void WriteZip(const std::string& path, const Members& members) {
  int code = 0;
  zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  for (const auto& [name, bytes] : members) {
    zip_source_t* source = zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
    zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  }
  zip_close(zip);
}

// `bytes` as one member of a gzip file.
inline std::string Gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// The parts of a workbook of one sheet, whose rows are `rows` ("<row r=\"1\">...</row>").
inline Members WorkbookOf(const std::string& rows, const std::string& strings = "",
                          const std::string& properties = "") {
  return {{"[Content_Types].xml", "<Types/>"},
          {"xl/workbook.xml",
           "<workbook xmlns:r=\"x\"><workbookPr " + properties +
               "/><sheets><sheet name=\"Secret\" sheetId=\"1\" state=\"veryHidden\" r:id=\"rId9\"/>"
               "<sheet name=\"Contacts\" sheetId=\"2\" r:id=\"rId1\"/></sheets></workbook>"},
          {"xl/_rels/workbook.xml.rels",
           "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/>"
           "<Relationship Id=\"rId9\" Target=\"/xl/worksheets/hidden.xml\"/></Relationships>"},
          {"xl/styles.xml",
           "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
           "<numFmt numFmtId=\"165\" formatCode=\"[Red]0.00&quot;d&quot;\"/></numFmts>"
           "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
           "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"22\"/>"
           "<xf numFmtId=\"165\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
          {"xl/sharedStrings.xml", "<sst>" + strings + "</sst>"},
          {"xl/worksheets/hidden.xml", "<worksheet><sheetData/></worksheet>"},
          {"xl/worksheets/sheet1.xml",
           "<worksheet><cols><col min=\"1\" max=\"3\" hidden=\"1\"/></cols><sheetData>" + rows +
               "</sheetData></worksheet>"}};
}

}  // namespace referrald::format
