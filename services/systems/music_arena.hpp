// Systems behind a server of Music Arena: GET /health, POST /generate.
#pragma once

#include "services/systems/remote.hpp"

namespace agon::systems {

struct music_arena_options {
  remote_options remote;
  // For prompts whose structured request does not say it.
  bool instrumental = true;
  std::optional<double> duration;  // seconds
};

// Sends overall_prompt, instrumental, lyrics and duration of the structured request
// (generation_request::details), or the prompt itself as overall_prompt. Lyrics that were
// sung come back as raw_output::text.
[[nodiscard]] result<std::unique_ptr<system>> make_music_arena_system(
    const boost::asio::any_io_executor& executor, const music_arena_options& options);

}  // namespace agon::systems
