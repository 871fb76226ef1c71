// Reading what remote systems answer; shared by their adapters.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/outgoing/message.hpp"
#include "services/systems/system.hpp"

namespace agon::outgoing {
class client;
}

namespace agon::systems {

[[nodiscard]] error broken_answer();

// A good answer with a JSON object; errc as refusal_of() says for others, and
// errc::system_failed for what is no JSON.
[[nodiscard]] result<nlohmann::json> json_of(const result<outgoing::answer>& got,
                                             std::size_t largest);
[[nodiscard]] result<nlohmann::json> parse_answer(std::string_view text, std::size_t largest);
// Nothing if the exchange went well; whatever it was otherwise.
[[nodiscard]] std::optional<error> failure_of(const result<outgoing::answer>& got);

// A file that the answer names by its URL: on the endpoint itself, or errc::system_failed.
[[nodiscard]] awaitable<result<std::string>> fetch_from_same_host(outgoing::client& client,
                                                                  std::string url,
                                                                  std::string accept);

// Null if there is no such member, or it is null.
[[nodiscard]] const nlohmann::json* member(const nlohmann::json& object, const char* name);
// The text of a string member; nothing otherwise.
[[nodiscard]] const std::string* text_member(const nlohmann::json& object, const char* name);
[[nodiscard]] std::optional<std::uint64_t> count_member(const nlohmann::json& object,
                                                        const char* name);

// "usage": {"prompt_tokens" | "input_tokens": …, "completion_tokens" | "output_tokens": …}.
void read_usage(const nlohmann::json& answer, usage& into);

}  // namespace agon::systems
