#include "services/offline/text_table.hpp"

#include <algorithm>

namespace agon::offline {
namespace {

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  return out;
}

std::string as_markdown(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (std::string_view("\\`*_[]<>|~#&").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string text_table::aligned() const {
  std::vector<std::size_t> widths;
  for (const column& c : columns_) widths.push_back(width_of(c.head));
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));

  std::string out;
  const auto add_line = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string space(widths[i] - width_of(cells[i]), ' ');
      if (i > 0) line += "  ";
      const std::string text = printable(cells[i]);
      line += columns_[i].side == align::left ? text + space : space + text;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  };
  std::vector<std::string> heads;
  for (const column& c : columns_) heads.push_back(c.head);
  add_line(heads);
  for (const auto& row : rows_) add_line(row);
  return out;
}

std::string text_table::markdown() const {
  std::string out = "|";
  for (const column& c : columns_) out += ' ' + as_markdown(c.head) + " |";
  out += "\n|";
  for (const column& c : columns_) out += c.side == align::left ? " --- |" : " ---: |";
  for (const auto& row : rows_) {
    out += "\n|";
    for (const std::string& cell : row) out += ' ' + as_markdown(cell) + " |";
  }
  return out + '\n';
}

}  // namespace agon::offline
