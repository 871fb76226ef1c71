#include "tests/unit/parquet/sample_rows.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

namespace agon::parquet::test {
namespace {

// splitmix64
std::uint64_t scrambled(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

constexpr const char* words[] = {"a",      "b",  "tie",  "both_bad",     "Grüße",
                                 "日本語", "🙂", "\"\\", "two\nlines\t", ""};
constexpr double reals[] = {0.0,
                            -0.0,
                            1.5,
                            -2.25e300,
                            0.1,
                            std::numeric_limits<double>::denorm_min(),
                            std::numeric_limits<double>::max()};
constexpr std::int64_t longs[] = {0,
                                  -1,
                                  1,
                                  std::numeric_limits<std::int64_t>::min(),
                                  std::numeric_limits<std::int64_t>::max(),
                                  9007199254740993};
constexpr std::int64_t ints[] = {0, -1, 2147483647, -2147483648LL, 42};

template <std::size_t N, class T>
T pick(const T (&from)[N], std::uint64_t at) {
  return from[at % N];
}

void append_json(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    char escaped[8];
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || c == '"' || c == '\\') {
      std::snprintf(escaped, sizeof escaped, "\\u%04x", u);
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_number(std::string& out, double v) {
  char text[40];
  std::snprintf(text, sizeof text, "\"%a\"", v);
  out += text;
}

struct cell_printer {
  std::string& out;
  void operator()(std::monostate) const { out += "null"; }
  void operator()(bool v) const { out += v ? "true" : "false"; }
  void operator()(std::int64_t v) const { out += std::to_string(v); }
  void operator()(double v) const { append_number(out, v); }
  void operator()(std::string_view v) const { append_json(out, v); }
  void operator()(std::span<const std::string_view> v) const {
    for (std::size_t i = 0; i < v.size(); ++i) append_json(out += i == 0 ? "[" : ",", v[i]);
    out += v.empty() ? "[]" : "]";
  }
  void operator()(std::span<const double> v) const {
    for (std::size_t i = 0; i < v.size(); ++i) append_number(out += i == 0 ? "[" : ",", v[i]);
    out += v.empty() ? "[]" : "]";
  }
};

}  // namespace

std::vector<column> sample_columns() {
  return {{"flag", type::boolean, false},     {"flag_or_null", type::boolean, true},
          {"small", type::int32, false},      {"small_or_null", type::int32, true},
          {"large", type::int64, false},      {"large_or_null", type::int64, true},
          {"number", type::real, false},      {"number_or_null", type::real, true},
          {"word", type::string, false},      {"word_or_null", type::string, true},
          {"unique", type::string, false},    {"never", type::string, true},
          {"day", type::date, false},         {"day_or_null", type::date, true},
          {"tags", type::string_list, false}, {"tags_or_null", type::string_list, true},
          {"scores", type::real_list, false}, {"scores_or_null", type::real_list, true}};
}

sample_row::sample_row(std::uint64_t number) {
  const auto dice = [&](std::uint64_t salt) { return scrambled(number * 64 + salt); };
  const auto or_null = [&](std::uint64_t salt, cell v) { return dice(salt) % 3 == 0 ? cell() : v; };
  const std::uint64_t length = dice(1) % 8 == 0 ? dice(2) % 40 : dice(2) % 3;
  for (std::uint64_t i = 0; i < length; ++i) {
    list_.emplace_back(pick(words, dice(10 + i)));
    reals_.push_back(pick(reals, dice(11 + i)));
  }
  strings_.push_back("row " + std::to_string(number) + " " +
                     std::string(dice(3) % 50 == 0 ? 3000 : 5, 'x'));
  const std::string_view word = pick(words, dice(4));
  const std::int64_t day = static_cast<std::int64_t>(dice(5) % 40'000) - 10'000;
  // Long runs of equal values, as sorted columns have them.
  const bool flag = number / 100 % 2 == 0;
  const std::int64_t large =
      dice(6) % 2 == 0 ? pick(longs, dice(7)) : static_cast<std::int64_t>(dice(8));
  const std::span<const std::string_view> tags(list_);
  const std::span<const double> scores(reals_);
  cells_ = {flag,
            or_null(20, flag),
            pick(ints, dice(9)),
            or_null(21, static_cast<std::int64_t>(number % 7)),
            large,
            or_null(22, large),
            pick(reals, dice(10)),
            or_null(23, std::sqrt(static_cast<double>(number))),
            word,
            or_null(24, word),
            std::string_view(strings_.back()),
            cell(),
            day,
            or_null(25, day),
            tags,
            or_null(26, tags),
            scores,
            or_null(27, scores)};
}

std::string sample_file(std::uint64_t rows, writer_options options) {
  std::string bytes;
  writer w(
      sample_columns(), [&](std::string_view b) { return !(bytes += b).empty(); },
      std::move(options));
  for (std::uint64_t i = 0; i < rows; ++i) w.add(sample_row(i).cells()).value();
  w.close().value();
  return bytes;
}

std::string to_line(std::span<const cell> row) {
  std::string out = "[";
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += ',';
    std::visit(cell_printer{out}, row[i]);
  }
  return out + "]";
}

}  // namespace agon::parquet::test
