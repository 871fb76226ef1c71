#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "privacy/anonymity/diversity.hpp"
#include "privacy/anonymity/recoding.hpp"
#include "privacy/anonymity/risk.hpp"

namespace agon::anonymity {
namespace {

TEST(anonymity_hierarchy, languages_lose_their_region_first) {
  const hierarchy h = hierarchy::of_languages();
  EXPECT_EQ(h.top(), 2U);
  EXPECT_EQ(h.at("pt-BR", 0), "pt-BR");
  EXPECT_EQ(h.at("pt-BR", 1), "pt");
  EXPECT_EQ(h.at("PT_br", 1), "pt");
  EXPECT_EQ(h.at("pt-BR", 2), "*");
  EXPECT_EQ(h.at("12", 1), std::nullopt) << "what is no language is not passed on";
  EXPECT_EQ(h.at("", 1), std::nullopt);
}

TEST(anonymity_hierarchy, numbers_fall_into_wider_and_wider_intervals) {
  const hierarchy h = hierarchy::of_intervals({5, 10});
  EXPECT_EQ(h.at("37", 1), "35-39");
  EXPECT_EQ(h.at("37", 2), "30-39");
  EXPECT_EQ(h.at("-1", 1), "-5--1");
  EXPECT_EQ(h.at("37", 3), "*");
  EXPECT_EQ(h.at("37 years", 1), std::nullopt);
  EXPECT_THROW(static_cast<void>(hierarchy::of_intervals({5, 12})), std::invalid_argument);
}

TEST(anonymity_hierarchy, a_table_must_be_a_tree) {
  const hierarchy h =
      hierarchy::of_table({{"Paris", {"FR", "Europe"}}, {"Lyon", {"FR", "Europe"}}});
  EXPECT_EQ(h.top(), 3U);
  EXPECT_EQ(h.at("Lyon", 2), "Europe");
  EXPECT_EQ(h.at("Rome", 1), std::nullopt);
  EXPECT_THROW(static_cast<void>(hierarchy::of_table({{"a", {"x", "1"}}, {"b", {"x", "2"}}})),
               std::invalid_argument);
  EXPECT_THROW(static_cast<void>(hierarchy::of_table({{"a", {"x"}}, {"b", {"x", "2"}}})),
               std::invalid_argument);
}

class_table table_of(const std::vector<std::pair<class_table::key, std::string>>& rows) {
  class_table t;
  for (const auto& [key, sensitive] : rows) t.add(key, sensitive);
  return t;
}

// Five records: classes of 3 and 2 here, of 10 and 4 in the population.
TEST(anonymity_risk, the_three_attackers_count_as_the_book_does) {
  const class_table data = table_of({{{"m", "30s"}, "x"},
                                     {{"m", "30s"}, "x"},
                                     {{"m", "30s"}, "y"},
                                     {{"f", "40s"}, "x"},
                                     {{"f", "40s"}, "x"}});
  class_table population;
  population.add({"m", "30s"}, "", 10);
  population.add({"f", "40s"}, "", 4);
  population.add({"f", "50s"}, "", 1);
  const risk prosecutor = prosecutor_risk(data);
  EXPECT_DOUBLE_EQ(prosecutor.highest, 0.5);
  EXPECT_DOUBLE_EQ(prosecutor.average, 2.0 / 5);
  EXPECT_DOUBLE_EQ(prosecutor.at_risk, 1);
  EXPECT_EQ(prosecutor.uniqueness, 0);
  const risk journalist = journalist_risk(data, population);
  EXPECT_DOUBLE_EQ(journalist.highest, 0.25);
  EXPECT_DOUBLE_EQ(journalist.average, (3 / 10.0 + 2 / 4.0) / 5);
  EXPECT_DOUBLE_EQ(journalist.at_risk, 2.0 / 5);
  EXPECT_EQ(journalist.smallest, 4);
  EXPECT_DOUBLE_EQ(marketer_risk(data, population), journalist.average);
  EXPECT_THROW(static_cast<void>(journalist_risk(population, data)), std::invalid_argument);
}

TEST(anonymity_risk, no_records_have_no_risk) {
  const risk none = prosecutor_risk({});
  EXPECT_EQ(none.average, 0);
  EXPECT_EQ(none.smallest, 0);
}

// Class A: x x y z; class B: x x.
TEST(anonymity_diversity, values_of_a_class_are_counted_three_ways) {
  const class_table t = table_of(
      {{{"A"}, "x"}, {{"A"}, "x"}, {{"A"}, "y"}, {{"A"}, "z"}, {{"B"}, "x"}, {{"B"}, "x"}});
  const equivalence_class& a = t.classes().at({"A"});
  EXPECT_EQ(distinct_l(a), 3);
  EXPECT_NEAR(entropy_l(a), std::exp(0.5 * std::log(2) + 0.5 * std::log(4)), 1e-12);
  EXPECT_TRUE(is_recursive_l(a, 1.5, 2)) << "2 < 1.5 × (1 + 1)";
  EXPECT_FALSE(is_recursive_l(a, 1, 2)) << "2 is not < 2";
  EXPECT_FALSE(is_recursive_l(a, 9, 4));
  EXPECT_EQ(least_distinct_l(t), 1);
  EXPECT_NEAR(least_entropy_l(t), 1, 1e-12);
}

// The example of the t-closeness paper, section 4.2: salaries 3k … 11k in steps of 1k;
// the class {3k, 4k, 5k} is at 0.375, {6k, 8k, 11k} at 0.167.
TEST(anonymity_diversity, distances_are_those_of_the_paper) {
  class_table t;
  std::vector<std::string> order;
  for (int k = 3; k <= 11; ++k) {
    order.push_back(std::to_string(k));
    const char* group = k <= 5 ? "low" : k == 6 || k == 8 || k == 11 ? "mixed" : "rest";
    t.add({group}, order.back());
  }
  EXPECT_NEAR(ordered_distance(t.classes().at({"low"}), t, order), 0.375, 1e-12);
  EXPECT_NEAR(ordered_distance(t.classes().at({"mixed"}), t, order), 1.0 / 6, 1e-12);
  EXPECT_NEAR(distance(t.classes().at({"low"}), t), 2.0 / 3, 1e-12);
  EXPECT_THROW(static_cast<void>(ordered_distance(t.classes().at({"low"}), t, {})),
               std::invalid_argument);
}

class_table random_table(unsigned seed, int records) {
  std::mt19937 dice(seed);
  class_table t;
  const char* languages[] = {"en-US", "en-GB", "de", "de-AT", "pt-BR", "pt-PT", "is", "en"};
  const char* clients[] = {"phone", "desktop", "tablet"};
  const char* winners[] = {"a", "b", "tie"};
  for (int i = 0; i < records; ++i) {
    const unsigned rare = dice() % 100;
    t.add({languages[rare < 70 ? dice() % 3 : dice() % 8], clients[rare < 90 ? dice() % 2 : 2]},
          winners[dice() % 3]);
  }
  return t;
}

const std::vector<hierarchy>& language_and_client() {
  static const std::vector<hierarchy> both = {hierarchy::of_languages(),
                                              hierarchy::all_or_nothing()};
  return both;
}

TEST(anonymity_recoding, what_is_published_satisfies_the_model_or_is_withheld) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const class_table raw = random_table(seed, 20 + static_cast<int>(seed) * 3);
    const privacy_model model{.k = 5, .distinct_l = 2, .most_suppressed = 1};
    for (const std::vector<std::size_t>& levels :
         {std::vector<std::size_t>{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 0}}) {
      const auto coarse = recode(raw, language_and_client(), levels);
      ASSERT_TRUE(coarse);
      const class_table out = suppress(*coarse, to_suppress(*coarse, model));
      EXPECT_EQ(out.records(), raw.records());
      EXPECT_EQ(out.sensitive(), raw.sensitive()) << "no vote is lost";
      for (const auto& [key, c] : out.classes()) {
        EXPECT_GE(c.size, model.k);
        if (key != class_table::key{"*", "*"}) EXPECT_GE(distinct_l(c), model.distinct_l);
      }
    }
  }
}

