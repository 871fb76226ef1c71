#include "ratings/tally.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

namespace agon::ratings {
namespace {

tally sample() {
  tally t;
  t.add("flite", "espeak", outcome::a);
  t.add("espeak", "flite", outcome::a);
  t.add("espeak", "flite", outcome::tie, 3);
  t.add("flite", "festival", outcome::both_bad);
  return t;
}

TEST(tally, exchanged_slots_are_folded_with_the_outcome_mirrored) {
  tally t;
  const system_index a = t.add_system("a");
  const system_index b = t.add_system("b");
  t.add(a, b, outcome::a, 2);
  t.add(b, a, outcome::a, 5);
  t.add(b, a, outcome::b, 7);
  t.add(b, a, outcome::tie, 11);
  t.add(b, a, outcome::both_bad, 13);
  EXPECT_EQ(t.pair(a, b), (tally::cell{9, 5, 11, 13}));
}

TEST(tally, rows_are_sorted_by_name_and_only_pairs_with_votes) {
  tally t = sample();
  t.add_system("zzz");
  t.add("zzz", "flite", outcome::a, 0);
  const std::vector<tally_row> expected{{"espeak", "flite", 1, 1, 3, 0},
                                        {"festival", "flite", 0, 0, 0, 1}};
  EXPECT_EQ(t.rows(), expected);
}

TEST(tally, rows_rebuild_the_tally) {
  const tally t = sample();
  const auto rows = t.rows();
  const auto again = tally::from_rows(rows, std::vector<std::string>{"kal"});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->rows(), rows);
  EXPECT_EQ(again->votes(), 6U);
  EXPECT_TRUE(again->systems().find("kal"));
}

TEST(tally, rows_in_any_order_and_direction_are_summed) {
  const std::vector<tally_row> rows{{"b", "a", 1, 2, 3, 4}, {"a", "b", 10, 20, 30, 40}};
  const auto t = tally::from_rows(rows);
  ASSERT_TRUE(t);
  EXPECT_EQ(t->rows(), (std::vector<tally_row>{{"a", "b", 12, 21, 33, 44}}));
}

TEST(tally, impossible_rows_are_refused) {
  const std::uint64_t most = std::uint64_t{1} << 53;
  const auto refused = [](tally_row row) {
    return !tally::from_rows(std::vector<tally_row>{{"a", "b", 1, 0, 0, 0}, std::move(row)});
  };
  EXPECT_TRUE(refused({"a", "a", 1, 0, 0, 0}));
  EXPECT_TRUE(refused({"", "a", 1, 0, 0, 0}));
  EXPECT_TRUE(refused({"\xff", "a", 1, 0, 0, 0}));
  EXPECT_TRUE(refused({"a", "b", most, 0, 0, 0}));
  EXPECT_TRUE(refused({"a", "b", 0, 0, ~std::uint64_t{0}, 0}));
  EXPECT_FALSE(refused({"a", "b", most - 1, 0, 0, 0}));
  const auto error = tally::from_rows(std::vector<tally_row>{{"a", "a", 1, 0, 0, 0}}).error();
  EXPECT_EQ(error.reason.substr(0, 6), "row 1:");
}

TEST(tally, impossible_votes_throw) {
  tally t = sample();
  EXPECT_THROW(t.add(0, 0, outcome::a), std::invalid_argument);
  EXPECT_THROW(t.add(0, 3, outcome::a), std::invalid_argument);
  EXPECT_THROW(t.add(3, 0, outcome::a), std::invalid_argument);
  EXPECT_THROW(t.add(0, 1, static_cast<outcome>(4)), std::invalid_argument);
  EXPECT_THROW(t.add("flite", "flite", outcome::tie), std::invalid_argument);
  EXPECT_EQ(t.rows(), sample().rows());
}

TEST(tally, full_roster_is_an_error) {
  roster names;
  for (std::size_t i = 0; i < roster::capacity; ++i) names.add(std::to_string(i));
  EXPECT_EQ(names.add("17"), 17U);
  EXPECT_THROW(names.add("one more"), std::length_error);
}

TEST(tally, merging_adds_counts_by_name) {
  tally merged;
  merged.add("festival", "flite", outcome::a);
  merged.merge(sample());
  merged.merge(sample());
  EXPECT_EQ(merged.rows(), (std::vector<tally_row>{{"espeak", "flite", 2, 2, 6, 0},
                                                   {"festival", "flite", 1, 0, 0, 2}}));
  EXPECT_EQ(merged.votes(), 13U);
}

TEST(tally, counts_per_system_are_seen_from_its_side) {
  tally t;
  t.add("a", "b", outcome::a, 3);
  t.add("c", "a", outcome::a, 2);
  t.add("a", "c", outcome::tie, 1);
  t.add("b", "a", outcome::both_bad, 4);
  const auto counts = t.per_system();
  EXPECT_EQ(counts[0], (system_counts{.wins = 3, .losses = 2, .ties = 1, .both_bad = 4}));
  EXPECT_EQ(counts[1], (system_counts{.wins = 0, .losses = 3, .ties = 0, .both_bad = 4}));
  EXPECT_EQ(counts[2], (system_counts{.wins = 2, .losses = 0, .ties = 1, .both_bad = 0}));
  EXPECT_EQ(counts[0].votes(), 10U);
}

TEST(tally, hash_is_that_of_the_canonical_json_of_the_rows) {
  tally t;
  for (std::uint64_t i = 0; i < 60; ++i)
    t.add("système \"" + std::to_string(i * 7 % 60) + "\"\n", "0", outcome::b, i * i);
  auto rows = nlohmann::json::array();
  for (const auto& r : t.rows())
    rows.push_back({r.system_a, r.system_b, r.wins_a, r.wins_b, r.ties, r.both_bad});
  EXPECT_EQ(t.sha256(),
            crypto::to_hex(crypto::bytes_of(crypto::sha256(crypto::canonical_json(rows)))));
}

TEST(tally, hash_of_no_votes_is_that_of_an_empty_array) {
  tally t;
  t.add_system("a");
  EXPECT_EQ(t.sha256(), crypto::to_hex(crypto::bytes_of(crypto::sha256("[]"))));
}

TEST(tally, order_of_registration_changes_neither_rows_nor_hash) {
  tally t;
  t.add("flite", "festival", outcome::both_bad);
  t.add("flite", "espeak", outcome::b);
  t.add("flite", "espeak", outcome::tie, 3);
  t.add("espeak", "flite", outcome::b);
  EXPECT_EQ(t.rows(), sample().rows());
  EXPECT_EQ(t.sha256(), sample().sha256());
  EXPECT_EQ(t.sorted().rows(), t.rows());
  EXPECT_EQ(t.sorted().systems().name(0), "espeak");
}

}  // namespace
}  // namespace agon::ratings
