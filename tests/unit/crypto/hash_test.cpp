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

TEST(hash, hmac_sha256_hashes_a_key_longer_than_a_block_rfc_4231_case_6) {
  EXPECT_EQ(to_hex(bytes_of(hmac_sha256(std::string(131, '\xaa'),
                                        "Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(hash, one_key_signs_many_messages) {
  const hmac_sha256_key key("Jefe");
  for (const char* message : {"what do ya want for nothing?", "", "what do ya want for nothing?"})
    EXPECT_EQ(key.sign(message), hmac_sha256("Jefe", message));
  EXPECT_EQ(to_hex(bytes_of(key.sign("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(hash, comparison_in_constant_time) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace agon::crypto
