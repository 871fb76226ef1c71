// What the keeper writes to its control socket, once, before it exits. Both sides are
// built together, so the bytes of the struct are the format.
#pragma once

#include <cstddef>
#include <cstdint>

namespace agon::systems::keeper {

// Descriptor on which the keeper finds its control socket.
inline constexpr int control_fd = 3;
// How much of the end of standard error is kept.
inline constexpr std::size_t tail_bytes = 4096;

enum class ending : std::int32_t {
  exited = 1,   // code: exit status
  signalled,    // code: signal
  not_started,  // code: errno of fork or exec
};

struct report {
  ending how = ending::not_started;
  std::int32_t code = 0;
  std::uint64_t timed_out = 0;  // 1: the time limit ended it
  std::uint64_t wall_microseconds = 0;
  std::uint64_t cpu_microseconds = 0;  // of all its processes
  std::uint64_t max_rss_bytes = 0;     // of the largest of them
  std::uint64_t stderr_bytes = 0;      // written in all
  std::uint64_t tail_size = 0;         // bytes of standard error that follow
};

}  // namespace agon::systems::keeper
