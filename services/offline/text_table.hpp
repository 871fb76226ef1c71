// Rows of texts, aligned for a terminal or written as Markdown.
#pragma once

#include <string>
#include <vector>

namespace agon::offline {

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

  // Widths are counted in code points. Control characters are shown as '?'.
  [[nodiscard]] std::string aligned() const;
  [[nodiscard]] std::string markdown() const;

 private:
  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace agon::offline
