// Systems behind an OpenAI-compatible endpoint for images.
#pragma once

#include <string>

#include "services/systems/remote.hpp"

namespace agon::systems {

struct images_options {
  remote_options remote;
  std::string model;
  std::string size;  // "1024x1024"; empty: the endpoint's own
  // "b64_json" or "url", sent as response_format; empty: not sent (newer models refuse it).
  std::string response_format = "b64_json";
  std::string extra;  // as in chat_options
};

// Takes the image out of the answer, as base64 or from a URL on the same host.
[[nodiscard]] result<std::unique_ptr<system>> make_images_system(
    const boost::asio::any_io_executor& executor, const images_options& options);

}  // namespace agon::systems
