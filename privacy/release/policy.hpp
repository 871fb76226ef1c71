// Under which rules a partition was made. The rules on people (consent, cool-off)
// are applied by whoever selects the rows; they are written into the manifest so
// that a reader knows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agon::release {

// How much of a prompt's language is published: the level of its hierarchy.
enum class language_detail { tag = 0, primary = 1, none = 2 };

struct release_policy {
  // A vote is released no sooner than this after it was cast.
  int cool_off_hours = 72;
  // Refuses to publish a partition with fewer votes than this.
  std::int64_t minimum_votes = 1;
  // The purposes a participant must have consented to, for a row to be selected.
  std::vector<std::string> consent_purposes = {"publish_votes", "publish_text"};
  // A language that stands in fewer votes than this is withheld.
  std::int64_t k = 5;
  language_detail language = language_detail::primary;
  // What is spent on counts with noise, in billionths of ρ; 0: there are none.
  std::int64_t counts_rho = 0;
  std::int64_t counted_votes = 20;  // of one person, at most
};

// "tag", "primary", "none"; nothing for other words.
[[nodiscard]] std::string_view name_of(language_detail d);
[[nodiscard]] std::optional<language_detail> language_detail_from(std::string_view name);

// Canonical JSON.
[[nodiscard]] std::string to_json(const release_policy& policy);
// What to_json() wrote, also before it had a k: then nothing was withheld. Throws
// nlohmann::json::exception or std::invalid_argument for other texts.
[[nodiscard]] release_policy policy_from_json(const std::string& text);
[[nodiscard]] std::string policy_sha256(const release_policy& policy);

// Whether partitions made under both may lie side by side: laid over each other, those
// that were recoded differently tell apart what each had merged.
[[nodiscard]] bool recode_alike(const release_policy& a, const release_policy& b);

}  // namespace agon::release
