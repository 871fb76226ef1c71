// What a system's program is given of a prompt: some take parts of it for commands.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/error.hpp"

namespace re2 {
class RE2;
}

namespace agon::systems {

// One thing in a prompt that is replaced before a program gets it.
struct prompt_rule {
  std::string text;     // literally; or
  std::string pattern;  // an RE2 expression
  std::string with;     // \1 is what the pattern's first group matched, \0 all of it

  bool operator==(const prompt_rule&) const = default;
};

// Complaints with JSON pointers into the list, "/0/pattern"; empty if all make sense: each
// has one of text and pattern, the pattern is a regular expression that does not match
// nothing, and `with` names its groups alone.
[[nodiscard]] std::vector<field_error> check_prompt_rules(const std::vector<prompt_rule>& rules);

class prompt_rules {
 public:
  // Rules that check_prompt_rules() has nothing against; throws std::invalid_argument for others.
  explicit prompt_rules(const std::vector<prompt_rule>& rules);
  ~prompt_rules();
  prompt_rules(const prompt_rules&) = delete;
  prompt_rules& operator=(const prompt_rules&) = delete;

  // Each rule in its turn, everywhere, on what the rules before it left. In time linear in
  // the prompt, whatever the pattern. Safe from any thread.
  [[nodiscard]] std::string apply(std::string prompt) const;

 private:
  struct compiled {
    std::unique_ptr<re2::RE2> what;
    std::string with;
  };
  std::vector<compiled> rules_;
};

}  // namespace agon::systems
