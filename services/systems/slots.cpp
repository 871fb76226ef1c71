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

awaitable<result<slots::permit>> slots::acquire(std::chrono::milliseconds longest_wait) {
  if (free_ > 0) {
    --free_;
    co_return permit(this);
  }
  if (waiting_.size() >= queue_) co_return overloaded();
  const auto me = std::make_shared<waiter>(boost::asio::steady_timer(strand_, longest_wait));
  waiting_.push_back(me);
  const auto [ec] =
      co_await me->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  if (me->granted) co_return permit(this);
  std::erase(waiting_, me);
  if (ec) co_return fail(errc::timeout, "The request was given up.");
  co_return overloaded();
}

void slots::release() {
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  // The slot passes on directly, so that nobody can overtake the queue.
  const auto next = waiting_.front();
  waiting_.pop_front();
  next->granted = true;
  next->timer.cancel();
}

}  // namespace agon::systems
