#include "connectors/format/vcard_reader.h"

#include <gmock/gmock.h>

#include <map>

#include "connectors/format/vcard_property.h"

namespace referrald::format {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using Card = std::map<std::string, std::string>;  // Without what is empty.

struct ReadCard {
  Card cells;
  std::string code;
  uint64_t line = 0;
};

std::vector<ReadCard> ReadCards(std::string_view bytes, size_t chunk = 0,
                                const VcardOptions& options = {}) {
  const auto source = MakeMemorySource(bytes, chunk);
  auto reader = OpenVcard(*source, options);
  EXPECT_TRUE(reader) << reader.error().ToString();
  std::vector<ReadCard> cards;
  while (reader) {
    const Result<TableItem> item = (*reader)->Next();
    EXPECT_TRUE(item) << item.error().ToString();
    if (!item || std::holds_alternative<TableEnd>(*item)) break;
    ReadCard& card = cards.emplace_back();
    if (const auto* error = std::get_if<TableRowError>(&*item)) {
      card.code = error->code;
      card.line = error->line;
      continue;
    }
    const auto& row = std::get<TableRow>(*item);
    card.line = row.line;
    for (size_t i = 0; i < row.cells.size(); ++i) {
      if (!row.cells[i].empty()) card.cells[(*reader)->header()[i]] = row.cells[i];
    }
  }
  return cards;
}

Card OnlyCard(std::string_view lines, size_t chunk = 0) {
  const auto cards = ReadCards("BEGIN:VCARD\r\n" + std::string(lines) + "END:VCARD\r\n", chunk);
  EXPECT_EQ(cards.size(), 1U);
  if (cards.empty()) return {};
  EXPECT_EQ(cards[0].code, "");
  return cards[0].cells;
}

TEST(Vcard, ReadsACardOfEachVersion) {
  EXPECT_THAT(OnlyCard("VERSION:2.1\r\nN:Winter;Clara;M.\r\nFN:Clara Winter\r\n"
                       "TEL;WORK;VOICE:+46 31 1\r\nTEL;CELL:+46 70 1\r\nTEL;FAX:+46 31 9\r\n"
                       "EMAIL;PREF;INTERNET:c@x.org\r\n"),
              UnorderedElementsAre(Pair("N.family", "Winter"), Pair("N.given", "Clara"),
                                   Pair("N.additional", "M."), Pair("FN", "Clara Winter"),
                                   Pair("TEL", "+46 31 1"), Pair("TEL.cell", "+46 70 1"),
                                   Pair("EMAIL", "c@x.org")));
  EXPECT_THAT(
      OnlyCard("VERSION:3.0\nUID:u-1\nREV:20260312T091400Z\nFN:Clara\nORG:Bygg\\, AB;Roofs\n"
               "ADR;TYPE=work:;;Storgatan 1;Göteborg;;411 01;Sverige\n"),
      UnorderedElementsAre(Pair("UID", "u-1"), Pair("REV", "2026-03-12T09:14:00Z"),
                           Pair("FN", "Clara"), Pair("ORG", "Bygg, AB"), Pair("ORG.unit", "Roofs"),
                           Pair("ADR.street", "Storgatan 1"), Pair("ADR.city", "Göteborg"),
                           Pair("ADR.postal", "411 01"), Pair("ADR.country", "Sverige")));
  EXPECT_THAT(OnlyCard("VERSION:4.0\nKIND:org\nFN:Bygg\nTEL;VALUE=uri;PREF=1:tel:+46-31-1\n"
                       "EMAIL:first@x.org\nEMAIL;PREF=1:best@x.org\nEMAIL;PREF=1:late@x.org\n"),
              AllOf(Contains(Pair("TEL", "+46-31-1")), Contains(Pair("KIND", "org")),
                    Contains(Pair("EMAIL", "best@x.org"))));
}

// A character of two bytes, cut by the fold; bytes come one by one.
TEST(Vcard, UnfoldsBytesBeforeItDecodesThem) {
  for (const size_t chunk : {size_t{0}, size_t{1}, size_t{7}}) {
    EXPECT_EQ(OnlyCard("FN:Zo\xc3\r\n \xab Roux\r\n", chunk)["FN"], "Zo\xc3\xab Roux");
    EXPECT_EQ(OnlyCard("NOTE:one\r\n\t two\r\n", chunk)["NOTE"], "one two");
  }
}

TEST(Vcard, PassesOverEmptyLinesAndComments) {
  EXPECT_EQ(OnlyCard("FN:Clara\r\r\n  Winter\r\r\n# a remark\r\nNOTE:x\r\n")["FN"], "Clara Winter");
  EXPECT_EQ(OnlyCard("NOTE;ENCODING=QUOTED-PRINTABLE:a=\r\n#b\r\n")["NOTE"], "a#b");
}

TEST(Vcard, QuotedPrintableGoesOnBehindSoftBreaks) {
  EXPECT_EQ(
      OnlyCard(
          "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6=\r\nrg\r\n")["N.given"],
      "Jörg");
  // Some programs put a space before the line that goes on.
  EXPECT_EQ(OnlyCard("FN;ENCODING=QUOTED-PRINTABLE:J=C3=B6=\r\n rg\r\n")["FN"], "Jörg");
  EXPECT_EQ(
      OnlyCard("N;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=FCller;J=F6rg\r\n")["N.family"],
      "Müller");
  EXPECT_EQ(OnlyCard("NOTE;QUOTED-PRINTABLE:a=0D=0A=\r\n=20b=3D\r\nFN:x\r\n")["NOTE"], "a\r\n b=");
  EXPECT_EQ(OnlyCard("NOTE;ENCODING=QUOTED-PRINTABLE:100=ZZ\r\n")["NOTE"], "100=ZZ");
}

TEST(Vcard, OtherCharacterSetsAreReadAsTheySay) {
  EXPECT_EQ(OnlyCard("FN;CHARSET=SHIFT_JIS:\x83\x65\x83\x58\x83\x67\n")["FN"], "テスト");
  EXPECT_EQ(OnlyCard("FN:M\xfcller\n")["FN"], "Müller");  // Says nothing, and is no UTF-8.
  EXPECT_EQ(ReadCards("BEGIN:VCARD\nFN;CHARSET=NOBODY:x\nEND:VCARD\n")[0].code, "R-CARD");
}

TEST(Vcard, EscapesAreTakenOffOnceAndWrongOnesUnderstood) {
  EXPECT_EQ(OnlyCard("N:Ab\\;Peter\\;Paul\n")["N.given"], "Peter");
  EXPECT_EQ(OnlyCard("N:O\\;Neil;Peter\n")["N.family"], "O;Neil");
  EXPECT_EQ(OnlyCard("NOTE:a\\nb\\\\c\\,d\n")["NOTE"], "a\nb\\c,d");
}

TEST(Vcard, GroupsAgentsAndPicturesArePassedOver) {
  const Card card = OnlyCard(
      "item1.EMAIL:c@x.org\nitem1.X-ABLabel:Work\n"
      "AGENT:\nBEGIN:VCARD\nFN:Somebody Else\nEMAIL:else@x.org\nEND:VCARD\n"
      "PHOTO;ENCODING=b;TYPE=JPEG:" +
      std::string(400'000, 'A') + "\n AAAA\nFN:Clara\n");
  EXPECT_THAT(card, UnorderedElementsAre(Pair("EMAIL", "c@x.org"), Pair("FN", "Clara")));
}

TEST(Vcard, ADamagedCardCostsItselfAlone) {
  const auto cards = ReadCards(
      "BEGIN:VCARD\nFN:One\nBEGIN:VCARD\nFN:Two\nEND:VCARD\n\nstray\n"
      "BEGIN:VCARD\nno property\nFN:Three\nEND:VCARD\nbegin:vcard\nFN:Four\nend:vcard\n"
      "BEGIN:VCARD\nFN:Five\n");
  ASSERT_EQ(cards.size(), 6U);
  EXPECT_EQ(cards[0].code, "R-CARD");
  EXPECT_EQ(cards[0].line, 1U);
  EXPECT_EQ(cards[1].cells.at("FN"), "Two");
  EXPECT_EQ(cards[1].line, 3U);
  EXPECT_EQ(cards[2].code, "R-CARD");
  EXPECT_EQ(cards[3].code, "R-CARD");
  EXPECT_EQ(cards[4].cells.at("FN"), "Four");
  EXPECT_EQ(cards[5].code, "R-CARD");
}

TEST(Vcard, LimitsTextsAndCards) {
  const std::string large = "BEGIN:VCARD\nNOTE:" + std::string(200, 'x') + "\nEND:VCARD\n";
  EXPECT_EQ(ReadCards(large, 0, {.cell_bytes_max = 100})[0].code, "R-LIMIT");
  const auto source = MakeMemorySource("BEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\n");
  auto reader = OpenVcard(*source, {.card_count_max = 1});
  ASSERT_TRUE(reader);
  EXPECT_TRUE((*reader)->Next());
  EXPECT_EQ((*reader)->Next().error().number(), 2008);
  const auto none = MakeMemorySource("Id,Name\n");
  EXPECT_EQ(OpenVcard(*none, {}).error().number(), 2001);
}

TEST(VcardProperty, ParametersMayHoldColonsInQuotes) {
  const auto property = ParseVcardProperty("TEL;X=\"a:b;c\";TYPE=\"work,VOICE\":1");
  ASSERT_TRUE(property);
  EXPECT_EQ(property->Parameter("X"), "a:b;c");
  EXPECT_TRUE(property->HasType("voice"));
  EXPECT_EQ(property->value, "1");
  EXPECT_FALSE(ParseVcardProperty("no colon"));
  EXPECT_FALSE(ParseVcardProperty(":x"));
}

}  // namespace
}  // namespace referrald::format
