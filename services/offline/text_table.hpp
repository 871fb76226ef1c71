// Rows of texts, aligned for a terminal or written as Markdown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agon::offline {

// Control characters, which could command a terminal or end a line, as '?'.
[[nodiscard]] std::string printable(std::string_view text);
// The same, and what Markdown would take for markup escaped.
[[nodiscard]] std::string as_markdown(std::string_view text);

class text_table {
 public:
  enum class align : bool { left, right };
  struct column {
    std::string head;
    align side = align::left;
  };

  explicit text_table(std::vector<column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  // Widths are counted in code points.
  [[nodiscard]] std::string aligned() const;
  [[nodiscard]] std::string markdown() const;

 private:
  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace agon::offline
