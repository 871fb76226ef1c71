#include <gtest/gtest.h>

#include <random>

#include "privacy/parquet/codec.hpp"
#include "privacy/parquet/delta.hpp"
#include "privacy/parquet/hybrid.hpp"

namespace agon::parquet {
namespace {

std::vector<std::uint32_t> decoded(std::string_view bytes, int bits, std::size_t count) {
  std::vector<std::uint32_t> out(count);
  hybrid_decoder d(bytes, bits);
  for (std::uint32_t& v : out)
    if (!d.next(v)) return {};
  return out;
}

TEST(parquet_hybrid, runs_and_packed_values_come_back) {
  std::mt19937 dice(7);
  for (int round = 0; round < 2000; ++round) {
    const int bits = 1 + round % 32;
    std::vector<std::uint32_t> values;
    while (values.size() < static_cast<std::size_t>(round % 300)) {
      const auto v = static_cast<std::uint32_t>(dice() & ((1ULL << bits) - 1));
      values.insert(values.end(), dice() % 4 == 0 ? dice() % 40 : 1, v);
    }
    std::string coded;
    encode_hybrid(values, bits, coded);
    ASSERT_EQ(decoded(coded, bits, values.size()), values) << "round " << round;
  }
}

TEST(parquet_hybrid, a_long_run_takes_few_bytes) {
  const std::vector<std::uint32_t> values(1'000'000, 1);
  std::string coded;
  encode_hybrid(values, 1, coded);
  EXPECT_LE(coded.size(), 8U);
}

// The example of the format's Encodings.md: 0 to 7 in three bits.
TEST(parquet_hybrid, bits_lie_as_the_format_says) {
  const std::vector<std::uint32_t> values = {0, 1, 2, 3, 4, 5, 6, 7};
  std::string coded;
  encode_hybrid(values, 3, coded);
  EXPECT_EQ(coded, "\x03\x88\xC6\xFA");
}

TEST(parquet_snappy, literals_and_copies_are_followed) {
  // "abcabcabcabc!": a literal of three, a copy of nine from three back, a literal.
  const std::string packed(
      "\x0D\x08"
      "abc"
      "\x15\x03\x00!",
      9);
  std::string out(13, '\0');
  ASSERT_TRUE(read_snappy(packed, out.data(), out.size()));
  EXPECT_EQ(out, "abcabcabcabc!");
}

TEST(parquet_snappy, lies_are_refused) {
  std::string out(64, '\0');
  const auto refused = [&](std::string_view bytes, std::size_t size) {
    return !read_snappy(bytes, out.data(), size);
  };
  EXPECT_TRUE(refused("", 3));
  EXPECT_TRUE(refused(std::string_view("\x03\x08"
                                       "abc",
                                       5),
                      4))
      << "states another length";
  EXPECT_TRUE(refused(std::string_view("\x03\x08"
                                       "ab",
                                       4),
                      3))
      << "literal cut off";
  EXPECT_TRUE(refused(std::string_view("\x08\x08"
                                       "abc\x15\x04\x00",
                                       8),
                      8))
      << "copy before start";
  EXPECT_TRUE(refused(std::string_view("\x08\x08"
                                       "abc\x15\x00\x00",
                                       8),
                      8))
      << "copy of nothing";
  EXPECT_TRUE(refused(std::string_view("\x04\x08"
                                       "abc\x15\x03\x00",
                                       8),
                      4))
      << "more than stated";
}

// The examples of the format's Encodings.md.
TEST(parquet_delta, integers_of_the_specification) {
  const std::string steady("\x80\x01\x04\x05\x02\x02\x00\x00\x00\x00", 10);  // 1 2 3 4 5
  std::string_view at = steady;
  const auto read = read_delta_integers(at, 5);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
  at = steady;
  EXPECT_FALSE(read_delta_integers(at, 4)) << "more values than the page has";
}

TEST(parquet_delta, texts_share_their_beginnings) {
  const std::string prefixes(
      "\x80\x01\x04\x04\x00\x03\x03\x00\x00\x00\x44\x01\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00",
      22);  // 0 2 0 3
  const std::string lengths(
      "\x80\x01\x04\x04\x08\x03\x03\x00\x00\x00\x70\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00",
      22);  // 4 2 6 5
  const std::string bytes = prefixes + lengths +
                            "axis"
                            "le"
                            "babble"
                            "yhood";
  const auto read = read_delta_texts(bytes, true, 4, 100);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->text, "axisaxlebabblebabyhood");
  EXPECT_EQ(read->ends, (std::vector<std::size_t>{4, 8, 14, 22}));
  EXPECT_FALSE(read_delta_texts(bytes, true, 4, 21)) << "longer than the limit";
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(read_delta_texts(std::string_view(bytes).substr(0, size), true, 4, 100));
}

}  // namespace
}  // namespace agon::parquet
