#include "services/systems/make_system.hpp"

namespace agon::systems {

result<std::unique_ptr<system>> make_system(const boost::asio::any_io_executor& executor,
                                            const system_spec& spec) {
  if (const auto* command = std::get_if<command_options>(&spec)) {
    return make_command_system(executor, *command);
  }
  return make_pool_system(executor, std::get<pool_options>(spec));
}

}  // namespace agon::systems
