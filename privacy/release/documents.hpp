// What a release says of itself: a document per reader. All follow from the manifest alone, so
// that the verifier writes them again and compares. Internal to privacy/release.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/release/manifest.hpp"

namespace agon::release {

struct document {
  std::string path;
  std::string text;
};

// In the order of their paths:
//   CHANGELOG.md            what changed with each revision
//   PRIVACY_REPORT.json/.md the privacy tests, for programs and for people
//   README.md               dataset card for Hugging Face
//   codebook.md             every variable with its values and their counts
//   croissant.json          Croissant 1.1 with the vocabulary of responsible AI
//   datapackage.json        Data Package 2.0
[[nodiscard]] std::vector<document> documents(const manifest& m);

// preview.json: the first rows of each table, for whoever looks before downloading. By table,
// lines of canonical JSON.
constexpr std::string_view preview_path = "preview.json";
constexpr std::size_t previewed_rows = 10;
using preview_lines = std::map<std::string, std::vector<std::string>>;
[[nodiscard]] std::string preview(const preview_lines& lines);

[[nodiscard]] std::string changelog(const manifest& m);
[[nodiscard]] std::string codebook(const manifest& m);
[[nodiscard]] std::string croissant(const manifest& m);
[[nodiscard]] std::string data_package(const manifest& m);
[[nodiscard]] std::string privacy_report_json(const manifest& m);
[[nodiscard]] std::string privacy_report(const manifest& m);

// "1.0.0" for the first publication; a revision takes rows away and so counts the first number.
[[nodiscard]] std::string dataset_version(const manifest& m);
// The address of a known licence, or "".
[[nodiscard]] std::string license_url(std::string_view license);
// ρ as a decimal, and the ε of (ε, 10⁻⁶)-differential privacy that it gives.
[[nodiscard]] std::string rho_text(std::int64_t billionths);
[[nodiscard]] std::string epsilon_text(std::int64_t billionths);

}  // namespace agon::release
