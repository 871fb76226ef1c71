// Systems behind any HTTP endpoint that speaks JSON: what to send and where to look is
// written in the arena file.
#pragma once

#include <string>

#include "services/systems/remote.hpp"

namespace agon::systems {

struct http_json_options {
  remote_options remote;
  modality output = modality::text;
  // A JSON value. In its strings {prompt}, {language}, {seed} and {request} (the structured
  // request as text) are filled in. A string that is nothing but {seed}, {request} or
  // {messages} becomes a number, an object, or the conversation as [{"role", "content"}].
  std::string body;
  // Where the output stands in the answer: a JSON Pointer (RFC 6901). Empty for a body that is
  // itself the audio or image.
  std::string output_at;
  // Of media: "base64", or "url" on the same host.
  std::string output_as = "base64";
  std::string input_tokens_at;  // JSON Pointers; empty: not told
  std::string output_tokens_at;
};

// Failures as at make_remote_system(), also for /request and the pointers.
[[nodiscard]] result<std::unique_ptr<system>> make_http_json_system(
    const boost::asio::any_io_executor& executor, const http_json_options& options);
[[nodiscard]] std::vector<field_error> check_http_json(const http_json_options& options);

}  // namespace agon::systems
