// Who decides about prompts: from flags, and from the environment behind them.
#pragma once

#include <CLI/CLI.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "services/routing/router.hpp"

namespace agon::crypto {
class random_source;
}

namespace agon::commands {

struct router_settings {
  std::string url;  // AGON_ROUTER_URL; empty: rules alone
  std::string model;
  double timeout_seconds = 4;

  // The key comes from AGON_ROUTER_KEY alone: flags can be seen by others on the machine.
  void add_to(CLI::App& command);
  // Throws std::runtime_error, in words for the operator, for settings that cannot be used.
  // `random` must outlive the router.
  [[nodiscard]] std::unique_ptr<routing::router> make(const boost::asio::any_io_executor& executor,
                                                      crypto::random_source& random) const;
};

}  // namespace agon::commands
