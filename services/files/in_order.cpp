#include "services/files/in_order.hpp"

#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace agon::files {
namespace {

struct finished_block {
  std::size_t worker = 0;
  std::unique_ptr<block_result> result;
  std::exception_ptr thrown;
  bool last = false;  // the file has ended; there is no result
};

class ordered_work {
 public:
  ordered_work(row_file& file, std::span<const std::unique_ptr<block_worker>> workers)
      : file_(file), workers_(workers), spent_(workers.size()), window_(2 * workers.size() + 1) {}

  void run_worker(std::size_t worker) {
    block records;
    for (;;) {
      std::size_t number = 0;
      finished_block done;
      done.worker = worker;
      if (!take(records, number, done)) return;
      try {
        if (!done.last && !done.result) {
          const std::size_t bytes = records.size();
          done.result = workers_[worker]->work(records, take_spent(worker));
          done.result->bytes = bytes;
        }
      } catch (...) {
        done.thrown = std::current_exception();
      }
      const bool ends = done.last || done.thrown || done.result->error;
      const std::lock_guard lock(mutex_);
      finished_.emplace(number, std::move(done));
      changed_.notify_all();
      if (ends) return;
    }
  }

  // The next result of the file's order.
  finished_block wait(std::size_t number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return finished_.contains(number); });
    finished_block out = std::move(finished_.extract(number).mapped());
    consumed_ = number;
    changed_.notify_all();
    return out;
  }

  void give_back(std::size_t worker, std::unique_ptr<block_result> spent) {
    const std::lock_guard lock(mutex_);
    spent_[worker] = std::move(spent);
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  // The next block of the file; false if there is nothing left to do for this worker.
  bool take(block& records, std::size_t& number, finished_block& done) {
    const std::lock_guard reading(reading_);
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopped_ || read_ < consumed_ + window_; });
      if (stopped_ || ended_) return false;
    }
    number = read_;
    try {
      const auto more = file_.next(records);
      if (more.has_error()) {
        done.result = std::make_unique<block_result>();
        done.result->error = more.error();
      }
      done.last = more.has_value() && !*more;
    } catch (...) {
      done.thrown = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    ++read_;
    ended_ = done.last || done.result || done.thrown;
    return true;
  }

  std::unique_ptr<block_result> take_spent(std::size_t worker) {
    const std::lock_guard lock(mutex_);
    return std::move(spent_[worker]);
  }

  row_file& file_;
  std::span<const std::unique_ptr<block_worker>> workers_;
  std::mutex reading_;  // taken before mutex_
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, finished_block> finished_;
  std::vector<std::unique_ptr<block_result>> spent_;  // one of each worker
  std::size_t window_;
  std::size_t read_ = 0;
  std::size_t consumed_ = 0;
  bool ended_ = false;
  bool stopped_ = false;
};

class joined_threads {
 public:
  explicit joined_threads(ordered_work& work, std::size_t count) : work_(work) {
    for (std::size_t i = 0; i < count; ++i)
      threads_.emplace_back([&work, i] { work.run_worker(i); });
  }
  ~joined_threads() {
    work_.stop();
    for (std::thread& t : threads_) t.join();
  }
  joined_threads(const joined_threads&) = delete;
  joined_threads& operator=(const joined_threads&) = delete;

 private:
  ordered_work& work_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::optional<file_error> work_in_order(
    row_file& file, std::span<const std::unique_ptr<block_worker>> workers,
    const std::function<std::optional<file_error>(std::size_t worker, block_result&)>& consume) {
  ordered_work work(file, workers);
  const joined_threads threads(work, workers.size());
  for (std::size_t number = 0;; ++number) {
    finished_block done = work.wait(number);
    if (done.thrown) std::rethrow_exception(done.thrown);
    if (done.last) return std::nullopt;
    // What a block holds before its error is consumed first: the consumer may find an
    // earlier one.
    if (auto bad = consume(done.worker, *done.result)) return bad;
    if (done.result->error) return done.result->error;
    work.give_back(done.worker, std::move(done.result));
  }
}

}  // namespace agon::files
