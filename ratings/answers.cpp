#include "ratings/answers.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace agon::ratings {
namespace {

constexpr std::uint32_t most_categories = 65536;
constexpr std::uint32_t last_index = std::numeric_limits<std::uint32_t>::max() - 2;

}  // namespace

checked<answer_table> answer_table::of(std::span<const answer> answers,
                                       std::uint32_t categories_at_least,
                                       std::uint32_t items_at_least,
                                       std::uint32_t participants_at_least) {
  std::uint32_t items = items_at_least;
  std::uint32_t participants = participants_at_least;
  std::uint32_t categories = categories_at_least;
  for (const answer& a : answers) {
    if (a.item > last_index || a.participant > last_index || a.category >= most_categories)
      return data_error{"answer " + std::to_string(&a - answers.data()) + ": index out of range"};
    items = std::max(items, a.item + 1);
    participants = std::max(participants, a.participant + 1);
    categories = std::max(categories, a.category + 1);
  }
  if (categories > most_categories) return data_error{"more than 65,536 categories"};
  answer_table out;
  out.participants_ = participants;
  out.categories_ = categories;
  out.start_.assign(std::size_t{items} + 1, 0);
  for (const answer& a : answers) ++out.start_[std::size_t{a.item} + 1];
  std::partial_sum(out.start_.begin(), out.start_.end(), out.start_.begin());
  out.cells_.resize(answers.size());
  auto next = out.start_;
  for (const answer& a : answers) out.cells_[next[a.item]++] = {a.participant, a.category};
  out.find_repeated();
  return out;
}

void answer_table::find_repeated() {
  constexpr auto none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> last_item(participants_, none);
  for (std::uint32_t i = 0; i < items(); ++i) {
    for (const cell& c : item(i)) {
      if (last_item[c.participant] == i) {
        repeated_ = {i, c.participant};
        return;
      }
      last_item[c.participant] = i;
    }
  }
}

}  // namespace agon::ratings
