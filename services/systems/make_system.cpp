#include "services/systems/make_system.hpp"

namespace agon::systems {

result<std::unique_ptr<system>> make_system(boost::asio::any_io_executor executor,
                                            const system_spec& spec) {
  if (const auto* command = std::get_if<command_options>(&spec)) {
    return make_command_system(std::move(executor), *command);
  }
  return make_pool_system(std::move(executor), std::get<pool_options>(spec));
}

}  // namespace agon::systems
