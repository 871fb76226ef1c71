#include "services/systems/usage.hpp"

#include <algorithm>
#include <cmath>

#include "services/systems/modality.hpp"

namespace agon::systems {
namespace {

constexpr double micros_in_one = 1e6;
// More than any battle can cost; keeps the conversion defined whatever the prices are.
constexpr double largest_cost = 9e15;

}  // namespace

std::string_view name_of(modality m) {
  switch (m) {
    case modality::audio:
      return "audio";
    case modality::text:
      return "text";
    case modality::image:
      return "image";
  }
  return "audio";
}

std::optional<cost> cost_of(const price_list& prices, const usage& used) {
  if (prices.currency.empty()) return std::nullopt;
  cost out{prices.currency, 0, true};
  // A price per million in units is a price per one in millionths.
  double micros = prices.per_million_characters * static_cast<double>(used.input_characters);
  const auto tokens = [&](double price, const std::optional<std::uint64_t>& count) {
    if (price == 0) return;
    out.complete = out.complete && count.has_value();
    micros += price * static_cast<double>(count.value_or(0));
  };
  tokens(prices.per_million_input_tokens, used.input_tokens);
  tokens(prices.per_million_output_tokens, used.output_tokens);
  micros += prices.per_output * micros_in_one * static_cast<double>(used.outputs);
  micros += prices.per_output_second * micros_in_one * used.output_seconds;
  out.micros = static_cast<std::int64_t>(std::ceil(std::min(std::max(micros, 0.0), largest_cost)));
  return out;
}

}  // namespace agon::systems
