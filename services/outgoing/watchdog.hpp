// Ends what is awaited on a connection when its time is over, by closing it.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace agon::outgoing {

// Used on one strand only.
class watchdog : public std::enable_shared_from_this<watchdog> {
 public:
  using time = std::chrono::steady_clock::time_point;

  watchdog(const boost::asio::any_io_executor& strand, time last) : timer_(strand), last_(last) {}

  // What to close; replaces the one before. Must not throw.
  void guard(std::function<void()> close) { close_ = std::move(close); }
  // No later than the end of everything. Moving it later costs nothing but a comparison.
  void allow(std::chrono::milliseconds from_now) {
    deadline_ = std::min(last_, std::chrono::steady_clock::now() + from_now);
    if (!armed_ || deadline_ < timer_.expiry()) arm();
  }
  void stop() {
    close_ = nullptr;
    stopped_ = true;
    timer_.cancel();
  }
  [[nodiscard]] bool expired() const { return expired_; }

 private:
  void arm() {
    armed_ = true;
    timer_.expires_at(deadline_);
    timer_.async_wait([me = weak_from_this()](const boost::system::error_code& ec) {
      const auto self = me.lock();
      if (!ec && self) self->look();
    });
  }
  void look() {
    if (stopped_) return;
    if (std::chrono::steady_clock::now() < deadline_) return arm();
    expired_ = true;
    if (close_) close_();
  }

  boost::asio::steady_timer timer_;
  time last_;
  time deadline_{};
  std::function<void()> close_;
  bool armed_ = false;
  bool expired_ = false;
  bool stopped_ = false;
};

}  // namespace agon::outgoing
