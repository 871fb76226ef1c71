// Wikipedia's example of Bradley–Terry, with the library as others use it: strengths with a
// geometric mean of 1.
#include <cmath>
#include <cstdio>

#include "ratings/methods.hpp"

int main() {
  using agon::ratings::outcome;
  agon::ratings::tally votes;
  votes.add("A", "B", outcome::a, 2);
  votes.add("A", "B", outcome::b, 3);
  votes.add("A", "D", outcome::a, 1);
  votes.add("A", "D", outcome::b, 4);
  votes.add("B", "C", outcome::a, 5);
  votes.add("B", "C", outcome::b, 3);
  votes.add("C", "D", outcome::a, 1);
  votes.add("C", "D", outcome::b, 3);
  const auto board = agon::ratings::make_board(votes, agon::ratings::pairwise_settings());
  for (const auto& entry : board.entries)
    std::printf("%s %.3f\n", entry.system.c_str(),
                std::exp((entry.score.value() - 1000) / agon::ratings::points_per_unit));
}
