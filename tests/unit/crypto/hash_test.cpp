#include "privacy/crypto/hash.hpp"

#include <gtest/gtest.h>

#include "privacy/crypto/encoding.hpp"

namespace agon::crypto {
namespace {

TEST(hash, sha256_of_abc_fips_180) {
  const char* expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(to_hex(bytes_of(sha256("abc"))), expected);
  sha256_stream stream;
  stream.update("a");
  stream.update("bc");
  EXPECT_EQ(to_hex(bytes_of(stream.finish())), expected);
}

TEST(hash, hmac_sha256_rfc_4231_case_2) {
  EXPECT_EQ(to_hex(bytes_of(hmac_sha256("Jefe", "what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(hash, comparison_in_constant_time) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace agon::crypto
