#include "privacy/crypto/canonical_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace agon::crypto {
namespace {

std::string canonical(std::string_view text) {
  return canonical_json(*parse_json(text));
}

// RFC 8785, section 3.2.2 and 3.2.3, the RFC's own examples.
TEST(canonical_json, rfc_8785_examples) {
  EXPECT_EQ(
      canonical(R"({"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
              "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]})"),
      R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
      R"("string":"€$\u000f\nA'B\"\\\\\"/"})");
  EXPECT_EQ(
      canonical(
          R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
              "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})"),
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
      "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
      "\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

// RFC 8785, appendix B.
TEST(canonical_json, numbers_print_as_ecmascript_does) {
  const std::pair<double, const char*> cases[] = {
      {0.0, "0"},
      {-0.0, "0"},
      {5e-324, "5e-324"},
      {-5e-324, "-5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {9007199254740992.0, "9007199254740992"},
      {295147905179352830000.0, "295147905179352830000"},
      {9.999999999999997e22, "9.999999999999997e+22"},
      {1e23, "1e+23"},
      {999999999999999900000.0, "999999999999999900000"},
      {1e21, "1e+21"},
      {9.999999999999997e-7, "9.999999999999997e-7"},
      {0.000001, "0.000001"},
      {333333333.33333325, "333333333.33333325"},
      {1424953923781206.2, "1424953923781206.2"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(canonical_json(value), text);
}

TEST(canonical_json, what_cannot_be_exact_is_refused) {
  EXPECT_THROW((void)canonical_json(std::nan("")), std::invalid_argument);
  EXPECT_THROW((void)canonical_json(9007199254740993LL), std::invalid_argument);
  EXPECT_THROW((void)canonical_json("\xff"), std::invalid_argument);
}

TEST(parse_json, depth_is_limited_exactly) {
  EXPECT_TRUE(parse_json("[[[]]]", {.depth = 3}));
  EXPECT_FALSE(parse_json("[[[[]]]]", {.depth = 3}));
}

TEST(parse_json, nested_values_land_where_they_belong) {
  EXPECT_EQ(canonical(R"({"b":[1,{"c":[[],{}]},"x"],"a":{"d":null}})"),
            R"({"a":{"d":null},"b":[1,{"c":[[],{}]},"x"]})");
}

TEST(parse_json, a_zero_byte_does_not_end_the_text) {
  for (const std::string& text :
       {std::string("{}\0", 3), std::string("{}\0{\"b\":1}", 10), std::string("\0{}", 3)})
    EXPECT_FALSE(parse_json(text));
}

TEST(parse_json, duplicate_keys_are_named) {
  const auto r = parse_json(R"({"a":{"k":1,"k":1}})");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().reason, "the key \"k\" stands twice");
}

}  // namespace
}  // namespace agon::crypto
