// What a connection is doing and until when it may.
#pragma once

#include <chrono>

#include "services/http/server_state.hpp"

namespace agon::http {

enum class stage {
  idle,      // waiting for a request
  reading,   // in the middle of a request
  handling,  // waiting for a handler
  overdue,   // the handler was told to end
  writing,
  streaming,  // between two events of a stream: no deadline
  closing,
};

class deadline {
 public:
  explicit deadline(const worker& w) : worker_(w) { set(stage::idle); }

  void set(stage s) {
    stage_ = s;
    at_ = steady_time::max();
  }
  // Counted from the last tick, so at most one tick short.
  void set(stage s, std::chrono::milliseconds from_now) {
    stage_ = s;
    at_ = worker_.now + from_now;
  }
  [[nodiscard]] bool passed() const { return worker_.now >= at_; }
  [[nodiscard]] stage now() const { return stage_; }

 private:
  const worker& worker_;
  stage stage_ = stage::idle;
  steady_time at_{};
};

}  // namespace agon::http
