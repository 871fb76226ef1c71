#include "privacy/pii/find.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace agon::pii {
namespace {

// "KIND text" for each find.
std::vector<std::string> seen_in(const std::string& text) {
  std::vector<std::string> out;
  for (const span& s : find(text))
    out.push_back(std::string(name_of(s.what)) + " " + text.substr(s.begin, s.end - s.begin));
  return out;
}

using list = std::vector<std::string>;

TEST(find, each_kind_in_a_sentence) {
  EXPECT_EQ(seen_in("Write to jane.doe+x@mail.example.org, or call +44 20 7946 0958."),
            (list{"EMAIL_ADDRESS jane.doe+x@mail.example.org", "PHONE_NUMBER +44 20 7946 0958"}));
  EXPECT_EQ(seen_in("Card 4111 1111 1111 1111 from 192.0.2.7/24, IBAN DE89 3704 0044 0532 0130 00"),
            (list{"CREDIT_CARD 4111 1111 1111 1111", "IP_ADDRESS 192.0.2.7/24",
                  "IBAN_CODE DE89 3704 0044 0532 0130 00"}));
  EXPECT_EQ(seen_in("ping fe80::1%eth0 and 2001:db8::8a2e:370:7334"),
            (list{"IP_ADDRESS fe80::1%eth0", "IP_ADDRESS 2001:db8::8a2e:370:7334"}));
}

TEST(find, ordinary_numbers_are_left_alone) {
  for (const char* text :
       {"on 2026-11-24 at 12:34:56 and 24.11.2026", "from 1914-1918 to 1939-1945",
        "1,234,567.89 or 1234567 or 12345678901234", "1732406400 seconds, 1732406400000 ms",
        "version 1.2.3 and v10.11.12", "pi is 3.14159265358979", "3... 2... 1... liftoff",
        "SSN 078-05-1120", "ISBN 978-3-16-148410-0", "f :: Int -> Int", "std::vector<int>",
        "@app.route and a@b", "tensor of 64 128 256", "the 2020-2021 season, pages 100-2000",
        "0x1F4A9 and deadbeef", "6.1 .466 1.4 .955 3.8 .615 6.2", "GB82 and DE89 are too short"})
    EXPECT_EQ(seen_in(text), list{}) << text;
}

TEST(find, weak_telephone_forms_need_a_word_beside_them) {
  EXPECT_EQ(seen_in("there were 785 8949 of them"), list{});
  EXPECT_EQ(seen_in("please call 785 8949 of them"), list{"PHONE_NUMBER 785 8949"});
  EXPECT_EQ(seen_in("9885 1152 office"), list{"PHONE_NUMBER 9885 1152"});
  EXPECT_EQ(seen_in("int call_count = 7858949;"), list{});
}

TEST(find, extension_belongs_to_the_number) {
  EXPECT_EQ(seen_in("(978)645-9740x11144"), list{"PHONE_NUMBER (978)645-9740x11144"});
  EXPECT_EQ(seen_in("415-555-0132 ext. 77 please"), list{"PHONE_NUMBER 415-555-0132 ext. 77"});
}

TEST(find, card_needs_network_length_and_luhn) {
  EXPECT_EQ(seen_in("4111111111111112"), list{});  // Luhn
  EXPECT_EQ(seen_in("7111111111111111"), list{});  // no network
  EXPECT_EQ(seen_in("378282246310005"), list{"CREDIT_CARD 378282246310005"});
  EXPECT_EQ(seen_in("0.4111111111111111"), list{});
  EXPECT_EQ(seen_in("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
            list{"CREDIT_CARD 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"});
}

TEST(find, addresses_in_other_scripts) {
  EXPECT_EQ(seen_in("用户foo@bar.com谢谢"), list{"EMAIL_ADDRESS foo@bar.com"});
  EXPECT_EQ(seen_in("an jürgen@müller.de schreiben"), list{"EMAIL_ADDRESS jürgen@müller.de"});
  EXPECT_EQ(seen_in("写给 用户@例子.公司"), list{"EMAIL_ADDRESS 用户@例子.公司"});
  EXPECT_EQ(seen_in("почта иван@почта.рф тут"), list{"EMAIL_ADDRESS иван@почта.рф"});
}

TEST(find, disguises_are_seen_through) {
  // Full width, other digits, invisible characters, Unicode dashes and spaces, accents.
  EXPECT_EQ(seen_in("４１１１１１１１１１１１１１１１"),
            list{"CREDIT_CARD ４１１１１１１１１１１１１１１１"});
  EXPECT_EQ(seen_in("jane＠example．org"), list{"EMAIL_ADDRESS jane＠example．org"});
  EXPECT_EQ(seen_in("+٤٤ ٢٠ ٧٩٤٦ ٠٩٥٨"), list{"PHONE_NUMBER +٤٤ ٢٠ ٧٩٤٦ ٠٩٥٨"});
  EXPECT_EQ(seen_in("415–555–0132"), list{"PHONE_NUMBER 415–555–0132"});
  EXPECT_EQ(seen_in("DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000"),
            list{"IBAN_CODE DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000"});
  EXPECT_EQ(seen_in("j\u200bane@exa\u00admple.org"),
            list{"EMAIL_ADDRESS j\u200bane@exa\u00admple.org"});
  EXPECT_EQ(seen_in("192\u200d.0.2\u2060.7"), list{"IP_ADDRESS 192\u200d.0.2\u2060.7"});
  // An invisible character instead of the space before the address.
  EXPECT_EQ(seen_in("at\u200b192.0.2.7\u200bnow"), list{"IP_ADDRESS 192.0.2.7"});
  // A Cyrillic А in an IBAN.
  EXPECT_EQ(seen_in("\u0410T61 1904 3002 3457 3201"),
            list{"IBAN_CODE \u0410T61 1904 3002 3457 3201"});
}

TEST(find, places_count_bytes_and_code_points) {
  const auto found = find("é→ a@b.co!");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].begin, 6U);
  EXPECT_EQ(found[0].end, 12U);
  EXPECT_EQ(found[0].first_code_point, 3U);
  EXPECT_EQ(found[0].last_code_point, 9U);
}

TEST(find, bytes_that_are_not_utf8_end_what_stands_before_them) {
  EXPECT_EQ(seen_in("a@b.com\xff\xfe"
                    "c@d.com\xc3"),
            (list{"EMAIL_ADDRESS a@b.com", "EMAIL_ADDRESS c@d.com"}));
}

TEST(find, spans_are_ordered_and_apart_in_any_soup) {
  // Fragments of everything, joined in an order that a small generator chooses.
  const list parts{"4111 1111 ", "1111 1111", "+44",   " 20 79", "46 0958",
                   "@",          "a.b",       ".com",  "DE89",   " 3704 0044 0532 0130 00",
                   "192.",       "0.2.7",     "::1",   "\u200b", "４",
                   "(0",         "20)",       "x12",   "-",      "é",
                   "\xff",       "call ",     "ffff:", "/64",    "用"};
  std::uint32_t seed = 7;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      seed = seed * 1664525U + 1013904223U;
      text += parts[(seed >> 16U) % parts.size()];
    }
    std::size_t last_end = 0;
    for (const span& s : find(text)) {
      ASSERT_LT(s.begin, s.end) << text;
      ASSERT_LE(last_end, s.begin) << text;
      ASSERT_LE(s.end, text.size()) << text;
      last_end = s.end;
    }
  }
}

}  // namespace
}  // namespace agon::pii
