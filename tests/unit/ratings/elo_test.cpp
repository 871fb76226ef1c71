#include "ratings/elo.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

namespace agon::ratings {
namespace {

// A system is drawn by its rank in this list, so that names and not indices decide.
const std::vector<std::string> names{"espeak", "flite", "festival", "kal", "awb"};

void play(elo_state& elo, int from, int to) {
  std::mt19937_64 random(7);
  for (int i = 0; i < to; ++i) {
    const auto a = random() % names.size();
    const auto b = (a + 1 + random() % (names.size() - 1)) % names.size();
    const auto o = static_cast<outcome>(random() % outcome_count);
    if (i >= from) elo.add(names[a], names[b], o);
  }
}

TEST(elo, first_votes_move_scores_as_the_formula_says) {
  elo_state elo;
  elo.add("a", "b", outcome::a);
  EXPECT_DOUBLE_EQ(elo.score(0), 1002);
  EXPECT_DOUBLE_EQ(elo.score(1), 998);
  elo.add("b", "a", outcome::tie);
  const double expected = 1 / (1 + std::pow(10.0, 4.0 / 400));
  EXPECT_DOUBLE_EQ(elo.score(1), 998 + 4 * (0.5 - expected));
  EXPECT_DOUBLE_EQ(elo.score(0), 1002 - 4 * (0.5 - expected));
  EXPECT_EQ(elo.votes(), 2U);
}

TEST(elo, both_bad_moves_scores_only_where_it_counts_as_a_tie) {
  elo_state dropped;
  elo_state tied({.both_bad = both_bad_policy::tie});
  for (elo_state* elo : {&dropped, &tied}) {
    elo->add("a", "b", outcome::a);
    elo->add("a", "b", outcome::both_bad);
  }
  EXPECT_DOUBLE_EQ(dropped.score(0), 1002);
  EXPECT_LT(tied.score(0), 1002);
  EXPECT_EQ(dropped.votes(), 2U);
}

TEST(elo, points_are_won_from_the_other) {
  elo_state elo({.k = 30, .initial = 1500});
  play(elo, 0, 500);
  double sum = 0;
  for (system_index i = 0; i < elo.systems().size(); ++i) sum += elo.score(i);
  EXPECT_NEAR(sum, 1500.0 * static_cast<double>(names.size()), 1e-9);
}

TEST(elo, saved_and_resumed_state_ends_in_the_same_bytes) {
  elo_state whole;
  play(whole, 0, 1000);
  for (const int cut : {0, 1, 333, 1000}) {
    elo_state first;
    play(first, 0, cut);
    auto resumed = elo_state::load(first.save());
    ASSERT_TRUE(resumed) << resumed.error().reason;
    play(*resumed, cut, 1000);
    EXPECT_EQ(resumed->save(), whole.save()) << cut;
  }
}

TEST(elo, registration_of_systems_beforehand_changes_nothing) {
  elo_state plain, registered;
  for (auto name = names.rbegin(); name != names.rend(); ++name) registered.add_system(*name);
  play(plain, 0, 200);
  play(registered, 0, 200);
  EXPECT_EQ(plain.save(), registered.save());
}

TEST(elo, chain_hashes_each_vote_after_the_hash_before) {
  elo_state elo;
  EXPECT_EQ(elo.chain(), std::string(64, '0'));
  elo.add("x", "y \"1\"", outcome::both_bad);
  const auto first = crypto::sha256(
      std::string(32, '\0') + R"({"outcome":"both_bad","system_a":"x","system_b":"y \"1\""})");
  EXPECT_EQ(elo.chain(), crypto::to_hex(crypto::bytes_of(first)));
  elo.add("y \"1\"", "x", outcome::a);
  const auto second = crypto::sha256(std::string(crypto::bytes_of(first)) +
                                     R"({"outcome":"a","system_a":"y \"1\"","system_b":"x"})");
  EXPECT_EQ(elo.chain(), crypto::to_hex(crypto::bytes_of(second)));
}

TEST(elo, impossible_votes_throw_and_change_nothing) {
  elo_state elo;
  elo.add("a", "b", outcome::a);
  const std::string before = elo.save();
  EXPECT_THROW(elo.add(0, 0, outcome::a), std::invalid_argument);
  EXPECT_THROW(elo.add(0, 2, outcome::a), std::invalid_argument);
  EXPECT_THROW(elo.add(0, 1, static_cast<outcome>(9)), std::invalid_argument);
  EXPECT_EQ(elo.save(), before);
}

TEST(elo, impossible_settings_throw) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(elo_state({.k = 0}), std::invalid_argument);
  EXPECT_THROW(elo_state({.k = nan}), std::invalid_argument);
  EXPECT_THROW(elo_state({.k = 1001}), std::invalid_argument);
  EXPECT_THROW(elo_state({.initial = nan}), std::invalid_argument);
}

TEST(elo, broken_saved_states_are_refused) {
  elo_state elo;
  elo.add("a", "b", outcome::a);
  const std::string good = elo.save();
  ASSERT_TRUE(elo_state::load(good));
  const auto with = [&](std::string_view what, std::string_view instead) {
    std::string text = good;
    text.replace(text.find(what), what.size(), instead);
    return text;
  };
  EXPECT_FALSE(elo_state::load(""));
  EXPECT_FALSE(elo_state::load("[]"));
  EXPECT_FALSE(elo_state::load("{}"));
  EXPECT_FALSE(elo_state::load(good + " "));
  EXPECT_FALSE(elo_state::load(with("drop", "half")));
  EXPECT_FALSE(elo_state::load(with("\"k\":4", "\"k\":-4")));
  EXPECT_FALSE(elo_state::load(with("\"votes\":1", "\"votes\":-1")));
  EXPECT_FALSE(elo_state::load(with("\"votes\":1", "\"votes\":1,\"zeal\":0")));
  EXPECT_FALSE(elo_state::load(with("\"votes\":1", "\"votes\":\"1\"")));
  EXPECT_FALSE(elo_state::load(with("1002", "\"1002\"")));
  EXPECT_FALSE(elo_state::load(with("\"a\"", "\"\"")));
  std::string short_chain = good;
  short_chain.erase(short_chain.find("\"chain\":\"") + 9, 2);
  EXPECT_FALSE(elo_state::load(short_chain));
}

}  // namespace
}  // namespace agon::ratings
