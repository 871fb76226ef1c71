#include "privacy/pii/pattern_automaton.hpp"

#include <stdexcept>

#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr std::string_view pattern_signs = " -_.':/=@+";

}  // namespace

pattern_automaton::pattern_automaton(const std::vector<std::string_view>& patterns) {
  std::uint8_t classes_used = 1;  // 0: what is in no pattern
  const auto give_class = [&](char c) {
    class_of_[static_cast<unsigned char>(c)] = classes_used++;
  };
  for (char c = 'a'; c <= 'z'; ++c) {
    class_of_[static_cast<unsigned char>(to_upper(c))] = classes_used;
    give_class(c);
  }
  for (char c = '0'; c <= '9'; ++c) give_class(c);
  for (const char c : pattern_signs) give_class(c);

  next_.emplace_back();
  first_.push_back(none);
  same_.assign(patterns.size(), none);
  for (std::size_t i = 0; i < patterns.size(); ++i)
    insert(patterns[i], static_cast<std::uint16_t>(i));
  link();
}

void pattern_automaton::insert(std::string_view pattern, std::uint16_t index) {
  if (pattern.empty()) throw std::invalid_argument("empty pattern");
  std::uint16_t state = 0;
  for (const char c : pattern) {
    const std::uint8_t k = class_of_[static_cast<unsigned char>(c)];
    if (k == 0) throw std::invalid_argument("a pattern holds a character of no class");
    if (next_[state][k] == 0) {
      if (next_.size() >= none) throw std::invalid_argument("too many patterns");
      next_[state][k] = static_cast<std::uint16_t>(next_.size());
      next_.emplace_back();
      first_.push_back(none);
    }
    state = next_[state][k];
  }
  same_[index] = first_[state];
  first_[state] = index;
}

void pattern_automaton::link() {
  ends_.assign(next_.size(), 0);
  shorter_.assign(next_.size(), 0);
  for (std::size_t s = 0; s < next_.size(); ++s) ends_[s] = first_[s] != none;
  std::vector<std::uint16_t> suffix(next_.size(), 0);
  std::vector<std::uint16_t> queue;
  for (const std::uint16_t s : next_[0])
    if (s != 0) queue.push_back(s);
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const std::uint16_t state = queue[head];
    const std::uint16_t back = suffix[state];
    shorter_[state] = ends_[back] ? back : shorter_[back];
    for (std::size_t k = 0; k < classes; ++k) {
      std::uint16_t& to = next_[state][k];
      if (to != 0) {
        suffix[to] = next_[back][k];
        queue.push_back(to);
      } else {
        to = next_[back][k];
      }
    }
  }
}

}  // namespace agon::pii
