#include "ratings/status.hpp"

#include <array>

namespace agon::ratings {

std::string_view to_text(rating_status s) {
  static constexpr std::array<std::string_view, 7> texts{
      "rated",     "no_votes",     "only_wins",    "only_losses",
      "separated", "disconnected", "not_converged"};
  return texts.at(static_cast<std::size_t>(s));
}

}  // namespace agon::ratings
