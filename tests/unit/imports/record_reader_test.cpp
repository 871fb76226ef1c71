#include "services/imports/record_reader.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace agon::imports {
namespace {

// Each record as its text, or its line and what is wrong with it.
std::vector<std::string> records(const std::string& text, table_format format) {
  std::vector<std::string> out;
  auto reader = records_of(files::bytes_of_text(text), format);
  if (reader.has_error()) return {reader.error().reason};
  record r;
  while ((*reader)->next(r))
    out.push_back(r.object ? r.object->dump() : std::to_string(r.line) + " " + r.error);
  return out;
}

using lines = std::vector<std::string>;

TEST(record_reader, each_line_is_a_record_and_a_bad_one_is_told_of) {
  EXPECT_EQ(
      records("{\"a\":1}\n\n  \nnonsense\n{\"a\":2,\"a\":3}\n[1]\n{\"a\":\"\\u0000\"}\n{\"a\":4}",
              table_format::json_lines),
      (lines{"{\"a\":1}", "4 not valid JSON", "5 the key \"a\" stands twice", "6 is no JSON object",
             "7 a string holds U+0000", "{\"a\":4}"}));
}

TEST(record_reader, objects_are_found_in_an_array_and_over_lines) {
  const lines two{R"({"a":{"b":"}]"}})", R"({"c":[1,{"d":"\"{"}]})"};
  EXPECT_EQ(records("[\n{\"a\": {\"b\": \"}]\"}},\n {\"c\": [1,\n {\"d\":\"\\\"{\"}]} ]\n",
                    table_format::json),
            two);
  EXPECT_EQ(records("{\"a\":1}\n{\"b\":2}\n", table_format::json),
            (lines{"{\"a\":1}", "{\"b\":2}"}));
  EXPECT_EQ(records("[{\"a\":1}, nonsense\n{\"b\":2}, {\"c\":", table_format::json),
            (lines{"{\"a\":1}", "1 is no JSON object", "{\"b\":2}",
                   "2 ends in the middle of an object"}));
}

TEST(record_reader, tables_have_a_header_and_quotes) {
  EXPECT_EQ(
      records("\xEF\xBB\xBFx,y\r\n1,\"a,\"\"b\"\"\nc\"\r\n\n2,\n3\n4,5,6\n7,\"8\"9\n8,\xFF\n9,z",
              table_format::csv),
      (lines{R"({"x":"1","y":"a,\"b\"\nc"})", R"({"x":"2","y":""})",
             "6 has 1 fields, the header has 2", "7 has 3 fields, the header has 2",
             "8 has text behind a closing quote", "9 is no valid UTF-8", R"({"x":"9","y":"z"})"}));
  EXPECT_EQ(records("x\ty\na\tb\n", table_format::tsv), (lines{R"({"x":"a","y":"b"})"}));
  EXPECT_EQ(records("", table_format::csv), (lines{"is empty"}));
  EXPECT_EQ(records("x,x\n1,2\n", table_format::csv), (lines{"the column x stands twice"}));
}

TEST(record_reader, a_record_that_is_too_long_is_passed_over) {
  const std::string long_text(10UL << 20, 'x');
  EXPECT_EQ(records("{\"a\":\"" + long_text + "\"}\n{\"b\":1}\n", table_format::json_lines),
            (lines{"1 is longer than 4 MiB", "{\"b\":1}"}));
  EXPECT_EQ(records("[{\"a\":\"" + long_text + "\"},\n{\"b\":1}]", table_format::json),
            (lines{"1 is longer than 4 MiB", "{\"b\":1}"}));
  EXPECT_EQ(records("a\n" + long_text + "\n1\n", table_format::csv),
            (lines{"2 is longer than 4 MiB", R"({"a":"1"})"}));
}

TEST(record_reader, deep_nesting_is_refused_and_not_followed) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(records("{\"a\":" + deep + "}\n{\"b\":1}\n", table_format::json_lines).size(), 2U);
}

TEST(record_reader, bytes_at_random_end_and_never_break_it) {
  std::mt19937 random(11);
  const std::string good = "{\"a\":\"b\"}\n\"x\",'y'\n[{\"c\":[1,2]}]\r\n\"q\"\"r\",\n";
  for (int round = 0; round < 5000; ++round) {
    std::string text = good;
    for (int i = 0; i < 6; ++i) text[random() % text.size()] = static_cast<char>(random());
    for (const auto format :
         {table_format::json_lines, table_format::json, table_format::csv, table_format::tsv})
      EXPECT_LT(records(text, format).size(), 100U);
  }
}

}  // namespace
}  // namespace agon::imports
