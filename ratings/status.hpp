// Whether a system could be rated, and if not, why.
#pragma once

#include <cstdint>
#include <string_view>

namespace agon::ratings {

// A maximum-likelihood score exists only inside a set of systems in which a chain of
// wins (or ties) leads from each to each (Ford 1957; Zermelo 1929). The largest such set
// is rated; scores inside it do not depend on the votes that lead out of it.
enum class rating_status : std::uint8_t {
  rated,
  no_votes,       // no vote that the board counts
  only_wins,      // won all its counted votes: the data set no upper bound
  only_losses,    // lost all its counted votes: no lower bound
  separated,      // won and lost, but chains of wins lead at most one way to the rated set
  disconnected,   // no chain of votes at all leads to the rated set
  not_converged,  // the fit did not reach its accuracy (counts of extreme imbalance)
};

// "rated", "no_votes", …: the names above.
[[nodiscard]] std::string_view to_text(rating_status s);

}  // namespace agon::ratings
