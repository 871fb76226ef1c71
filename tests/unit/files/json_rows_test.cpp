#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/files/rows_of.hpp"

namespace agon::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::read_rows;
using testing::rows_of;

read_rows json(std::string_view text, std::vector<std::string> wanted = {"a", "b"}) {
  return rows_of(text, file_format::json_lines, std::move(wanted));
}

std::string refusal(const std::string& line) {
  const auto got = json("{\"a\":\"1\"}\n" + line + "\n");
  EXPECT_THAT(got.error, ::testing::StartsWith("line 2: "));
  return got.error.empty() ? "" : got.error.substr(8);
}

TEST(json_rows, gives_wanted_members_by_name_and_their_kinds) {
  const auto got = json(
      "{\"b\":\"x\",\"z\":[1,{\"a\":2}],\"a\":-1.5e3}\r\n\n {\"a\":true} \n"
      "{\"a\":null,\"b\":{\"a\":1}}");
  EXPECT_EQ(got.error, "");
  EXPECT_THAT(got.cells, ElementsAre(ElementsAre("-1.5e3", "x"), ElementsAre("true", ""),
                                     ElementsAre("", "")));
  EXPECT_THAT(got.kinds, ElementsAre(ElementsAre(cell_kind::number, cell_kind::text),
                                     ElementsAre(cell_kind::boolean, cell_kind::absent),
                                     ElementsAre(cell_kind::absent, cell_kind::nested)));
  EXPECT_THAT(got.lines, ElementsAre(1, 3, 4));
}

TEST(json_rows, unescapes_texts_and_names) {
  const auto got = json(R"({"\u0061":"\"\\\/\b\f\n\r\t\u00e4\u20ac\ud83d\ude00.","b":""})");
  EXPECT_EQ(got.error, "");
  EXPECT_THAT(got.cells, ElementsAre(ElementsAre("\"\\/\b\f\n\r\tä€😀.", "")));
}

TEST(json_rows, a_name_with_dots_leads_into_objects) {
  const auto got = json("{\"vote\":{\"preference\":\"A\",\"a\":0},\"x.y\":\"1\"}\n{\"vote\":3}",
                        {"vote.preference", "x.y", "vote"});
  EXPECT_EQ(got.error, "");
  EXPECT_THAT(got.cells, ElementsAre(ElementsAre("A", "1", ""), ElementsAre("", "", "3")));
}

TEST(json_rows, refuses_what_is_no_object_on_one_line) {
  EXPECT_EQ(refusal("[1]"), "is no JSON object");
  EXPECT_EQ(refusal("{\"a\":1} {}"), "has text behind its JSON object");
  EXPECT_EQ(refusal("{\"a\":"), "is cut off: its JSON object is not closed");
  EXPECT_EQ(refusal("{\"a\":\"1"), "is cut off: a text is not closed");
  EXPECT_EQ(refusal("{\"a\":[1,2"), "is cut off: its JSON object is not closed");
  EXPECT_EQ(refusal("{\"a\":\"\t\"}"), "has a control character within a text");
  EXPECT_EQ(refusal("{\"a\":\"\\x\"}"), "has an unknown escape in a text");
  EXPECT_EQ(refusal("{\"a\":\"\\u12g4\"}"), "has an unknown escape in a text");
  EXPECT_EQ(refusal("{\"a\":\"\\ud800\"}"),
            "has half a character in a text: a surrogate without its other");
  EXPECT_EQ(refusal("{\"a\":\"\\udc00\\ud800\"}"),
            "has half a character in a text: a surrogate without its other");
  EXPECT_EQ(refusal("{\"a\":1,\"a\":2}"), "has \"a\" twice");
  EXPECT_EQ(refusal("{a:1}"), "is no JSON: the name of a member is expected");
  EXPECT_EQ(refusal("{\"a\" 1}"), "is no JSON: a colon is expected");
  EXPECT_EQ(refusal("{\"a\":1 \"b\":2}"), "is no JSON: a comma is expected");
  EXPECT_EQ(refusal("{\"a\":1,}"), "is no JSON: the name of a member is expected");
  for (const char* number : {"01", "+1", ".5", "1.", "1e", "-", "NaN", "tru", "nul", "0x1", "'1'"})
    EXPECT_THAT(refusal("{\"a\":" + std::string(number) + "}"), HasSubstr("is no JSON")) << number;
  EXPECT_EQ(refusal("{\"a\":\"\xC3\"}"), "is not valid UTF-8");
  EXPECT_EQ(refusal("{\"a\":" + std::string(100000, '[') + "}"), "is nested too deeply");
}

TEST(json_rows, the_first_record_tells_the_columns) {
  const auto file =
      row_file::of(bytes_of_text("\n{\"x\":{\"y\":1},\"z\":2}\n"), file_format::json_lines);
  ASSERT_TRUE(file.has_value());
  EXPECT_THAT(file->columns(), ElementsAre("x", "x.y", "z"));
  EXPECT_EQ(to_text(row_file::of(bytes_of_text("\n"), file_format::json_lines).error()),
            "is empty");
  EXPECT_EQ(to_text(row_file::of(bytes_of_text("\n1\n"), file_format::json_lines).error()),
            "line 2: is no JSON object");
}

TEST(json_rows, rows_do_not_depend_on_where_blocks_are_cut) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "{\"a\":\"" + std::string(static_cast<std::size_t>(i % 9), 'x') +
            "\\u00e4\",\"b\":" + std::to_string(i) + "}\n";
  const auto whole = json(text);
  ASSERT_EQ(whole.cells.size(), 200U);
  for (const std::size_t block_bytes : {4U, 17U, 64U, 1000U}) {
    const auto got = rows_of(text, file_format::json_lines, {"a", "b"}, block_bytes);
    EXPECT_EQ(got.cells, whole.cells);
    EXPECT_EQ(got.lines, whole.lines);
  }
}

}  // namespace
}  // namespace agon::files
