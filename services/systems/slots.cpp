#include "services/systems/slots.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace agon::systems {
namespace {

error overloaded() {
  return error{errc::overloaded,
               "This system has too much to do at the moment. Try again shortly.",
               {},
               std::chrono::seconds(5)};
}

}  // namespace

awaitable<result<slots::permit>> slots::acquire(std::chrono::milliseconds longest_wait,
                                                position_told told) {
  if (free_ > 0) {
    --free_;
    ++running_;
    co_return permit(this);
  }
  if (waiting_.size() >= queue_) co_return overloaded();
  const auto me =
      std::make_shared<waiter>(boost::asio::steady_timer(strand_, longest_wait), std::move(told));
  waiting_.push_back(me);
  tell_positions();
  const auto [ec] =
      co_await me->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  if (me->granted) co_return permit(this);
  std::erase(waiting_, me);
  tell_positions();
  if (ec) co_return fail(errc::timeout, "The request was given up.");
  co_return overloaded();
}

void slots::release() {
  if (waiting_.empty()) {
    ++free_;
    --running_;
    return;
  }
  // The slot passes on directly, so that nobody can overtake the queue.
  const auto next = waiting_.front();
  waiting_.pop_front();
  next->granted = true;
  next->timer.cancel();
  tell_positions();
}

void slots::tell_positions() {
  waits_ = waiting_.size();
  std::size_t position = 0;
  for (const auto& w : waiting_) {
    ++position;
    if (w->position == position) continue;
    w->position = position;
    if (w->told) w->told(position);
  }
}

}  // namespace agon::systems
