// Bounds of a worker that runs what queued up as one statement.
#pragma once

#include <chrono>
#include <cstddef>

#include "services/store/backoff.hpp"
#include "services/store/postgres/settings.hpp"

namespace agon::store {

struct batch_settings {
  connection_settings connection;            // of its own
  std::size_t queue = 4096;                  // calls that wait; more are errc::overloaded
  std::size_t batch = 512;                   // calls of one statement
  std::chrono::milliseconds deadline{5000};  // from a call to its answer
  backoff_limits reconnect;
};

}  // namespace agon::store
