// From an adapter's options, as the arena file gives them, to a system.
#pragma once

#include <memory>
#include <variant>

#include "services/systems/command.hpp"
#include "services/systems/pool.hpp"
#include "services/systems/system.hpp"

namespace agon::systems {

using system_spec = std::variant<command_options, pool_options>;

// Work runs on `executor`, which may have many threads. errc::invalid_input as said at
// make_command_system() and make_pool_system().
[[nodiscard]] result<std::unique_ptr<system>> make_system(
    const boost::asio::any_io_executor& executor, const system_spec& spec);

}  // namespace agon::systems
