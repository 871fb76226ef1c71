// Online Elo: scores moved vote by vote, in the order of commit.
//
//   p = 1 / (1 + 10^((R_b − R_a) / scale)),  R_a += K (s − p),  R_b −= K (s − p)
//
// with s = 1 for a win of a, 0 for a loss, ½ for a tie. Source: Elo 1978; the defaults
// K = 4, scale 400 and initial score 1000 are FastChat's (compute_elo).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ratings/error.hpp"
#include "ratings/outcome.hpp"
#include "ratings/roster.hpp"

namespace agon::ratings {

struct elo_settings {
  double k = 4;           // points at stake in a vote
  double initial = 1000;  // score of a system before its first vote
  both_bad_policy both_bad = both_bad_policy::drop;

  bool operator==(const elo_settings&) const = default;
};

// The whole state of an Elo board. It is resumable: saved after n votes, loaded and fed
// the rest, it ends in the same bits as one that was fed all votes at once. O(1) per vote.
// Not safe for use by two threads at once while one of them writes.
class elo_state {
 public:
  // Throws std::invalid_argument unless 0 < k ≤ 1000, |initial| ≤ 1e6 and both_bad is
  // drop or tie.
  explicit elo_state(const elo_settings& settings = {});

  // The index of the system, registered with the initial score if it is new.
  system_index add_system(std::string_view name);

  // Plays one vote: `o` seen with `a` in the first slot. A both_bad that is dropped moves
  // no score but is counted and enters the chain. Throws as tally::add does.
  void add(system_index a, system_index b, outcome o);
  void add(std::string_view a, std::string_view b, outcome o);

  [[nodiscard]] const elo_settings& settings() const { return settings_; }
  [[nodiscard]] const roster& systems() const { return names_; }
  [[nodiscard]] double score(system_index i) const { return scores_.at(i); }
  [[nodiscard]] std::uint64_t votes() const { return votes_; }
  // Fingerprint of the sequence of votes, lower-case hexadecimal:
  //   h_0 = 32 zero bytes, h_n = SHA-256(h_{n−1} || v_n),
  // v_n the canonical JSON of {"outcome":…,"system_a":…,"system_b":…}, slots as shown.
  [[nodiscard]] std::string chain() const;

  // Canonical JSON of everything above, scores with all their digits. Equal states give
  // equal bytes whatever the order in which systems were registered.
  [[nodiscard]] std::string save() const;
  // The state that save() wrote; its systems are registered in the order of their names.
  // Refused: anything that save() does not write.
  [[nodiscard]] static checked<elo_state> load(std::string_view text);

 private:
  elo_settings settings_;
  roster names_;
  std::vector<double> scores_;
  std::uint64_t votes_ = 0;
  std::string chain_;   // 32 bytes
  std::string buffer_;  // reused for what is hashed
};

}  // namespace agon::ratings
