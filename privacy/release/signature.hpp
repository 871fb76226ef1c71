// Signs a built release, in minisign's format.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "privacy/crypto/minisign.hpp"
#include "privacy/release/error.hpp"

namespace agon::release {

// SHA256SUMS covers every file; the manifest alone is enough for the data.
constexpr std::array<std::string_view, 2> signed_files = {"SHA256SUMS", "manifest.json"};
constexpr std::string_view signature_ending = ".minisig";

// Writes a signature beside each of signed_files; one that is there already is replaced. The
// same release and key give the same bytes.
[[nodiscard]] result<void> sign_release(const std::filesystem::path& directory,
                                        const crypto::minisign_secret_key& key);

}  // namespace agon::release
