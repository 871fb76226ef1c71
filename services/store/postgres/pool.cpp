#include "services/store/postgres/pool.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "services/core/log.hpp"
#include "services/store/postgres/session.hpp"
#include "services/store/postgres/sql_error.hpp"
#include "services/store/postgres/ticker.hpp"

namespace agon::store {

using job_ptr = std::shared_ptr<detail::pool_job>;
using steady = std::chrono::steady_clock;

struct pool::state {
  state(pool_settings s, crypto::random_source& r) : settings(std::move(s)), random(r) {}

  void work();
  std::optional<job_ptr> next();
  void execute(const job_ptr& job, std::unique_ptr<session>& db);
  void put_back(const job_ptr& job);
  bool connect(std::unique_ptr<session>& db, backoff& pause);
  bool settle(const job_ptr& job);
  void refuse_expired();

  const pool_settings settings;
  crypto::random_source& random;

  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::size_t standing = 0;  // connections
  std::deque<job_ptr> queue;
  std::vector<job_ptr> running;  // their deadlines hold too

  std::optional<ticker> watch;
  std::vector<std::thread> threads;
};

pool::pool(pool_settings settings, crypto::random_source& random)
    : state_(std::make_unique<state>(std::move(settings), random)) {
  state_->watch.emplace([s = state_.get()] { s->refuse_expired(); });
  for (std::size_t i = 0; i < std::max<std::size_t>(1, state_->settings.connections); ++i)
    state_->threads.emplace_back([s = state_.get()] { s->work(); });
}

pool::~pool() {
  stop();
}

void pool::stop() {
  std::deque<job_ptr> left;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    left.swap(state_->queue);
    for (const job_ptr& job : left) job->settled = true;
  }
  state_->wake.notify_all();
  for (const job_ptr& job : left) job->refuse(database_away());
  for (std::thread& t : state_->threads)
    if (t.joinable()) t.join();
  state_->watch.reset();
}

bool pool::connected() const {
  const std::lock_guard lock(state_->mutex);
  return state_->standing > 0;
}

std::size_t pool::queued() const {
  const std::lock_guard lock(state_->mutex);
  return state_->queue.size();
}

void pool::submit(job_ptr job) {
  error refusal;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopping) {
      refusal = database_away();
    } else if (state_->queue.size() >= state_->settings.queue) {
      refusal = queue_full();
    } else {
      state_->queue.push_back(std::move(job));
    }
  }
  if (job) {
    job->refuse(std::move(refusal));
  } else {
    state_->wake.notify_one();
  }
}

// The next job that nobody has answered yet; nothing once the pool stops.
std::optional<job_ptr> pool::state::next() {
  std::unique_lock lock(mutex);
  while (true) {
    wake.wait(lock, [&] { return stopping || !queue.empty(); });
    if (stopping) return std::nullopt;
    job_ptr job = std::move(queue.front());
    queue.pop_front();
    running.push_back(job);
    return job;
  }
}

// True if the caller is still to be answered, by whoever asked.
bool pool::state::settle(const job_ptr& job) {
  const std::lock_guard lock(mutex);
  std::erase(running, job);
  return !std::exchange(job->settled, true);
}

void pool::state::work() {
  backoff pause(settings.reconnect, random);
  std::unique_ptr<session> db;
  while (true) {
    if (!db && !connect(db, pause)) return;
    const auto job = next();
    if (!job) return;
    // A connection that broke while it was idle must not cost a call.
    if (!db->alive()) {
      db.reset();
      put_back(*job);
      continue;
    }
    execute(*job, db);
  }
}

void pool::state::put_back(const job_ptr& job) {
  const std::lock_guard lock(mutex);
  --standing;
  std::erase(running, job);
  if (job->settled) return;
  queue.push_front(job);
  wake.notify_one();
}

void pool::state::execute(const job_ptr& job, std::unique_ptr<session>& db) {
  try {
    job->execute(*db);
    if (settle(job)) job->answer();
  } catch (const connection_lost&) {
    db.reset();
    {
      const std::lock_guard lock(mutex);
      --standing;
      if (job->options.retry && !job->retried && !job->settled && !stopping) {
        job->retried = true;
        std::erase(running, job);
        queue.push_front(job);
        wake.notify_one();
        return;
      }
    }
    if (settle(job)) job->refuse(database_away());
  } catch (const statement_failed& e) {
    if (settle(job)) job->refuse(to_error(e));
  } catch (const std::exception& e) {
    log::error("store_call_failed",
               {{"call", job->options.name}, {"reason", std::string_view(e.what())}});
    if (settle(job)) job->refuse(fail(errc::internal, "Something went wrong on our side."));
  }
}

// Tries until a connection stands; false once the pool stops.
bool pool::state::connect(std::unique_ptr<session>& db, backoff& pause) {
  bool told = false;
  while (true) {
    try {
      db = std::make_unique<session>(settings.connection);
      pause.reset();
      const std::lock_guard lock(mutex);
      ++standing;
      if (told) log::info("database_back");
      return true;
    } catch (const std::exception& e) {
      if (!std::exchange(told, true))
        log::warn("database_away", {{"reason", std::string_view(e.what())}});
    }
    std::unique_lock lock(mutex);
    // Not on `wake`: a notification for a job must not be spent on a thread without a
    // connection. Stopping is noticed within a pause's slice.
    const auto until = steady::now() + pause.next();
    while (!stopping && steady::now() < until) {
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      lock.lock();
    }
    if (stopping) return false;
  }
}

void pool::state::refuse_expired() {
  const auto now = steady::now();
  std::vector<job_ptr> expired;
  bool away = false;
  {
    const std::lock_guard lock(mutex);
    away = standing == 0;
    const auto over = [&](const job_ptr& job) { return job->deadline <= now && !job->settled; };
    std::copy_if(queue.begin(), queue.end(), std::back_inserter(expired), over);
    std::copy_if(running.begin(), running.end(), std::back_inserter(expired), over);
    std::erase_if(queue, over);
    for (const job_ptr& job : expired) job->settled = true;
  }
  for (const job_ptr& job : expired) job->refuse(away ? database_away() : too_slow());
}

}  // namespace agon::store
