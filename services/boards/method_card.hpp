// What a reader should know of a method, beside the words of docs/ratings.md.
#pragma once

#include <string_view>
#include <vector>

#include "ratings/method.hpp"

namespace agon::boards {

struct method_card {
  std::string_view formula;
  std::string_view source;
  bool models_ties = false;  // else a tie is half a win for each
  bool intervals = true;
  bool ordered = false;  // the order of votes matters
  std::vector<std::string_view> parameters{};
};

// Of a method that the rating job keeps up to date.
[[nodiscard]] method_card card_of(ratings::method m);

}  // namespace agon::boards
