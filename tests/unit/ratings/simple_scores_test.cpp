#include "ratings/simple_scores.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/unit/ratings/shared_data.hpp"

namespace agon::ratings {
namespace {

using testing::index_of;
using testing::named_vote;
using testing::read_golden;
using testing::read_votes;
using testing::shared_data;

tally mirrored_tally(const std::vector<named_vote>& votes) {
  tally out;
  for (const named_vote& v : votes)
    out.add(v.left, v.right, v.result == outcome::tie ? outcome::tie : mirrored(v.result));
  return out;
}

double value_of(const std::optional<double>& x) {
  return x.value_or(-1);
}
double value_of(double x) {
  return x;
}

template <typename Scores>
void expect_golden(const tally& votes, const Scores& scores, const std::string& file,
                   const std::string& algorithm) {
  const auto golden = read_golden(shared_data("votes/" + file + "-golden.csv"), algorithm);
  ASSERT_EQ(golden.size(), scores.size());
  for (const auto& [name, expected] : golden)
    EXPECT_NEAR(value_of(scores[index_of(votes.systems(), name)]), expected, 1e-9)
        << file << ", " << algorithm << ", " << name;
}

TEST(simple_scores, are_evalicas_on_its_own_data) {
  AGON_NEEDS_SHARED_DATA("votes/llmfao-golden.csv");
  for (const std::string file : {"simple", "llmfao"}) {
    const auto votes = read_votes(shared_data("votes/" + file + ".csv"));
    const tally t = testing::tally_of(votes);
    expect_golden(t, win_counts(t), file, "counting");
    expect_golden(t, average_win_rates(t), file, "average_win_rate");
    expect_golden(t, pagerank_scores(t), file, "pagerank");
    // Its eigenvector is that of the losses.
    const tally reversed = mirrored_tally(votes);
    expect_golden(reversed, eigenvector_scores(reversed), file, "eigen");
  }
}

TEST(simple_scores, a_circle_of_wins_has_one_score_for_all) {
  tally t;
  t.add("a", "b", outcome::a);
  t.add("b", "c", outcome::a);
  t.add("c", "a", outcome::a);
  for (const auto& x : eigenvector_scores(t)) EXPECT_NEAR(value_of(x), 1 / std::sqrt(3), 1e-12);
  for (const double x : pagerank_scores(t)) EXPECT_NEAR(x, 1.0 / 3, 1e-12);
}

TEST(simple_scores, what_cannot_be_told_is_absent) {
  tally t;
  t.add("a", "b", outcome::a, 3);
  t.add_system("c");
  EXPECT_EQ(average_win_rates(t)[0], 1.0);
  EXPECT_FALSE(average_win_rates(t)[2]);
  for (const auto& x : eigenvector_scores(t)) EXPECT_FALSE(x);
  const auto rank = pagerank_scores(t);
  EXPECT_NEAR(std::accumulate(rank.begin(), rank.end(), 0.0), 1, 1e-12);
  EXPECT_GT(rank[0], rank[1]);
  EXPECT_TRUE(pagerank_scores({}).empty());
  EXPECT_THROW((void)pagerank_scores(t, 1), std::invalid_argument);
  EXPECT_THROW((void)win_counts(t, both_bad_policy::model), std::invalid_argument);
}

}  // namespace
}  // namespace agon::ratings
