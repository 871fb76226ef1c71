// SIGINT and SIGTERM as a flag that a loop can sleep on.
#pragma once

#include <chrono>

namespace agon::commands {

class stop_signal {
 public:
  // Blocks both signals in this thread and in all that it starts afterwards: make it
  // before anything else.
  stop_signal();
  // True once a signal has come; waits for it no longer than `timeout`.
  [[nodiscard]] bool wait(std::chrono::milliseconds timeout);

 private:
  bool stopped_ = false;
};

}  // namespace agon::commands
