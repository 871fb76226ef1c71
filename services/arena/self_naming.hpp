// Texts that tell who wrote them: "I am ChatGPT, made by OpenAI". Whoever reads that before
// the vote is not blind.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agon::arena {

// The names to look for: those of well-known assistants and their makers, and an arena's own.
// Never changes once it is made; safe to use from any thread.
class self_naming {
 public:
  explicit self_naming(const std::vector<std::string>& assistants = {},
                       const std::vector<std::string>& makers = {});

  // The name under which a text introduces its author, as it stands in the list; empty if it
  // does not. That is: within one sentence, soon after words by which somebody speaks of
  // themself ("I am", "ich bin", "我是", "as an AI"), stands the name of an assistant, or "by"
  // and that of a maker. A text about ChatGPT does not name itself, nor does one that
  // applies for a position at Google; one that says that it is not ChatGPT does.
  // O(bytes), and O(names) for each such beginning.
  [[nodiscard]] std::string_view find(std::string_view text) const;

 private:
  struct entry {
    std::string name;
    std::string pattern;  // routing::phrase_pattern
    bool maker = false;
  };
  [[nodiscard]] std::string_view name_in(std::string_view said, std::size_t marker) const;

  std::vector<entry> names_;
  std::vector<std::string> markers_;
};

}  // namespace agon::arena
