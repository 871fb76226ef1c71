// Systems behind an OpenAI-compatible endpoint for speech.
#pragma once

#include <string>

#include "services/systems/remote.hpp"

namespace agon::systems {

struct speech_options {
  remote_options remote;
  std::string model;
  std::string voice;
  std::string format = "wav";  // response_format: wav, flac, mp3, opus, aac
  std::string extra;           // as in chat_options
};

[[nodiscard]] result<std::unique_ptr<system>> make_speech_system(
    const boost::asio::any_io_executor& executor, const speech_options& options);

}  // namespace agon::systems
