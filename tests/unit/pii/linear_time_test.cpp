// Texts made to make scanners go back: the time for four times the length must stay
// near four times, measured in the processor time of this thread, best of some runs.
// A quadratic scanner would take sixteen times.
#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <string>

#include "privacy/pii/find.hpp"

namespace agon::pii {
namespace {

double cpu_seconds(const std::string& text) {
  double best = 1e9;
  for (int run = 0; run < 3; ++run) {
    timespec a{}, b{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    const std::size_t found = find(text).size();
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    EXPECT_LE(found, text.size());
    best = std::min(best, double(b.tv_sec - a.tv_sec) + double(b.tv_nsec - a.tv_nsec) * 1e-9);
  }
  return best;
}

std::string repeated(const std::string& part, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += part;
  return out;
}

class hostile : public testing::TestWithParam<const char*> {};

TEST_P(hostile, time_grows_with_the_length_and_no_faster) {
  constexpr std::size_t small = 8'000;
  const double once = cpu_seconds(repeated(GetParam(), small));
  const double four_times = cpu_seconds(repeated(GetParam(), 4 * small));
  EXPECT_LT(four_times, 9 * once + 1e-3);
}

INSTANTIATE_TEST_SUITE_P(
    linear_time, hostile,
    testing::Values("1", "1 ", "4 ", "12 ", "1-2-", "1.", "1.2.3.", "(1) ", "((", "+1", "00 1 ",
                    "a@", "@", "a.", "a@b.", "\"@", "http://a.", "http://", "a.com ", "@ab ", "<A",
                    "P<", "0x", "1/1/", "1 May ", "born 1/1/2001 ", "48.1234, ", "00:1A:", "A1-",
                    "AB 12 34 56 ", "passport A1234567 ", "ssn ", "\"a@", "user.name+", "a-",
                    "::", "1:", "a:", "::1.a", "::1%a", "1/2", "DE89 ", "DE89", "call ",
                    "call 123 45 67 ", "x1", "1 ext. ", "4111 1111 1111 111", "４", "\u200b",
                    "1\u200b", "e\u0301", "用", "\xff", "<EMAIL_ADDRESS_1>"));

}  // namespace
}  // namespace agon::pii
