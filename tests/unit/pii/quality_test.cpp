// Recall and precision against Presidio's data (IoU of at least .5 and the same kind),
// printed, with floors. What Presidio itself reaches on generated_large: card 1.0/1.0,
// phone .603/.732, e-mail 1/1, IBAN .893/1, IP 1/1.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "tests/unit/pii/presidio_data.hpp"

namespace agon::pii {
namespace {

constexpr double same_place = .5;

bool has_data() {
  return std::filesystem::exists(test::data_folder());
}

bool expectation_met(const test::labelled_text& v) {
  std::vector<span> found;
  for (const span& s : find(v.text))
    if (name_of(s.what) == v.about) found.push_back(s);
  if (found.size() != v.expected_count) return false;
  for (const auto& expected : v.spans)
    if (std::none_of(found.begin(), found.end(),
                     [&](const span& s) { return test::overlap(expected, s) >= same_place; }))
      return false;
  return true;
}

// The texts of a kind whose expectation is not met. A text may stand several times
// with what different settings give: meeting one is enough.
std::set<std::string> unmet_vectors(std::string_view kind, std::size_t& texts) {
  std::map<std::string, bool> met;
  for (const auto& v : test::read_vectors())
    if (v.about == kind) met[v.text] = met[v.text] || expectation_met(v);
  std::set<std::string> unmet;
  for (const auto& [text, good] : met)
    if (!good) unmet.insert(text);
  texts = met.size();
  std::printf("vectors %s: %zu of %zu\n", std::string(kind).c_str(), texts - unmet.size(), texts);
  for (const auto& text : unmet) std::printf("   unmet: %s\n", text.c_str());
  return unmet;
}

struct score {
  int expected = 0, recalled = 0, found = 0, right = 0;
  [[nodiscard]] double recall() const { return double(recalled) / double(expected); }
  [[nodiscard]] double precision() const { return double(right) / double(found); }
};

std::map<std::string, score> score_sentences() {
  std::map<std::string, score> scores;
  for (const auto& t : test::read_sentences()) {
    const std::vector<span> found = find(t.text);
    for (const auto& expected : t.spans) {
      score& s = scores[expected.kind];
      ++s.expected;
      s.recalled += std::any_of(found.begin(), found.end(), [&](const span& f) {
        return name_of(f.what) == expected.kind && test::overlap(expected, f) >= same_place;
      });
    }
    for (const span& f : found) {
      score& s = scores[std::string(name_of(f.what))];
      ++s.found;
      const bool right = std::any_of(t.spans.begin(), t.spans.end(), [&](const auto& e) {
        return e.kind == name_of(f.what) && test::overlap(e, f) >= same_place;
      });
      s.right += right;
    }
  }
  return scores;
}

TEST(quality, every_iban_vector_but_one_is_met) {
  if (!has_data()) GTEST_SKIP() << "no shared data at " << test::data_folder();
  std::size_t texts = 0;
  // Presidio refuses it for its small letter; with the letter's value the checksum
  // holds, so it is somebody's account all the same and we redact it.
  EXPECT_EQ(unmet_vectors("IBAN_CODE", texts), std::set<std::string>{"LV80 bANK 0000 4351 9500 1"});
  EXPECT_GT(texts, 300U);
}

TEST(quality, every_ip_address_vector_is_met) {
  if (!has_data()) GTEST_SKIP() << "no shared data at " << test::data_folder();
  std::size_t texts = 0;
  EXPECT_EQ(unmet_vectors("IP_ADDRESS", texts), std::set<std::string>{});
  EXPECT_GT(texts, 100U);
}

TEST(quality, every_email_card_and_phone_vector_is_met) {
  if (!has_data()) GTEST_SKIP() << "no shared data at " << test::data_folder();
  std::size_t texts = 0;
  EXPECT_EQ(unmet_vectors("EMAIL_ADDRESS", texts), std::set<std::string>{});
  EXPECT_EQ(unmet_vectors("CREDIT_CARD", texts), std::set<std::string>{});
  EXPECT_EQ(unmet_vectors("PHONE_NUMBER", texts), std::set<std::string>{});
}

TEST(quality, benign_prompts_are_left_alone) {
  if (!has_data()) GTEST_SKIP() << "no shared data at " << test::data_folder();
  int prompts = 0, touched = 0;
  for (const char* name : {"vicuna_question.jsonl", "oasst_en_100_text.jsonl"}) {
    std::ifstream file(test::data_folder() / name);
    for (std::string line; std::getline(file, line); ++prompts)
      for (const span& s : find(line)) {
        std::printf("touched: %s\n", line.substr(s.begin, s.end - s.begin).c_str());
        ++touched;
        break;
      }
  }
  std::printf("benign prompts touched: %d of %d\n", touched, prompts);
  EXPECT_GT(prompts, 150);
  EXPECT_LE(touched * 100, prompts);
}

TEST(quality, floors_on_synthetic_sentences) {
  if (!has_data()) GTEST_SKIP() << "no shared data at " << test::data_folder();
  struct floor {
    const char* kind;
    double recall, precision;
  };
  auto scores = score_sentences();
  for (const floor& f :
       {floor{"EMAIL_ADDRESS", 1, 1}, floor{"CREDIT_CARD", .99, .99}, floor{"IP_ADDRESS", 1, 1},
        floor{"IBAN_CODE", 1, 1}, floor{"PHONE_NUMBER", .85, .9}}) {
    const score& s = scores[f.kind];
    std::printf("generated_large %s: recall %.3f of %d, precision %.3f of %d\n", f.kind, s.recall(),
                s.expected, s.precision(), s.found);
    EXPECT_GE(s.recall(), f.recall) << f.kind;
    EXPECT_GE(s.precision(), f.precision) << f.kind;
  }
}

}  // namespace
}  // namespace agon::pii
