// From an adapter's options, as the arena file gives them, to a system.
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "services/systems/command.hpp"
#include "services/systems/http_json.hpp"
#include "services/systems/music_arena.hpp"
#include "services/systems/openai_chat.hpp"
#include "services/systems/openai_images.hpp"
#include "services/systems/openai_speech.hpp"
#include "services/systems/pool.hpp"
#include "services/systems/system.hpp"

namespace agon::systems {

using system_spec = std::variant<command_options, pool_options, chat_options, images_options,
                                 speech_options, music_arena_options, http_json_options>;

// Work runs on `executor`, which may have many threads. errc::invalid_input as said at the
// functions that make each of them.
[[nodiscard]] result<std::unique_ptr<system>> make_system(
    const boost::asio::any_io_executor& executor, const system_spec& spec);

// What such a system makes; nothing if only its outputs tell (pool).
[[nodiscard]] std::optional<modality> made_by(const system_spec& spec);

}  // namespace agon::systems
