#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/files/rows_of.hpp"

namespace agon::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::read_rows;
using testing::rows_of;

read_rows csv(std::string_view text, std::vector<std::string> wanted = {}) {
  return rows_of(text, file_format::csv, std::move(wanted));
}

TEST(csv_rows, reads_fields_quoted_and_not) {
  const auto got = csv("a,b,c\n1,\"two, \"\"2\"\"\",\n\"\",\"x\ny\",ü\n");
  EXPECT_EQ(got.error, "");
  EXPECT_THAT(got.cells,
              ElementsAre(ElementsAre("1", "two, \"2\"", ""), ElementsAre("", "x\ny", "ü")));
  EXPECT_THAT(got.lines, ElementsAre(2, 3));
}

TEST(csv_rows, takes_crlf_a_mark_of_utf8_empty_lines_and_no_line_end_at_the_end) {
  const auto got =
      csv("\xEF\xBB\xBF"
          "a,b\r\n1,2\r\n\r\n\n\"3\",4");
  EXPECT_EQ(got.error, "");
  EXPECT_THAT(got.cells, ElementsAre(ElementsAre("1", "2"), ElementsAre("3", "4")));
  EXPECT_THAT(got.lines, ElementsAre(2, 5));
}

TEST(csv_rows, gives_wanted_columns_in_the_order_asked_for_and_twice_if_asked_twice) {
  const auto got = csv("a,b,c\n1,2,3\n", {"c", "a", "c"});
  EXPECT_THAT(got.cells, ElementsAre(ElementsAre("3", "1", "3")));
}

TEST(csv_rows, separates_by_tabs_where_the_file_does) {
  const auto got = rows_of("a\tb\n1,0\t\"2\t\"\n", file_format::tsv);
  EXPECT_THAT(got.cells, ElementsAre(ElementsAre("1,0", "2\t")));
}

TEST(csv_rows, refuses_malformed_records_with_their_line) {
  EXPECT_EQ(csv("a,b\n1,2\n1\n").error, "line 3: fewer fields than the 2 of the header");
  EXPECT_EQ(csv("a,b\n1,2,3\n").error, "line 2: more fields than the 2 of the header");
  EXPECT_EQ(csv("a,b\n1,x\"y\n").error,
            "line 2: a quote within a field that does not begin with one");
  EXPECT_EQ(csv("a,b\n\"1\"2,3\n").error, "line 2: text behind a closing quote");
  EXPECT_EQ(csv("a,b\n1,2\n\"3,4\n5,6\n").error, "line 3: a quote is opened and not closed");
  EXPECT_EQ(csv("a,b\n1\r,2\n").error, "line 2: a carriage return that ends no line");
  EXPECT_EQ(csv("a,b\n\"x\n\",2\n1,\xFF\n").error, "line 4: is not valid UTF-8");
  EXPECT_EQ(csv("a,\xC0\xAF\n").error, "line 1: is not valid UTF-8");
  EXPECT_EQ(csv("").error, "is empty");
  EXPECT_EQ(csv("\n\r\n").error, "is empty");
}

TEST(csv_rows, gives_the_rows_before_a_malformed_one) {
  EXPECT_THAT(csv("a,b\n1,2\n3\n").cells, ElementsAre(ElementsAre("1", "2")));
}

TEST(csv_rows, a_column_that_is_missing_or_there_twice_is_named) {
  EXPECT_EQ(csv("a,b\n", {"c"}).error, "has no column \"c\"");
  EXPECT_EQ(csv("a,a\n", {"a"}).error, "has the column \"a\" twice");
  EXPECT_THAT(csv("a,a,b\n1,2,3\n", {"b"}).cells, ElementsAre(ElementsAre("3")));
}

TEST(csv_rows, a_header_alone_has_no_rows) {
  EXPECT_THAT(csv("a,b\n").cells, IsEmpty());
  EXPECT_EQ(csv("a,b").error, "");
}

// Wherever blocks are cut, the rows are the same: quotes with line ends and separators
// within make most cuts a trap.
TEST(csv_rows, rows_do_not_depend_on_where_blocks_are_cut) {
  std::mt19937_64 random(7);
  std::vector<std::vector<std::string>> rows;
  std::string text = "p,q\n";
  for (int i = 0; i < 300; ++i) {
    rows.emplace_back();
    for (int field = 0; field < 2; ++field) {
      std::string value;
      for (auto n = random() % 12; n > 0; --n) value += "ab,\"\n\r\n\xC3\xA4"[random() % 7];
      std::string quoted = "\"";
      for (const char c : value) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
      rows.back().push_back(value);
      text += quoted + (field == 0 ? "\"," : random() % 2 == 0 ? "\"\n" : "\"\r\n");
    }
  }
  for (const std::size_t block_bytes : {4U, 5U, 7U, 16U, 33U, 100U, 4096U}) {
    const auto got = rows_of(text, file_format::csv, {}, block_bytes);
    EXPECT_EQ(got.error, "");
    EXPECT_EQ(got.cells, rows) << block_bytes;
    EXPECT_EQ(got.lines, rows_of(text, file_format::csv).lines);
  }
}

TEST(csv_rows, a_file_without_records_that_end_is_refused_and_not_kept_in_memory) {
  std::string text = "a,b\n1,\"";
  text.append(block_reader::longest_record + 10, 'x');
  EXPECT_EQ(csv(text).error, "line 2: a quote is opened and not closed");
}

TEST(csv_rows, what_a_message_shows_cannot_command_a_terminal) {
  EXPECT_EQ(shown("a\x1B[2J\x7F"), "\"a?[2J?\"");
  EXPECT_EQ(shown(std::string(59, 'x') + "äb"), "\"" + std::string(59, 'x') + "…\"");
}

}  // namespace
}  // namespace agon::files
