// Which columns of a file hold its votes, and how outcomes are spelt in them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ratings/outcome.hpp"
#include "services/files/row_file.hpp"

namespace agon::offline {

struct vote_columns {
  std::string model_a;
  std::string model_b;
  std::string winner;
  std::string segment;  // empty: no segments
};

// A number that says how the two outputs of a vote differ, for the contextual method.
struct feature_columns {
  std::string name;
  // The column that holds it, first less second; or with `second` the columns of two
  // quantities that are not negative, of which ratings::style_difference is taken.
  std::string first;
  std::string second;
};

// Fills in the names that are empty, from those in use: model_a and model_b (Chatbot
// Arena, arena-rank), system_a and system_b (our releases, Music Arena), left and right
// (evalica); winner, or preference (Music Arena). Refused: a column that is not there,
// no known name, and several known names at once; the reason says which flag to give.
[[nodiscard]] files::checked<vote_columns> find_columns(const files::row_file& file,
                                                        vote_columns named);

// Upper and lower case are the same:
//   a         a, model_a, system_a, left, x
//   b         b, model_b, system_b, right, y
//   tie       tie, draw
//   both_bad  both_bad, bothbad, tie (bothbad)
// Nothing for anything else.
[[nodiscard]] std::optional<ratings::outcome> outcome_from_spelling(std::string_view text);
// The spellings above, for messages and help.
[[nodiscard]] std::string_view outcome_spellings();

}  // namespace agon::offline
