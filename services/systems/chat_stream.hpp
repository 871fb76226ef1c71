// Puts a chat completion together, from the chunks of a stream or whole: pure.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "services/core/error.hpp"
#include "services/systems/system.hpp"
#include "services/systems/text_cleaner.hpp"

namespace agon::systems {

class chat_stream {
 public:
  // `listener` must outlive it. Pieces of text go there.
  chat_stream(generation_listener& listener, std::uint64_t largest_text)
      : listener_(listener), cleaner_(largest_text) {}

  // The data of one event. True to go on, false after the last one and once there is text
  // enough; errc::system_failed for what is no chunk, an error of the provider, or text that
  // is no UTF-8.
  [[nodiscard]] result<bool> chunk(std::string_view data);
  // A completion that came in one piece.
  [[nodiscard]] result<void> whole(std::string_view body);

  // After the last chunk. errc::system_failed if it ended without saying so, or is empty;
  // errc::unsupported if the provider's filter left nothing.
  [[nodiscard]] result<raw_output> finish();

 private:
  struct tool_call {
    std::string id;
    std::string name;
    std::string arguments;
  };
  [[nodiscard]] result<bool> take(const nlohmann::json& part, const char* message_name);
  [[nodiscard]] result<bool> take_text(std::string_view text);
  [[nodiscard]] bool take_tool_calls(const nlohmann::json& calls);

  generation_listener& listener_;
  text_cleaner cleaner_;
  raw_output made_;
  std::map<std::uint64_t, tool_call> calls_;
  std::size_t call_bytes_ = 0;
  bool ended_ = false;
};

}  // namespace agon::systems
