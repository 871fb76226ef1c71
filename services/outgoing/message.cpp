#include "services/outgoing/message.hpp"

#include <algorithm>

namespace agon::outgoing {

std::string_view answer::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return {};
}

bool is_header_name(std::string_view text) {
  static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view text) {
  return text.size() <= 8000 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 0x20 && c != 0x7f) || c == '\t' || static_cast<unsigned char>(c) >= 0x80;
         });
}

}  // namespace agon::outgoing
