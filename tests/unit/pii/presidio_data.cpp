#include "tests/unit/pii/presidio_data.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace agon::pii::test {

std::filesystem::path data_folder() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests read the environment from one thread
  const char* given = std::getenv("AGON_SHARED_DATA");
  const std::filesystem::path root =
      given != nullptr ? std::filesystem::path(given)
                       : std::filesystem::path(AGON_SOURCE_DIR) / ".." / "shared" / "data";
  return root / "pii";
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
    for (const auto& s : v.at("spans"))
      t.spans.push_back({s.at("entity_type").get<std::string>(),
                         s.at("start_position").get<std::size_t>(),
                         s.at("end_position").get<std::size_t>()});
    out.push_back(std::move(t));
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

}  // namespace agon::pii::test
