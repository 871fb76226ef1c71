// Prompts that are nearly the same text, found by MinHash (Broder 1997, "On the resemblance
// and containment of documents"), with one hash per shingle (Li, Owen & Zhang 2012, "One
// permutation hashing") and bands (Leskovec, Rajaraman & Ullman, Mining of Massive
// Datasets, chapter 3).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace agon::ratings {

// A number for each text, the same for texts whose sets of five-byte shingles are nearly
// equal: estimated Jaccard similarity at least `similarity`, in (0, 1], with the first text
// of a group or one that was found near it. The number is the index of the first text of
// the group. Case (of ASCII), spaces and punctuation do not count. Pairs far above the
// similarity are found almost surely, those just above it often. O(bytes + texts).
[[nodiscard]] std::vector<std::uint32_t> near_duplicates(std::span<const std::string_view> texts,
                                                         double similarity = 0.8);

}  // namespace agon::ratings
