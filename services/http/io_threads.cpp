#include "services/http/io_threads.hpp"

#include <algorithm>
#include <exception>

#include "services/core/log.hpp"

namespace agon::http {
namespace {

void run(boost::asio::io_context& loop) {
  for (;;) {
    try {
      loop.run();
      return;
    } catch (const std::exception& e) {
      // A completion handler threw; the others go on.
      log::error("io_handler_failed", {{"reason", e.what()}});
    }
  }
}

}  // namespace

io_threads::io_threads(std::size_t count) {
  if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < count; ++i) {
    loops_.push_back(std::make_unique<boost::asio::io_context>(1));
    guards_.emplace_back(boost::asio::make_work_guard(*loops_.back()));
  }
  for (const auto& loop : loops_) threads_.emplace_back([&loop = *loop] { run(loop); });
}

io_threads::~io_threads() {
  stop();
}

boost::asio::io_context& io_threads::loop(std::size_t index) {
  return *loops_.at(index);
}

void io_threads::stop() {
  for (const auto& loop : loops_) loop->stop();
  for (std::thread& t : threads_)
    if (t.joinable()) t.join();
}

}  // namespace agon::http
