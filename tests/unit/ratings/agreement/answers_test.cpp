#include "ratings/answers.hpp"

#include <gtest/gtest.h>

namespace agon::ratings {
namespace {

TEST(answer_table, groups_answers_by_item_and_keeps_items_nobody_judged) {
  const std::vector<answer> given{{2, 0, 1}, {0, 1, 0}, {2, 3, 0}};
  const auto table = answer_table::of(given, 4, 5).value();
  EXPECT_EQ(table.items(), 5U);
  EXPECT_EQ(table.participants(), 4U);
  EXPECT_EQ(table.categories(), 4U);
  ASSERT_EQ(table.item(2).size(), 2U);
  EXPECT_EQ(table.item(2)[1].participant, 3U);
  EXPECT_TRUE(table.item(1).empty());
  EXPECT_FALSE(table.repeated());
}

TEST(answer_table, finds_who_answered_an_item_twice) {
  const std::vector<answer> given{{0, 1, 0}, {1, 1, 0}, {1, 0, 0}, {1, 1, 1}};
  const auto table = answer_table::of(given).value();
  ASSERT_TRUE(table.repeated());
  EXPECT_EQ(table.repeated()->item, 1U);
  EXPECT_EQ(table.repeated()->participant, 1U);
}

TEST(answer_table, nothing_is_a_table_too) {
  const auto table = answer_table::of({}).value();
  EXPECT_EQ(table.items(), 0U);
  EXPECT_EQ(table.size(), 0U);
}

TEST(answer_table, refuses_indices_out_of_range) {
  EXPECT_FALSE(answer_table::of(std::vector<answer>{{0, 0, 70'000}}));
  EXPECT_FALSE(answer_table::of(std::vector<answer>{{0xffffffff, 0, 0}}));
}

}  // namespace
}  // namespace agon::ratings
