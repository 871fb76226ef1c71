#include "ratings/weights.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "ratings/near_duplicates.hpp"
#include "ratings/pairwise.hpp"
#include "ratings/pareto.hpp"
#include "ratings/prompt_groups.hpp"
#include "ratings/random.hpp"
#include "ratings/weight_settings.hpp"

namespace agon::ratings {
namespace {

vote_log three_systems() {
  vote_log log;
  for (const char* name : {"a", "b", "c"}) log.add_system(name);
  return log;
}

TEST(weights, quarantined_votes_have_none_on_the_public_board) {
  vote_log log = three_systems();
  log.add({.a = 0, .b = 1, .result = outcome::a});
  log.add({.a = 0, .b = 1, .result = outcome::b, .quarantined = true});
  EXPECT_EQ(whole_weights(log), (std::vector<float>{1, 0}));
  EXPECT_EQ(whole_weights(log, true), (std::vector<float>{1, 1}));
  const auto fit = fit_pairwise(count(log, whole_weights(log)));
  EXPECT_EQ(fit.ratings[0].status, rating_status::only_wins);
  EXPECT_EQ(fit_pairwise(count(log, whole_weights(log, true))).ratings[0].status,
            rating_status::rated);
}

TEST(weights, inverse_propensity_is_relative_and_clipped) {
  vote_log log = three_systems();
  log.add({.a = 0, .b = 1, .result = outcome::a});  // without
  log.add({.a = 0, .b = 1, .result = outcome::a, .probability = 0.5F});
  log.add({.a = 0, .b = 2, .result = outcome::a, .probability = 0.125F});
  auto w = whole_weights(log);
  weigh_by_inverse_propensity(log, w);
  EXPECT_FLOAT_EQ(w[0], 1);
  EXPECT_FLOAT_EQ(w[1], 0.4F);
  EXPECT_FLOAT_EQ(w[2], 1.6F);
  w = whole_weights(log);
  weigh_by_inverse_propensity(log, w, 1.25);
  EXPECT_FLOAT_EQ(w[2], 1.25F);
  EXPECT_THROW(weigh_by_inverse_propensity(log, w, 0.5), std::invalid_argument);
}

// Systems that are truly intransitive have other scores when pairs are drawn unevenly; the
// weights give back those of even draws.
TEST(weights, inverse_propensity_undoes_uneven_sampling) {
  const auto arena = [](double share) {
    vote_log log = three_systems();
    const auto add = [&](system_index a, system_index b, double p, int wins, int losses) {
      for (int i = 0; i < wins; ++i)
        log.add({.a = a, .b = b, .result = outcome::a, .probability = static_cast<float>(p)});
      for (int i = 0; i < losses; ++i)
        log.add({.a = a, .b = b, .result = outcome::b, .probability = static_cast<float>(p)});
    };
    add(0, 1, share, static_cast<int>(share * 8000), static_cast<int>(share * 2000));
    add(1, 2, (1 - share) / 2, static_cast<int>((1 - share) * 3000),
        static_cast<int>((1 - share) * 2000));
    add(2, 0, (1 - share) / 2, static_cast<int>((1 - share) * 3000),
        static_cast<int>((1 - share) * 2000));
    return log;
  };
  const vote_log even = arena(1.0 / 3);
  const vote_log uneven = arena(0.8);
  auto w = whole_weights(uneven);
  weigh_by_inverse_propensity(uneven, w);
  const auto truth = fit_pairwise(count(even));
  const auto naive = fit_pairwise(count(uneven));
  const auto weighted = fit_pairwise(count(uneven, w));
  EXPECT_GT(std::fabs(naive.ratings[0].score - truth.ratings[0].score), 10);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(weighted.ratings[i].score, truth.ratings[i].score, 0.5);
}

TEST(weights, pair_counts_are_evened_out_above_the_least) {
  vote_log log = three_systems();
  for (int i = 0; i < 100; ++i) log.add({.a = 0, .b = 1, .result = outcome::a});
  for (int i = 0; i < 10; ++i) log.add({.a = 2, .b = 1, .result = outcome::a});
  auto w = whole_weights(log);
  weigh_by_inverse_pair_count(log, w);
  EXPECT_FLOAT_EQ(w[0], 0.01F);
  EXPECT_FLOAT_EQ(w[105], 0.02F);
}

TEST(weights, scale_of_weights_changes_no_score_and_no_interval) {
  seeded_random random(1);
  vote_log log = three_systems();
  for (int i = 0; i < 60; ++i) {
    const auto a = static_cast<system_index>(random.below(3));
    log.add({a, static_cast<system_index>((a + 1) % 3), static_cast<outcome>(random.below(3))});
  }
  auto w = whole_weights(log);
  weigh_by_inverse_pair_count(log, w, 1);
  auto hundredth = w;
  for (float& x : hundredth) x /= 128;
  const auto x = fit_pairwise(count(log, w), {.method = method::davidson});
  const auto y = fit_pairwise(count(log, hundredth), {.method = method::davidson});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(x.ratings[i].score, y.ratings[i].score, 1e-6);
    EXPECT_NEAR(x.ratings[i].upper, y.ratings[i].upper, 1e-6);
  }
}

TEST(weights, participant_has_no_more_than_the_cap) {
  vote_log log = three_systems();
  const auto busy = log.participant("busy");
  const auto calm = log.participant("calm");
  for (int i = 0; i < 50; ++i) log.add({0, 1, outcome::a, busy});
  for (int i = 0; i < 5; ++i) log.add({0, 1, outcome::b, calm});
  log.add({0, 1, outcome::b});
  auto w = whole_weights(log);
  cap_participants(log, w, 10);
  EXPECT_NEAR(std::accumulate(w.begin(), w.begin() + 50, 0.0F), 10, 1e-4);
  EXPECT_EQ(w[52], 1);
  EXPECT_EQ(w[55], 1);
  EXPECT_THROW(cap_participants(log, w, 0), std::invalid_argument);
}

TEST(weights, frequent_prompts_keep_the_weight_of_the_quantile) {
  std::vector<std::uint32_t> prompts;
  for (std::uint32_t p = 0; p < 99; ++p) prompts.insert(prompts.end(), 2, p);
  prompts.insert(prompts.end(), 500, 99);
  prompts.push_back(no_prompt);
  // Of 100 counts the quantile 0.98 is the 98th, linearly: place 97.02 of 0 … 99.
  EXPECT_NEAR(frequency_cap(prompts, 0.98), 2, 1e-12);
  EXPECT_NEAR(frequency_cap(prompts, 0.995), 2 + 0.505 * 498, 1e-9);
  std::vector<float> w(prompts.size(), 1);
  cap_prompts(prompts, w, frequency_cap(prompts, 0.98));
  EXPECT_EQ(w[0], 1);
  EXPECT_FLOAT_EQ(w[300], 2.0F / 500);
  EXPECT_EQ(w.back(), 1);
}

TEST(near_duplicates, finds_texts_that_differ_in_little) {
  const std::string base =
      "Write a cheerful piano tune for a rainy afternoon, about thirty seconds long, with a "
      "slow beginning and a bright end, and please do not use any drums in it at all.";
  std::string shouted = base;
  for (char& c : shouted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::string changed = base + " Thanks";
  const std::string other =
      "Explain how a bicycle stays upright when it moves, in words that a child of ten can "
      "understand, and give two experiments to try at home.";
  const std::vector<std::string_view> texts{base, other, shouted, "hi", changed, "Hi!", "", "."};
  const auto group = near_duplicates(texts);
  EXPECT_EQ(group, (std::vector<std::uint32_t>{0, 1, 0, 3, 0, 3, 6, 6}));
  EXPECT_THROW((void)near_duplicates(texts, 0), std::invalid_argument);
}

TEST(near_duplicates, keeps_different_texts_apart) {
  std::vector<std::string> texts;
  seeded_random random(5);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (int k = 0; k < 60; ++k) text += static_cast<char>('a' + random.below(26));
    texts.push_back(text);
  }
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const auto group = near_duplicates(views);
  for (std::uint32_t i = 0; i < group.size(); ++i) EXPECT_EQ(group[i], i);
}

TEST(prompt_groups, tell_the_same_as_texts_that_come_at_once) {
  const std::vector<std::string_view> texts{
      "Tell me a long story about a dragon who lives in a cave by the sea and hoards old maps.",
      "What is two plus two?", "what is TWO plus two",
      "Tell me a long story about a dragon who lives in a cave by the sea and hoards old map.",
      "Name three rivers."};
  prompt_groups exact;
  prompt_groups near(0.8);
  std::vector<std::uint32_t> exact_numbers, near_numbers;
  for (const std::string_view t : texts) {
    exact_numbers.push_back(exact.group(exact.add(t)));
    near_numbers.push_back(near.add(t));
  }
  EXPECT_EQ(exact_numbers, (std::vector<std::uint32_t>{0, 1, 1, 2, 3}));
  const auto groups = near_duplicates(texts, 0.8);
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_EQ(near.group(near_numbers[i]) == near.group(near_numbers[j]), groups[i] == groups[j])
          << texts[i] << texts[j];
  EXPECT_EQ(groups[3], groups[0]);
  EXPECT_THROW(prompt_groups(0.0), std::invalid_argument);
}

// The cap counts in votes whatever the weights before it are: after the inverse pair count all
// are a fiftieth, and still nobody has more than the cap of them.
TEST(weights, of_settings_apply_the_cap_last_and_in_votes) {
  vote_log log;
  const auto a = log.add_system("a");
  const auto b = log.add_system("b");
  for (std::uint32_t i = 0; i < 100; ++i)
    log.add({.a = a,
             .b = b,
             .result = outcome::a,
             .participant = log.participant(i < 60 ? "eager" : "p" + std::to_string(i)),
             .prompt = i % 50});
  const auto weights = weights_of(log, {.inverse_pair_count = 50, .participant_cap = 10});
  double eager = 0;
  for (std::size_t i = 0; i < 60; ++i) eager += static_cast<double>(weights[i]);
  EXPECT_NEAR(eager, 10, 1e-4);
  EXPECT_NEAR(weights[99], 1, 1e-6);
  EXPECT_NEAR(effective_votes(weights), 50 * 50 / (40 + 10 * 10 / 60.0), 0.01);
  EXPECT_EQ(weights_of(log, {.prompt_quantile = 0.5}), std::vector<float>(100, 1));
  EXPECT_THROW((void)weights_of(log, {.participant_cap = 0}), std::invalid_argument);
  EXPECT_EQ(out_of_range({.prompt_similarity = 0.8}), "prompt_similarity") << "without a quantile";
}

TEST(quality_plane, front_holds_whoever_nobody_beats_in_both) {
  board b;
  const auto add = [&](const char* name, double score, double half) {
    board_entry e;
    e.system = name;
    e.score = score;
    e.lower = score - half;
    e.upper = score + half;
    b.entries.push_back(e);
  };
  add("slow and best", 1200, 10);
  add("fast", 1100, 10);
  add("beaten", 1090, 5);
  add("close", 1095, 20);
  add("no cost", 1300, 10);
  b.entries.push_back({.system = "unrated"});
  const std::vector<system_cost> costs{{"slow and best", 9.0, {}, {}}, {"fast", 1.0, {}, {}},
                                       {"beaten", 2.0, {}, {}},        {"close", 2.0, {}, {}},
                                       {"no cost", {}, 1.0, {}},       {"unrated", 0.1, {}, {}}};
  const auto plane = quality_plane(b, costs, cost_axis::seconds);
  ASSERT_EQ(plane.size(), 4U);
  EXPECT_EQ(plane[0].system, "fast");
  EXPECT_TRUE(plane[0].on_front);
  EXPECT_EQ(plane[1].system, "close");
  EXPECT_FALSE(plane[1].on_front);
  EXPECT_TRUE(plane[1].maybe_on_front);
  EXPECT_EQ(plane[2].system, "beaten");
  EXPECT_FALSE(plane[2].on_front);
  EXPECT_TRUE(plane[3].on_front);
  EXPECT_EQ(quality_plane(b, costs, cost_axis::cost).size(), 0U);
}

}  // namespace
}  // namespace agon::ratings
