// The files in tests/unit/offline/golden are what `agon rate --from votes.csv` prints, byte
// by byte. After a deliberate change: AGON_UPDATE_GOLDEN=1 agon_unit_tests
// --gtest_filter='print_boards.*', and read the difference.
#include "services/offline/print_boards.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "services/offline/rate_votes.hpp"

namespace agon::offline {
namespace {

const std::string golden_folder = std::string(AGON_SOURCE_DIR) + "/tests/unit/offline/golden/";

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string printed(rate_settings settings, const std::string& segment, board_format format) {
  auto file = files::row_file::open(golden_folder + "votes.csv");
  read_settings reading = needed_by(settings);
  reading.columns.segment = segment;
  const auto votes = read_votes(file.value(), reading);
  return print_boards(rate_votes(votes.value(), settings).value(), !segment.empty(), format);
}

void expect_golden(const std::string& name, const std::string& text) {
  if (std::getenv("AGON_UPDATE_GOLDEN") != nullptr)  // NOLINT(concurrency-mt-unsafe)
    std::ofstream(golden_folder + name, std::ios::binary) << text;
  EXPECT_EQ(text, content(golden_folder + name));
}

TEST(print_boards, bradley_terry_in_every_format) {
  rate_settings s;
  s.anchor = ratings::score_anchor{"Delta|4", 1000};
  expect_golden("bradley_terry.txt", printed(s, "", board_format::table));
  expect_golden("bradley_terry.md", printed(s, "", board_format::md));
  expect_golden("bradley_terry.csv", printed(s, "", board_format::csv));
  expect_golden("bradley_terry.json", printed(s, "", board_format::json));
}

TEST(print_boards, segments_in_every_format) {
  rate_settings s;
  s.both_bad = ratings::both_bad_policy::tie;
  expect_golden("segments.txt", printed(s, "language", board_format::table));
  expect_golden("segments.md", printed(s, "language", board_format::md));
  expect_golden("segments.csv", printed(s, "language", board_format::csv));
  expect_golden("segments.json", printed(s, "language", board_format::json));
}

TEST(print_boards, elo_has_no_intervals) {
  rate_settings s;
  s.method = ratings::method::elo;
  expect_golden("elo.txt", printed(s, "", board_format::table));
  expect_golden("elo.csv", printed(s, "", board_format::csv));
}

TEST(print_boards, every_method_has_a_board) {
  for (const ratings::method m : ratings::all_methods()) {
    rate_settings s;
    s.method = m;
    const std::string json = printed(s, "", board_format::json);
    EXPECT_NE(json.find("\"method\":\"" + std::string(ratings::board_name(s.method)) + "\""),
              std::string::npos);
  }
}

TEST(rate_votes, settings_that_do_not_go_together_are_refused) {
  rate_settings s;
  EXPECT_FALSE(check(s));
  s.both_bad = ratings::both_bad_policy::model;
  EXPECT_TRUE(check(s));
  s.method = ratings::method::grounded_rao_kupper;
  EXPECT_FALSE(check(s));
  s.both_bad = ratings::both_bad_policy::tie;
  EXPECT_TRUE(check(s));
  s = {};
  s.method = ratings::method::elo;
  EXPECT_FALSE(check(s));
  s.anchor = ratings::score_anchor{"x", 1000};
  EXPECT_TRUE(check(s));
  s = {};
  s.confidence = 1;
  EXPECT_TRUE(check(s));
}

TEST(rate_votes, no_votes_and_an_unknown_anchor_are_refused) {
  rate_settings s;
  EXPECT_EQ(files::to_text(rate_votes({}, s).error()), "has no votes");
  file_votes votes;
  votes.votes.add("x", "y", ratings::outcome::tie);
  s.anchor = ratings::score_anchor{"z", 1000};
  EXPECT_EQ(files::to_text(rate_votes(votes, s).error()), "has no vote on the anchor \"z\"");
}

}  // namespace
}  // namespace agon::offline
