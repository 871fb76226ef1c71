#include "services/http/percent.hpp"

#include <gtest/gtest.h>

namespace agon::http {
namespace {

std::optional<std::string> path(std::string_view raw) {
  std::string scratch;
  const auto decoded = decode_path(raw, scratch);
  if (!decoded) return std::nullopt;
  return std::string(*decoded);
}

TEST(decode_path, leaves_plain_paths_alone) {
  EXPECT_EQ(path("/"), "/");
  EXPECT_EQ(path("/a/b-c_d.e~f"), "/a/b-c_d.e~f");
  EXPECT_EQ(path("/a+b"), "/a+b");
  EXPECT_EQ(path("/...//a..b/.c"), "/...//a..b/.c");
}

TEST(decode_path, decodes_escapes_once) {
  EXPECT_EQ(path("/a%20b"), "/a b");
  EXPECT_EQ(path("/%C3%A9t%c3%a9"), "/été");
  EXPECT_EQ(path("/%2541"), "/%41");
}

TEST(decode_path, refuses_what_others_could_read_differently) {
  for (const std::string_view bad :
       {"",      "a",          "%2Fa",    "/a%2Fb",       "/a%2fb",  "/%00",  "/a%0Ab",
        "/a%7f", "/%",         "/%4",     "/%zz",         "/a%5Cb",  "/a\\b", "/..",
        "/../a", "/a/..",      "/a/./b",  "/%2e%2E/a",    "/a/.%2e", "/%2e",  "/%FF",
        "/%C3",  "/%ED%A0%80", "/%C0%AF", "/%F4%90%80%80"})
    EXPECT_EQ(path(bad), std::nullopt) << bad;
}

TEST(decode_query, reads_plus_as_space) {
  EXPECT_EQ(decode_query("a+b%2Bc"), "a b+c");
  EXPECT_EQ(decode_query("%F0%9F%8E%B5"), "🎵");
  EXPECT_EQ(decode_query("%00"), std::nullopt);
  EXPECT_EQ(decode_query("%e"), std::nullopt);
  EXPECT_EQ(decode_query("%80"), std::nullopt);
}

TEST(valid_query, looks_at_each_part) {
  EXPECT_TRUE(valid_query(""));
  EXPECT_TRUE(valid_query("a=1&&b&c=%C3%A9"));
  EXPECT_FALSE(valid_query("a=%C3&b=%A9"));
  EXPECT_FALSE(valid_query("%=1"));
}

TEST(valid_utf8, knows_overlong_forms_and_surrogates) {
  EXPECT_TRUE(valid_utf8("plain é € 🎵"));
  EXPECT_FALSE(valid_utf8("\xC0\x80"));
  EXPECT_FALSE(valid_utf8("\xE0\x80\x80"));
  EXPECT_FALSE(valid_utf8("\xED\xBF\xBF"));
  EXPECT_FALSE(valid_utf8("\xF0\x80\x80\x80"));
  EXPECT_FALSE(valid_utf8("\xF5\x80\x80\x80"));
  EXPECT_FALSE(valid_utf8("\xE2\x82"));
  EXPECT_FALSE(valid_utf8("\x80"));
}

}  // namespace
}  // namespace agon::http
