// A system that is a program on this machine: started once for each prompt, without a
// shell, under limits, and killed with everything that it started. See docs/systems.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/systems/prompt_rules.hpp"
#include "services/systems/system.hpp"

namespace agon::systems {

enum class output_format { wav, flac, mp3, ogg, png, jpeg, webp, text };

// "wav", "flac", …; nothing for another name.
[[nodiscard]] std::optional<output_format> parse_output_format(std::string_view name);

struct command_options {
  // The program and its arguments, each passed on as one argument. An argument may hold
  //   {prompt_file}  absolute path of a UTF-8 file with the prompt and a line feed
  //   {output_file}  absolute path that the program has to write
  //   {seed}         decimal digits
  //   {language}     the request's language tag, or `language` below
  // There is no {prompt}: text of a user never becomes an argument. Without {prompt_file}
  // the prompt comes on standard input; without {output_file} standard output is taken.
  std::vector<std::string> argv;
  // What is replaced in the prompt before the program gets it, in this order.
  std::vector<prompt_rule> prompt_replace{};
  output_format output = output_format::wav;
  std::string language = "en";
  std::chrono::milliseconds timeout{30'000};  // SIGTERM then, SIGKILL after `grace`
  std::chrono::milliseconds grace{500};
  std::chrono::seconds cpu{60};                       // RLIMIT_CPU of each process
  std::uint64_t memory_bytes = 1024UL * 1024 * 1024;  // RLIMIT_AS of each process; 0: none
  std::uint64_t output_bytes = 32UL * 1024 * 1024;    // RLIMIT_FSIZE, and checked afterwards
  unsigned concurrency = 2;                           // processes at a time
  unsigned queue = 16;                                // callers that may wait for one
  std::chrono::milliseconds queue_wait{30'000};
  // Variables handed on from the server's environment. Without them a program sees only
  // PATH, HOME and TMPDIR (its work folder) and LANG=C.UTF-8.
  std::vector<std::string> environment;
};

// errc::invalid_input, with JSON pointers into the options ("/argv/3"), if they make no
// sense. A program that is not installed is no error here: see program_found().
[[nodiscard]] result<std::unique_ptr<system>> make_command_system(
    const boost::asio::any_io_executor& executor, command_options options);

// True if argv[0] names an executable file on the PATH that the program will be started with.
[[nodiscard]] bool program_found(const command_options& options);

}  // namespace agon::systems
