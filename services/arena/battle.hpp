// A battle: one prompt answered by systems in hidden slots.
//
//   admitted → generating → ready → judged → revealed
//       └─────────┴→ failed   └→ expired
//
// The store keeps admitted to ready, failed and expired. A ready battle is judged, and
// in the same answer revealed, as soon as its vote is durable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/clock.hpp"
#include "services/core/id.hpp"
#include "services/routing/request.hpp"

namespace agon::arena {

enum class battle_state { admitted, generating, ready, failed, expired };
[[nodiscard]] std::string_view name_of(battle_state s);

// One side as it stands when the battle is ready.
struct battle_slot {
  int system = 0;
  output_id output;
  double generation_seconds = 0;
  double required_seconds = 0;
  double heard_seconds = 0;
  std::string support;  // "full", or "partial:" and fields; empty before requests were recorded
};

struct battle {
  int arena = 0;
  battle_id id;
  participant_id participant;
  int arena_version = 0;
  int protocol_version = 0;
  battle_state state = battle_state::admitted;
  std::string prompt;
  std::string prompt_source = "typed";  // typed, random
  std::string language;
  routing::request request;        // what was stated, found in the prompt, and defaults
  std::string routing = "{}";      // canonical JSON: who decided, and how
  std::vector<battle_slot> slots;  // empty until ready; then slot A first
  double sampling_probability = 0;
  std::string sampling_policy;
  std::string sampling = "{}";        // canonical JSON: how the policy came to the pair
  std::string consent_sha256;         // hexadecimal
  std::vector<std::string> purposes;  // agreed to when the battle was made
  time_point created_at;
  std::optional<time_point> ready_at;
  std::optional<time_point> gate_met_at;
  bool self_named = false;  // an output told who wrote it: the vote does not count on boards
  time_point expires_at;
  std::string failure;  // why it failed, for the participant

  // The state by the clock: a battle that ran out of time is expired, whatever is stored.
  [[nodiscard]] battle_state state_at(time_point now) const;
};

// What the judging of a battle needs of it, a fraction of the whole: whether an answer can
// be taken, and who is revealed.
struct ballot {
  struct side {
    int system = 0;
    double generation_seconds = 0;
    std::string support;  // as in battle_slot
  };

  int arena = 0;
  battle_id id;
  participant_id participant;
  int protocol_version = 0;
  battle_state state = battle_state::admitted;
  std::vector<side> slots;
  bool gate_met = false;
  bool self_named = false;  // as in battle
  time_point expires_at;
  std::string failure;

  [[nodiscard]] battle_state state_at(time_point now) const;
};
[[nodiscard]] ballot ballot_of(const battle& b);

enum class output_status { shown, failed, unused };
[[nodiscard]] std::string_view name_of(output_status s);

struct media_file {
  std::string name;  // random, also the last part of its URL
  std::string type;  // "audio/flac"
  std::string sha256;
  std::uint64_t bytes = 0;
  double seconds = 0;
  double loudness_lufs = 0;
  std::vector<std::uint8_t> peaks;
  unsigned width = 0;  // of a picture, in pixels
  unsigned height = 0;
};

// One attempt of one system in one slot.
struct output {
  output_id id;
  battle_id battle;
  int arena = 0;
  int slot = 0;
  int turn = 0;
  int attempt = 0;
  int system = 0;
  output_status status = output_status::shown;
  std::string error;  // an errc's name when failed
  double generation_seconds = 0;
  std::optional<media_file> media;
  std::optional<std::string> text;  // valid UTF-8, tidied as systems::raw_output::text
  bool cut_off = false;             // the text ends in the middle
  std::string names_itself;         // the name by which the text tells who wrote it, or empty
  // What it is like (services/feedback/style.hpp); empty of a failed one.
  std::string style_set;
  std::vector<double> style;
};

}  // namespace agon::arena
