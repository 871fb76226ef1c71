#include "privacy/crypto/encoding.hpp"

#include <gtest/gtest.h>

namespace agon::crypto {
namespace {

TEST(encoding, hex_both_ways) {
  EXPECT_EQ(to_hex(std::string("\x00\xff\x10", 3)), "00ff10");
  EXPECT_EQ(from_hex("00fF10"), std::string("\x00\xff\x10", 3));
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
}

TEST(encoding, base64url_rfc_4648_vectors_without_padding) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : cases) {
    EXPECT_EQ(to_base64url(plain), text);
    EXPECT_EQ(from_base64url(text), plain);
  }
}

TEST(encoding, base64url_has_one_spelling) {
  EXPECT_FALSE(from_base64url("Zh"));    // left-over bits
  EXPECT_FALSE(from_base64url("Zg=="));  // padding
  EXPECT_FALSE(from_base64url("Z"));
  EXPECT_FALSE(from_base64url("Zm+v"));
}

}  // namespace
}  // namespace agon::crypto
