#include <algorithm>

#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/names_model.hpp"

namespace agon::pii {
namespace {

constexpr std::uint32_t outside = 0x51ed270bU;  // stands for a word beyond the text

std::uint32_t mixed(std::uint32_t a, std::uint32_t b) {
  std::uint32_t h = a * 0x9e3779b1U ^ b;
  h ^= h >> 15U;
  h *= 0x85ebca6bU;
  h ^= h >> 13U;
  return h;
}

std::uint32_t row_of(std::uint32_t form, std::uint32_t value) {
  return mixed(form + 1, value * 0xc2b2ae35U + form) >> (32 - name_feature_bits);
}

}  // namespace

feature_reader::feature_reader(const std::vector<name_token>& tokens,
                               const std::vector<std::uint8_t>& lists, std::string_view folded)
    : tokens_(tokens), lists_(lists), line_case_(tokens.size(), 0) {
  for (std::size_t begin = 0; begin < tokens.size();) {
    std::size_t end = begin;
    int capitals = 0, small = 0;
    while (end < tokens.size() && folded[tokens[end].begin] != '\n') {
      const name_token& t = tokens[end++];
      if (!t.is_word) continue;
      if (!t.capital)
        ++small;
      else if (t.end - t.begin > 1)
        ++capitals;
    }
    const auto line = static_cast<std::uint8_t>(capitals == 0 ? 1 : small == 0 ? 2 : 0);
    end = std::min(end + 1, tokens.size());
    std::fill(line_case_.begin() + static_cast<std::ptrdiff_t>(begin),
              line_case_.begin() + static_cast<std::ptrdiff_t>(end), line);
    begin = end;
  }
}

bool feature_reader::may_begin(std::size_t i) const {
  const name_token& t = tokens_[i];
  if (!t.is_word) return false;
  if (t.is_number)
    return i + 1 < tokens_.size() && tokens_[i + 1].is_word && !tokens_[i + 1].is_number;
  return t.capital || (lists_[i] & ~historic) != common_word;
}

void feature_reader::read(std::size_t i, std::uint8_t last_tag, std::uint8_t tag_before,
                          feature_row_numbers& rows) const {
  const auto word = [&](std::size_t offset_by_2) {  // 0: two before … 4: two behind
    const std::size_t at = i + offset_by_2;
    return at < 2 || at - 2 >= tokens_.size() ? outside : tokens_[at - 2].word;
  };
  const auto list = [&](std::size_t offset_by_1) -> std::uint32_t {
    const std::size_t at = i + offset_by_1;
    return at < 1 || at - 1 >= tokens_.size() ? 255 : lists_[at - 1] & ~historic;
  };
  const auto shape = [&](std::size_t offset_by_1) -> std::uint32_t {
    const std::size_t at = i + offset_by_1;
    return at < 1 || at - 1 >= tokens_.size() ? 255 : tokens_[at - 1].shape;
  };
  const name_token& t = tokens_[i];
  const std::uint32_t w = t.word, before1 = word(1), before2 = word(0), next1 = word(3),
                      next2 = word(4);
  const std::uint32_t g = list(1), s = shape(1), line = line_case_[i];
  const std::uint32_t gs = g * 256 + s;
  std::uint32_t form = 0;
  std::size_t n = 0;
  const auto put = [&](std::uint32_t value) { rows[n++] = row_of(form++, value); };
  put(w);
  put(before1);
  put(next1);
  put(before2);
  put(next2);
  put(mixed(before1, w));
  put(mixed(w, next1));
  put(mixed(before1, next1));
  put(mixed(before2, before1));
  put(mixed(next1, next2));
  put(gs * 4 + line);
  put(s * 256 + shape(0));
  put(s * 256 + shape(2));
  put(t.suffix);
  put(t.prefix);
  put(mixed(t.ending, s));
  put(g);
  put(g * 256 + list(0));
  put(g * 256 + list(2));
  put(mixed(before1, g));
  put(mixed(next1, g));
  put(mixed(before1, gs));
  put(mixed(shape(0) * 65536 + s * 256 + shape(2), list(0) * 256 + g));
  put(mixed(before2, mixed(before1, g)));
  const std::uint32_t tags = last_tag * 16U + tag_before;
  put(last_tag);
  put(tags);
  put(mixed(w, last_tag));
  put(mixed(gs, tags));
  put(mixed(mixed(next1, s), last_tag));
  put(mixed(list(2) * 256 + g, tags * 2 + (t.spaced ? 1U : 0U)));
}

}  // namespace agon::pii
