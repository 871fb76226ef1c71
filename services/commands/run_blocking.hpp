// Runs one asynchronous call to its end, for commands that do one thing at a time.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>

#include "services/core/awaitable.hpp"

namespace agon::commands {

template <class T>
T run_blocking(awaitable<T> call) {
  boost::asio::io_context loop;
  auto answer = boost::asio::co_spawn(loop, std::move(call), boost::asio::use_future);
  loop.run();
  return answer.get();
}

}  // namespace agon::commands
