#include "services/offline/read_rankings.hpp"

#include <gtest/gtest.h>

#include "services/offline/rate_votes.hpp"

namespace agon::offline {
namespace {

files::checked<file_rankings> read_rankings_of(
    std::string_view text, const ranking_columns& columns = {"ranking", ""}, bool skip = false,
    files::file_format format = files::file_format::csv) {
  auto file = files::row_file::of(files::bytes_of_text(text), format);
  if (file.has_error()) return file.error();
  return read_rankings(*file, columns, skip);
}

std::string refused_ranking(std::string_view text) {
  const auto got = read_rankings_of(text);
  return got.has_error() ? to_text(got.error()) : "";
}

TEST(read_rankings, names_stand_in_order_and_ties_together) {
  using groups = std::vector<std::vector<std::string_view>>;
  EXPECT_EQ(parse_ranking("a > b=c >d e"), (groups{{"a"}, {"b", "c"}, {"d e"}}));
  EXPECT_EQ(parse_ranking("b=a"), (groups{{"b", "a"}}));
  for (const char* bad : {"", " ", "a", "a >", "> a", "a >> b", "a > b > a", "a = = b"})
    EXPECT_FALSE(parse_ranking(bad)) << bad;
}

TEST(read_rankings, formats_agree_whatever_the_order_of_rows) {
  const auto csv = read_rankings_of("id,ranking\n1,a > b > c\n2,c = b > a\n3,a>b>c\n");
  const auto json = read_rankings_of(
      "{\"ranking\":\"b = c > a\"}\n{\"ranking\":\"a>b>c\"}\n{\"ranking\":\"a>b>c\"}\n",
      {"ranking", ""}, false, files::file_format::json_lines);
  ASSERT_TRUE(csv.has_value()) << to_text(csv.error());
  ASSERT_TRUE(json.has_value()) << to_text(json.error());
  EXPECT_EQ(csv->all.rankings().size(), 2U);
  EXPECT_EQ(csv->all.sha256(), json->all.sha256());
}

TEST(read_rankings, segments_have_rankings_of_their_own) {
  const auto got =
      read_rankings_of("lang,ranking\nen,a > b\nde,b > a\n,a > b > c\n", {"ranking", "lang"});
  ASSERT_TRUE(got.has_value()) << to_text(got.error());
  ASSERT_EQ(got->segments.size(), 2U);
  EXPECT_EQ(got->segments[0].name, "de");
  EXPECT_EQ(got->segments[0].rankings.systems().size(), 2U);
  EXPECT_EQ(got->all.systems().size(), 3U);
  const auto boards = rate_rankings(*got, {.method = ratings::method::plackett_luce});
  ASSERT_TRUE(boards.has_value());
  ASSERT_EQ(boards->size(), 3U);
  EXPECT_EQ(boards->front().content.votes, 3U);
}

TEST(read_rankings, what_is_no_ranking_is_refused_with_its_line) {
  EXPECT_NE(refused_ranking("ranking\na > b\na\n").find("line 3: no ranking in"),
            std::string::npos);
  EXPECT_NE(refused_ranking("ranking,x\n,1\n").find("line 2"), std::string::npos);
  EXPECT_NE(refused_ranking("order\na > b\n").find("no column"), std::string::npos);
  const auto skipped = read_rankings_of("ranking,x\n,1\na > b,2\n", {"ranking", ""}, true);
  ASSERT_TRUE(skipped.has_value());
  EXPECT_EQ(skipped->unjudged, 1U);
}

}  // namespace
}  // namespace agon::offline
