// Something that produces outputs: one object per registered system, whatever it is and
// wherever it runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/systems/modality.hpp"
#include "services/systems/usage.hpp"

namespace agon::systems {

// An image or a recording that belongs to a turn; the caller has looked at its bytes, and
// removed its metadata. Exists until the call completes.
struct attachment {
  modality kind = modality::image;
  std::string media_type;
  std::filesystem::path file;
};

enum class speaker { instructions, user, system, tool };

// One earlier turn of a conversation.
struct message {
  speaker from = speaker::user;
  std::string text;
  std::vector<attachment> attachments{};
  std::string tool_calls{};    // of a system: raw_output::tool_calls of its answer, or empty
  std::string tool_call_id{};  // of a tool: which call this answers
};

struct generation_request {
  std::string prompt;    // UTF-8; the caller has checked length and control characters
  std::string language;  // BCP 47, or empty
  std::uint64_t seed = 0;
  std::vector<message> earlier{};         // oldest first, without `prompt`; empty in a first turn
  std::vector<attachment> attachments{};  // to the prompt
  std::string details{};                  // the structured request: a JSON object, or empty
  std::string tools{};                    // JSON array of tools as the adapter passes on, or empty
  std::uint64_t largest_text = 32'768;    // bytes; a longer text is cut off at a code point
};

enum class ending {
  complete,
  cut_off,     // by the system's limit, or ours: a text ends in the middle
  tool_calls,  // it wants a tool to be called: see raw_output::tool_calls
  refused,     // the provider's filter stopped it
};

// What a system made, as it made it: its format, loudness and metadata may tell who it
// was, so nothing of it is shown before services/systems/transcoder.hpp made it anonymous.
struct raw_output {
  std::filesystem::path file;  // inside the caller's scratch folder; empty if media_type is text
  // "audio/wav", "image/png", "text/plain". Of remote systems: what the first bytes are, not
  // what a server says.
  std::string media_type;
  // For text/plain: valid UTF-8 without control characters but tab and line feed. For
  // other media: what belongs to it, such as the lyrics that were sung; mostly empty.
  std::string text;
  double generation_seconds = 0;  // without the time spent in the queue
  double first_seconds = 0;       // until the first byte or piece of text; 0: not known
  ending end = ending::complete;
  std::string tool_calls{};  // JSON array as the system sent it, or empty
  std::string model{};  // what it says that it is ("x-2026-03"); never shown, kept for the operator
  usage used{};
};

// Told what happens while a system works. Calls come one at a time, on a thread of the
// system's, and none comes after generate() completed. They must not block or throw.
class generation_listener {
 public:
  virtual ~generation_listener() = default;
  // The next piece of a text: whole code points of valid UTF-8, tidied as raw_output::text
  // is. All pieces of a call that succeeds make up that text. After a failure they are
  // void: nothing is tried again once a piece was told. Systems that do not stream tell
  // the whole at once. Pieces come in the system's own rhythm, which may tell who it is.
  virtual void on_text(std::string_view) {}
  // It waits for its turn at this system: 1 is the next. Told again when that changes.
  virtual void on_queued(std::size_t) {}
  // It has its turn: the system works from now on.
  virtual void on_started() {}
};

// How busy a system is, for showing and for choosing. A snapshot.
struct system_state {
  // False while its circuit breaker is open: it failed again and again, and would refuse
  // at once with errc::unavailable. Better not drawn.
  bool available = true;
  std::size_t running = 0;
  std::size_t waiting = 0;
};

class system {
 public:
  virtual ~system() = default;

  // Answers one prompt, or the next turn of a conversation. `scratch` is an existing
  // folder that belongs to this call alone and is removed by the caller; after a failure
  // nothing is left in it. `listener` may be null, and is kept until the call completes.
  // Failures:
  //   errc::system_failed  it crashed, wrote nothing, too much, or something else than it promised
  //   errc::timeout        it took longer than its time limit
  //   errc::overloaded     its queue is full, the wait in it was too long, or its own limit
  //                        of requests is reached
  //   errc::unsupported    it has no answer to this prompt, language, conversation or
  //                        attachment
  //   errc::unavailable    it cannot be reached, its circuit breaker is open, or this
  //                        machine cannot start processes at the moment
  // Never throws. Cancelling the awaiting coroutine ends the work, with all processes and
  // connections that it has, before the awaitable completes. Safe to call from any thread.
  [[nodiscard]] virtual awaitable<result<raw_output>> generate(
      generation_request r, std::filesystem::path scratch,
      std::shared_ptr<generation_listener> listener) = 0;
  [[nodiscard]] awaitable<result<raw_output>> generate(generation_request r,
                                                       std::filesystem::path scratch) {
    return generate(std::move(r), std::move(scratch), nullptr);
  }

  // The only prompts that it can answer, or nothing if it takes any.
  [[nodiscard]] virtual std::vector<std::string> prompts() const { return {}; }
  // Safe to call from any thread.
  [[nodiscard]] virtual system_state state() const { return {}; }
};

}  // namespace agon::systems
