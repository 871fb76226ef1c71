#include "ratings/method.hpp"

#include <array>

namespace agon::ratings {
namespace {

struct method_name {
  std::string_view text;
  std::string_view board;
  method_input input;
};

// In the order of the enumeration.
constexpr std::array<method_name, 7> method_names{{
    {"elo", "elo", method_input::sequence},
    {"bradley-terry", "bradley_terry", method_input::tally},
    {"davidson", "davidson", method_input::tally},
    {"rao-kupper", "rao_kupper", method_input::tally},
    {"grounded-rao-kupper", "grounded_rao_kupper", method_input::tally},
    {"contextual", "contextual", method_input::rows},
    {"plackett-luce", "plackett_luce", method_input::rankings},
}};

constexpr std::array<method, method_names.size()> methods_in_order{
    method::elo,          method::bradley_terry,       method::davidson,
    method::rao_kupper,   method::grounded_rao_kupper, method::contextual,
    method::plackett_luce};

const method_name& entry_of(method m) {
  return method_names.at(static_cast<std::size_t>(m));
}

}  // namespace

std::span<const method> all_methods() {
  return methods_in_order;
}
std::string_view to_text(method m) {
  return entry_of(m).text;
}
std::string_view board_name(method m) {
  return entry_of(m).board;
}
method_input input_of(method m) {
  return entry_of(m).input;
}

std::optional<method> method_from_text(std::string_view text) {
  for (const method m : methods_in_order)
    if (text == to_text(m) || text == board_name(m)) return m;
  return std::nullopt;
}

}  // namespace agon::ratings
