// What Music Arena's gateway answers, in the form of its data classes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/arena/arena_catalog.hpp"
#include "services/arena/battle.hpp"
#include "services/arena/record_judgments.hpp"
#include "services/core/error.hpp"
#include "services/http/response.hpp"

namespace agon::music_arena {

// Under which name their clients know a system.
struct system_key {
  std::string tag;
  std::string variant;
};
[[nodiscard]] nlohmann::json view_of(const system_key& key);

// A request as their DetailedTextToMusicPrompt.
[[nodiscard]] nlohmann::json detailed_prompt(std::string_view prompt,
                                             const routing::request& request);
// MD5 of such a prompt as their clients compute it: keys sorted, nulls left out, Python's JSON.
[[nodiscard]] std::string checksum_of(const nlohmann::json& detailed_prompt);

// A battle before its vote: their Battle, anonymised. `base` goes before the paths of media.
// Nothing of the systems is in it but what is heard: no sizes, hashes, lengths or timings.
[[nodiscard]] nlohmann::json battle_view(const arena::battle& b,
                                         const std::vector<arena::output>& outputs, bool routed,
                                         std::string_view base);

// What a vote answers: who was who. `keys` as the slots.
[[nodiscard]] nlohmann::json vote_view(const arena::battle& b, const arena::receipt& r,
                                       const std::vector<arena::output>& outputs,
                                       const std::vector<system_key>& keys);

// {"detail": …} with the status that their clients expect of it: 406 and their word for the
// reason of a refused prompt, 429 over a limit, 400 for what cannot be read.
[[nodiscard]] http::response refusal(const error& e);

}  // namespace agon::music_arena
