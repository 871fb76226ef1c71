// Systems behind an OpenAI-compatible chat endpoint: text in turns, streamed.
#pragma once

#include <optional>
#include <string>

#include "services/systems/remote.hpp"

namespace agon::systems {

struct chat_options {
  remote_options remote;
  std::string model;
  std::string instructions;  // the first message, of role "system"; empty: none
  std::optional<double> temperature;
  std::uint64_t max_tokens = 0;  // 0: the endpoint's own limit
  // What the endpoint calls that limit: "max_tokens", or "max_completion_tokens" (OpenAI).
  std::string max_tokens_name = "max_tokens";
  bool stream = true;
  bool usage_in_stream = true;  // asks for it with stream_options; some endpoints refuse that
  bool send_seed = false;
  bool takes_images = false;
  bool takes_audio = false;
  bool takes_tools = false;
  std::string extra;  // a JSON object whose members are added to each request; or empty
};

// Failures as at make_remote_system(), also for /model and /extra.
[[nodiscard]] result<std::unique_ptr<system>> make_chat_system(
    const boost::asio::any_io_executor& executor, const chat_options& options);

}  // namespace agon::systems
