// Known answers on real votes.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ratings/bradley_terry.hpp"
#include "ratings/elo.hpp"
#include "tests/unit/ratings/shared_data.hpp"

namespace agon::ratings {
namespace {

using testing::index_of;
using testing::read_golden;
using testing::read_votes;
using testing::shared_data;
using testing::tally_of;

// Summed over votes, a tie as half a win and half a loss.
double mean_negative_log_likelihood(const tally& votes, const bradley_terry_fit& fit,
                                    both_bad_policy policy) {
  double sum = 0;
  double count = 0;
  const auto systems = static_cast<system_index>(fit.ratings.size());
  for (system_index b = 1; b < systems; ++b) {
    for (system_index a = 0; a < b; ++a) {
      const auto& c = votes.pair(a, b);
      const double z = (fit.ratings[a].score - fit.ratings[b].score) / points_per_unit;
      const double ties = static_cast<double>(c[2]) +
                          (policy == both_bad_policy::tie ? static_cast<double>(c[3]) : 0.0);
      const double wins = static_cast<double>(c[0]) + ties / 2;
      const double losses = static_cast<double>(c[1]) + ties / 2;
      sum += wins * std::log1p(std::exp(-z)) + losses * std::log1p(std::exp(z));
      count += wins + losses;
    }
  }
  return sum / count;
}

std::vector<bradley_terry_rating> by_score(const bradley_terry_fit& fit) {
  auto out = fit.ratings;
  std::sort(out.begin(), out.end(), [](const auto& x, const auto& y) { return x.score > y.score; });
  return out;
}

TEST(published_votes, chatbot_arena_likelihood_without_both_bad) {
  AGON_NEEDS_SHARED_DATA("votes/chatbotarena_20240814.json");
  const tally votes = testing::read_chatbot_arena();
  ASSERT_EQ(votes.votes(), 1670250U);
  const auto fit = fit_bradley_terry(votes);
  EXPECT_EQ(fit.rated.size(), 129U);
  EXPECT_NEAR(mean_negative_log_likelihood(votes, fit, both_bad_policy::drop), 0.6554111075, 5e-11);
  EXPECT_LT(fit.certificate.score_error, 1e-6);
}

TEST(published_votes, chatbot_arena_scores_with_both_bad_as_ties) {
  AGON_NEEDS_SHARED_DATA("votes/chatbotarena_20240814.json");
  const tally votes = testing::read_chatbot_arena();
  const auto fit = fit_bradley_terry(
      votes, {.both_bad = both_bad_policy::tie,
              .anchor = score_anchor{.system = "mixtral-8x7b-instruct-v0.1", .score = 1114}});
  EXPECT_NEAR(mean_negative_log_likelihood(votes, fit, both_bad_policy::tie), 0.6674818053, 5e-11);
  const auto best = by_score(fit);
  EXPECT_NEAR(best[0].score, 1315.1561, 5e-5);
  EXPECT_NEAR(best[1].score, 1298.4197, 5e-5);
  EXPECT_NEAR(best[2].score, 1285.8278, 5e-5);
  EXPECT_NEAR(best[0].standard_error, 2.382698, 5e-7);
  EXPECT_LT(fit.certificate.score_error, 1e-6);
}

// arena-rank adds 1e-5 times the number of votes to the diagonal of H, which narrows its
// intervals. With that ridge we get its digits; without, the interval is a little wider.
double half_width_with_ridge(const tally& votes, const bradley_terry_fit& fit, system_index of,
                             double ridge) {
  const auto m = static_cast<Eigen::Index>(fit.theta.size());
  Eigen::MatrixXd h = ridge * Eigen::MatrixXd::Identity(m, m);
  Eigen::MatrixXd g = Eigen::MatrixXd::Zero(m, m);
  const auto add_pair = [](Eigen::MatrixXd& to, system_index a, system_index b, double weight) {
    to(a, a) += weight;
    to(b, b) += weight;
    to(a, b) -= weight;
    to(b, a) -= weight;
  };
  for (system_index b = 1; b < fit.theta.size(); ++b) {
    for (system_index a = 0; a < b; ++a) {
      const auto& c = votes.pair(a, b);
      const double p = 1 / (1 + std::exp(fit.theta[b] - fit.theta[a]));
      const auto wins = static_cast<double>(c[0]);
      const auto losses = static_cast<double>(c[1]);
      const auto ties = static_cast<double>(c[2]);
      add_pair(h, a, b, (wins + losses + ties) * p * (1 - p));
      add_pair(g, a, b, wins * (1 - p) * (1 - p) + losses * p * p + ties * (0.5 - p) * (0.5 - p));
    }
  }
  const Eigen::MatrixXd inverse = h.inverse();
  const Eigen::MatrixXd v = inverse * g * inverse;
  return 1.959963984540054 * points_per_unit * std::sqrt(v(of, of));
}

TEST(published_votes, llmfao_agrees_with_arena_rank_but_for_its_ridge) {
  AGON_NEEDS_SHARED_DATA("votes/llmfao.csv");
  const tally votes = tally_of(read_votes(shared_data("votes/llmfao.csv")));
  const auto fit = fit_bradley_terry(votes);
  ASSERT_EQ(fit.rated.size(), 59U);
  const system_index gpt_4 = index_of(votes.systems(), "GPT 4");
  const auto& r = fit.ratings[gpt_4];
  // Their optimiser stops 6e-6 points before the maximum.
  EXPECT_NEAR(r.score, 1172.132562, 1e-5);
  EXPECT_NEAR(half_width_with_ridge(votes, fit, gpt_4, 1e-5 * 8931), 1226.548561 - 1172.132562,
              5e-6);
  EXPECT_GT(r.upper - r.score, 1226.548561 - 1172.132562);
  EXPECT_LT(r.upper - r.score, 1.004 * (1226.548561 - 1172.132562));
}

class evalica : public ::testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] std::filesystem::path votes() const {
    return shared_data(std::string("votes/") + GetParam() + ".csv");
  }
  [[nodiscard]] std::filesystem::path golden() const {
    return shared_data(std::string("votes/") + GetParam() + "-golden.csv");
  }
};

TEST_P(evalica, bradley_terry_scores) {
  AGON_NEEDS_SHARED_DATA(std::string("votes/") + GetParam() + ".csv");
  const tally t = tally_of(read_votes(votes()));
  const auto fit = fit_bradley_terry(t);
  const auto expected = read_golden(golden(), "bradley_terry");
  ASSERT_EQ(fit.rated.size(), expected.size());
  const double sum = std::accumulate(fit.theta.begin(), fit.theta.end(), 0.0,
                                     [](double s, double theta) { return s + std::exp(theta); });
  for (const auto& [name, share] : expected)
    EXPECT_NEAR(std::exp(fit.theta[index_of(t.systems(), name)]) / sum / share, 1, 1e-12) << name;
}

TEST_P(evalica, elo_scores) {
  AGON_NEEDS_SHARED_DATA(std::string("votes/") + GetParam() + ".csv");
  elo_state elo;
  for (const auto& v : read_votes(votes())) elo.add(v.left, v.right, v.result);
  const auto expected = read_golden(golden(), "elo");
  ASSERT_EQ(elo.systems().size(), expected.size());
  for (const auto& [name, score] : expected)
    EXPECT_NEAR(elo.score(index_of(elo.systems(), name)), score, 1e-9) << name;
}

INSTANTIATE_TEST_SUITE_P(golden, evalica, ::testing::Values("llmfao", "simple"));

}  // namespace
}  // namespace agon::ratings
