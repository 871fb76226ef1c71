#include "services/arena/arena.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"

namespace agon::arena {

using json = nlohmann::json;

std::string to_json(const system_card& card) {
  json out = {{"name", card.name},
              {"maker", card.maker},
              {"licence", card.licence},
              {"description", card.description}};
  if (!card.url.empty()) out["url"] = card.url;
  if (card.year != 0) out["year"] = card.year;
  return crypto::canonical_json(out);
}

system_card card_from_json(std::string_view text) {
  const auto parsed = crypto::parse_json(text);
  if (!parsed || !parsed->is_object())
    throw std::invalid_argument("a stored system card is not a JSON object");
  return {parsed->at("name").get<std::string>(),        parsed->at("maker").get<std::string>(),
          parsed->value("url", std::string()),          parsed->at("licence").get<std::string>(),
          parsed->at("description").get<std::string>(), parsed->value("year", 0)};
}

double gate_rule::required_seconds(double media_seconds) const {
  return std::min(seconds, fraction * media_seconds);
}

const registered_system* arena::find_system(int system_id) const {
  const auto it = std::find_if(systems.begin(), systems.end(),
                               [&](const registered_system& s) { return s.id == system_id; });
  return it == systems.end() ? nullptr : &*it;
}

}  // namespace agon::arena
