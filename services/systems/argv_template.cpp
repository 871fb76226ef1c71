#include "services/systems/argv_template.hpp"

#include <algorithm>

namespace agon::systems {
namespace {

bool is_lower_or_underscore(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}

// A placeholder is a lower-case word in braces. Other braces are plain text, so that a
// command may be given JSON or Scheme.
std::string_view placeholder_at(std::string_view text, std::size_t at) {
  if (text[at] != '{') return {};
  std::size_t end = at + 1;
  while (end < text.size() && is_lower_or_underscore(text[end])) ++end;
  if (end == at + 1 || end == text.size() || text[end] != '}') return {};
  return text.substr(at + 1, end - at - 1);
}

const std::string* value_of(std::string_view name, const argv_values& values) {
  if (name == "prompt_file") return &values.prompt_file;
  if (name == "output_file") return &values.output_file;
  if (name == "seed") return &values.seed;
  if (name == "language") return &values.language;
  return nullptr;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::vector<field_error> check_argv(const std::vector<std::string>& argv) {
  std::vector<field_error> wrong;
  if (argv.empty() || argv[0].empty()) wrong.push_back({"/argv", "must begin with a program"});
  for (std::size_t i = 0; i < argv.size(); ++i) {
    const std::string at = "/argv/" + std::to_string(i);
    if (argv[i].find('\0') != std::string::npos) wrong.push_back({at, "holds a zero byte"});
    for (std::size_t c = 0; c < argv[i].size(); ++c) {
      const std::string_view name = placeholder_at(argv[i], c);
      if (name.empty()) continue;
      if (name == "prompt") {
        wrong.push_back({at, "a prompt is never an argument: use {prompt_file} or standard input"});
      } else if (value_of(name, {}) == nullptr) {
        wrong.push_back({at, "unknown placeholder {" + std::string(name) + "}"});
      } else if (i == 0) {
        wrong.push_back({at, "the program itself cannot be a placeholder"});
      }
    }
  }
  return wrong;
}

bool uses(const std::vector<std::string>& argv, std::string_view placeholder) {
  const std::string text = "{" + std::string(placeholder) + "}";
  return std::any_of(argv.begin(), argv.end(), [&](const std::string& argument) {
    return argument.find(text) != std::string::npos;
  });
}

std::vector<std::string> fill_argv(const std::vector<std::string>& argv,
                                   const argv_values& values) {
  std::vector<std::string> filled;
  filled.reserve(argv.size());
  for (const std::string& argument : argv) {
    std::string out;
    for (std::size_t at = 0; at < argument.size();) {
      const std::string_view name = placeholder_at(argument, at);
      const std::string* value = name.empty() ? nullptr : value_of(name, values);
      if (value != nullptr) {
        out += *value;
        at += name.size() + 2;
      } else {
        out += argument[at++];
      }
    }
    filled.push_back(std::move(out));
  }
  return filled;
}

bool is_language_tag(std::string_view text) {
  std::size_t group = 0;
  bool first = true;
  for (const char c : text) {
    if (c == '-') {
      if (group == 0) return false;
      group = 0;
      first = false;
    } else {
      const bool allowed = is_letter(c) || (is_digit(c) && !first);
      if (!allowed || ++group > 8) return false;
    }
  }
  return group > 0 && text.size() <= 35;
}

}  // namespace agon::systems
