#include "services/arena/live_text.hpp"

#include <algorithm>

namespace agon::arena {
namespace {

// Characters of each side per step: 240 a second at ten steps, faster than anybody reads and
// slower than most systems write.
constexpr std::size_t step_size = 24;
// Once all systems are done, what is left appears within so many steps.
constexpr std::size_t last_steps = 10;

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) != 0x80;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

// Where the character of that number begins, in bytes.
std::size_t byte_of(std::string_view text, std::size_t character) {
  std::size_t seen = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (begins_character(text[at]) && seen++ == character) return at;
  return text.size();
}

}  // namespace

void live_text::append(std::size_t slot, std::string_view piece) {
  const std::lock_guard lock(mutex_);
  side& s = slots_.at(slot);
  s.text += piece;
  s.length += count_characters(piece);
}

void live_text::finish(std::size_t slot) {
  const std::lock_guard lock(mutex_);
  slots_.at(slot).finished = true;
}

bool live_text::restart(std::size_t slot) {
  const std::lock_guard lock(mutex_);
  if (shown_ > 0) return false;
  slots_.at(slot) = side{};
  return true;
}

void live_text::step() {
  const std::lock_guard lock(mutex_);
  std::size_t longest = 0;
  std::size_t slowest = std::string::npos;  // of those that still write
  for (const side& s : slots_) {
    if (s.length == 0) return;  // not every side has begun
    longest = std::max(longest, s.length);
    if (!s.finished) slowest = std::min(slowest, s.length);
  }
  const bool all_done = slowest == std::string::npos;
  const std::size_t left = longest - std::min(longest, shown_);
  const std::size_t wide = all_done ? std::max(step_size, left / last_steps) : step_size;
  shown_ = std::max(shown_, std::min({shown_ + wide, longest, slowest}));
}

bool live_text::done() const {
  const std::lock_guard lock(mutex_);
  return std::all_of(slots_.begin(), slots_.end(),
                     [this](const side& s) { return s.finished && s.length <= shown_; });
}

std::optional<live_text::part> live_text::after(std::size_t from) const {
  const std::lock_guard lock(mutex_);
  if (from >= shown_) return std::nullopt;
  part p{from, shown_, {}};
  for (const side& s : slots_) {
    const std::size_t begin = byte_of(s.text, from);
    const std::size_t end = byte_of(s.text, shown_);
    p.texts.push_back(s.text.substr(begin, end - begin));
  }
  return p;
}

std::shared_ptr<live_text> live_texts::open(battle_id id, std::size_t slots) {
  auto made = std::make_shared<live_text>(slots);
  const std::lock_guard lock(mutex_);
  open_[id] = made;
  return made;
}

std::shared_ptr<live_text> live_texts::find(battle_id id) const {
  const std::lock_guard lock(mutex_);
  const auto it = open_.find(id);
  return it == open_.end() ? nullptr : it->second;
}

void live_texts::close(battle_id id) {
  const std::lock_guard lock(mutex_);
  open_.erase(id);
}

}  // namespace agon::arena
