// The tagger of people, places, organisations and street addresses: a greedy linear
// tagger with hashed features (averaged perceptron, Collins 2002) and lists of names.
// Trained by privacy/pii/tools/train_names.cpp. Internal to privacy/pii.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/pii/name_tokens.hpp"

namespace agon::pii {

// Begin and inside, for each of the four; 0 is no name.
enum class name_tag : std::uint8_t {
  none,
  begin_person,
  in_person,
  begin_location,
  in_location,
  begin_organization,
  in_organization,
  begin_address,
  in_address,
};
constexpr std::size_t name_tags = 9;

// Lists of words, by bits.
enum listed : std::uint8_t {
  first_name = 1,
  last_name = 2,
  town = 4,
  land = 8,
  common_word = 16,
  in_town = 32,
  goes_on = 64,
  historic = 128
};

class name_lists {
 public:
  name_lists();
  void add(std::string_view folded_phrase, std::uint8_t bits);
  [[nodiscard]] std::uint8_t bits_of(std::uint32_t phrase) const {
    const std::uint32_t key = phrase >> 8U;
    for (std::size_t slot = key & mask;; slot = (slot + 1) & mask) {
      const std::uint32_t entry = slots_[slot];
      if (entry == 0) return 0;
      if (entry >> 8U == key) return static_cast<std::uint8_t>(entry);
    }
  }
  [[nodiscard]] std::string encoded() const;
  // Throws std::runtime_error if the bytes are not what encoded() gives.
  [[nodiscard]] static name_lists decoded(std::string_view bytes);

 private:
  static constexpr std::size_t slot_count = std::size_t{1} << 18U;
  static constexpr std::size_t mask = slot_count - 1;
  void put(std::uint32_t key, std::uint8_t bits);
  std::vector<std::uint32_t> slots_;  // 24 bits of hash, 8 of lists; 0 is empty
  std::size_t used_ = 0;
};

// What the lists say of each token: bits of the word alone, whether it is in a town or land
// of several words (in_town for its first, goes_on for the others), and whether it is in the
// name of somebody of history.
[[nodiscard]] std::vector<std::uint8_t> listed_in(const name_lists& lists,
                                                  const std::vector<name_token>& tokens);

constexpr std::size_t name_features = 30;
constexpr std::size_t name_feature_bits = 16;
using feature_row_numbers = std::array<std::uint32_t, name_features>;

// All features of a token but those that look at the tags before it, which are the last
// six and are set by set_tag_features().
class feature_reader {
 public:
  feature_reader(const std::vector<name_token>& tokens, const std::vector<std::uint8_t>& lists,
                 std::string_view folded);
  // False for what no name begins with: signs, numbers without a word behind them, and
  // words that are written small all the time. Saves half of the work.
  [[nodiscard]] bool may_begin(std::size_t token) const;
  void read(std::size_t token, std::uint8_t last_tag, std::uint8_t tag_before,
            feature_row_numbers& rows) const;

 private:
  const std::vector<name_token>& tokens_;
  const std::vector<std::uint8_t>& lists_;
  std::vector<std::uint8_t> line_case_;  // by token: the line has capitals, none, or only such
};

struct tagged_name {
  std::size_t first = 0, last = 0;  // tokens, inclusive
  name_tag what = name_tag::none;   // its begin_… tag
  double margin = 0;                // mean lead over "no name"
  bool is_listed = false;           // a word of it is in a list of first or last names
  bool of_history = false;          // begins with the name of somebody of history
};

class names_model {
 public:
  using row = std::array<std::int16_t, 16>;  // by tag; the rest is 0

  names_model(name_lists lists, std::vector<row> rows);
  // The model in the program. Throws std::runtime_error if it is damaged.
  [[nodiscard]] static const names_model& built_in();
  [[nodiscard]] static names_model decoded(std::string_view bytes);
  [[nodiscard]] std::string encoded() const;

  // Names in their order. `leaning` is added to every tag but "no name": more finds the
  // greater it is.
  [[nodiscard]] std::vector<tagged_name> tag(const std::vector<name_token>& tokens,
                                             std::string_view folded, int leaning) const;

 private:
  name_lists lists_;
  std::vector<row> rows_;
};

}  // namespace agon::pii
