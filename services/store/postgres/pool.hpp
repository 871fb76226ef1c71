// Connections to PostgreSQL on their own threads, behind an awaitable interface.
//
//   auto rows = co_await pool.run({.name = "exposures", .retry = true},
//                                 [id](session& db) -> std::vector<exposure_event> { … });
//
// Calls wait in one bounded queue. While PostgreSQL is away they wait on, up to their
// deadline, and connections are made again with growing pauses.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "privacy/crypto/random.hpp"
#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/store/backoff.hpp"
#include "services/store/completion.hpp"
#include "services/store/postgres/settings.hpp"
#include "services/store/postgres/sql_error.hpp"

namespace agon::store {

class session;

struct pool_settings {
  connection_settings connection;
  std::size_t connections = 4;  // more than 8 gain nothing on 2 cores
  std::size_t queue = 1024;     // calls that wait; more are errc::overloaded
  backoff_limits reconnect;
};

struct call_options {
  std::string_view name;  // a literal, for the log
  // The call may run twice: when its connection breaks it is tried once more. Without it
  // such a call is errc::unavailable, its outcome unknown.
  bool retry = false;
  std::chrono::milliseconds deadline{5000};  // from the call to its answer
};

namespace detail {

template <class T>
struct unwrapped {
  using type = T;
};
template <class T>
struct unwrapped<result<T>> {
  using type = T;
};

// A call in the queue. execute() and then answer(), or refuse() alone.
class pool_job {
 public:
  explicit pool_job(const call_options& o)
      : options(o), deadline(std::chrono::steady_clock::now() + o.deadline) {}
  virtual ~pool_job() = default;
  virtual void execute(session& db) = 0;
  virtual void answer() = 0;
  virtual void refuse(error why) = 0;

  const call_options options;
  const std::chrono::steady_clock::time_point deadline;
  bool retried = false;
  bool settled = false;  // guarded by the pool's mutex
};

template <class T, class Body>
class typed_pool_job final : public pool_job {
 public:
  typed_pool_job(const call_options& o, Body body, waiting_caller<result<T>> caller)
      : pool_job(o), body_(std::move(body)), caller_(std::move(caller)) {}

  void execute(session& db) override {
    if constexpr (std::is_void_v<std::invoke_result_t<Body&, session&>>) {
      body_(db);
      answer_ = result<T>(boost::system::in_place_value);
    } else {
      answer_ = body_(db);
    }
  }
  void answer() override { finish(std::move(answer_)); }
  void refuse(error why) override { finish(std::move(why)); }

 private:
  void finish(result<T> answer) {
    std::vector<completion<result<T>>> one;
    one.push_back({std::move(caller_), std::move(answer)});
    complete(std::move(one));
  }

  Body body_;
  waiting_caller<result<T>> caller_;
  result<T> answer_ = database_away();
};

}  // namespace detail

// Safe to use from any thread. Destroyed before the contexts its callers run on; what
// still waits then is answered with errc::unavailable.
class pool {
 public:
  pool(pool_settings settings, crypto::random_source& random);
  ~pool();
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  // Runs `body` on a connection's thread and completes on the caller's executor. `body`
  // gives a T, a result<T> or nothing; it is kept by value, and may be called twice when
  // options.retry is set. Besides its own errors: errc::overloaded (queue full),
  // errc::unavailable (PostgreSQL away), errc::timeout (deadline), and what sql_error.hpp
  // makes of a refused statement.
  template <class Body, class Answer = std::invoke_result_t<Body&, session&>,
            class T = typename detail::unwrapped<Answer>::type>
  [[nodiscard]] awaitable<result<T>> run(call_options options, Body body) {
    return suspend<result<T>>(
        [this, options, body = std::move(body)](waiting_caller<result<T>> caller) mutable {
          submit(std::make_shared<detail::typed_pool_job<T, Body>>(options, std::move(body),
                                                                   std::move(caller)));
        });
  }

  // False until one connection stands, and when the last is found broken. A connection
  // that breaks while idle is found out by the next call.
  [[nodiscard]] bool connected() const;
  // Calls in the queue now, for metrics.
  [[nodiscard]] std::size_t queued() const;
  // Refuses new calls, answers those under way and waits for the threads. Idempotent.
  void stop();

 private:
  void submit(std::shared_ptr<detail::pool_job> job);

  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace agon::store
