// Runs coroutines to their end from a test.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "services/core/awaitable.hpp"

namespace agon::test {

// Runs one coroutine on a context of its own and gives what it gives, or throws.
template <class T>
T run(awaitable<T> work) {
  boost::asio::io_context context;
  std::optional<T> answer;
  std::exception_ptr failure;
  boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr e, T value) {
    failure = e;
    if (!e) answer.emplace(std::move(value));
  });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(answer).value();
}

inline void run(awaitable<void> work) {
  boost::asio::io_context context;
  std::exception_ptr failure;
  boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr e) { failure = e; });
  context.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace agon::test
