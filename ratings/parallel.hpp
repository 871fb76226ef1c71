// Independent pieces of work on a few threads. Inside the library only.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace agon::ratings {

// 0: as many as the machine has.
[[nodiscard]] inline unsigned threads_to_use(unsigned wanted) {
  return wanted > 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

// Calls work(i) for each i < count, in any order, on up to `threads` threads, this one
// among them. The pieces must not touch what another writes. Rethrows the first exception
// after all threads have ended.
template <typename Work>
void in_parallel(std::size_t count, unsigned threads, Work work) {
  std::atomic<std::size_t> next{0};
  std::mutex guard;
  std::exception_ptr failure;
  const auto run = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      const std::lock_guard lock(guard);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  std::vector<std::thread> others;
  const std::size_t wanted = std::min<std::size_t>(threads_to_use(threads), count);
  for (std::size_t t = 1; t < wanted; ++t) others.emplace_back(run);
  run();
  for (std::thread& t : others) t.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace agon::ratings
