// Members of a record that may be anything. Inside the folder only.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "services/core/clock.hpp"
#include "services/imports/row.hpp"

namespace agon::imports {

using names = std::initializer_list<const char*>;

// The first of these members that is there and not null; null if none is.
[[nodiscard]] const nlohmann::json* member_of(const nlohmann::json& object, names any);
// Its text; of a number or a truth value as it is written. Empty if none is there.
[[nodiscard]] std::string text_of(const nlohmann::json& object, names any);
[[nodiscard]] double number_of(const nlohmann::json& object, names any);  // 0 if none
// Also "true" and "True", as tables write them.
[[nodiscard]] bool truth_of(const nlohmann::json& object, names any);

// Unix seconds (or milliseconds or more, by their size) or RFC 3339 with a blank for the T and
// without an offset, too. Nothing for anything else, and for times before 2000 or after 2100.
[[nodiscard]] std::optional<time_point> moment_of(const nlohmann::json& value);

// Without control characters, which no text that people wrote needs.
[[nodiscard]] std::string cleaned(std::string text);

// What one side of a conversation said, in order, and what it was asked first: [{role, content}]
// with contents that are texts or lists of parts. `prompt` is set if it is empty.
[[nodiscard]] std::vector<std::string> answers_of(const nlohmann::json* conversation,
                                                  std::string& prompt);

// "English" or "en" as "en"; empty for what is not known.
[[nodiscard]] std::string language_tag(const std::string& name);

}  // namespace agon::imports
