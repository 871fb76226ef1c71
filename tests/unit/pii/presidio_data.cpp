#include "tests/unit/pii/presidio_data.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace agon::pii::test {
namespace {

constexpr double same_place = .5;

bool meets(const labelled_span& expected, const span& found) {
  // A date of birth is a date.
  const bool same = name_of(found.what) == expected.kind ||
                    (found.what == kind::date_of_birth && expected.kind == "DATE_TIME");
  return same && overlap(expected, found) >= same_place;
}

}  // namespace

std::filesystem::path data_folder() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests read the environment from one thread
  const char* given = std::getenv("AGON_SHARED_DATA");
  const std::filesystem::path root =
      given != nullptr ? std::filesystem::path(given)
                       : std::filesystem::path(AGON_SOURCE_DIR) / ".." / "shared" / "data";
  return root / "pii";
}

bool has_data() {
  return std::filesystem::exists(data_folder());
}

std::vector<labelled_text> read_vectors() {
  std::vector<labelled_text> out;
  std::ifstream file(data_folder() / "recognizer_vectors.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto v = nlohmann::json::parse(line);
    labelled_text t;
    t.about = v.at("entity").get<std::string>();
    t.text = v.at("text").get<std::string>();
    t.expected_count = v.at("expected_len").get<std::size_t>();
    for (const auto& s : v.at("spans"))
      t.spans.push_back({t.about, s.at(0).get<std::size_t>(), s.at(1).get<std::size_t>()});
    out.push_back(std::move(t));
  }
  return out;
}

std::vector<labelled_text> read_sentences() {
  std::ifstream file(data_folder() / "generated_large.json");
  std::stringstream all;
  all << file.rdbuf();
  std::vector<labelled_text> out;
  for (const auto& v : nlohmann::json::parse(all.str())) {
    labelled_text t;
    t.text = v.at("full_text").get<std::string>();
    for (const auto& s : v.at("spans")) {
      auto kind = s.at("entity_type").get<std::string>();
      if (kind == "ADDRESS") kind = "STREET_ADDRESS";
      if (kind == "DOMAIN_NAME") kind = "URL";
      if (kind == "TITLE" || kind == "PREFIX") continue;
      t.spans.push_back({kind, s.at("start_position").get<std::size_t>(),
                         s.at("end_position").get<std::size_t>()});
    }
    out.push_back(std::move(t));
  }
  return out;
}

std::vector<std::string> read_benign_prompts() {
  std::vector<std::string> out;
  for (const char* name : {"vicuna_question.jsonl", "oasst_en_100_text.jsonl"}) {
    std::ifstream file(data_folder() / name);
    for (std::string line; std::getline(file, line);) {
      const auto v = nlohmann::json::parse(line);
      out.push_back((v.is_string() ? v : v.at("turns").at(0)).get<std::string>());
    }
  }
  return out;
}

double overlap(const labelled_span& expected, const span& found) {
  const auto common_begin = std::max(expected.begin, found.first_code_point);
  const auto common_end = std::min(expected.end, found.last_code_point);
  if (common_end <= common_begin) return 0;
  const auto all = std::max(expected.end, found.last_code_point) -
                   std::min(expected.begin, found.first_code_point);
  return static_cast<double>(common_end - common_begin) / static_cast<double>(all);
}

quality& quality::operator+=(const quality& other) {
  expected += other.expected;
  recalled += other.recalled;
  found += other.found;
  right += other.right;
  return *this;
}

std::map<std::string, quality> score_sentences(const std::vector<labelled_text>& sentences,
                                               const options& how) {
  std::map<std::string, quality> scores;
  for (const auto& t : sentences) {
    const std::vector<span> found = find(t.text, how);
    for (const auto& expected : t.spans) {
      quality& q = scores[expected.kind];
      ++q.expected;
      q.recalled += std::any_of(found.begin(), found.end(),
                                [&](const span& f) { return meets(expected, f); });
    }
    for (const span& f : found) {
      const kind counted = f.what == kind::date_of_birth ? kind::date_time : f.what;
      quality& q = scores[std::string(name_of(counted))];
      ++q.found;
      q.right +=
          std::any_of(t.spans.begin(), t.spans.end(), [&](const auto& e) { return meets(e, f); });
    }
  }
  return scores;
}

quality score_characters(const std::vector<labelled_text>& sentences, const options& how) {
  quality q;
  for (const auto& t : sentences) {
    std::vector<bool> personal(t.text.size(), false), taken(t.text.size(), false);
    for (const auto& e : t.spans)
      std::fill(personal.begin() + static_cast<std::ptrdiff_t>(e.begin),
                personal.begin() + static_cast<std::ptrdiff_t>(e.end), true);
    for (const span& f : find(t.text, how))
      std::fill(taken.begin() + static_cast<std::ptrdiff_t>(f.first_code_point),
                taken.begin() + static_cast<std::ptrdiff_t>(f.last_code_point), true);
    for (std::size_t i = 0; i < personal.size(); ++i) {
      q.expected += personal[i];
      q.found += taken[i];
      q.recalled += personal[i] && taken[i];
      q.right += personal[i] && taken[i];
    }
  }
  return q;
}

bool is_met(const labelled_text& v) {
  const auto what = kind_named(v.about);
  if (!what) return false;
  const std::vector<span> found = find(v.text, {kind_set::only(*what), 0});
  if (found.size() != v.expected_count) return false;
  return v.expected_count == 0 || std::all_of(v.spans.begin(), v.spans.end(), [&](const auto& e) {
           return std::any_of(found.begin(), found.end(),
                              [&](const span& s) { return meets(e, s); });
         });
}

std::map<std::string, vector_result> try_vectors() {
  std::map<std::string, std::map<std::string, bool>> met;
  for (const auto& v : read_vectors()) met[v.about][v.text] = met[v.about][v.text] || is_met(v);
  std::map<std::string, vector_result> out;
  for (const auto& [kind, texts] : met) {
    out[kind].texts = texts.size();
    for (const auto& [text, good] : texts)
      if (!good) out[kind].unmet.push_back(text);
  }
  return out;
}

}  // namespace agon::pii::test
