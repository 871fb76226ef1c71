#include "ratings/near_duplicates.hpp"

#include "ratings/prompt_groups.hpp"

namespace agon::ratings {

std::vector<std::uint32_t> near_duplicates(std::span<const std::string_view> texts,
                                           double similarity) {
  prompt_groups groups(similarity);
  std::vector<std::uint32_t> numbers, first;  // of each text; the first text of each number
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    numbers.push_back(groups.add(texts[i]));
    if (numbers.back() == first.size()) first.push_back(i);
  }
  for (std::uint32_t& n : numbers) n = first[groups.group(n)];
  return numbers;
}

}  // namespace agon::ratings
