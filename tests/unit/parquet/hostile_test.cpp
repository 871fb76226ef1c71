// Files that lie. Whatever the bytes are, the reader ends with rows or a sentence, in
// bounded memory; fuzz_parquet looks for what these tests do not think of.
#include <gtest/gtest.h>

#include <cstring>

#include "tests/unit/parquet/sample_rows.hpp"

namespace agon::parquet::test {
namespace {

// Reads all, and gives the error or nothing.
std::string read_all(std::string bytes, const reader_limits& limits = {}) {
  auto opened = reader::open(in_memory(std::move(bytes)), limits);
  if (!opened) return opened.error().message;
  for (std::int64_t i = 0;; ++i) {
    const auto row = opened->next();
    if (!row) return row.error().message;
    if (row->empty()) return i == opened->rows() ? "" : "another number of rows";
  }
}

std::string small_file() {
  writer_options o;
  o.row_group_rows = 4;
  o.page_rows = 3;
  return sample_file(7, o);
}

TEST(parquet_hostile, a_file_cut_off_anywhere_is_refused) {
  const std::string whole = small_file();
  ASSERT_EQ(read_all(whole), "");
  for (std::size_t size = 0; size < whole.size(); size += 3)
    ASSERT_NE(read_all(whole.substr(0, size)), "") << "cut at " << size;
}

TEST(parquet_hostile, a_changed_byte_of_a_page_is_seen_by_its_checksum) {
  const std::string whole = sample_file(300);
  std::uint32_t footer = 0;
  std::memcpy(&footer, whole.data() + whole.size() - 8, 4);
  const std::size_t pages = whole.size() - 8 - footer;
  std::size_t unseen = 0;
  for (std::size_t at = 4; at < pages; at += 11) {
    std::string bad = whole;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    unseen += read_all(bad).empty() ? 1 : 0;
  }
  // Of a header, some bytes tell nothing that a reader needs.
  EXPECT_LT(unseen, pages / 11 / 20);
}

TEST(parquet_hostile, changed_bytes_of_the_footer_never_break_the_reader) {
  const std::string whole = small_file();
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const int flip : {0x01, 0x80}) {
      std::string bad = whole;
      bad[at] = static_cast<char>(bad[at] ^ flip);
      static_cast<void>(read_all(std::move(bad)));
    }
}

TEST(parquet_hostile, a_bomb_is_refused_by_the_limit_on_pages) {
  std::string bytes;
  writer_options o;
  o.page_bytes = o.row_group_bytes = 64UL << 20;
  o.dictionary_bytes = 0;
  writer w(
      {{"text"}}, [&](std::string_view b) { return !(bytes += b).empty(); }, o);
  const std::string zeros(32UL << 20, '\0');
  const cell text = std::string_view(zeros);
  ASSERT_TRUE(w.add(std::span(&text, 1)));
  ASSERT_TRUE(w.close());
  EXPECT_LT(bytes.size(), 10'000U);
  reader_limits limits;
  limits.page_bytes = 1UL << 20;
  EXPECT_EQ(read_all(bytes, limits), "column text: a page is larger than the limit");
  limits = {};
  limits.memory = 1UL << 20;
  EXPECT_EQ(read_all(bytes, limits), "column text: its pages need more memory than the limit");
}

TEST(parquet_hostile, limits_on_rows_columns_and_lists_hold) {
  reader_limits limits;
  limits.rows = 6;
  EXPECT_EQ(read_all(small_file(), limits), "the file has more rows than the limit");
  limits = {};
  limits.columns = 17;
  EXPECT_EQ(read_all(small_file(), limits), "the footer's schema is not one, or too large");
  limits = {};
  limits.list_length = 2;
  EXPECT_EQ(read_all(sample_file(50), limits), "column tags: a list is longer than the limit");
  limits = {};
  limits.footer_bytes = 100;
  EXPECT_EQ(read_all(small_file(), limits), "the footer is larger than the limit");
}

TEST(parquet_hostile, what_is_no_parquet_file_is_said_to_be_none) {
  EXPECT_EQ(read_all(""), "too short for a Parquet file");
  EXPECT_EQ(read_all("model_a,model_b,winner\n"), "not a Parquet file");
  EXPECT_EQ(read_all("PAR1\xFF\xFF\xFF\x7FPAR1"), "the footer is cut off");
  EXPECT_EQ(reader::open("/nonexistent").error().message,
            "cannot open /nonexistent: No such file or directory");
  EXPECT_EQ(reader::open("/dev/zero").error().message, "not a regular file");
}

}  // namespace
}  // namespace agon::parquet::test
