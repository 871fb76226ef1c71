#include "services/files/parquet_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "privacy/parquet/reader.hpp"

namespace agon::files {
namespace {

using std::chrono::days;
using std::chrono::microseconds;

std::string date_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day d(day);
  std::array<char, 40> out{};
  const int n = std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(d.year()),
                              static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
  return {out.data(), static_cast<std::size_t>(n)};
}

std::string timestamp_text(std::int64_t micros) {
  const std::chrono::sys_time<microseconds> at{microseconds(micros)};
  const auto day = std::chrono::floor<days>(at);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(at - day));
  std::array<char, 40> out{};
  const int n = std::snprintf(
      out.data(), out.size(), "T%02d:%02d:%02dZ", static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return date_text(day) + std::string(out.data(), static_cast<std::size_t>(n));
}

class reading_rows final : public parquet_rows {
 public:
  explicit reading_rows(parquet::reader in) : in_(std::move(in)) {
    for (const parquet::column& c : in_.columns()) names_.push_back(c.name);
  }

  const std::vector<std::string>& columns() const override { return names_; }

  std::optional<file_error> select(const std::vector<std::string>& wanted) override {
    types_.clear();
    for (const std::string& name : wanted) {
      const auto found = std::find(names_.begin(), names_.end(), name);
      if (found == names_.end()) return file_error{"has no column " + shown(name)};
      if (std::find(found + 1, names_.end(), name) != names_.end())
        return file_error{"has the column " + shown(name) + " twice"};
      types_.push_back(in_.columns()[static_cast<std::size_t>(found - names_.begin())].type);
    }
    if (const auto done = in_.select(wanted); done.has_error())
      return file_error{"cannot be read: " + done.error().message};
    cells_.assign(wanted.size(), {});
    texts_.assign(wanted.size(), {});
    return std::nullopt;
  }

  checked<std::size_t> take(row_sink& sink, std::size_t most) override {
    for (std::size_t n = 0; n < most; ++n) {
      const auto read = in_.next();
      if (read.has_error())
        return file_error{"cannot be read: " + read.error().message, row_ + 1, true};
      if (read->empty()) return n;
      ++row_;
      for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] = cell_of((*read)[i], i);
      if (const char* refusal = sink.take(cells_, row_)) return file_error{refusal, row_, true};
    }
    return most;
  }

 private:
  cell cell_of(const parquet::cell& v, std::size_t i) {
    if (std::holds_alternative<std::monostate>(v)) return {};
    if (const auto* text = std::get_if<std::string_view>(&v)) return {*text, cell_kind::text};
    if (const auto* truth = std::get_if<bool>(&v))
      return {*truth ? "true" : "false", cell_kind::boolean};
    if (const auto* number = std::get_if<std::int64_t>(&v)) return whole(*number, i);
    if (const auto* number = std::get_if<double>(&v))
      return {printed(*number, i), cell_kind::number};
    return {{}, cell_kind::nested};
  }

  cell whole(std::int64_t number, std::size_t i) {
    // Of years with four digits; what is beyond stays a number.
    constexpr std::int64_t most_days = 2'900'000;
    constexpr std::int64_t micros_per_day = 86'400'000'000;
    const bool timestamp = types_[i] == parquet::type::timestamp;
    if (const std::int64_t day = timestamp ? number / micros_per_day : number;
        day < -700'000 || day > most_days)
      return {printed(number, i), cell_kind::number};
    if (timestamp) {
      texts_[i] = timestamp_text(number);
      return {texts_[i], cell_kind::text};
    }
    if (types_[i] == parquet::type::date) {
      texts_[i] = date_text(std::chrono::sys_days(days(number)));
      return {texts_[i], cell_kind::text};
    }
    return {printed(number, i), cell_kind::number};
  }

  template <class Number>
  std::string_view printed(Number number, std::size_t i) {
    texts_[i].resize(64);
    char* const begin = texts_[i].data();
    const auto [end, failed] = std::to_chars(begin, begin + texts_[i].size(), number);
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  parquet::reader in_;
  std::vector<std::string> names_;
  std::vector<parquet::type> types_;  // of the selected columns
  std::vector<cell> cells_;
  std::vector<std::string> texts_;
  std::uint64_t row_ = 0;
};

}  // namespace

checked<std::unique_ptr<parquet_rows>> parquet_rows::open(const std::string& path) {
  auto in = parquet::reader::open(std::filesystem::path(path));
  if (in.has_error()) return file_error{"cannot be read as Parquet: " + in.error().message};
  return std::unique_ptr<parquet_rows>(std::make_unique<reading_rows>(std::move(*in)));
}

}  // namespace agon::files
