#include "privacy/anonymity/hierarchy.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace agon::anonymity {
namespace {

using ancestors = std::map<std::string, std::vector<std::string>, std::less<>>;

void check_table(const ancestors& table) {
  if (table.empty()) throw std::invalid_argument("a hierarchy needs a value");
  const std::size_t levels = table.begin()->second.size();
  std::vector<std::map<std::string, std::string>> next(levels);
  for (const auto& [value, up] : table) {
    if (up.size() != levels)
      throw std::invalid_argument("the rows of a hierarchy differ in length");
    for (std::size_t i = 0; i + 1 < levels; ++i)
      if (next[i].try_emplace(up[i], up[i + 1]).first->second != up[i + 1])
        throw std::invalid_argument("a hierarchy tells apart again what it had merged");
  }
}

std::optional<long long> whole_number(std::string_view text) {
  long long v = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return v;
}

std::optional<std::string> primary_language(std::string_view tag) {
  constexpr std::size_t shortest = 2, longest = 8;
  std::string out(tag.substr(0, std::min(tag.find('-'), tag.find('_'))));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const bool letters =
      std::all_of(out.begin(), out.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!letters || out.size() < shortest || out.size() > longest) return std::nullopt;
  return out;
}

}  // namespace

std::optional<std::string> hierarchy::at(std::string_view value, std::size_t level) const {
  if (level > top_) throw std::invalid_argument("a hierarchy has no such level");
  if (level == top_ || value == anything) return std::string(anything);
  if (level == 0) return std::string(value);
  return between_(value, level);
}

hierarchy hierarchy::all_or_nothing() {
  return {1, [](std::string_view, std::size_t) { return std::optional<std::string>(); }};
}

hierarchy hierarchy::of_table(std::map<std::string, std::vector<std::string>> table) {
  ancestors known(std::make_move_iterator(table.begin()), std::make_move_iterator(table.end()));
  check_table(known);
  const std::size_t levels = known.begin()->second.size();
  return {levels + 1, [known = std::move(known)](std::string_view value, std::size_t level) {
            const auto at = known.find(value);
            return at == known.end() ? std::optional<std::string>() : at->second[level - 1];
          }};
}

hierarchy hierarchy::of_languages() {
  return {2, [](std::string_view tag, std::size_t) { return primary_language(tag); }};
}

hierarchy hierarchy::of_intervals(std::vector<long long> widths) {
  long long last = 1;
  for (const long long w : widths) {
    if (w < 1 || w % last != 0)
      throw std::invalid_argument("each width must be a multiple of the one before");
    last = w;
  }
  const std::size_t top = widths.size() + 1;
  return {top, [widths = std::move(widths)](std::string_view value, std::size_t level) {
            const auto n = whole_number(value);
            if (!n) return std::optional<std::string>();
            const long long width = widths[level - 1];
            const long long rest = ((*n % width) + width) % width;
            return std::optional(std::to_string(*n - rest) + "-" +
                                 std::to_string(*n - rest + width - 1));
          }};
}

}  // namespace agon::anonymity
