#include "ratings/board.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"

namespace agon::ratings {
namespace {

struct votes {
  tally counts;
  elo_state elo;

  void add(std::string_view a, std::string_view b, outcome o) {
    counts.add(a, b, o);
    elo.add(a, b, o);
  }
};

// The votes of a small arena; `order` is the order in which systems are registered.
votes arena(const std::vector<std::string>& order, int count = 400) {
  static const std::vector<std::string> names{"espeak", "flite", "festival", "kal"};
  votes v;
  for (const auto& name : order) {
    v.counts.add_system(name);
    v.elo.add_system(name);
  }
  std::mt19937_64 random(11);
  for (int i = 0; i < count; ++i) {
    const auto a = random() % names.size();
    const auto b = (a + 1 + random() % (names.size() - 1)) % names.size();
    const auto o =
        a < b && random() % 3 != 0 ? outcome::a : static_cast<outcome>(random() % outcome_count);
    v.add(names[a], names[b], o);
  }
  return v;
}

TEST(board, golden_json_of_a_small_arena) {
  votes v;
  v.counts.add_system("silent");
  for (int i = 0; i < 3; ++i) v.add("flite", "espeak", outcome::a);
  v.add("espeak", "flite", outcome::a);
  v.add("espeak", "flite", outcome::both_bad);
  v.add("festival", "flite", outcome::a);
  const auto boards = make_boards(v.counts, v.elo);
  ASSERT_EQ(boards.size(), 2U);
  EXPECT_EQ(
      to_json(boards[0]),
      R"({"anchored":false,"certificate":{"gradient_norm_below":0.000001,"score_error_below":0.000001},"code":"agon_ratings/1","entries":[)"
      R"({"both_bad":1,"losses":2,"lower":898.848,"rank_lower":2,"rank_upper":1,"score":1095.424,"status":"rated","system":"flite","ties":0,"upper":1292.001,"votes":6,"wins":3},)"
      R"({"both_bad":1,"losses":3,"lower":707.999,"rank_lower":2,"rank_upper":1,"score":904.576,"status":"rated","system":"espeak","ties":0,"upper":1101.152,"votes":5,"wins":1},)"
      R"({"both_bad":0,"losses":0,"lower":null,"rank_lower":null,"rank_upper":null,"score":null,"status":"only_wins","system":"festival","ties":0,"upper":null,"votes":1,"wins":1},)"
      R"({"both_bad":0,"losses":0,"lower":null,"rank_lower":null,"rank_upper":null,"score":null,"status":"no_votes","system":"silent","ties":0,"upper":null,"votes":0,"wins":0}],)"
      R"("inputs_sha256":"0b770289fd4a6536cc7a65aaefc193ee05b8ef312a45c8db90ea1988220dea57",)"
      R"("method":"bradley_terry","settings":{"anchor":null,"both_bad":"drop","confidence":0.95,"mean":1000,"small_sample_error":50},"votes":6})");
  EXPECT_EQ(
      to_json(boards[1]),
      R"({"anchored":false,"certificate":null,"code":"agon_ratings/1","entries":[)"
      R"({"both_bad":0,"losses":0,"lower":null,"rank_lower":null,"rank_upper":null,"score":1002.022,"status":"rated","system":"festival","ties":0,"upper":null,"votes":1,"wins":1},)"
      R"({"both_bad":1,"losses":2,"lower":null,"rank_lower":null,"rank_upper":null,"score":1001.841,"status":"rated","system":"flite","ties":0,"upper":null,"votes":6,"wins":3},)"
      R"({"both_bad":1,"losses":3,"lower":null,"rank_lower":null,"rank_upper":null,"score":996.137,"status":"rated","system":"espeak","ties":0,"upper":null,"votes":5,"wins":1},)"
      R"({"both_bad":0,"losses":0,"lower":null,"rank_lower":null,"rank_upper":null,"score":null,"status":"no_votes","system":"silent","ties":0,"upper":null,"votes":0,"wins":0}],)"
      R"("inputs_sha256":"8bdcd239393c85292b4a86fa49674ad1a319c83d82451cf5f081172e03f7ba98",)"
      R"("method":"elo","settings":)"
      R"({"both_bad":"drop","initial":1000,"k":4},"votes":6})");
}

TEST(board, order_of_registration_changes_no_byte) {
  const votes x = arena({"kal", "flite", "extra"});
  const votes y = arena({"extra", "espeak"});
  const auto a = make_boards(x.counts, x.elo);
  const auto b = make_boards(y.counts, y.elo);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(to_json(a[i]), to_json(b[i]));
}

TEST(board, rebuilt_from_saved_rows_and_state_gives_the_same_bytes) {
  const votes v = arena({"extra"});
  const auto counts = tally::from_rows(v.counts.rows(), std::vector<std::string>{"extra"});
  const auto elo = elo_state::load(v.elo.save());
  ASSERT_TRUE(counts && elo);
  const auto before = make_boards(v.counts, v.elo);
  const auto after = make_boards(*counts, *elo);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(to_json(before[i]), to_json(after[i]));
}

TEST(board, json_is_canonical_and_holds_no_more_than_three_decimals) {
  const votes v = arena({});
  for (const board& b : make_boards(v.counts, v.elo)) {
    const std::string text = to_json(b);
    const auto parsed = crypto::parse_json(text);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(crypto::canonical_json(*parsed), text);
    for (const auto& e : parsed->at("entries")) {
      const double thousandths = e.at("score").get<double>() * 1000;
      EXPECT_NEAR(thousandths, std::round(thousandths), 1e-6);
    }
  }
}

TEST(board, one_vote_more_changes_the_hash_of_the_inputs) {
  const votes x = arena({}, 400);
  const votes y = arena({}, 401);
  const auto a = make_boards(x.counts, x.elo);
  const auto b = make_boards(y.counts, y.elo);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NE(a[i].inputs_sha256, b[i].inputs_sha256);
}

TEST(board, entries_are_sorted_by_rank_then_score_then_name) {
  votes v = arena({"silent", "mute"});
  v.add("new", "kal", outcome::a);
  const auto boards = make_boards(v.counts, v.elo);
  for (const board& b : boards) {
    for (std::size_t i = 1; i < b.entries.size(); ++i) {
      const auto& x = b.entries[i - 1];
      const auto& y = b.entries[i];
      if (x.score && y.score && x.rank_upper == y.rank_upper) EXPECT_GE(*x.score, *y.score);
      if (x.rank_upper && y.rank_upper) EXPECT_LE(*x.rank_upper, *y.rank_upper);
      if (!x.score) EXPECT_FALSE(y.score);
      if (!x.score && !y.score) EXPECT_LT(x.system, y.system);
    }
  }
  EXPECT_EQ(boards[0].entries[6].status, rating_status::no_votes);
  EXPECT_EQ(boards[0].entries[5].status, rating_status::only_wins);
  EXPECT_EQ(boards[0].entries[5].system, "new");
}

TEST(board, first_vote_moves_both_boards) {
  votes v = arena({"a", "b", "c"}, 0);
  const auto before = make_boards(v.counts, v.elo);
  v.add("a", "b", outcome::a);
  const auto after = make_boards(v.counts, v.elo);
  EXPECT_EQ(before[0].entries[0].status, rating_status::no_votes);
  EXPECT_EQ(after[0].entries[0].status, rating_status::only_wins);
  EXPECT_EQ(after[0].entries[0].votes, 1U);
  EXPECT_EQ(after[1].entries[0].score, 1002.0);
  EXPECT_EQ(after[1].entries[1].score, 998.0);
  EXPECT_EQ(after[1].entries[2].score, std::nullopt);
  EXPECT_FALSE(after[0].certificate);
}

TEST(board, elo_does_not_rate_a_system_whose_votes_were_all_dropped) {
  votes v;
  v.add("a", "b", outcome::both_bad);
  const auto boards = make_boards(v.counts, v.elo);
  EXPECT_EQ(boards[1].entries[0].status, rating_status::no_votes);
  EXPECT_EQ(boards[1].entries[0].both_bad, 1U);
}

TEST(board, ranks_follow_from_the_bounds_that_are_shown) {
  const votes v = arena({}, 4000);
  const board b = make_bradley_terry_board(v.counts);
  for (const auto& e : b.entries) {
    ASSERT_EQ(e.status, rating_status::rated);
    std::uint32_t above = 0;
    std::uint32_t below = 0;
    for (const auto& other : b.entries) {
      above += other.lower > e.upper;
      below += other.upper < e.lower;
    }
    EXPECT_EQ(e.rank_upper, 1 + above);
    EXPECT_EQ(e.rank_lower, b.entries.size() - below);
  }
}

TEST(board, tally_and_elo_of_different_votes_are_refused) {
  votes v = arena({});
  v.counts.add("kal", "flite", outcome::a);
  EXPECT_THROW((void)make_boards(v.counts, v.elo), std::invalid_argument);
  EXPECT_THROW((void)make_elo_board(v.counts, v.elo), std::invalid_argument);
}

TEST(board, anchor_is_told) {
  const votes v = arena({});
  const board b = make_bradley_terry_board(v.counts, {.anchor = score_anchor{"kal", 1114}});
  EXPECT_TRUE(b.anchored);
  for (const auto& e : b.entries)
    if (e.system == "kal") EXPECT_EQ(e.score, 1114.0);
}

}  // namespace
}  // namespace agon::ratings
