// Words that speak of what stands near them: "passport", "Steuernummer", "call". Found
// by one pass of an automaton over the folded text. Internal to privacy/pii.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace agon::pii {

enum class topic : std::uint8_t {
  none,
  phone,
  identity,
  tax,
  passport,
  licence,
  plate,
  bank,
  health,
  company,
  postcode,
  birth,
  card,
  account_name,
  address,
  ssn,
  place,
  secret,
};
constexpr std::size_t topics = static_cast<std::size_t>(topic::secret) + 1;

class context_words {
 public:
  explicit context_words(std::string_view folded);

  // True if a word of the topic ends at most `back` bytes before `begin`, or begins at
  // most `ahead` bytes after `end`. Logarithmic in the number of words.
  [[nodiscard]] bool near(topic about, std::size_t begin, std::size_t end, std::size_t back = 60,
                          std::size_t ahead = 30) const;

 private:
  struct place_of_word {
    std::size_t begin = 0, end = 0;
  };
  std::array<std::vector<place_of_word>, topics> words_;
};

}  // namespace agon::pii
