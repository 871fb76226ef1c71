// Counts of outcomes per unordered pair of systems: all that a fit needs, so that the
// cost of a board does not grow with the number of votes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ratings/error.hpp"
#include "ratings/outcome.hpp"
#include "ratings/pair_index.hpp"
#include "ratings/roster.hpp"

namespace agon::ratings {

// One pair as it is stored: system_a stands before system_b by the bytes of the names.
struct tally_row {
  std::string system_a;
  std::string system_b;
  std::uint64_t wins_a = 0;
  std::uint64_t wins_b = 0;
  std::uint64_t ties = 0;
  std::uint64_t both_bad = 0;

  bool operator==(const tally_row&) const = default;
};

// What one system got over all its pairs, seen from its side.
struct system_counts {
  std::uint64_t wins = 0;
  std::uint64_t losses = 0;
  std::uint64_t ties = 0;
  std::uint64_t both_bad = 0;

  [[nodiscard]] std::uint64_t votes() const { return wins + losses + ties + both_bad; }
  bool operator==(const system_counts&) const = default;
};

// A value type; not safe for use by two threads at once while one of them writes.
// A count may reach 2^53 (JSON's and double's largest exact integer), and so may their sum.
class tally {
 public:
  // Counts of one pair (a, b), a < b, indexed by outcome.
  using cell = std::array<std::uint64_t, outcome_count>;

  // The index of the system, registered now if it is new (see roster::add). A system
  // without votes has a place on the board too, so register all systems of the arena.
  system_index add_system(std::string_view name);

  // Counts one vote, or `count` equal ones: `o` seen with `a` in the first slot and `b`
  // in the second. The order of slots does not matter: (b, a) is folded into (a, b)
  // with the outcome mirrored. O(1). Throws std::invalid_argument for an index that is
  // not registered, a system against itself, or an outcome that is none of the four.
  void add(system_index a, system_index b, outcome o, std::uint64_t count = 1) {
    const bool swapped = a > b;
    const system_index low = swapped ? b : a;
    const system_index high = swapped ? a : b;
    auto slot = static_cast<std::size_t>(o);
    if (low == high || high >= names_.size() || slot >= outcome_count) refuse(a, b);
    slot ^= static_cast<std::size_t>(swapped) & static_cast<std::size_t>(slot < 2);
    (dense() ? cells_[offset(high) + low] : sparse_cell(low, high))[slot] += count;
  }
  // The same by names; systems that are new are registered.
  void add(std::string_view a, std::string_view b, outcome o, std::uint64_t count = 1);

  // Adds the counts and the systems of another tally, matched by name.
  void merge(const tally& other);

  [[nodiscard]] const roster& systems() const { return names_; }
  // Counts of the pair low < high, both registered, seen from `low`.
  [[nodiscard]] const cell& pair(system_index low, system_index high) const {
    if (dense()) return cells_[offset(high) + low];
    const auto number = index_.find(low, high);
    return number ? cells_[*number] : no_votes;
  }
  // Calls visit(low, high, counts seen from low) for each pair that has a vote, by high
  // and then low.
  template <typename Visit>
  void for_each_pair(Visit visit) const {
    if (!dense()) {
      for (const std::uint32_t number : index_.sorted()) {
        const auto [low, high] = index_.keys()[number];
        if (const cell& c = cells_[number]; (c[0] | c[1] | c[2] | c[3]) != 0) visit(low, high, c);
      }
      return;
    }
    for (system_index high = 1; high < names_.size(); ++high)
      for (system_index low = 0; low < high; ++low)
        if (const cell& c = pair(low, high); (c[0] | c[1] | c[2] | c[3]) != 0) visit(low, high, c);
  }
  // Number of votes of all outcomes; O(pairs).
  [[nodiscard]] std::uint64_t votes() const;
  // By system index; O(pairs).
  [[nodiscard]] std::vector<system_counts> per_system() const;

  // The pairs that have a vote, sorted by (system_a, system_b) by the bytes of the
  // names: the same votes give the same rows whatever the order they came in.
  [[nodiscard]] std::vector<tally_row> rows() const;
  // SHA-256, in lower-case hexadecimal, of the canonical JSON (RFC 8785) of rows(), each
  // written as [system_a, system_b, wins_a, wins_b, ties, both_bad].
  [[nodiscard]] std::string sha256() const;

  // The tally that these rows describe, with `systems` registered even if no row names
  // them. Rows may come in any order, with their systems in either order, and a pair may
  // have several rows. Refused: a system against itself, a name that roster::add
  // refuses, more systems than it holds, and sums above 2^53.
  [[nodiscard]] static checked<tally> from_rows(std::span<const tally_row> rows,
                                                std::span<const std::string> systems = {});

  // The same counts with the systems registered in the order of their names.
  [[nodiscard]] tally sorted() const;

 private:
  static std::size_t offset(system_index high) {
    return static_cast<std::size_t>(high) * (static_cast<std::size_t>(high) - 1) / 2;
  }
  [[nodiscard]] bool dense() const { return names_.size() <= most_dense; }
  cell& sparse_cell(system_index low, system_index high);
  void make_sparse();
  [[noreturn]] void refuse(system_index a, system_index b) const;

  static constexpr std::size_t most_dense = 1024;  // 16 MiB
  static constexpr cell no_votes{};

  roster names_;
  // Up to most_dense systems triangular: pair (low, high) at high·(high−1)/2 + low. Beyond,
  // only the pairs that were named, by their numbers in index_.
  std::vector<cell> cells_;
  pair_index index_;
};

}  // namespace agon::ratings
