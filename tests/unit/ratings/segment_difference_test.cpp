#include "ratings/segment_difference.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "ratings/random.hpp"

namespace agon::ratings {
namespace {

tally empty_tally(int systems) {
  tally t;
  for (int i = 0; i < systems; ++i) t.add_system("s" + std::to_string(i));
  return t;
}

// Votes of a Bradley–Terry world; `shift` is added to the strength of system 0.
void play(tally& into, tally* also, seeded_random& random, int votes, double shift) {
  const auto systems = static_cast<system_index>(into.systems().size());
  for (int v = 0; v < votes; ++v) {
    const auto a = static_cast<system_index>(random.below(systems));
    const auto b = static_cast<system_index>((a + 1 + random.below(systems - 1)) % systems);
    const auto strength = [&](system_index i) {
      return 0.2 * static_cast<double>(i) + (i == 0 ? shift : 0);
    };
    const double p = 1 / (1 + std::exp(strength(b) - strength(a)));
    const outcome o = random.unit() < p ? outcome::a : outcome::b;
    into.add(a, b, o);
    if (also != nullptr) also->add(a, b, o);
  }
}

TEST(segment_difference, of_all_votes_to_all_votes_is_nothing_at_all) {
  tally votes = empty_tally(5);
  seeded_random random(1);
  play(votes, nullptr, random, 500, 0);
  for (const score_difference& d : segment_difference(votes, votes, true, {})) {
    EXPECT_NEAR(d.difference, 0, 1e-9);
    EXPECT_NEAR(d.standard_error, 0, 1e-6);
  }
}

TEST(segment_difference, is_that_of_the_scores_where_both_rate_all) {
  tally all = empty_tally(4), segment = empty_tally(4);
  seeded_random random(2);
  play(all, nullptr, random, 800, 0);
  play(all, &segment, random, 400, 1);
  const auto inside = fit_pairwise(segment);
  const auto overall = fit_pairwise(all);
  const auto differences = segment_difference(segment, all, true, {});
  ASSERT_EQ(differences.size(), 4U);
  for (const score_difference& d : differences)
    EXPECT_NEAR(d.difference, inside.ratings[d.system].score - overall.ratings[d.system].score,
                1e-6);
  EXPECT_GT(differences[0].lower, 0) << "system 0 is better in this segment";
}

// Nested votes are in both boards; intervals that forgot it would hold far too often.
TEST(segment_difference, intervals_hold_as_often_as_they_say) {
  for (const bool nested : {true, false}) {
    int held = 0, told = 0;
    for (std::uint64_t round = 0; round < 300; ++round) {
      tally all = empty_tally(5), segment = empty_tally(5);
      seeded_random random(3, round);
      play(all, nullptr, random, 600, 0);
      play(segment, nested ? &all : nullptr, random, 600, 0);
      for (const score_difference& d : segment_difference(segment, all, nested, {})) {
        ++told;
        held += static_cast<int>(d.lower <= 0 && 0 <= d.upper);
      }
    }
    EXPECT_EQ(told, 1500);
    EXPECT_NEAR(held, 0.95 * told, 0.02 * told) << (nested ? "nested" : "apart");
  }
}

TEST(segment_difference, heeds_ties_of_models_that_have_them) {
  tally all = empty_tally(3), segment = empty_tally(3);
  seeded_random random(4);
  play(all, &segment, random, 300, 0);
  play(all, nullptr, random, 300, 0);
  segment.add(0, 1, outcome::tie, 40);
  all.add(0, 1, outcome::tie, 40);
  segment.add(0, 2, outcome::both_bad, 30);
  all.add(0, 2, outcome::both_bad, 50);
  for (const method m : {method::davidson, method::rao_kupper, method::grounded_rao_kupper}) {
    pairwise_settings settings;
    settings.method = m;
    const auto differences = segment_difference(segment, all, true, settings);
    ASSERT_EQ(differences.size(), 3U) << to_text(m);
    for (const score_difference& d : differences) {
      EXPECT_TRUE(std::isfinite(d.lower) && std::isfinite(d.upper)) << to_text(m);
      EXPECT_GT(d.standard_error, 0);
      EXPECT_LT(d.standard_error, 60) << to_text(m);
    }
  }
}

TEST(segment_difference, of_systems_that_one_side_cannot_rate_there_is_none) {
  tally all = empty_tally(4), segment = empty_tally(4);
  seeded_random random(5);
  play(all, nullptr, random, 300, 0);
  EXPECT_TRUE(segment_difference(segment, all, true, {}).empty());
  segment.add(1, 2, outcome::tie);
  segment.add(3, 1, outcome::a);
  all.add(1, 2, outcome::tie);
  all.add(3, 1, outcome::a);
  const auto differences = segment_difference(segment, all, true, {});
  ASSERT_EQ(differences.size(), 2U);
  EXPECT_EQ(differences[0].system, 1U);
  EXPECT_GT(differences[0].standard_error, 100) << "one tie tells next to nothing";
}

TEST(segment_difference, tallies_of_other_systems_are_refused) {
  EXPECT_THROW((void)segment_difference(empty_tally(3), empty_tally(4), true, {}),
               std::invalid_argument);
}

}  // namespace
}  // namespace agon::ratings
