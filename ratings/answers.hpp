// Answers of participants to one question about items, each one of K categories: what
// agreement and annotator models work on. An item that a participant did not judge is
// simply not there.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ratings/error.hpp"

namespace agon::ratings {

struct answer {
  std::uint32_t item = 0;
  std::uint32_t participant = 0;
  std::uint32_t category = 0;
};

// Two answers of one participant to one item.
struct repeated_answer {
  std::uint32_t item = 0;
  std::uint32_t participant = 0;
};

// Answers grouped by item. Immutable, so safe for use by many threads.
class answer_table {
 public:
  struct cell {
    std::uint32_t participant = 0;
    std::uint32_t category = 0;
  };

  // Indices are dense: items, participants and categories are counted by the largest seen,
  // or by the least numbers given. Within an item the order of `answers` is kept. Refused:
  // more than 2^32 − 2 of anything, and more than 65,536 categories. O(answers).
  [[nodiscard]] static checked<answer_table> of(std::span<const answer> answers,
                                                std::uint32_t categories_at_least = 0,
                                                std::uint32_t items_at_least = 0,
                                                std::uint32_t participants_at_least = 0);

  [[nodiscard]] std::size_t items() const { return start_.size() - 1; }
  [[nodiscard]] std::size_t participants() const { return participants_; }
  [[nodiscard]] std::size_t categories() const { return categories_; }
  [[nodiscard]] std::size_t size() const { return cells_.size(); }
  // The answers to one item; empty if nobody judged it.
  [[nodiscard]] std::span<const cell> item(std::size_t i) const {
    return std::span(cells_).subspan(start_[i], start_[i + 1] - start_[i]);
  }
  // All answers, item after item.
  [[nodiscard]] std::span<const cell> cells() const { return cells_; }
  // Where a participant first answered one item twice, if anywhere: agreement between
  // participants must not count agreement with oneself.
  [[nodiscard]] const std::optional<repeated_answer>& repeated() const { return repeated_; }

 private:
  answer_table() = default;
  void find_repeated();

  std::vector<std::size_t> start_{0};
  std::vector<cell> cells_;
  std::size_t participants_ = 0;
  std::size_t categories_ = 0;
  std::optional<repeated_answer> repeated_;
};

}  // namespace agon::ratings
