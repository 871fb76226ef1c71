// What all systems behind a network have in common: where they are, how they are let in,
// and how much is asked of them.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/systems/system.hpp"

namespace agon::outgoing {
class client;
}

namespace agon::systems {

struct remote_options {
  std::string url;   // "https://api.example.org/v1"
  std::string path;  // behind it; the adapter's usual one if empty
  // Names of environment variables. Secrets never stand in an arena file.
  std::string key_from;                                           // Authorization: Bearer <value>
  std::vector<std::pair<std::string, std::string>> headers_from;  // header name, variable
  bool private_network = false;  // the name may lead to this machine or a private network
  std::string ca_file;           // further roots, PEM
  std::chrono::milliseconds timeout{120'000};  // of an answer with all attempts, without the queue
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds first_byte{60'000};
  std::chrono::milliseconds idle{60'000};
  std::uint64_t output_bytes = 32UL * 1024 * 1024;
  unsigned concurrency = 4;
  unsigned queue = 32;
  std::chrono::milliseconds queue_wait{60'000};
  double requests_per_minute = 0;  // 0: no limit
  unsigned attempts = 3;
};

// One question to the endpoint, as an adapter puts it. Runs when the system's turn has
// come; all references are good until it completes.
using remote_question = std::function<awaitable<result<raw_output>>(
    outgoing::client& client, const generation_request& r, const std::filesystem::path& scratch,
    generation_listener& listener)>;

// errc::invalid_input, with JSON pointers into the options ("/url", "/key_from"): a URL that
// cannot be reached safely, a variable that is not set, limits that make no sense.
[[nodiscard]] result<std::unique_ptr<system>> make_remote_system(
    const boost::asio::any_io_executor& executor, const remote_options& options,
    remote_question question);

// What can be said of the options without the environment: as above, all at once.
[[nodiscard]] std::vector<field_error> check_remote(const remote_options& options);

}  // namespace agon::systems
