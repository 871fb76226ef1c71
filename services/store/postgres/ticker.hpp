// Calls a function about every tenth of a second on its own thread: deadlines must hold
// even while a connection's thread hangs in a system call.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace agon::store {

class ticker {
 public:
  explicit ticker(std::function<void()> tick)
      : tick_(std::move(tick)), thread_([this](const std::stop_token& stop) { run(stop); }) {}
  ~ticker() { stop(); }
  ticker(const ticker&) = delete;
  ticker& operator=(const ticker&) = delete;

  // After this no call is under way and none comes.
  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void run(const std::stop_token& stop) {
    constexpr std::chrono::milliseconds interval{100};
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); })) tick_();
  }

  std::function<void()> tick_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace agon::store
