#include <gtest/gtest.h>

#include "tests/unit/parquet/sample_rows.hpp"

namespace agon::parquet::test {
namespace {

writer_options small_groups() {
  writer_options o;
  o.row_group_rows = 700;
  o.page_rows = 64;
  o.page_bytes = 2000;
  return o;
}

void expect_sample(std::string bytes, std::uint64_t rows) {
  auto opened = reader::open(in_memory(std::move(bytes)));
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->columns(), sample_columns());
  EXPECT_EQ(opened->rows(), static_cast<std::int64_t>(rows));
  for (std::uint64_t i = 0; i < rows; ++i) {
    const auto row = opened->next();
    ASSERT_TRUE(row) << row.error().message;
    ASSERT_EQ(to_line(*row), to_line(sample_row(i).cells())) << "row " << i;
  }
  const auto end = opened->next();
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_TRUE(end->empty());
}

TEST(parquet_round_trip, every_cell_comes_back) {
  expect_sample(sample_file(5000), 5000);
}

TEST(parquet_round_trip, row_groups_and_pages_hide_nothing) {
  expect_sample(sample_file(5000, small_groups()), 5000);
}

TEST(parquet_round_trip, columns_without_dictionaries_come_back) {
  writer_options plain = small_groups();
  plain.dictionary_bytes = 0;
  expect_sample(sample_file(1500, plain), 1500);
}

TEST(parquet_round_trip, a_file_without_rows_is_whole) {
  expect_sample(sample_file(0), 0);
}

TEST(parquet_round_trip, a_single_row_is_whole) {
  expect_sample(sample_file(1), 1);
}

TEST(parquet_round_trip, the_same_rows_give_the_same_bytes) {
  EXPECT_EQ(sample_file(3000, small_groups()), sample_file(3000, small_groups()));
}

TEST(parquet_round_trip, metadata_comes_back_in_order) {
  writer_options o;
  o.metadata = {{"b", "first"}, {"a", "second, with Grüßen"}};
  const auto opened = reader::open(in_memory(sample_file(1, o)));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->metadata(), o.metadata);
}

TEST(parquet_round_trip, selected_columns_come_in_the_order_asked_for) {
  auto opened = reader::open(in_memory(sample_file(2000, small_groups())));
  ASSERT_TRUE(opened);
  const std::vector<std::string> names = {"unique", "scores_or_null", "flag"};
  ASSERT_TRUE(opened->select(names));
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const sample_row expected(i);
    const auto row = opened->next();
    ASSERT_TRUE(row) << row.error().message;
    const std::vector<cell> wanted = {expected.cells()[10], expected.cells()[17],
                                      expected.cells()[0]};
    ASSERT_EQ(to_line(*row), to_line(wanted));
  }
}

TEST(parquet_round_trip, select_begins_again_at_the_first_row) {
  auto opened = reader::open(in_memory(sample_file(100, small_groups())));
  const std::vector<std::string> names = {"unique"};
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(opened->select(names));
    const auto row = opened->next();
    ASSERT_TRUE(row);
    EXPECT_EQ(to_line(*row).substr(0, 8), "[\"row 0 ");
  }
}

TEST(parquet_round_trip, an_unknown_column_is_named) {
  auto opened = reader::open(in_memory(sample_file(1)));
  const std::vector<std::string> names = {"salary"};
  const auto chosen = opened->select(names);
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().message, "the file has no column salary");
}

struct refusal_case {
  type of;
  cell v;
  const char* why;
};

class parquet_writer_refuses : public testing::TestWithParam<refusal_case> {};

TEST_P(parquet_writer_refuses, and_names_the_column) {
  writer w({{"c", GetParam().of, false}}, [](std::string_view) { return true; });
  const auto added = w.add(std::span(&GetParam().v, 1));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message, std::string("column c: ") + GetParam().why);
  EXPECT_FALSE(w.close()) << "a writer that refused a row must not make a file";
}

INSTANTIATE_TEST_SUITE_P(
    cells, parquet_writer_refuses,
    testing::Values(
        refusal_case{type::string, cell(), "a cell is null and its column not optional"},
        refusal_case{type::string, std::string_view("\xC3("), "a text is not valid UTF-8"},
        refusal_case{type::string, 1.5, "a cell is of another type than its column"},
        refusal_case{type::boolean, std::int64_t{1}, "a cell is of another type than its column"},
        refusal_case{type::int32, std::int64_t{1} << 31, "an integer does not fit its column"},
        refusal_case{type::date, std::int64_t{1} << 40, "an integer does not fit its column"},
        refusal_case{type::real_list, 1.0, "a cell is of another type than its column"}));

TEST(parquet_writer, a_sink_that_fails_ends_the_file) {
  std::size_t room = 2000;
  writer w(
      sample_columns(),
      [&](std::string_view b) {
        if (b.size() > room) return false;
        room -= b.size();
        return true;
      },
      small_groups());
  bool failed = false;
  for (std::uint64_t i = 0; i < 2000 && !failed; ++i) failed = !w.add(sample_row(i).cells());
  EXPECT_TRUE(failed);
  EXPECT_FALSE(w.close());
}

TEST(parquet_writer, two_columns_of_one_name_are_a_mistake) {
  const auto take = [](std::string_view) { return true; };
  EXPECT_THROW(writer({{"a"}, {"a"}}, take), std::invalid_argument);
  EXPECT_THROW(writer({}, take), std::invalid_argument);
  EXPECT_THROW(writer({{"t", type::timestamp}}, take), std::invalid_argument);
}

}  // namespace
}  // namespace agon::parquet::test
