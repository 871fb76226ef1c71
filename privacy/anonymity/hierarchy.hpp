// How a quasi-identifier is made coarser, step by step, until nothing is left of it.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agon::anonymity {

// What stands for a value of which nothing is told.
constexpr std::string_view anything = "*";

// Level 0 is the value itself, level top() is `anything`. Coarser levels only merge what
// finer ones tell apart.
class hierarchy {
 public:
  // Only the value, or nothing of it.
  [[nodiscard]] static hierarchy all_or_nothing();
  // Value → what stands for it at levels 1, 2, …; `anything` follows of itself.
  // std::invalid_argument if two rows differ in length, or agree at one level and no
  // longer at the next.
  [[nodiscard]] static hierarchy of_table(std::map<std::string, std::vector<std::string>> table);
  // Tags of BCP 47: "pt-BR" → "pt" → anything. In lower case from level 1 on.
  [[nodiscard]] static hierarchy of_languages();
  // Whole numbers: 37 with widths 5, 10 → "35-39" → "30-39" → anything. Each width must be
  // a multiple of the one before; std::invalid_argument if one is not.
  [[nodiscard]] static hierarchy of_intervals(std::vector<long long> widths);

  [[nodiscard]] std::size_t top() const { return top_; }
  // Nothing if the value is not known at this level: fail closed. level <= top().
  [[nodiscard]] std::optional<std::string> at(std::string_view value, std::size_t level) const;

 private:
  // What stands for a value at a level between the ends.
  using step = std::function<std::optional<std::string>(std::string_view, std::size_t)>;
  hierarchy(std::size_t top, step between) : top_(top), between_(std::move(between)) {}

  std::size_t top_;
  step between_;
};

}  // namespace agon::anonymity
