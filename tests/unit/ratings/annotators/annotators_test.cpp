// What must hold for every way of aggregating, and what each is better at.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "ratings/annotators/dawid_skene.hpp"
#include "ratings/annotators/glad.hpp"
#include "ratings/annotators/mace.hpp"
#include "ratings/annotators/majority.hpp"
#include "tests/unit/ratings/annotators/crowd.hpp"
#include "tests/unit/ratings/shared_data.hpp"

namespace agon::ratings::annotators {
namespace {

using testing::crowd;
using testing::make_crowd;

struct method {
  std::string name;
  std::function<consensus(const answer_table&, gold_labels)> run;
};

dawid_skene_settings one_coin() {
  dawid_skene_settings s;
  s.errors = error_model::one_coin;
  return s;
}

std::vector<method> methods() {
  return {
      {"majority", [](const auto& t, auto g) { return majority(t, g); }},
      {"wawa", [](const auto& t, auto g) { return wawa(t, g); }},
      {"dawid_skene", [](const auto& t, auto g) { return dawid_skene(t, {}, g).result; }},
      {"one_coin", [](const auto& t, auto g) { return dawid_skene(t, one_coin(), g).result; }},
      {"glad", [](const auto& t, auto g) { return glad(t, {}, g).result; }},
      {"mace", [](const auto& t, auto g) { return mace(t, {}, g).result; }},
  };
}

double share_right(const consensus& c, const std::vector<std::uint32_t>& truth) {
  double right = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) right += c.labels[i].category == truth[i] ? 1 : 0;
  return right / static_cast<double>(truth.size());
}

void expect_sane(const consensus& c) {
  for (std::size_t i = 0; i < c.labels.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < c.categories; ++k) {
      const double p = c.posterior[i * c.categories + k];
      EXPECT_TRUE(p >= 0 && p <= 1) << p;
      sum += p;
    }
    EXPECT_NEAR(sum, c.labels[i].category == no_category ? 0 : 1, 1e-9);
  }
  for (const auto& q : c.participants) {
    EXPECT_EQ(q.accuracy.has_value(), q.answers > 0);
    if (q.accuracy) {
      EXPECT_TRUE(*q.accuracy >= 0 && *q.accuracy <= 1 + 1e-12) << *q.accuracy;
    }
  }
}

TEST(annotators, crowd_kits_toy_has_its_labels) {
  AGON_NEEDS_SHARED_DATA("agreement/crowdkit_toy.json");
  std::ifstream in(testing::shared_data("agreement/crowdkit_toy.json"));
  const auto toy = nlohmann::json::parse(in);
  std::map<std::string, std::uint32_t> items, participants;
  const std::map<std::string, std::uint32_t> categories{{"no", 0}, {"yes", 1}};
  const auto index = [](auto& names, const std::string& name) {
    return names.try_emplace(name, static_cast<std::uint32_t>(names.size())).first->second;
  };
  std::vector<answer> answers;
  for (const auto& a : toy.at("answers"))
    answers.push_back({index(items, a[1]), index(participants, a[0]), categories.at(a[2])});
  const auto table = answer_table::of(answers).value();
  for (const double smoothing : {0.0, 0.01}) {
    const auto fit =
        dawid_skene(table, {.errors = error_model::full, .smoothing = smoothing, .iteration = {}});
    EXPECT_TRUE(fit.fit.converged);
    for (const auto& [item, label] : toy.at("expected_dawid_skene_labels").items())
      EXPECT_EQ(fit.result.labels[items.at(item)].category, categories.at(label)) << item;
  }
}

TEST(annotators, everybody_right_is_right_for_every_method) {
  const crowd c = make_crowd(1, 50, 3, {1, 1, 1, 1});
  for (const auto& m : methods()) {
    SCOPED_TRACE(m.name);
    const consensus out = m.run(c.table(3), {});
    EXPECT_EQ(share_right(out, c.truth), 1);
    expect_sane(out);
    for (const auto& q : out.participants) EXPECT_GT(*q.accuracy, 0.9);
  }
}

