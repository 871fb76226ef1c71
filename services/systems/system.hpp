// Something that produces outputs: one object per registered system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"

namespace agon::systems {

struct generation_request {
  std::string prompt;    // UTF-8; the caller has checked length and control characters
  std::string language;  // BCP 47, or empty
  std::uint64_t seed = 0;
};

// What a system made, as it made it: its format, loudness and metadata may tell who it
// was, so nothing of it is shown before services/systems/transcoder.hpp made it anonymous.
struct raw_output {
  std::filesystem::path file;     // inside the caller's scratch folder; empty if media_type is text
  std::string media_type;         // "audio/wav", "text/plain"
  std::string text;               // valid UTF-8, for text/plain
  double generation_seconds = 0;  // without the time spent in the queue
};

class system {
 public:
  virtual ~system() = default;

  // Answers one prompt. `scratch` is an existing folder that belongs to this call alone
  // and is removed by the caller; after a failure nothing is left in it. Failures:
  //   errc::system_failed  it crashed, wrote nothing, too much, or something else than it promised
  //   errc::timeout        it took longer than its time limit
  //   errc::overloaded     its queue is full, or the wait in it was too long
  //   errc::unsupported    it has no answer to this prompt or language
  //   errc::unavailable    this machine cannot start processes at the moment
  // Never throws. Cancelling the awaiting coroutine kills the work, with all processes
  // that it started, before the awaitable completes. Safe to call from any thread.
  [[nodiscard]] virtual awaitable<result<raw_output>> generate(generation_request r,
                                                               std::filesystem::path scratch) = 0;

  // The only prompts that it can answer, or nothing if it takes any.
  [[nodiscard]] virtual std::vector<std::string> prompts() const { return {}; }
};

}  // namespace agon::systems
