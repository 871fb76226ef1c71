#include "services/feedback/style.hpp"

#include <gtest/gtest.h>

#include <string>

namespace agon::feedback {
namespace {

TEST(style, counts_what_a_text_is_dressed_with) {
  const text_style s = style_of(
      "# Title\n"
      "Some **bold** words, and __more__ of **it**.\n"
      "\n"
      "- one\n"
      "  * two\n"
      "3. three\n"
      "4) four\n"
      "## Second\n");
  EXPECT_EQ(s.headers, 2);
  EXPECT_EQ(s.list_items, 4);
  EXPECT_EQ(s.bold, 3);
}

TEST(style, what_stands_in_fenced_code_dresses_nothing) {
  const text_style s = style_of(
      "```python\n# not a header\n- not an item\n**not bold**\n```\n# header\n"
      "~~~~\n# code\n~~~\n# still code\n~~~~\n- item\n"
      "```\n# an open fence goes to the end\n");
  EXPECT_EQ(s.headers, 1);
  EXPECT_EQ(s.list_items, 1);
  EXPECT_EQ(s.bold, 0);
  EXPECT_GT(s.tokens, 20) << "code has a length, too";
}

TEST(style, what_only_looks_like_it_does_not_count) {
  const text_style s = style_of(
      "#hashtag\n####### seven\n-dash\n* * *\n---\n3.14 is pi\n2024\n"
      "**open\nclosed** ** spaced ** ****\n`a` ``` b ```\n    # indented code\n");
  EXPECT_EQ(s.headers, 0);
  EXPECT_EQ(s.list_items, 0);
  EXPECT_EQ(s.bold, 0);
}

TEST(style, tokens_are_words_signs_and_characters_of_scripts_without_spaces) {
  EXPECT_EQ(style_of("").tokens, 0);
  EXPECT_EQ(style_of("  \n\t ").tokens, 0);
  EXPECT_EQ(style_of("Hello, world!").tokens, 4);
  EXPECT_EQ(style_of("naïve café Straße").tokens, 3);
  EXPECT_EQ(style_of("привет мир").tokens, 2);
  EXPECT_EQ(style_of("你好,世界。").tokens, 6);
  EXPECT_EQ(style_of("안녕하세요 세계").tokens, 2);
  EXPECT_EQ(style_of("🎉🎉").tokens, 2);
}

TEST(style, line_ends_of_every_kind_are_ends) {
  EXPECT_EQ(style_of("# a\r\n- b\r\n# c").headers, 2);
  EXPECT_EQ(style_of("# a\r\n- b\r\n# c").list_items, 1);
}

TEST(style, takes_time_in_proportion_to_the_text) {
  // A mark that is never closed must not be searched for again from every place.
  std::string hostile;
  for (int i = 0; i < 200'000; ++i) hostile += "** ";
  EXPECT_EQ(style_of(hostile).bold, 0);
  EXPECT_EQ(style_of(std::string(1'000'000, '*')).bold, 0);
  EXPECT_EQ(style_of(std::string(1'000'000, '`')).headers, 0);
}

TEST(style, sets_name_their_numbers_in_order) {
  EXPECT_EQ(style_features(text_style_set).size(), values_of(text_style{}).size());
  EXPECT_EQ(style_features(audio_style_set).size(), audio_style(1, -20).size());
  EXPECT_EQ(style_features(audio_style_set)[1], "loudness_lufs");
  EXPECT_TRUE(style_features("text/0").empty());
}

}  // namespace
}  // namespace agon::feedback
