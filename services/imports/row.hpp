// One vote that was given elsewhere, whatever table it stood in.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ratings/outcome.hpp"
#include "services/core/clock.hpp"
#include "services/routing/request.hpp"

namespace agon::imports {

struct imported_side {
  std::string system;                // as the source names it
  std::vector<std::string> answers;  // texts, one per turn; empty of other media
  std::string comment;
  double generation_seconds = 0;
  double heard_seconds = 0;
};

struct imported_vote {
  std::string key;    // tells it from all others of its source
  std::string judge;  // as the source names it; empty: not told
  std::optional<time_point> at;
  ratings::outcome winner = ratings::outcome::tie;
  std::string prompt;
  std::string language;  // BCP 47; empty: not told
  routing::request request;
  std::string comment;
  bool recorded_prompt = false;  // one of the source's own prompts, written by nobody
  imported_side a;
  imported_side b;
};

// Of a row without a vote: nobody judged, and nothing is wrong with it.
struct unjudged {};
// Why a row is not taken, in words for whoever gave the file.
struct refused {
  std::string reason;
};
using parsed_row = std::variant<imported_vote, unjudged, refused>;

}  // namespace agon::imports
