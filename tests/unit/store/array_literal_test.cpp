#include "services/store/postgres/array_literal.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace agon::store {
namespace {

using testing::ElementsAre;
using strings = std::vector<std::string>;

TEST(array_literal, quotes_every_element) {
  EXPECT_EQ(array_literal().text(), "{}");
  EXPECT_EQ(array_literal().add("a").add("").text(), R"({"a",""})");
  EXPECT_EQ(array_literal().add(R"(say "\")").text(), R"({"say \"\\\""})");
  EXPECT_EQ(array_literal().add("1").add_null().add("NULL").text(), R"({"1",NULL,"NULL"})");
}

TEST(array_literal, refuses_the_zero_character) {
  EXPECT_THROW(array_literal().add(std::string_view("a\0b", 3)), std::invalid_argument);
}

TEST(array_literal, whatever_goes_in_comes_out) {
  const strings hostile{"",     "{}",      "},{",        "\"",   "\\",      "\\\"",
                        "NULL", "a,b",     " x ",        "\n\t", "你好 🎵", "'; drop table x; --",
                        "\x01", "{\"a\"}", "\\\\\\\"\"", "null"};
  EXPECT_EQ(parse_array(to_array(hostile)), hostile);
  EXPECT_EQ(parse_array(to_array(strings{})), strings{});
}

TEST(array_literal, numbers_come_back_exactly) {
  const std::vector<double> numbers{
      0, -0.1, 1.0 / 3, 1e300, 5e-324, std::numeric_limits<double>::max(), 123456789.125};
  EXPECT_EQ(parse_double_array(to_array(numbers)), numbers);
  const std::vector<int> integers{0, -1, std::numeric_limits<int>::min(),
                                  std::numeric_limits<int>::max()};
  EXPECT_EQ(parse_int_array(to_array(integers)), integers);
}

TEST(array_literal, reads_what_postgresql_prints) {
  EXPECT_THAT(parse_array("{a,b c,\"d,e\"}"), ElementsAre("a", "b c", "d,e"));
  EXPECT_THAT(parse_array("{take_part}"), ElementsAre("take_part"));
  EXPECT_THAT(parse_double_array("{1,2.5,1e-05}"), ElementsAre(1, 2.5, 1e-05));
}

TEST(array_literal, refuses_what_is_no_plain_array) {
  for (const char* bad : {"", "{", "}", "a", "{a", "a}", "{a,}", "{,a}", "{a}b", "{\"a}", "{\"a\\}",
                          "{{a}}", "{NULL}", "{a\"b}", "{\"a\"b}", "[0:1]={a,b}", "{a}}", "{a\\b}"})
    EXPECT_THROW((void)parse_array(bad), std::invalid_argument) << bad;
  EXPECT_THROW((void)parse_int_array("{1,2x}"), std::invalid_argument);
  EXPECT_THROW((void)parse_int_array("{99999999999}"), std::invalid_argument);
  EXPECT_THROW((void)parse_double_array("{1.5.2}"), std::invalid_argument);
}

}  // namespace
}  // namespace agon::store