TEST(annotators, models_beat_heads_where_few_are_able) {
  const crowd c = make_crowd(2, 800, 3, {0.95, 0.9, 0.4, 0.4, 0.38, 0.36, 0.35}, 0.9);
  const double heads = share_right(majority(c.table(3)), c.truth);
  EXPECT_GT(share_right(wawa(c.table(3)), c.truth), heads);
  for (const auto& m : methods()) {
    if (m.name == "majority" || m.name == "wawa") continue;
    EXPECT_GT(share_right(m.run(c.table(3), {}), c.truth), heads + 0.1) << m.name;
  }
}

TEST(annotators, spammers_with_a_taste_are_found) {
  const crowd c = make_crowd(3, 500, 4, {0.8, 0.8, 0.8, -1, -1, -1}, 1);
  const auto fit = mace(c.table(4));
  for (std::size_t p = 0; p < 3; ++p) EXPECT_NEAR(fit.competence[p], 0.8 - 0.2 / 3, 0.07);
  for (std::size_t p = 3; p < 6; ++p) {
    EXPECT_LT(fit.competence[p], 0.05);
    EXPECT_GT(fit.taste[p * 4], 0.95);
  }
  EXPECT_GT(share_right(fit.result, c.truth), share_right(majority(c.table(4)), c.truth) + 0.05);
}

TEST(annotators, dawid_skene_recovers_confusion_and_class_shares) {
  // Participant 2 takes category 1 for category 2 seven times in ten.
  crowd c = make_crowd(4, 4000, 3, {0.85, 0.8, 0.9, 0.8});
  seeded_random random(5);
  for (answer& a : c.answers)
    if (a.participant == 2 && c.truth[a.item] == 1) a.category = random.unit() < 0.7 ? 2 : 1;
  const auto fit = dawid_skene(c.table(3));
  const auto confusion = [&](std::size_t p, std::size_t t, std::size_t l) {
    return fit.confusion[(p * 3 + t) * 3 + l];
  };
  EXPECT_NEAR(confusion(2, 1, 2), 0.7, 0.04);
  EXPECT_NEAR(confusion(2, 1, 1), 0.3, 0.04);
  EXPECT_NEAR(confusion(2, 0, 0), 0.9, 0.04);
  EXPECT_NEAR(confusion(0, 1, 1), 0.85, 0.04);
  for (const double s : fit.class_share) EXPECT_NEAR(s, 1.0 / 3, 0.03);
}

TEST(annotators, one_who_is_always_wrong_is_as_good_as_one_who_is_right) {
  const crowd c = make_crowd(6, 400, 2, {0.9, 0.85, 0.05, 0.8});
  EXPECT_LT(*dawid_skene(c.table(2), one_coin()).result.participants[2].accuracy, 0.15);
  EXPECT_LT(glad(c.table(2)).ability[2], 0);
}

TEST(annotators, glad_finds_the_hard_items) {
  crowd c = make_crowd(7, 300, 2, {0.95, 0.95, 0.9, 0.9, 0.9, 0.85});
  seeded_random random(8);
  for (answer& a : c.answers)
    if (a.item < 100) a.category = static_cast<std::uint32_t>(random.below(2));
  const auto fit = glad(c.table(2));
  double hard = 0, easy = 0;
  for (std::size_t i = 0; i < 300; ++i) (i < 100 ? hard : easy) += fit.ease[i];
  EXPECT_LT(hard / 100, 0.6 * easy / 200);
}

TEST(annotators, the_objective_never_falls) {
  const crowd c = make_crowd(9, 60, 3, {0.7, 0.6, 0.5, 0.4, -1}, 0.8);
  const auto table = c.table(3);
  const auto objective = [&](int method, int iterations) {
    const iteration_settings s{.most_iterations = iterations, .tolerance = 0};
    switch (method) {
      case 0:
        return dawid_skene(table, {error_model::full, 0.01, s}).fit.objective;
      case 1:
        return dawid_skene(table, {error_model::one_coin, 0.01, s}).fit.objective;
      case 2:
        return dawid_skene(table, {error_model::full, 0, s}).fit.objective;
      case 3:
        return glad(table, s).fit.objective;
      default:
        return mace(table, {s, 1, 1}).fit.objective;
    }
  };
  for (int method = 0; method < 5; ++method) {
    double last = objective(method, 1);
    for (int n = 2; n < 30; ++n) {
      const double next = objective(method, n);
      EXPECT_GE(next, last - 1e-9) << method << " after " << n;
      last = next;
    }
  }
}

