// An arena as its file defines it: one modality, one protocol, one set of systems,
// one release policy.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ratings/board_plan.hpp"
#include "services/core/error.hpp"
#include "services/feedback/protocol.hpp"
#include "services/routing/decision.hpp"
#include "services/routing/signature.hpp"
#include "services/systems/make_system.hpp"

namespace agon::arena {

using systems::modality;

// What is told of a system once it is revealed, and on boards.
struct system_card {
  std::string name;
  std::string maker;
  std::string url;
  std::string licence;
  std::string description;
  int year = 0;  // 0: not told

  bool operator==(const system_card&) const = default;
};
// Canonical JSON, and back. from_json throws std::invalid_argument: the text is our own.
[[nodiscard]] std::string to_json(const system_card& card);
[[nodiscard]] system_card card_from_json(std::string_view text);

struct registered_system {
  int id = 0;  // given by the store when applied; counts up within the arena
  std::string slug;
  system_card card;
  double weight = 1;                   // of the policy `weights`; 0 pauses the system
  double boost = 1;                    // factor on its chance, until `target` votes are counted
  std::int64_t target = 0;             // 0: the boost stays
  std::vector<std::string> languages;  // that it can take; empty: any. Also in the signature
  routing::signature signature;
  systems::price_list prices;  // of one answer: see systems::cost_of()
  systems::system_spec spec;
};

// Each side must be heard for `seconds`, or for `fraction` of its length where that
// is shorter.
struct gate_rule {
  double seconds = 4;
  double fraction = 0.8;
  [[nodiscard]] double required_seconds(double media_seconds) const;
};

struct purpose {
  std::string id;     // take_part, be_counted, publish_votes, publish_text
  std::string label;  // what the person agrees to
  bool required = false;
};

// Which systems meet (sampling.hpp).
struct sampling_rule {
  std::string policy = "weights";  // weights, uniform, uncertainty, variance, dueling
  double epsilon = 0;              // share of battles that is spread over all pairs alike
};

struct consent_text {
  std::string title;
  std::string text;
  std::string sha256;  // hexadecimal, over title, text and purposes
  std::vector<purpose> purposes;
};

struct release_rule {
  std::string licence = "CC-BY-4.0";
  int cool_off_hours = 72;
  bool release_outputs = true;
  int k = 5;                         // a language in fewer votes is withheld
  std::string language = "primary";  // its detail: tag, primary, none
  std::string schedule = "monthly";  // when `agon release watch` seals: monthly, weekly, never
  // A revision waits for the withdrawals of so many people, so that what is missing from it
  // points at none of them.
  int withdrawals = 5;
  // Counts with noise, published beside the votes. A person moves them by at most so many
  // votes; `rho` is what a partition spends of the arena's `rho_per_year`, in zero-concentrated
  // differential privacy. 0: no counts.
  int counted_votes = 20;
  double rho = 0.15;
  double rho_per_year = 2;
};

// How long what is not needed any more is kept, in days; 0: as long as the arena.
struct retention_rule {
  int exposures = 90;  // what was played or shown, event by event; what it sums up to stays
  int unjudged = 30;   // battles that nobody voted on, with their outputs and files
};

struct arena {
  int id = 0;       // given by the store
  int version = 0;  // given by the store
  std::string slug;
  std::string title;
  std::string description;
  modality kind = modality::audio;
  int slots = 2;  // systems of a battle
  std::string prompt_label;
  std::size_t prompt_max = 300;  // code points
  std::vector<std::string> languages;
  std::vector<std::string> prompts;
  routing::request_schema request;  // what is asked beside the text; may be empty
  routing::routing_policy routing;
  sampling_rule sampling;
  gate_rule gate;
  std::chrono::seconds battle_lifetime{3600};  // from created to expired
  consent_text consent;
  feedback::protocol protocol;
  ratings::board_plan boards = ratings::default_plan();
  release_rule release;
  retention_rule retention;
  std::vector<registered_system> systems;
  std::string source;  // the file itself

  [[nodiscard]] const registered_system* find_system(int system_id) const;
};

// Reads and checks an arena file. errc::invalid_input with all complaints; each names
// its place as "line 12: systems[3].command.argv".
[[nodiscard]] result<arena> parse_arena(std::string yaml);

}  // namespace agon::arena
