#include "ratings/outcome.hpp"

#include <gtest/gtest.h>

#include "ratings/status.hpp"

namespace agon::ratings {
namespace {

TEST(outcome, four_texts_are_read_and_written) {
  for (const outcome o : {outcome::a, outcome::b, outcome::tie, outcome::both_bad})
    EXPECT_EQ(outcome_from_text(to_text(o)), o);
  EXPECT_EQ(to_text(outcome::both_bad), "both_bad");
}

TEST(outcome, any_other_text_is_refused) {
  for (const char* text : {"", "A", "left", "model_a", "tie ", "tie (bothbad)", "bothbad", "0.5"})
    EXPECT_FALSE(outcome_from_text(text)) << text;
  EXPECT_FALSE(outcome_from_text(std::string_view("a\0", 2)));
}

TEST(outcome, mirroring_exchanges_the_winner_only) {
  EXPECT_EQ(mirrored(outcome::a), outcome::b);
  EXPECT_EQ(mirrored(outcome::b), outcome::a);
  EXPECT_EQ(mirrored(outcome::tie), outcome::tie);
  EXPECT_EQ(mirrored(outcome::both_bad), outcome::both_bad);
}

TEST(outcome, policies_are_read_strictly) {
  EXPECT_EQ(both_bad_policy_from_text("drop"), both_bad_policy::drop);
  EXPECT_EQ(both_bad_policy_from_text("tie"), both_bad_policy::tie);
  EXPECT_FALSE(both_bad_policy_from_text("half"));
}

TEST(rating_status, has_a_text_for_each_value) {
  EXPECT_EQ(to_text(rating_status::rated), "rated");
  EXPECT_EQ(to_text(rating_status::no_votes), "no_votes");
  EXPECT_EQ(to_text(rating_status::not_converged), "not_converged");
}

}  // namespace
}  // namespace agon::ratings