TEST(annotators, gold_keeps_its_label_and_teaches_who_errs) {
  // Three are against the truth together, two are for it: heads and models are deceived.
  const crowd c = make_crowd(10, 300, 2, {0.1, 0.1, 0.1, 0.95, 0.95});
  std::vector<std::uint32_t> gold(300, no_category);
  for (std::size_t i = 0; i < 40; ++i) gold[i] = c.truth[i];
  const auto table = c.table(2);
  EXPECT_LT(share_right(dawid_skene(table).result, c.truth), 0.2);
  EXPECT_GT(share_right(dawid_skene(table, {}, gold).result, c.truth), 0.95);
  for (const auto& m : methods()) {
    const consensus out = m.run(table, gold);
    for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(out.labels[i].category, gold[i]) << m.name;
    expect_sane(out);
  }
}

TEST(annotators, names_of_categories_and_participants_do_not_matter) {
  const crowd c = make_crowd(11, 120, 3, {0.9, 0.8, 0.7, 0.5}, 0.9);
  crowd renamed = c;
  for (answer& a : renamed.answers) {
    a.category = (a.category + 1) % 3;
    a.participant = 3 - a.participant;
  }
  for (const auto& m : methods()) {
    if (m.name == "mace") continue;  // its random starts follow the names
    const consensus x = m.run(c.table(3), {});
    const consensus y = m.run(renamed.table(3), {});
    for (std::size_t i = 0; i < 120; ++i)
      for (std::size_t k = 0; k < 3; ++k)
        EXPECT_NEAR(x.posterior[i * 3 + k], y.posterior[i * 3 + (k + 1) % 3], 1e-6) << m.name;
    for (std::size_t p = 0; p < 4; ++p)
      EXPECT_NEAR(*x.participants[p].accuracy, *y.participants[3 - p].accuracy, 1e-6) << m.name;
  }
}

TEST(annotators, ties_are_told) {
  const std::vector<answer> answers{{0, 0, 1}, {0, 1, 0}, {1, 0, 1}, {1, 1, 1}};
  const auto out = majority(answer_table::of(answers).value());
  EXPECT_TRUE(out.labels[0].tied);
  EXPECT_EQ(out.labels[0].category, 0U);
  EXPECT_FALSE(out.labels[1].tied);
}

TEST(annotators, whatever_the_table_nothing_is_nan) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    seeded_random random(seed);
    std::vector<answer> answers;
    const auto categories = static_cast<std::uint32_t>(1 + random.below(7));
    for (std::uint64_t n = random.below(40); n > 0; --n)
      answers.push_back({static_cast<std::uint32_t>(random.below(12)),
                         static_cast<std::uint32_t>(random.below(6)),
                         static_cast<std::uint32_t>(random.below(categories))});
    const auto table = answer_table::of(answers, categories, 12, 6).value();
    for (const auto& m : methods()) {
      SCOPED_TRACE(m.name + ", seed " + std::to_string(seed));
      const consensus out = m.run(table, {});
      expect_sane(out);
      for (std::size_t i = 0; i < 12; ++i)
        EXPECT_EQ(out.labels[i].category == no_category, table.item(i).empty());
    }
    const auto plain = dawid_skene(table, {error_model::full, 0, {}});
    expect_sane(plain.result);
    EXPECT_TRUE(std::isfinite(plain.fit.objective));
  }
}

TEST(annotators, settings_out_of_range_are_refused) {
  const auto table = make_crowd(1, 3, 2, {1}).table(2);
  EXPECT_THROW((void)majority(table, std::vector<std::uint32_t>{0}), std::invalid_argument);
  EXPECT_THROW((void)majority(table, std::vector<std::uint32_t>{0, 5, 0}), std::invalid_argument);
  EXPECT_THROW((void)dawid_skene(table, {error_model::full, -1, {}}), std::invalid_argument);
  EXPECT_THROW((void)glad(table, {0, 0.1}), std::invalid_argument);
  EXPECT_THROW((void)mace(table, {{}, 0, 1}), std::invalid_argument);
}

}  // namespace
}  // namespace agon::ratings::annotators
