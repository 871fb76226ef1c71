// A semaphore with a bounded queue, for coroutines that share one strand.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
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

  // First come, first served. errc::overloaded if the queue is full or none became free
  // in time; errc::timeout if the awaiting coroutine was cancelled.
  [[nodiscard]] awaitable<result<permit>> acquire(std::chrono::milliseconds longest_wait);

 private:
  struct waiter {
    boost::asio::steady_timer timer;
    bool granted = false;
  };
  void release();

  boost::asio::any_io_executor strand_;
  unsigned free_;
  unsigned queue_;
  std::deque<std::shared_ptr<waiter>> waiting_;
};

}  // namespace agon::systems
