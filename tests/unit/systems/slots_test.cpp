#include "services/systems/slots.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "services/core/isolated.hpp"

namespace agon::systems::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// One thread, driven by poll(): every step of the queue can be seen.
class queue_for_slots : public ::testing::Test {
 protected:
  // What became of one caller; its slot is held until `held` is emptied.
  struct caller {
    asio::cancellation_signal signal;
    std::optional<slots::permit> held;
    std::optional<errc> refused;
    std::vector<std::size_t> places;  // in the queue, as told
  };

  // Outlives the callers.
  slots& open(unsigned count, unsigned queue) {
    return slots_.emplace(io.get_executor(), count, queue);
  }
  caller& arrive(slots& all, std::chrono::milliseconds patience = 1h) {
    caller& c = callers_.emplace_back();
    asio::co_spawn(
        io, isolated(asio::any_io_executor(io.get_executor()), take(all, c, patience)),
        asio::bind_cancellation_slot(
            c.signal.slot(), [](const std::exception_ptr& e, result<bool>) { EXPECT_FALSE(e); }));
    run();
    return c;
  }
  static awaitable<result<bool>> take(slots& all, caller& c, std::chrono::milliseconds patience) {
    auto got =
        co_await all.acquire(patience, [&c](std::size_t place) { c.places.push_back(place); });
    if (got) {
      c.held.emplace(std::move(*got));
    } else {
      c.refused = got.error().code;
    }
    co_return true;
  }
  void run() {
    io.restart();
    io.poll();
  }

  asio::io_context io;

 private:
  std::optional<slots> slots_;
  std::deque<caller> callers_;
};

TEST_F(queue_for_slots, first_come_first_served) {
  slots& all = open(1, 2);
  auto& a = arrive(all);
  auto& b = arrive(all);
  auto& c = arrive(all);
  EXPECT_TRUE(a.held && !b.held && !c.held);
  a.held.reset();
  run();
  EXPECT_TRUE(b.held && !c.held);
  b.held.reset();
  run();
  EXPECT_TRUE(c.held);
  c.held.reset();
  EXPECT_TRUE(arrive(all).held);
}

TEST_F(queue_for_slots, full_queue_refuses_at_once) {
  slots& all = open(1, 1);
  auto& a = arrive(all);
  auto& b = arrive(all);
  EXPECT_EQ(arrive(all).refused, errc::overloaded);
  EXPECT_TRUE(a.held && !b.held && !b.refused);
}

TEST_F(queue_for_slots, cancelled_wait_gives_up_its_place) {
  slots& all = open(1, 1);
  auto& a = arrive(all);
  auto& b = arrive(all);
  b.signal.emit(asio::cancellation_type::terminal);
  run();
  EXPECT_EQ(b.refused, errc::timeout);
  auto& c = arrive(all);
  EXPECT_FALSE(c.refused);
  a.held.reset();
  run();
  EXPECT_TRUE(c.held);
}

TEST_F(queue_for_slots, slot_granted_to_a_cancelled_caller_is_not_lost) {
  slots& all = open(1, 1);
  auto& a = arrive(all);
  auto& b = arrive(all);
  a.held.reset();  // granted to b, which has not run yet
  b.signal.emit(asio::cancellation_type::terminal);
  run();
  b.held.reset();
  EXPECT_TRUE(arrive(all).held);
}

TEST_F(queue_for_slots, place_is_told_whenever_it_changes) {
  using places = std::vector<std::size_t>;
  slots& all = open(1, 3);
  auto& a = arrive(all);
  auto& b = arrive(all);
  auto& c = arrive(all);
  auto& d = arrive(all);
  EXPECT_EQ(all.running(), 1U);
  EXPECT_EQ(all.waiting(), 3U);
  c.signal.emit(asio::cancellation_type::terminal);
  run();
  a.held.reset();
  run();
  EXPECT_EQ(a.places, places{});
  EXPECT_EQ(b.places, (places{1}));
  EXPECT_EQ(c.places, (places{2}));
  EXPECT_EQ(d.places, (places{3, 2, 1}));
  b.held.reset();
  run();
  d.held.reset();
  EXPECT_EQ(all.running(), 0U);
  EXPECT_EQ(all.waiting(), 0U);
}

TEST_F(queue_for_slots, patience_ends) {
  slots& all = open(1, 1);
  auto& a = arrive(all);
  auto& b = arrive(all, 1ms);
  while (!b.refused) run();
  EXPECT_EQ(b.refused, errc::overloaded);
  a.held.reset();
  EXPECT_TRUE(arrive(all).held);
}

TEST_F(queue_for_slots, exception_inside_becomes_an_error) {
  std::optional<result<int>> answer;
  const auto broken = []() -> awaitable<result<int>> {
    throw std::runtime_error("defect");
    co_return 1;
  };
  asio::co_spawn(io, isolated(asio::any_io_executor(io.get_executor()), broken()),
                 [&](const std::exception_ptr& e, result<int> r) {
                   EXPECT_FALSE(e);
                   answer = std::move(r);
                 });
  run();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->error().code, errc::internal);
}

}  // namespace
}  // namespace agon::systems::test
