#include <algorithm>
#include <array>
#include <string_view>

#include "privacy/pii/checksums.hpp"
#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr double whole_date = .6;
constexpr double part_of_a_date = .2;
constexpr double born_then = .9;

struct month_name {
  std::string_view word;
  int month;
};

// Without accents; English, German, French, Spanish, Italian, Portuguese, Dutch.
constexpr month_name month_names[] = {
    {"january", 1},    {"jan", 1},       {"januar", 1},     {"janvier", 1},   {"enero", 1},
    {"gennaio", 1},    {"janeiro", 1},   {"januari", 1},    {"february", 2},  {"feb", 2},
    {"februar", 2},    {"fevrier", 2},   {"febrero", 2},    {"febbraio", 2},  {"fevereiro", 2},
    {"februari", 2},   {"march", 3},     {"mar", 3},        {"marz", 3},      {"mars", 3},
    {"marzo", 3},      {"marco", 3},     {"maart", 3},      {"april", 4},     {"apr", 4},
    {"avril", 4},      {"abril", 4},     {"aprile", 4},     {"may", 5},       {"mai", 5},
    {"mayo", 5},       {"maggio", 5},    {"maio", 5},       {"mei", 5},       {"june", 6},
    {"jun", 6},        {"juni", 6},      {"juin", 6},       {"junio", 6},     {"giugno", 6},
    {"junho", 6},      {"july", 7},      {"jul", 7},        {"juli", 7},      {"juillet", 7},
    {"julio", 7},      {"luglio", 7},    {"julho", 7},      {"august", 8},    {"aug", 8},
    {"aout", 8},       {"agosto", 8},    {"augustus", 8},   {"september", 9}, {"sep", 9},
    {"sept", 9},       {"septembre", 9}, {"septiembre", 9}, {"settembre", 9}, {"setembro", 9},
    {"october", 10},   {"oct", 10},      {"oktober", 10},   {"octobre", 10},  {"octubre", 10},
    {"ottobre", 10},   {"outubro", 10},  {"november", 11},  {"nov", 11},      {"novembre", 11},
    {"noviembre", 11}, {"novembro", 11}, {"december", 12},  {"dec", 12},      {"dezember", 12},
    {"dez", 12},       {"decembre", 12}, {"diciembre", 12}, {"dicembre", 12}, {"dezembro", 12}};

class date_reader {
 public:
  date_reader(std::string_view s, std::size_t begin) : s_(s), i_(begin) {}

  // Where the date ends that begins here, and what it is worth; 0 if none does.
  double read() {
    if (is_digit(at(s_, i_))) return read_number_first();
    const int month = read_month();
    if (month == 0) return 0;
    if (!skip(" -.,") || !is_digit(at(s_, i_))) return 0;
    std::size_t digits = 0;
    const int v = read_number(digits);
    if (digits == 4) return year(v) ? part_of_a_date : 0;
    if (digits > 2 || !is_date(0, month, v)) return 0;
    take_ordinal();
    return read_year_behind_month();
  }
  [[nodiscard]] std::size_t end() const { return i_; }

 private:
  [[nodiscard]] static bool year(int v) { return v >= 1000 && v <= 2999; }

  int read_number(std::size_t& digits) {
    const std::size_t begin = i_;
    while (is_digit(at(s_, i_)) && i_ < begin + 5) ++i_;
    digits = i_ - begin;
    return digits == 0 || digits > 4 ? -1 : number_at(s_, begin, digits);
  }

  int read_month() {
    std::array<char, 12> word{};
    std::size_t n = 0;
    while (n < word.size() && is_letter(at(s_, i_ + n)) && at(s_, i_ + n) != letter_byte) {
      word[n] = to_lower(s_[i_ + n]);
      ++n;
    }
    const std::string_view w(word.data(), n);
    for (const month_name& m : month_names)
      if (m.word == w) {
        i_ += n;
        return m.month;
      }
    return 0;
  }

  // At most two of the signs; true if there was one.
  bool skip(std::string_view signs) {
    const std::size_t begin = i_;
    while (i_ < begin + 2 && i_ < s_.size() && signs.find(s_[i_]) != std::string_view::npos) ++i_;
    return i_ > begin;
  }

  void take_ordinal() {
    const char a = to_lower(at(s_, i_));
    const char b = to_lower(at(s_, i_ + 1));
    const bool ordinal = (a == 's' && b == 't') || (a == 'n' && b == 'd') ||
                         (a == 'r' && b == 'd') || (a == 't' && b == 'h');
    if (ordinal && !is_letter(at(s_, i_ + 2))) i_ += 2;
  }

