// Group work: one thread with one connection takes whatever queued while its last batch
// ran and hands it to `process` at once. There is no timer: an idle worker starts with
// the first entry, a busy one finds its batch waiting.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "privacy/crypto/random.hpp"
#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/core/log.hpp"
#include "services/store/backoff.hpp"
#include "services/store/completion.hpp"
#include "services/store/postgres/batch_settings.hpp"
#include "services/store/postgres/session.hpp"
#include "services/store/postgres/sql_error.hpp"
#include "services/store/postgres/ticker.hpp"

namespace agon::store {

// Safe to submit to from any thread. Destroyed before the contexts its callers run on.
template <class Item, class Value>
class batch_worker {
  using steady = std::chrono::steady_clock;

 public:
  struct entry {
    Item item;
    std::optional<result<Value>> outcome;  // set by `process`

   private:
    friend class batch_worker;
    entry(Item i, waiting_caller<result<Value>> c, steady::time_point d)
        : item(std::move(i)), caller_(std::move(c)), deadline_(d) {}
    waiting_caller<result<Value>> caller_;
    steady::time_point deadline_;
    bool settled_ = false;  // its caller was answered; guarded by mutex_
  };
  using entries = std::vector<std::unique_ptr<entry>>;

  // The entries that are worked on together.
  class batch {
   public:
    [[nodiscard]] std::span<const std::unique_ptr<entry>> all() const { return worker_.batch_; }
    // Adds what has queued meanwhile if that is at least `least` entries and there is room;
    // false if it is not.
    [[nodiscard]] bool join(std::size_t least) { return worker_.join(least); }

   private:
    friend class batch_worker;
    explicit batch(batch_worker& w) : worker_(w) {}
    batch_worker& worker_;
  };

  // Sets the outcome of every entry, or throws: connection_lost to be called again with
  // the same entries on a new connection (so running twice must do no harm), anything
  // else to fail those without an outcome.
  using process = std::function<void(session&, batch)>;

  // `name` is a literal, for the log.
  batch_worker(std::string_view name, batch_settings settings, crypto::random_source& random,
               process p)
      : name_(name),
        settings_(std::move(settings)),
        process_(std::move(p)),
        pause_(settings_.reconnect, random),
        watch_([this] { refuse_expired(); }),
        thread_([this] { work(); }) {}
  ~batch_worker() { stop(); }
  batch_worker(const batch_worker&) = delete;
  batch_worker& operator=(const batch_worker&) = delete;

  // errc::overloaded when the queue is full, errc::unavailable when PostgreSQL did not
  // come back before the deadline (the outcome is then unknown), else the outcome.
  [[nodiscard]] awaitable<result<Value>> submit(Item item) {
    return suspend<result<Value>>(
        [this, item = std::move(item)](waiting_caller<result<Value>> caller) mutable {
          enqueue(std::move(item), std::move(caller));
        });
  }

  // What is queued is still worked off if PostgreSQL is there. Idempotent.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    watch_.stop();
  }

