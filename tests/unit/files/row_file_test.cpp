#include "services/files/row_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "privacy/parquet/writer.hpp"
#include "tests/unit/files/rows_of.hpp"

namespace agon::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class row_files : public ::testing::Test {
 protected:
  row_files() {
    std::string made = (std::filesystem::temp_directory_path() / "agon_files_XXXXXX").string();
    if (::mkdtemp(made.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = made;
  }
  ~row_files() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  std::string refusal(const std::string& name, std::string_view text) const {
    const auto file = row_file::open(write(name, text));
    return file.has_error() ? to_text(file.error()) : "";
  }

  std::filesystem::path folder_;
};

TEST_F(row_files, the_format_is_told_by_the_name_or_by_the_bytes) {
  EXPECT_THAT(row_file::open(write("x.csv", "a,b\n"))->columns(), ElementsAre("a", "b"));
  EXPECT_THAT(row_file::open(write("x.tsv", "a,b\tc\n"))->columns(), ElementsAre("a,b", "c"));
  EXPECT_THAT(row_file::open(write("x.jsonl", "{\"a\":1}\n"))->columns(), ElementsAre("a"));
  EXPECT_THAT(row_file::open(write("votes", "a,b\n"))->columns(), ElementsAre("a", "b"));
  EXPECT_THAT(row_file::open(write("votes", "\xEF\xBB\xBF\n {\"a\":1}\n"))->columns(),
              ElementsAre("a"));
  EXPECT_THAT(row_file::open(write("x.csv", "a\tb\n"), file_format::tsv)->columns(),
              ElementsAre("a", "b"));
}

TEST_F(row_files, what_cannot_be_read_is_told_in_words) {
  EXPECT_THAT(to_text(row_file::open((folder_ / "none.csv").string()).error()),
              HasSubstr("cannot be opened"));
  EXPECT_EQ(to_text(row_file::open(folder_.string()).error()), "is a folder");
  EXPECT_EQ(refusal("empty.csv", ""), "is empty");
  EXPECT_THAT(refusal("x.json", "[{\"a\":1}]"), HasSubstr("JSON array"));
  EXPECT_THAT(refusal("x.jsonl.zst", "\x28\xB5\x2F\xFD..."), HasSubstr("compressed"));
  EXPECT_THAT(refusal("x", "\x1F\x8B..."), HasSubstr("compressed"));
}

TEST_F(row_files, the_size_is_known_and_rows_come_whatever_the_size_of_the_file) {
  std::string text = "a,b\n";
  for (int i = 0; i < 150'000; ++i) text += std::to_string(i) + ",x\n";
  auto file = row_file::open(write("large.csv", text));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->size(), text.size());
  testing::read_rows got;
  testing::collecting_sink sink(got);
  EXPECT_FALSE(file->for_each_row({"a"}, sink));
  ASSERT_EQ(got.cells.size(), 150'000U);
  EXPECT_EQ(got.cells.back()[0], "149999");
  EXPECT_EQ(got.lines.back(), 150'001U);
}

TEST_F(row_files, parquet_gives_cells_of_every_kind) {
  using parquet::type;
  std::string bytes;
  parquet::writer out({{"name", type::string, true},
                       {"n", type::int64, false},
                       {"r", type::real, false},
                       {"t", type::boolean, false},
                       {"day", type::date, false},
                       {"list", type::string_list, false}},
                      [&](std::string_view part) {
                        bytes += part;
                        return true;
                      });
  const std::array<std::string_view, 1> list{"x"};
  const std::array<parquet::cell, 6> first{std::string_view("ä"),
                                           std::int64_t{-3},
                                           0.5,
                                           true,
                                           std::int64_t{19949},
                                           std::span<const std::string_view>(list)};
  const std::array<parquet::cell, 6> second{std::monostate(),
                                            std::int64_t{7},
                                            1e300,
                                            false,
                                            std::int64_t{-1},
                                            std::span<const std::string_view>()};
  ASSERT_TRUE(out.add(first));
  ASSERT_TRUE(out.add(second));
  ASSERT_TRUE(out.close());

  auto file = row_file::open(write("x.parquet", bytes));
  ASSERT_TRUE(file.has_value()) << to_text(file.error());
  EXPECT_THAT(file->columns(), ElementsAre("name", "n", "r", "t", "day", "list"));
  testing::read_rows got;
  testing::collecting_sink sink(got);
  EXPECT_FALSE(file->for_each_row({"list", "day", "t", "r", "n", "name"}, sink));
  EXPECT_THAT(got.cells, ElementsAre(ElementsAre("", "2024-08-14", "true", "0.5", "-3", "ä"),
                                     ElementsAre("", "1969-12-31", "false", "1e+300", "7", "")));
  EXPECT_THAT(got.kinds[1], ElementsAre(cell_kind::nested, cell_kind::text, cell_kind::boolean,
                                        cell_kind::number, cell_kind::number, cell_kind::absent));
  EXPECT_THAT(got.lines, ElementsAre(1, 2));
  // The bytes tell it too, whatever the name.
  EXPECT_TRUE(row_file::open(write("votes", bytes)).has_value());
  EXPECT_THAT(refusal("broken.parquet", bytes.substr(0, bytes.size() / 2)), HasSubstr("Parquet"));
}

}  // namespace
}  // namespace agon::files
