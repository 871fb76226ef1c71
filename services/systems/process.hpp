// Runs one program to its end, under limits and with everything it starts, without
// blocking a thread. The command adapter and the transcoder stand on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/core/redacted.hpp"

namespace agon::systems {

// What a program is started with when nothing else is said.
inline constexpr std::string_view standard_path = "/usr/local/bin:/usr/bin:/bin";

struct process_spec {
  std::vector<std::string> argv;               // argv[0] is looked up on the PATH of `environment`
  std::vector<std::string> environment;        // "NAME=value", nothing else is seen
  std::filesystem::path folder;                // becomes the current folder
  std::filesystem::path input = "/dev/null";   // standard input
  std::filesystem::path output = "/dev/null";  // standard output, truncated
  std::chrono::milliseconds timeout{30'000};
  std::chrono::milliseconds grace{500};  // between SIGTERM and SIGKILL
  std::chrono::seconds cpu{60};
  std::uint64_t memory_bytes = 0;  // 0: no limit
  std::uint64_t file_bytes = 0;    // largest file it may write
  int nice = 5;                    // so that generation does not starve the server
};

enum class process_end {
  exited,       // code: exit status
  signalled,    // code: signal
  not_started,  // code: errno, mostly ENOENT: no such program
  timed_out,
  cancelled,
};

struct process_result {
  process_end end = process_end::exited;
  int code = 0;
  std::chrono::microseconds wall{};  // from exec to exit
  std::chrono::microseconds cpu{};   // of all its processes
  std::uint64_t max_rss_bytes = 0;
  std::uint64_t stderr_bytes = 0;
  secret stderr_tail;  // the last 4 KiB; may repeat the text of a user
};

// When it completes, no descendant of the program is alive: after its exit, a timeout,
// or the cancellation of the awaiting coroutine alike (process_end::cancelled). The
// coroutine must run on a strand or a single thread, and must not throw when cancelled
// (this_coro::throw_if_cancelled(false)); its cancellation state is used up.
// errc::unavailable if the machine cannot start or watch a process at the moment.
[[nodiscard]] awaitable<result<process_result>> run_process(process_spec spec);

}  // namespace agon::systems
