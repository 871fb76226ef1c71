#include "services/commands/stop_signal.hpp"

#include <csignal>
#include <ctime>

namespace agon::commands {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

stop_signal::stop_signal() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

bool stop_signal::wait(std::chrono::milliseconds timeout) {
  if (stopped_) return true;
  const sigset_t set = stop_signals();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(timeout);
  const timespec left{seconds.count(), std::chrono::nanoseconds(timeout - seconds).count()};
  stopped_ = sigtimedwait(&set, nullptr, &left) > 0;
  return stopped_;
}

}  // namespace agon::commands
