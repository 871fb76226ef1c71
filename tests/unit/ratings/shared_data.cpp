#include "tests/unit/ratings/shared_data.hpp"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace agon::ratings::testing {
namespace {

std::vector<std::vector<std::string>> read_csv(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<std::vector<std::string>> out;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::stringstream cells(line);
    out.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) out.back().push_back(cell);
  }
  if (out.empty()) throw std::runtime_error("cannot read " + path.string());
  return out;
}

std::size_t column(const std::vector<std::string>& header, const std::string& name) {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (header[i] == name) return i;
  throw std::runtime_error("no column " + name);
}

outcome winner_outcome(const std::string& text) {
  if (text == "left") return outcome::a;
  if (text == "right") return outcome::b;
  if (text == "tie") return outcome::tie;
  throw std::runtime_error("unknown winner " + text);
}

}  // namespace

std::filesystem::path shared_data(const std::string& file) {
  const char* folder = std::getenv("AGON_SHARED_DATA");  // NOLINT(concurrency-mt-unsafe)
  return (folder ? std::filesystem::path(folder)
                 : std::filesystem::path(AGON_SOURCE_DIR) / "../shared/data") /
         file;
}

std::vector<named_vote> read_votes(const std::filesystem::path& csv) {
  const auto lines = read_csv(csv);
  const std::size_t left = column(lines[0], "left");
  const std::size_t right = column(lines[0], "right");
  const std::size_t winner = column(lines[0], "winner");
  std::vector<named_vote> out;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    out.push_back({lines[i].at(left), lines[i].at(right), winner_outcome(lines[i].at(winner))});
  }
  return out;
}

tally tally_of(const std::vector<named_vote>& votes) {
  tally out;
  for (const named_vote& v : votes) out.add(v.left, v.right, v.result);
  return out;
}

system_index index_of(const roster& systems, const std::string& name) {
  const auto found = systems.find(name);
  if (!found) throw std::runtime_error("no system " + name);
  return *found;
}

std::map<std::string, double> read_golden(const std::filesystem::path& csv,
                                          const std::string& algorithm) {
  std::map<std::string, double> out;
  for (const auto& cells : read_csv(csv))
    if (cells.at(0) == algorithm) out[cells.at(1)] = std::stod(cells.at(2));
  return out;
}

tally read_chatbot_arena() {
  std::ifstream in(shared_data("votes/chatbotarena_20240814.json"));
  const auto j = nlohmann::json::parse(in);
  tally out;
  for (const auto& name : j.at("models")) out.add_system(name.get<std::string>());
  for (std::size_t i = 0; i < j.at("X").size(); ++i) {
    const auto pair = j.at("X")[i].get<std::array<system_index, 2>>();
    const auto counts = j.at("Y")[i].get<tally::cell>();
    for (std::size_t o = 0; o < outcome_count; ++o)
      out.add(pair[0], pair[1], static_cast<outcome>(o), counts[o]);
  }
  return out;
}

}  // namespace agon::ratings::testing
