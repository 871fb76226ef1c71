// Published votes that some tests and benchmarks read. They are not part of the project:
// they lie where AGON_SHARED_DATA points, or in ../shared/data beside the project's root.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ratings/tally.hpp"

namespace agon::ratings::testing {

[[nodiscard]] std::filesystem::path shared_data(const std::string& file);

struct named_vote {
  std::string left;
  std::string right;
  outcome result;
};

// llmfao.csv and simple.csv: columns left, right, winner (left, right, tie).
[[nodiscard]] std::vector<named_vote> read_votes(const std::filesystem::path& csv);
[[nodiscard]] tally tally_of(const std::vector<named_vote>& votes);
// Throws if the name is not registered.
[[nodiscard]] system_index index_of(const roster& systems, const std::string& name);

// The golden files of evalica: scores by system for one algorithm.
[[nodiscard]] std::map<std::string, double> read_golden(const std::filesystem::path& csv,
                                                        const std::string& algorithm);

// chatbotarena_20240814.json: 1,670,250 votes on 129 systems.
[[nodiscard]] tally read_chatbot_arena();

}  // namespace agon::ratings::testing

// Ends the test as skipped where the file is absent.
#define AGON_NEEDS_SHARED_DATA(file)                                             \
  if (!std::filesystem::exists(agon::ratings::testing::shared_data(file)))       \
  GTEST_SKIP() << "needs " << agon::ratings::testing::shared_data(file).string() \
               << " (set AGON_SHARED_DATA to the folder with the published data)"
