#include "services/store/postgres/binary_array.hpp"

#include <gtest/gtest.h>

#include "privacy/crypto/encoding.hpp"

namespace agon::store {
namespace {

std::string hex(const binary_array& a) {
  return crypto::to_hex(a.bytes());
}

// Dimensions, whether there are nulls, the elements' type; then count and first index; then
// each element behind its length: as array_recv of PostgreSQL reads it.
TEST(binary_array, empty_has_no_dimension) {
  EXPECT_EQ(hex(binary_array(element::int4)),
            "00000000"
            "00000000"
            "00000017");
}

TEST(binary_array, numbers_have_the_length_of_their_type) {
  binary_array small(element::int2);
  small.add(std::int16_t{-2});
  EXPECT_EQ(hex(small),
            "00000001"
            "00000000"
            "00000015"
            "00000001"
            "00000001"
            "00000002"
            "fffe");
  binary_array large(element::int4);
  large.add(std::int32_t{258});
  large.add(std::int32_t{-1});
  EXPECT_EQ(hex(large),
            "00000001"
            "00000000"
            "00000017"
            "00000002"
            "00000001"
            "00000004"
            "00000102"
            "00000004"
            "ffffffff");
}

TEST(binary_array, null_is_told_from_the_empty_text) {
  binary_array a(element::text);
  a.add("");
  a.add_null();
  a.add("{\"");
  EXPECT_EQ(hex(a),
            "00000001"
            "00000001"
            "00000019"
            "00000003"
            "00000001"
            "00000000"
            "ffffffff"
            "00000002"
            "7b22");
}

TEST(binary_array, times_count_from_the_year_2000) {
  binary_array a(element::timestamptz);
  a.add(*parse_rfc3339("2000-01-01T00:00:01Z"));
  a.add(*parse_rfc3339("1999-12-31T23:59:59.999999Z"));
  EXPECT_EQ(hex(a),
            "00000001"
            "00000000"
            "000004a0"
            "00000002"
            "00000001"
            "00000008"
            "00000000000f4240"
            "00000008"
            "ffffffffffffffff");
}

TEST(binary_array, uuids_are_sixteen_bytes) {
  binary_array a(element::uuid);
  a.add(*parse_uuid("018f2f3e-7b1a-7c3d-8e4f-0123456789ab"));
  EXPECT_EQ(hex(a),
            "00000001"
            "00000000"
            "00000b86"
            "00000001"
            "00000001"
            "00000010"
            "018f2f3e7b1a7c3d8e4f0123456789ab");
}

}  // namespace
}  // namespace agon::store
