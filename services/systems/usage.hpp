// What one answer used, and what that costs at the prices of the arena file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace agon::systems {

// Absent means that the system did not tell, which is not zero.
struct usage {
  std::optional<std::uint64_t> input_tokens;
  std::optional<std::uint64_t> output_tokens;
  std::uint64_t input_characters = 0;  // code points of the prompt and all earlier turns
  std::uint64_t outputs = 1;           // images or recordings; 0 after a failure
  double output_seconds = 0;           // of audio: filled in by the caller, who has decoded it
};

// In units of `currency`. A price of 0 is free.
struct price_list {
  std::string currency;  // ISO 4217: "USD"; empty: prices are not known
  double per_million_input_tokens = 0;
  double per_million_output_tokens = 0;
  double per_million_characters = 0;
  double per_output = 0;
  double per_output_second = 0;

  bool operator==(const price_list&) const = default;
};

struct cost {
  std::string currency;
  std::int64_t micros = 0;  // millionths of the currency's unit, rounded up
  // False where tokens have a price and the system did not say how many it used: then
  // `micros` counts the rest alone.
  bool complete = true;
};

// Nothing if the prices are not known. O(1), pure.
[[nodiscard]] std::optional<cost> cost_of(const price_list& prices, const usage& used);

}  // namespace agon::systems
