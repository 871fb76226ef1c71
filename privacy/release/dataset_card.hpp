// README.md of a release: a Hugging Face dataset card. Internal to privacy/release.
#pragma once

#include <string>

#include "privacy/release/manifest.hpp"

namespace agon::release {

// Follows from the manifest alone, so that the verifier can write it again.
[[nodiscard]] std::string dataset_card(const manifest& m);

}  // namespace agon::release
