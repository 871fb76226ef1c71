// Resampling of items for every coefficient. Inside the library only.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "ratings/agreement/coefficient.hpp"

namespace agon::ratings::agreement {

// The coefficient of a sample in which item i stands `counts[i]` times.
using item_statistic = std::function<coefficient(std::span<const std::uint32_t> counts)>;

// Throws std::invalid_argument for settings out of range. O(rounds · cost of `statistic`).
[[nodiscard]] interval_estimate bootstrap_items(std::size_t items, const item_statistic& statistic,
                                                const bootstrap_settings& settings);

// 1 − observed / expected, or why not.
[[nodiscard]] coefficient finished(coefficient c);

}  // namespace agon::ratings::agreement
