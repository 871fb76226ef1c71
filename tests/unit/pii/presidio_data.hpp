// Presidio's public test data, as DESIGN's shared data hold them: strings with the
// places of what they contain, in code points.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "privacy/pii/find.hpp"

namespace agon::pii::test {

struct labelled_span {
  std::string kind;
  std::size_t begin = 0, end = 0;
};

struct labelled_text {
  std::string text;
  std::vector<labelled_span> spans;
  std::string about;               // vectors: the only kind that is judged
  std::size_t expected_count = 0;  // vectors: how many of that kind there are
};

// $AGON_SHARED_DATA/pii, or ../shared/data/pii beside the project.
[[nodiscard]] std::filesystem::path data_folder();
[[nodiscard]] std::vector<labelled_text> read_vectors();    // recognizer_vectors.jsonl
[[nodiscard]] std::vector<labelled_text> read_sentences();  // generated_large.json

// Intersection over union of the places, in code points.
[[nodiscard]] double overlap(const labelled_span& expected, const span& found);

}  // namespace agon::pii::test
