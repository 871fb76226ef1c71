// From the records of the tables that others publish to votes.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "services/imports/row.hpp"

namespace agon::imports {

enum class source_format : std::uint8_t {
  music_arena,  // battle files of its gateway, and the records that it releases
  lmsys,        // votes of FastChat and of Chatbot Arena's published sets
  comparia,     // the votes of compar:IA
  pairs,        // a table with two systems and an outcome
};
// "music-arena", "lmsys", "comparia", "pairs".
[[nodiscard]] std::string_view to_text(source_format f);
[[nodiscard]] std::optional<source_format> source_format_from_text(std::string_view text);

// A row whose key is empty has none of its own: it is known by its place and content.
//
// music_arena: a vote or a user may be null, `instrumental` a text, the prompt missing (then the
// detailed one, or the lyrics, stand for it), listening data pairs or objects.
// lmsys: model_a, model_b, winner; if there, question_id or id, judge, tstamp or timestamp,
// language, turn, conversation_a and conversation_b.
// comparia: model_a_name, model_b_name, chosen_model_name and both_equal; if there,
// conversation_pair_id, timestamp, visitor_id or session_hash, opening_msg, conversations and
// comments.
// pairs: system_a and system_b, model_a and model_b, or left and right; winner or preference;
// if there, id, judge or worker, prompt, language, timestamp.
[[nodiscard]] parsed_row parse(source_format f, const nlohmann::json& record);

}  // namespace agon::imports
