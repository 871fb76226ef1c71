// A semaphore with a bounded queue, for coroutines that share one strand.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"

namespace agon::systems {

class slots {
 public:
  // Every call below, and the end of every permit, happens on this strand.
  slots(boost::asio::any_io_executor strand, unsigned count, unsigned queue)
      : strand_(std::move(strand)), free_(count), queue_(queue) {}

  // Holds one slot. Must not outlive the slots.
  class permit {
   public:
    explicit permit(slots* owner) : owner_(owner) {}
    permit(permit&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    permit& operator=(permit&&) = delete;
    ~permit() {
      if (owner_ != nullptr) owner_->release();
    }

   private:
    slots* owner_;
  };

  // Called on the strand with the caller's place in the queue, 1 being the next; again
  // whenever it moves up. Not called if a slot is free at once. Must not throw, nor call the
  // slots.
  using position_told = std::function<void(std::size_t)>;

  // First come, first served. errc::overloaded if the queue is full or none became free
  // in time; errc::timeout if the awaiting coroutine was cancelled.
  [[nodiscard]] awaitable<result<permit>> acquire(std::chrono::milliseconds longest_wait,
                                                  position_told told = {});

  // Safe to call from any thread: how many hold a slot, and how many wait for one.
  [[nodiscard]] std::size_t running() const { return running_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t waiting() const { return waits_.load(std::memory_order_relaxed); }

 private:
  struct waiter {
    boost::asio::steady_timer timer;
    position_told told;
    std::size_t position = 0;  // last told
    bool granted = false;
  };
  void release();
  void tell_positions();

  boost::asio::any_io_executor strand_;
  unsigned free_;
  unsigned queue_;
  std::deque<std::shared_ptr<waiter>> waiting_;
  std::atomic<std::size_t> running_{0};
  std::atomic<std::size_t> waits_{0};
};

}  // namespace agon::systems
