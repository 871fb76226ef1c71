#include "ratings/outcome.hpp"

#include <array>

namespace agon::ratings {
namespace {

constexpr std::array<std::string_view, outcome_count> outcome_texts{"a", "b", "tie", "both_bad"};
constexpr std::array<std::string_view, 3> policy_texts{"drop", "tie", "model"};

template <typename Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& texts, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i)
    if (texts[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_text(outcome o) {
  return outcome_texts.at(static_cast<std::size_t>(o));
}
std::string_view to_text(both_bad_policy p) {
  return policy_texts.at(static_cast<std::size_t>(p));
}

std::optional<outcome> outcome_from_text(std::string_view text) {
  return find<outcome>(outcome_texts, text);
}

std::optional<both_bad_policy> both_bad_policy_from_text(std::string_view text) {
  return find<both_bad_policy>(policy_texts, text);
}

}  // namespace agon::ratings
