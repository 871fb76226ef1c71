// The threads of all asynchronous work. Each runs an event loop of its own, so that
// what was started on one loop never runs on two threads at once and needs no locks.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace agon::http {

class io_threads {
 public:
  // Starts the threads; 0 means one per core.
  explicit io_threads(std::size_t count);
  // Stops. What still waits in a loop is destroyed, not run.
  ~io_threads();
  io_threads(const io_threads&) = delete;
  io_threads& operator=(const io_threads&) = delete;

  [[nodiscard]] std::size_t size() const { return loops_.size(); }
  // index < size(). The loop runs until stop().
  [[nodiscard]] boost::asio::io_context& loop(std::size_t index = 0);

  // Ends all loops at once and joins their threads. May be called again; not from a loop.
  void stop();

 private:
  using guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
  std::vector<std::unique_ptr<boost::asio::io_context>> loops_;
  std::vector<guard> guards_;
  std::vector<std::thread> threads_;
};

}  // namespace agon::http