  [[nodiscard]] std::size_t queued() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
  }

 private:
  void enqueue(Item item, waiting_caller<result<Value>> caller) {
    auto made = std::unique_ptr<entry>(
        new entry(std::move(item), std::move(caller), steady::now() + settings_.deadline));
    bool idle = false;
    if (auto refusal = queue_or_refuse(made, idle)) {
      std::vector<completion<result<Value>>> one;
      one.push_back({std::move(made->caller_), std::move(*refusal)});
      complete(std::move(one));
    } else if (idle) {
      wake_.notify_one();
    }
  }

  // Takes the entry unless it gives a reason why not.
  std::optional<error> queue_or_refuse(std::unique_ptr<entry>& made, bool& idle) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return database_away();
    if (queue_.size() >= settings_.queue) return queue_full();
    queue_.push_back(std::move(made));
    idle = std::exchange(idle_, false);
    return std::nullopt;
  }

  void work() {
    while (take_batch()) {
      while (!batch_.empty() && !run_batch()) wait_before_reconnecting();
      answer();
    }
  }

  // False once the worker stops and nothing is left.
  bool take_batch() {
    std::unique_lock lock(mutex_);
    idle_ = queue_.empty();
    wake_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    idle_ = false;
    if (queue_.empty()) return false;
    move_to_batch(std::min(queue_.size(), settings_.batch));
    return true;
  }

  bool join(std::size_t least) {
    const std::lock_guard lock(mutex_);
    const std::size_t count = std::min(queue_.size(), settings_.batch - batch_.size());
    if (count < std::max<std::size_t>(1, least)) return false;
    move_to_batch(count);
    return true;
  }

  void move_to_batch(std::size_t count) {
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
    batch_.insert(batch_.end(), std::move_iterator(queue_.begin()), std::move_iterator(end));
    queue_.erase(queue_.begin(), end);
  }

  // False if there is no connection, or it broke under way.
  bool run_batch() {
    try {
      if (!db_) connect();
      process_(*db_, batch(*this));
      return true;
    } catch (const connection_lost& e) {
      db_.reset();
      if (!std::exchange(away_, true))
        log::warn("database_away", {{"worker", name_}, {"reason", std::string_view(e.what())}});
      drop_settled();
      return false;
    } catch (const statement_failed& e) {
      settle_rest(to_error(e));
    } catch (const std::exception& e) {
      log::error("batch_failed", {{"worker", name_}, {"reason", std::string_view(e.what())}});
      settle_rest(no_outcome().error());
    }
    return true;
  }

  void connect() {
    db_ = std::make_unique<session>(settings_.connection);
    pause_.reset();
    if (std::exchange(away_, false)) log::info("database_back", {{"worker", name_}});
  }

  void settle_rest(const error& why) {
    for (const auto& e : batch_)
      if (!e->outcome) e->outcome = why;
  }

  // Entries whose callers gave up are not tried again.
  void drop_settled() {
    const std::lock_guard lock(mutex_);
    std::erase_if(batch_, [](const auto& e) { return e->settled_; });
    for (const auto& e : batch_) e->outcome.reset();
  }

  void wait_before_reconnecting() {
    std::unique_lock lock(mutex_);
    if (!stopping_) wake_.wait_for(lock, pause_.next(), [&] { return stopping_; });
    const bool stop = stopping_;
    lock.unlock();
    if (stop) settle_all_away();
    drop_settled();
  }

  // The worker stops while PostgreSQL is away: nobody waits for it.
  void settle_all_away() {
    std::vector<completion<result<Value>>> answers;
    {
      const std::lock_guard lock(mutex_);
      for (entries* list : {&batch_, &queue_})
        for (const auto& e : *list)
          if (!std::exchange(e->settled_, true))
            answers.push_back({std::move(e->caller_), database_away()});
      queue_.clear();
    }
    complete(std::move(answers));
  }

  void answer() {
    std::vector<completion<result<Value>>> answers;
    answers.reserve(batch_.size());
    {
      const std::lock_guard lock(mutex_);
      for (const auto& e : batch_)
        if (!std::exchange(e->settled_, true))
          answers.push_back({std::move(e->caller_), std::move(e->outcome).value_or(no_outcome())});
      batch_.clear();
    }
    complete(std::move(answers));
  }

  static result<Value> no_outcome() {
    return fail(errc::internal, "Something went wrong on our side.");
  }

  void refuse_expired() {
    const auto now = steady::now();
    std::vector<completion<result<Value>>> answers;
    {
      const std::lock_guard lock(mutex_);
      for (entries* list : {&batch_, &queue_})
        for (const auto& e : *list)
          if (e->deadline_ <= now && !std::exchange(e->settled_, true))
            answers.push_back({std::move(e->caller_), database_away()});
      std::erase_if(queue_, [](const auto& e) { return e->settled_; });
    }
    complete(std::move(answers));
  }

  const std::string_view name_;
  const batch_settings settings_;
  const process process_;
  backoff pause_;
  std::unique_ptr<session> db_;
  bool away_ = false;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool idle_ = false;  // the worker sleeps: the first entry wakes it
  entries queue_;
  // Its list is changed under mutex_ by the worker alone; entries' outcomes are the
  // worker's, their callers belong to whoever sets `settled_`.
  entries batch_;

  ticker watch_;
  std::thread thread_;
};

}  // namespace agon::store
