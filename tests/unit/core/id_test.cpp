#include "services/core/id.hpp"

#include <gtest/gtest.h>

#include <set>

namespace agon {
namespace {

class fixed_clock final : public clock_source {
 public:
  time_point moment{std::chrono::milliseconds{1'790'000'000'000}};
  [[nodiscard]] time_point now() const override { return moment; }
};

TEST(id, ids_of_one_source_only_grow_even_when_the_clock_stands_still_or_goes_back) {
  fixed_clock clock;
  crypto::system_random random;
  id_source source(clock, random);
  uuid last = source.next();
  for (int i = 0; i < 10'000; ++i) {
    if (i == 5'000) clock.moment -= std::chrono::seconds{5};
    const uuid next = source.next();
    ASSERT_LT(last, next);
    last = next;
  }
}

TEST(id, carries_version_variant_and_time) {
  fixed_clock clock;
  crypto::system_random random;
  id_source source(clock, random);
  const std::string text = to_string(source.next());
  EXPECT_EQ(text[14], '7');
  EXPECT_TRUE(std::string("89ab").find(text[19]) != std::string::npos);
  EXPECT_EQ(time_of(*parse_uuid(text)), clock.moment);
}

TEST(id, only_the_canonical_form_is_read) {
  const std::string good = "01930000-0000-7000-8000-0123456789ab";
  ASSERT_TRUE(parse_uuid(good));
  EXPECT_EQ(to_string(*parse_uuid(good)), good);
  EXPECT_FALSE(parse_uuid("0193000000007000-8000-0123456789ab00"));
  EXPECT_FALSE(parse_uuid("01930000-0000-7000-8000-0123456789a"));
  EXPECT_FALSE(parse_uuid("01930000-0000-7000-8000-0123456789ag"));
  EXPECT_FALSE(parse_uuid("{1930000-0000-7000-8000-0123456789a}"));
}

}  // namespace
}  // namespace agon
