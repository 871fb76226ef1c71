// Under which rules a partition was made. The rules on people (consent, cool-off)
// are applied by whoever selects the rows; they are written into the manifest so
// that a reader knows them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace agon::release {

struct release_policy {
  // A vote is released no sooner than this after it was cast.
  int cool_off_hours = 72;
  // Refuses to publish a partition with fewer votes than this.
  std::int64_t minimum_votes = 1;
  // The purposes a participant must have consented to, for a row to be selected.
  std::vector<std::string> consent_purposes = {"publish_votes", "publish_text"};
};

// Canonical JSON.
[[nodiscard]] std::string to_json(const release_policy& policy);
[[nodiscard]] std::string policy_sha256(const release_policy& policy);

}  // namespace agon::release
