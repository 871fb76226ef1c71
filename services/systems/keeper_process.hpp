// The server's side of one keeper (services/systems/keeper/keeper.cpp): its start, its
// pidfd, and the certainty that it is waited for.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "services/core/awaitable.hpp"
#include "services/systems/process.hpp"

namespace agon::systems {

class keeper_process {
 public:
  explicit keeper_process(const boost::asio::any_io_executor& executor) : pidfd_(executor) {}
  // If nobody waited (the executor is going down): kills all that was started, and waits
  // for it without regard to other work.
  ~keeper_process();
  keeper_process(const keeper_process&) = delete;
  keeper_process& operator=(const keeper_process&) = delete;

  // `control` becomes the keeper's control socket; the caller closes its copy. The keeper
  // is an image inside this binary, run from a sealed memory file, so nothing has to be
  // installed beside it. posix_spawn: the one way to start a process from a program with
  // threads that neither copies its page tables nor runs our code in the child.
  [[nodiscard]] bool start(const process_spec& spec, int control);

  // Kills the keeper itself; the kernel then kills the command.
  void kill();

  // Until the keeper has exited, and its status is collected.
  [[nodiscard]] awaitable<> wait();

 private:
  void collect(int flags);

  boost::asio::posix::stream_descriptor pidfd_;
  bool running_ = false;
};

}  // namespace agon::systems
