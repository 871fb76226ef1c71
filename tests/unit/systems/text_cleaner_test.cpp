#include "services/systems/text_cleaner.hpp"

#include <gtest/gtest.h>

namespace agon::systems::test {
namespace {

TEST(text_cleaner, code_points_come_whole_wherever_the_bytes_are_cut) {
  const std::string text = "naïve 😀 e\u0301 日本\r\nnext\rlast";
  const std::string shown = "naïve 😀 e\u0301 日本\nnext\nlast";
  for (std::size_t first = 0; first <= text.size(); ++first) {
    text_cleaner cleaner(1000);
    std::string all;
    for (const std::string& part : {text.substr(0, first), text.substr(first)}) {
      const auto piece = cleaner.feed(part);
      ASSERT_TRUE(piece) << first;
      all += *piece;
    }
    EXPECT_EQ(all, shown) << first;
    EXPECT_TRUE(cleaner.ended_whole());
  }
}

TEST(text_cleaner, invisible_troublemakers_are_dropped_and_markup_kept) {
  EXPECT_EQ(clean_text("\xef\xbb\xbf"
                       "a\x1b[31mb\x07\tc\u202e\u2066d\uffff\x7f\u0085",
                       99),
            "a[31mb\tcd");
  EXPECT_EQ(clean_text("<script>alert(1)</script>", 99), "<script>alert(1)</script>");
  EXPECT_EQ(clean_text(std::string_view("a\0b", 3), 99), "ab");
}

TEST(text_cleaner, invalid_utf8_is_refused_for_ever) {
  for (const char* bad :
       {"a\xff", "\xc0\xaf", "\xed\xa0\x80", "\x80", "\xf5\x80\x80\x80", "\xc3("}) {
    text_cleaner cleaner(99);
    EXPECT_FALSE(cleaner.feed(bad)) << bad;
    EXPECT_FALSE(cleaner.feed("good"));
    EXPECT_FALSE(cleaner.ended_whole());
  }
  EXPECT_FALSE(clean_text("cut \xe6\x97", 99)) << "ends within a code point";
}

TEST(text_cleaner, long_text_is_cut_at_a_code_point) {
  text_cleaner cleaner(4);
  EXPECT_EQ(cleaner.feed("ab"), "ab");
  EXPECT_FALSE(cleaner.cut_off());
  EXPECT_EQ(cleaner.feed("日cd"), "");
  EXPECT_TRUE(cleaner.cut_off());
  EXPECT_EQ(cleaner.feed("e"), "") << "nothing after the cut, even if it would fit";
  EXPECT_TRUE(cleaner.ended_whole());
}

}  // namespace
}  // namespace agon::systems::test
