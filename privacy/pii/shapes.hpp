// Identifiers of a written form, by a table: "999-99-9999" and what must hold of the
// digits. Internal to privacy/pii.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "privacy/pii/context_words.hpp"
#include "privacy/pii/kinds.hpp"

namespace agon::pii {

// A form is a row of
//   9 digit   A letter   X letter or digit   h hexadecimal digit   [ABC0-4] one of these
//   ~ a space, hyphen, dot or nothing     + a space, hyphen or dot
//   = the same as the first ~ or + took    anything else: itself
// each followed by {n}, {n,m} or ? if it repeats. Letters match in either case.
struct shape {
  kind what;
  const char* form;
  double score;                               // standing alone
  topic about = topic::none;                  // words that make it likelier
  double beside = 0;                          // the score near such a word
  bool (*holds)(std::string_view) = nullptr;  // of the letters and digits, in capitals
  bool may_touch_a_word = false;              // "id code is030594W903B"
};

// A form made ready.
class shape_matcher {
 public:
  // Throws std::invalid_argument for a form that cannot be read.
  explicit shape_matcher(std::string_view form);

  // Where the match at `begin` ends that a left-to-right reading, longest first, gives;
  // `begin` if there is none. Bounded by the length of the form.
  [[nodiscard]] std::size_t match(std::string_view s, std::size_t begin) const;

  // How many characters may stand before the first digit, and how many digits the run
  // may have that a form with a leading digit begins with: what tells shapes apart fast.
  [[nodiscard]] std::size_t least_before_digit() const { return least_before_digit_; }
  [[nodiscard]] std::size_t most_before_digit() const { return most_before_digit_; }
  [[nodiscard]] std::size_t least_first_run() const { return least_first_run_; }
  [[nodiscard]] std::size_t most_first_run() const { return most_first_run_; }

 private:
  enum class type : std::uint8_t { characters, optional_separator, separator, same_separator };
  struct element {
    type what = type::characters;
    std::array<std::uint64_t, 2> set{};
    std::uint8_t least = 1, most = 1;

    void add(char c);
    [[nodiscard]] bool has(char c) const {
      const auto u = static_cast<unsigned char>(c);
      return u < 128 && ((set[u >> 6U] >> (u & 63U)) & 1U) != 0;
    }
    [[nodiscard]] bool only_digits() const;
    [[nodiscard]] bool no_digits() const;
  };

  void read(std::string_view form);
  void measure();
  [[nodiscard]] std::size_t match_from(std::string_view s, std::size_t i, std::size_t element,
                                       char separator) const;

  std::vector<element> elements_;
  std::size_t least_before_digit_ = 0, most_before_digit_ = 0;
  std::size_t least_first_run_ = 0, most_first_run_ = 0;
};

// The table, in parts of the world.
[[nodiscard]] const std::vector<shape>& shapes_of_america();
[[nodiscard]] const std::vector<shape>& shapes_of_europe();
[[nodiscard]] const std::vector<shape>& shapes_of_germany();
[[nodiscard]] const std::vector<shape>& shapes_of_asia();
[[nodiscard]] const std::vector<shape>& shapes_of_elsewhere();

}  // namespace agon::pii
