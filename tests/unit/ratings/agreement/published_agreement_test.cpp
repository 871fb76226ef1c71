// Known answers: Krippendorff's worked examples, and α of real votes.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <tuple>

#include "ratings/agreement/krippendorff.hpp"
#include "tests/unit/ratings/shared_data.hpp"

namespace agon::ratings::agreement {
namespace {

using testing::shared_data;

std::vector<answer> answers_of(const nlohmann::json& rows) {
  std::vector<answer> out;
  for (std::uint32_t participant = 0; participant < rows.size(); ++participant)
    for (std::uint32_t item = 0; item < rows[participant].size(); ++item)
      if (const auto& cell = rows[participant][item]; !cell.is_null())
        out.push_back({item, participant, cell.get<std::uint32_t>()});
  return out;
}

level level_of(const std::string& name) {
  static const std::map<std::string, level> levels{{"nominal", level::nominal},
                                                   {"ordinal", level::ordinal},
                                                   {"interval", level::interval},
                                                   {"ratio", level::ratio}};
  return levels.at(name);
}

TEST(published_agreement, krippendorffs_examples) {
  AGON_NEEDS_SHARED_DATA("agreement/krippendorff_published.json");
  std::ifstream in(shared_data("agreement/krippendorff_published.json"));
  int checked_values = 0;
  const auto published = nlohmann::json::parse(in);
  for (const auto& example : published.at("cases")) {
    const auto table = answer_table::of(answers_of(example.at("rows"))).value();
    for (const auto& [name, expected] : example.at("alpha").items()) {
      SCOPED_TRACE(example.at("name").get<std::string>() + ", " + name);
      const auto c =
          krippendorff_alpha(table, {.kind = level_of(name), .values = {}, .squared_distances = {}})
              .value();
      EXPECT_EQ(c.value.has_value(), !expected.is_null());
      if (!c.value || expected.is_null()) continue;
      // Given to ten digits or to four.
      const double digits = name == "nominal" ? 1e-10 : 5e-5;
      EXPECT_NEAR(*c.value, expected.get<double>(), digits);
      ++checked_values;
    }
  }
  EXPECT_EQ(checked_values, 7);
}

TEST(published_agreement, nominal_alpha_of_real_votes) {
  AGON_NEEDS_SHARED_DATA("votes/llmfao.csv");
  std::ifstream in(shared_data("votes/llmfao.csv"));
  std::string line;
  std::getline(in, line);  // id,prompt,model_x,model_y,worker,winner,left,right
  const std::map<std::string, std::uint32_t> winners{{"left", 0}, {"right", 1}, {"tie", 2}};
  std::map<std::string, std::uint32_t> items;
  std::map<std::string, std::uint32_t> participants;
  std::vector<answer> answers;
  while (std::getline(in, line)) {
    std::stringstream cells(line);
    std::array<std::string, 6> cell;
    for (std::string& c : cell) std::getline(cells, c, ',');
    const auto item =
        items.try_emplace(cell[0], static_cast<std::uint32_t>(items.size())).first->second;
    const auto participant =
        participants.try_emplace(cell[4], static_cast<std::uint32_t>(participants.size()))
            .first->second;
    answers.push_back({item, participant, winners.at(cell[5])});
  }
  const auto c = krippendorff_alpha(answer_table::of(answers).value()).value();
  EXPECT_NEAR(*c.value, 0.2906, 5e-5);
}

}  // namespace
}  // namespace agon::ratings::agreement
