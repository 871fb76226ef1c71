// Votes one by one, in a few bytes each, for what counts per pair cannot say: who judged,
// how the pair was drawn, on which side each system stood, what the outputs were like.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ratings/elo.hpp"
#include "ratings/outcome.hpp"
#include "ratings/roster.hpp"
#include "ratings/tally.hpp"
#include "ratings/weighted_tally.hpp"

namespace agon::ratings {

inline constexpr std::uint32_t no_participant = ~std::uint32_t{0};
inline constexpr std::uint32_t no_prompt = ~std::uint32_t{0};

struct logged_vote {
  system_index a = 0;  // in the first slot
  system_index b = 0;  // in the second
  outcome result = outcome::tie;
  std::uint32_t participant = no_participant;  // from vote_log::participant()
  std::uint32_t prompt = no_prompt;            // from the caller: equal prompts, equal numbers
  float probability = 0;                       // with which the pair was drawn; 0: not recorded
  bool quarantined = false;
  // One value per name given to the log; see style.hpp for how to make them from outputs.
  std::span<const float> features = {};
};

// A vote takes 5 bytes, and 4 more for each optional column once any vote has it (1 for
// quarantine, 4 per feature). Not safe for use by two threads at once while one writes.
class vote_log {
 public:
  explicit vote_log(std::vector<std::string> features = {}) : features_(std::move(features)) {}

  system_index add_system(std::string_view name) { return systems_.add(name); }
  // A number for the participant, new if the name is.
  std::uint32_t participant(std::string_view name);

  // Throws std::invalid_argument for systems that are not registered or the same, an
  // outcome that is none of the four, a wrong number of features or one that is not
  // finite, or a probability outside [0, 1].
  void add(const logged_vote& vote);
  void reserve(std::size_t votes);

  [[nodiscard]] std::size_t size() const { return results_.size(); }
  [[nodiscard]] const roster& systems() const { return systems_; }
  [[nodiscard]] const std::vector<std::string>& features() const { return features_; }
  [[nodiscard]] std::size_t participants() const { return participants_.size(); }

  [[nodiscard]] system_index first(std::size_t i) const { return first_[i]; }
  [[nodiscard]] system_index second(std::size_t i) const { return second_[i]; }
  [[nodiscard]] outcome result(std::size_t i) const { return results_[i]; }
  // Columns, empty where no vote has them. Features are row by row.
  [[nodiscard]] std::span<const std::uint32_t> participant_column() const { return participant_; }
  [[nodiscard]] std::span<const std::uint32_t> prompt_column() const { return prompt_; }
  [[nodiscard]] std::span<const float> probability_column() const { return probability_; }
  [[nodiscard]] std::span<const std::uint8_t> quarantine_column() const { return quarantined_; }
  [[nodiscard]] std::span<const float> feature_rows() const { return values_; }
  // SHA-256, in lower-case hexadecimal, of what a contextual fit reads: the canonical JSON of
  // {"features": [names], "systems": [names, sorted]}, then for each vote in order the
  // places of its systems among the sorted names (two bytes each, least first), its outcome
  // (one byte), its features and, if `weights` is not empty, its weight (IEEE 754 binary32,
  // least byte first).
  [[nodiscard]] std::string sha256(std::span<const float> weights = {}) const;
  // What the columns take, in bytes.
  [[nodiscard]] std::size_t bytes() const;

 private:
  roster systems_;
  std::vector<std::string> features_;
  std::unordered_map<std::string, std::uint32_t> participants_;
  std::vector<std::uint16_t> first_, second_;
  std::vector<outcome> results_;
  std::vector<std::uint32_t> participant_, prompt_;
  std::vector<float> probability_, values_;
  std::vector<std::uint8_t> quarantined_;
};

// The counts per pair, with all systems of the log registered in its order. Uses up to
// `threads` threads (0: as many as the machine has); the result does not depend on them.
[[nodiscard]] tally count(const vote_log& votes, unsigned threads = 1);
// The same with a weight for each vote (see weights.hpp), added in the log's order.
// Throws std::invalid_argument if there is not one for each vote, or one is refused.
[[nodiscard]] weighted_tally count(const vote_log& votes, std::span<const float> weights);
// Elo over the votes in the log's order.
[[nodiscard]] elo_state play(const vote_log& votes, const elo_settings& settings = {});

}  // namespace agon::ratings