TEST(anonymity_recoding, coarser_levels_never_make_smaller_classes) {
  const class_table raw = random_table(1, 300);
  std::int64_t last = 0;
  for (std::size_t level = 0; level <= 2; ++level) {
    const std::vector<std::size_t> levels = {level, 0};
    const risk r = prosecutor_risk(*recode(raw, language_and_client(), levels));
    EXPECT_GE(r.smallest, last);
    last = r.smallest;
  }
}

TEST(anonymity_recoding, the_levels_found_lose_least) {
  const privacy_model model{.k = 5, .most_suppressed = 0.05};
  for (unsigned seed = 0; seed < 30; ++seed) {
    const class_table raw = random_table(seed, 200);
    const auto chosen = find_levels(raw, language_and_client(), model);
    ASSERT_TRUE(chosen);
    EXPECT_LE(static_cast<double>(chosen->suppressed), 0.05 * 200);
    for (std::size_t i = 0; i <= 2; ++i)
      for (std::size_t j = 0; j <= 1; ++j) {
        const std::vector<std::size_t> levels = {i, j};
        const double loss = (static_cast<double>(i) / 2 + static_cast<double>(j)) / 2;
        if (loss >= chosen->loss) continue;
        const auto coarse = recode(raw, language_and_client(), levels);
        std::int64_t suppressed = 0;
        for (const auto& key : to_suppress(*coarse, model))
          suppressed += coarse->classes().at(key).size;
        EXPECT_GT(static_cast<double>(suppressed), 0.05 * 200) << "seed " << seed;
      }
  }
}

TEST(anonymity_recoding, a_few_withheld_records_take_the_next_smallest_class_with_them) {
  class_table t;
  t.add({"is"}, "a", 2);
  t.add({"de"}, "a", 6);
  t.add({"en"}, "a", 100);
  const std::set<class_table::key> withheld = to_suppress(t, {.k = 5});
  EXPECT_EQ(withheld, (std::set<class_table::key>{{"is"}, {"de"}}));
  EXPECT_EQ(prosecutor_risk(suppress(t, withheld)).smallest, 8);
}

// Rows without a language stand there already: the two join them.
TEST(anonymity_recoding, withheld_records_hide_among_those_that_tell_nothing) {
  class_table t;
  t.add({"*"}, "a", 3);
  t.add({"is"}, "a", 2);
  t.add({"de"}, "a", 6);
  EXPECT_EQ(to_suppress(t, {.k = 5}), (std::set<class_table::key>{{"*"}, {"is"}}));
}

TEST(anonymity_recoding, an_unknown_value_stops_it) {
  class_table t;
  t.add({"42"}, "");
  const std::vector<hierarchy> h = {hierarchy::of_languages()};
  const std::vector<std::size_t> primary = {1};
  EXPECT_FALSE(recode(t, h, primary));
}

}  // namespace
}  // namespace agon::anonymity
