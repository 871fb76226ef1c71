#include "services/boards/board_feed.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "services/core/json_reader.hpp"

namespace agon::boards {

void board_feed::publish(const board_version& v) {
  const std::lock_guard lock(mutex_);
  board_version& known = newest_[{v.arena, v.method, v.segment}];
  if (v.version > known.version) known = v;
}

bool board_feed::publish_json(std::string_view text) {
  const auto document = parse_object(text, 4096);
  if (!document) return false;
  json_reader in(*document);
  constexpr std::int64_t most = std::int64_t{1} << 53;
  board_version v;
  v.arena = static_cast<int>(in.integer("arena", 1, std::numeric_limits<int>::max()));
  v.method = in.text("method", {.min = 1, .max = 64});
  v.version = in.integer("version", 1, most);
  v.votes = in.integer("votes", 0, most);
  v.segment = in.optional_text("segment", {.max = 128}).value_or("");
  if (in.finish()) return false;
  publish(v);
  return true;
}

std::vector<board_version> board_feed::current(int arena) const {
  const std::lock_guard lock(mutex_);
  std::vector<board_version> out;
  for (const auto& [key, v] : newest_)
    if (key.arena == arena) out.push_back(v);
  return out;
}

}  // namespace agon::boards