  double read_year_behind_month() {
    const std::size_t known = i_;
    if (skip(" -,.")) {
      if (at(s_, i_) == 'd' && at(s_, i_ + 1) == 'e' && at(s_, i_ + 2) == ' ') i_ += 3;
      std::size_t digits = 0;
      const std::size_t begin = i_;
      const int v = read_number(digits);
      if (digits == 4 && year(v)) return whole_date;
      if (digits == 2 && before(s_, begin) == '-') return whole_date;
    }
    i_ = known;
    return part_of_a_date;
  }

  double read_number_first() {
    std::size_t digits = 0;
    const int first = read_number(digits);
    if (digits == 0 || digits > 4 || digits == 3) return 0;
    const char sign = at(s_, i_);
    if (digits <= 2) {
      const std::size_t known = i_;
      take_ordinal();
      if (skip(" -.")) {
        if (at(s_, i_) == 'd' && at(s_, i_ + 1) == 'e' && at(s_, i_ + 2) == ' ') i_ += 3;
        const int month = read_month();
        if (month > 0) return is_date(0, month, first) ? read_year_behind_month() : 0;
      }
      i_ = known;
    }
    if (sign != '-' && sign != '/' && sign != '.') return 0;
    ++i_;
    std::size_t second_digits = 0;
    const int second = read_number(second_digits);
    if (second_digits == 0 || (second_digits > 2 && (digits > 2 || second_digits == 3))) return 0;
    if (at(s_, i_) != sign || !is_digit(at(s_, i_ + 1))) {
      if (sign != '/') return 0;
      const bool month_and_year = second_digits == 4 && first >= 1 && first <= 12 && year(second);
      const bool month_and_day = digits <= 2 && second_digits <= 2 &&
                                 (is_date(0, first, second) || is_date(0, second, first));
      return month_and_year || month_and_day ? part_of_a_date / 2 : 0;
    }
    ++i_;
    std::size_t third_digits = 0;
    const int third = read_number(third_digits);
    if (digits == 4) {
      if (third_digits > 2 || !year(first) || !is_date(first, second, third)) return 0;
      take_time();
      return whole_date;
    }
    if (third_digits != 4 && third_digits != 2) return 0;
    if (third_digits == 4 && !year(third)) return 0;
    if (!is_date(third, second, first) && !is_date(third, first, second)) return 0;
    if (sign == '.' && third_digits == 2 && second_digits == 1 && digits == 1) return 0;  // 1.2.34
    take_time();
    return whole_date;
  }

  // "T09:15:30.500-07:00", " 20:49:24", "T14:30Z".
  void take_time() {
    const char c = at(s_, i_);
    if ((c != 'T' && c != 't' && c != ' ') || !is_digit(at(s_, i_ + 1))) return;
    std::size_t i = i_ + 1;
    const auto two = [&](std::size_t from) {
      return is_digit(at(s_, from)) && is_digit(at(s_, from + 1));
    };
    if (!two(i) || at(s_, i + 2) != ':' || !two(i + 3)) return;
    i += 5;
    if (at(s_, i) == ':' && two(i + 1)) i += 3;
    if (at(s_, i) == '.' && is_digit(at(s_, i + 1))) {
      const std::size_t fraction = ++i;
      while (is_digit(at(s_, i)) && i < fraction + 9) ++i;
    }
    if (to_lower(at(s_, i)) == 'z')
      ++i;
    else if ((at(s_, i) == '+' || at(s_, i) == '-') && two(i + 1) && at(s_, i + 3) == ':' &&
             two(i + 4))
      i += 6;
    i_ = i;
  }

  std::string_view s_;
  std::size_t i_;
};

}  // namespace

void find_dates(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (!is_word(s[i])) continue;
    const char previous = before(s, i);
    const bool middle =
        (previous == '-' || previous == '.' || previous == '/' || previous == ':') && i >= 2 &&
        is_word(s[i - 2]);
    std::size_t word_end = i + 1;
    while (word_end < s.size() && is_word(s[word_end])) ++word_end;
    const bool letters_first = is_letter(s[i]);
    if (middle || previous == '_' || (letters_first && word_end - i > 10)) {
      i = word_end - 1;
      continue;
    }
    date_reader reader(s, i);
    const double score = reader.read();
    const std::size_t end = reader.end();
    const char next = at(s, end);
    const bool goes_on = is_word(next) || next == '_' ||
                         ((next == '-' || next == '/' || next == '.') && is_digit(at(s, end + 1)));
    if (score == 0 || goes_on) {
      i = word_end - 1;
      continue;
    }
    if (score >= part_of_a_date && t.words.near(topic::birth, i, end, 30, 20))
      out.push_back({kind::date_of_birth, i, end, born_then});
    if (t.wanted.has(kind::date_time)) out.push_back({kind::date_time, i, end, score});
    i = end - 1;
  }
}

}  // namespace agon::pii
