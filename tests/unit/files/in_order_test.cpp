#include "services/files/in_order.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "tests/unit/files/rows_of.hpp"

namespace agon::files {
namespace {

struct lines_result final : block_result {
  std::uint64_t first = 0;
};

// Finishes in another order than it began.
class uneven_worker final : public block_worker {
 public:
  explicit uneven_worker(std::size_t number, std::uint64_t throws_at = 0)
      : number_(number), throws_at_(throws_at) {}
  std::unique_ptr<block_result> work(block& records, std::unique_ptr<block_result>) override {
    auto out = std::make_unique<lines_result>();
    out->first = records.line();
    if (throws_at_ != 0 && records.line() >= throws_at_) throw std::runtime_error("thrown");
    if (records.line() % 3 == number_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (std::string_view(records.begin(), records.size()).find("bad") != std::string_view::npos)
      out->error = file_error{"bad", records.line()};
    return out;
  }

 private:
  std::size_t number_;
  std::uint64_t throws_at_;
};

std::string numbered_lines(int count, int bad_from = 1 << 30) {
  std::string out = "n\n";
  for (int i = 0; i < count; ++i) out += i >= bad_from ? "bad\n" : std::to_string(i % 10) + "\n";
  return out;
}

std::vector<std::unique_ptr<block_worker>> three_workers(std::uint64_t throws_at = 0) {
  std::vector<std::unique_ptr<block_worker>> out;
  for (std::size_t i = 0; i < 3; ++i) out.push_back(std::make_unique<uneven_worker>(i, throws_at));
  return out;
}

row_file small_blocks(std::string_view text) {
  return row_file::of(bytes_of_text(text), file_format::csv, 8).value();
}

TEST(in_order, results_come_in_the_order_of_the_file) {
  const std::string text = numbered_lines(500);
  row_file file = small_blocks(text);
  const auto workers = three_workers();
  std::uint64_t last = 0;
  std::size_t bytes = 0;
  const auto bad = work_in_order(file, workers, [&](std::size_t worker, block_result& r) {
    EXPECT_LT(worker, 3U);
    EXPECT_GT(static_cast<lines_result&>(r).first, last);
    last = static_cast<lines_result&>(r).first;
    bytes += r.bytes;
    return std::optional<file_error>();
  });
  EXPECT_FALSE(bad);
  EXPECT_EQ(bytes, text.size() - 2);
}

TEST(in_order, the_first_error_of_the_file_is_told_whoever_finds_one_first) {
  for (int bad_from = 1; bad_from < 60; bad_from += 7) {
    const std::string text = numbered_lines(300, bad_from);
    row_file file = small_blocks(text);
    const auto workers = three_workers();
    const auto bad = work_in_order(
        file, workers, [](std::size_t, block_result&) { return std::optional<file_error>(); });
    ASSERT_TRUE(bad);
    EXPECT_LE(bad->line, static_cast<std::uint64_t>(bad_from) + 2);
    EXPECT_GE(bad->line + 8, static_cast<std::uint64_t>(bad_from) + 2);
  }
}

TEST(in_order, the_consumer_may_end_it_and_exceptions_arrive) {
  const std::string text = numbered_lines(300);
  row_file file = small_blocks(text);
  const auto workers = three_workers();
  const auto bad = work_in_order(file, workers, [](std::size_t, block_result&) {
    return std::optional<file_error>(file_error{"enough", 1});
  });
  EXPECT_EQ(to_text(bad.value()), "line 1: enough");

  row_file other = small_blocks(text);
  const auto throwing = three_workers(100);
  EXPECT_THROW(
      (void)work_in_order(other, throwing,
                          [](std::size_t, block_result&) { return std::optional<file_error>(); }),
      std::runtime_error);
}

}  // namespace
}  // namespace agon::files
