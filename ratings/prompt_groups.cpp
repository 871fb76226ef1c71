#include "ratings/prompt_groups.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <string>
#include <unordered_map>

namespace agon::ratings {
namespace {

constexpr std::size_t shingle_bytes = 5;
constexpr std::size_t bins = 128;
// 32 bands of 4 bins: two texts of similarity 0.8 share one with probability 0.9999.
constexpr std::size_t bins_in_band = 4;

using signature = std::array<std::uint32_t, bins>;

std::uint64_t scrambled(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

// Letters, digits and all bytes beyond ASCII, in lower case; runs of anything else are one
// space.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool kept = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      static_cast<unsigned char>(c) >= 128;
    if (kept)
      out += upper ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// Each shingle falls into one bin, which keeps its least hash. A bin that stays empty takes
// the value of the next full one, so that it agrees where that agrees.
signature signature_of(std::string_view text) {  // plain
  constexpr std::uint32_t empty = std::numeric_limits<std::uint32_t>::max();
  signature out;
  out.fill(empty);
  const std::size_t shingles = text.size() > shingle_bytes ? text.size() - shingle_bytes + 1 : 1;
  for (std::size_t i = 0; i < shingles; ++i) {
    std::uint64_t key = text.size();
    if (shingles > 1) key = 0;
    for (std::size_t k = i; k < std::min(text.size(), i + shingle_bytes); ++k)
      key = (key << 8) | static_cast<unsigned char>(text[k]);
    const std::uint64_t hash = scrambled(key + 1);
    const auto value = std::min(static_cast<std::uint32_t>(hash >> 32), empty - 1);
    std::uint32_t& bin = out[hash % bins];
    bin = std::min(bin, value);
  }
  const signature sparse = out;
  for (std::size_t b = 0; b < bins; ++b)
    for (std::size_t step = 1; out[b] == empty && step < bins; ++step)
      if (const std::uint32_t next = sparse[(b + step) % bins]; next != empty)
        out[b] = next + static_cast<std::uint32_t>(step) * 0x9e3779b9U;
  return out;
}

double similarity_of(const signature& x, const signature& y) {
  std::size_t equal = 0;
  for (std::size_t b = 0; b < bins; ++b) equal += x[b] == y[b];
  return static_cast<double>(equal) / bins;
}

std::uint64_t band_key(const signature& s, std::size_t first) {
  std::uint64_t key = first;
  for (std::size_t b = first; b < first + bins_in_band; ++b) key = scrambled(key ^ s[b]);
  return key;
}

}  // namespace

struct prompt_groups::parts {
  std::optional<double> similarity;
  std::unordered_map<std::string, std::uint32_t> numbers;  // by plain text
  std::vector<std::uint32_t> above;                        // towards the least of the group
  std::vector<signature> signatures;
  std::unordered_map<std::uint64_t, std::uint32_t> seen;  // a band's bins → first text with them

  [[nodiscard]] std::uint32_t root(std::uint32_t i) const {
    while (above[i] != i) i = above[i];
    return i;
  }
  void join(std::uint32_t number, const std::string& text);
};

void prompt_groups::parts::join(std::uint32_t number, const std::string& text) {
  signatures.push_back(signature_of(text));
  for (std::size_t first = 0; first < bins; first += bins_in_band) {
    const auto [place, is_new] = seen.try_emplace(band_key(signatures[number], first), number);
    if (is_new) continue;
    const std::uint32_t x = root(place->second);
    const std::uint32_t y = root(number);
    if (x == y || similarity_of(signatures[place->second], signatures[number]) < *similarity)
      continue;
    above[std::max(x, y)] = std::min(x, y);
  }
}

prompt_groups::prompt_groups(std::optional<double> similarity) : parts_(std::make_unique<parts>()) {
  if (similarity && !(*similarity > 0 && *similarity <= 1))
    throw std::invalid_argument("near duplicates: a similarity outside (0, 1]");
  parts_->similarity = similarity;
}
prompt_groups::prompt_groups(prompt_groups&&) noexcept = default;
prompt_groups& prompt_groups::operator=(prompt_groups&&) noexcept = default;
prompt_groups::~prompt_groups() = default;

std::uint32_t prompt_groups::add(std::string_view text) {
  std::string key = plain(text);
  const auto number = static_cast<std::uint32_t>(parts_->above.size());
  const auto [known, is_new] = parts_->numbers.try_emplace(std::move(key), number);
  if (!is_new) return known->second;
  parts_->above.push_back(number);
  if (parts_->similarity) parts_->join(number, known->first);
  return number;
}

std::uint32_t prompt_groups::group(std::uint32_t number) const {
  return parts_->root(number);
}

}  // namespace agon::ratings
