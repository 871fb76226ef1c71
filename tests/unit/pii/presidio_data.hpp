// Presidio's public test data, as the shared data hold them: strings with the places of
// what they contain, in code points; and how well find() does on them.
#pragma once

#include <filesystem>
#include <map>
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
[[nodiscard]] bool has_data();
[[nodiscard]] std::vector<labelled_text> read_vectors();  // recognizer_vectors.jsonl
// generated_large.json, with its kinds named as ours: ADDRESS is STREET_ADDRESS,
// DOMAIN_NAME is URL. Titles ("Dr.") and jobs are left out: they identify nobody.
[[nodiscard]] std::vector<labelled_text> read_sentences();
[[nodiscard]] std::vector<std::string> read_benign_prompts();

// Intersection over union of the places, in code points.
[[nodiscard]] double overlap(const labelled_span& expected, const span& found);

struct quality {
  int expected = 0, recalled = 0, found = 0, right = 0;
  [[nodiscard]] double recall() const { return expected == 0 ? 0 : double(recalled) / expected; }
  [[nodiscard]] double precision() const { return found == 0 ? 1 : double(right) / found; }
  [[nodiscard]] double f2() const {
    const double p = precision(), r = recall();
    return p + r == 0 ? 0 : 5 * p * r / (4 * p + r);
  }
  quality& operator+=(const quality& other);
};

// By kind: a label is met by a span of its kind with an overlap of at least .5.
[[nodiscard]] std::map<std::string, quality> score_sentences(
    const std::vector<labelled_text>& sentences, const options& how);

// Characters that belong to a person's data against characters taken out, whatever the
// kind: what a redaction is about.
[[nodiscard]] quality score_characters(const std::vector<labelled_text>& sentences,
                                       const options& how);

// True if find() alone with the vector's kind, guesses included, gives what is expected.
[[nodiscard]] bool is_met(const labelled_text& vector);

// The texts of a kind whose expectation is not met. A text may stand several times with
// what different settings give: meeting one is enough.
struct vector_result {
  std::size_t texts = 0;
  std::vector<std::string> unmet;
};
[[nodiscard]] std::map<std::string, vector_result> try_vectors();

}  // namespace agon::pii::test
