#include "services/boards/board_analysis.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ratings/methods.hpp"
#include "services/boards/csv.hpp"

namespace agon::boards {
namespace {

using nlohmann::json;

// Three systems that met, and one that did not.
struct board_analysis : testing::Test {
  listed_arena arena{1, "speech", {{"one", "One, the first", "M", "MIT"}}};
  ratings::planned_board planned;
  counted_board counted;

  board_analysis() {
    counted.systems = {{1, "one"}, {2, "two"}, {3, "three"}, {4, "four"}};
    counted.tallies = {{1, 2, 30, 10, 4, 2}, {1, 3, 25, 15, 0, 0}, {2, 3, 12, 9, 1, 7}};
    const ratings::board b = ratings::make_board(to_tally(counted.tallies, counted.systems),
                                                 ratings::pairwise_settings_of(planned));
    stored_board s;
    s.arena = 1;
    s.method = b.method;
    s.version = 5;
    s.votes = static_cast<std::int64_t>(b.votes);
    s.body = ratings::to_json(b);
    counted.board = s;
  }
  analysed_board of(const std::string& segment = "") {
    return {{arena, "bradley_terry", segment}, planned, counted};
  }
};

TEST_F(board_analysis, pairs_have_what_was_seen_and_what_the_model_says) {
  const json view = json::parse(pairs_json(of()));
  EXPECT_EQ(view["systems"].size(), 4U);
  EXPECT_EQ(view["systems"][0], "one");
  ASSERT_EQ(view["pairs"].size(), 3U) << "four met nobody and cannot be predicted";
  for (const json& p : view["pairs"]) {
    const std::string a = view["systems"][p["a"].get<std::size_t>()];
    const std::string b = view["systems"][p["b"].get<std::size_t>()];
    if (a != "one" || b != "two") continue;
    EXPECT_EQ(p["votes"], 46);
    EXPECT_EQ(p["both_bad"], 2);
    EXPECT_DOUBLE_EQ(p["observed"], 0.727273);
    EXPECT_NEAR(p["predicted"].get<double>(), 0.7, 0.1);
  }
  EXPECT_NE(pairs_csv(of()).find("one,two,46,30,10,4,2,0.727273,"), std::string::npos);
}

// The counts are not what a weighted or a style-controlled board was made of.
TEST_F(board_analysis, style_control_is_compared_with_the_plain_board) {
  counted.base = counted.board;
  std::string& body = counted.board->body;
  json moved = json::parse(body);
  for (json& e : moved["entries"]) {
    if (e["system"] != "one") continue;
    for (const char* key : {"score", "lower", "upper"}) e[key] = e[key].get<double>() + 300;
  }
  body = moved.dump();
  planned.method = ratings::method::contextual;
  const analysed_board a{{arena, "contextual", ""}, planned, counted};
  const json view = json::parse(difference_json(a));
  ASSERT_EQ(view["entries"].size(), 3U);
  EXPECT_EQ(view["entries"][0]["system"], "one");
  EXPECT_NEAR(view["entries"][0]["difference"].get<double>(), 200, 1e-6);
  EXPECT_NEAR(view["entries"][1]["difference"].get<double>(), -100, 1e-6);
  EXPECT_LT(view["entries"][0]["lower"], 200);
  EXPECT_TRUE(json::parse(robustness_json(a))["margins"].empty());
  const json pairs = json::parse(pairs_json(a));
  EXPECT_GT(pairs["pairs"][0]["predicted"].get<double>(), 0.9) << "from the scores shown";
}

TEST_F(board_analysis, predictions_of_weighted_votes_come_from_the_board) {
  planned.method = ratings::method::davidson;
  const ratings::board b = ratings::make_board(to_tally(counted.tallies, counted.systems),
                                               ratings::pairwise_settings_of(planned));
  counted.board->body = ratings::to_json(b);
  const json plain = json::parse(pairs_json({{arena, "davidson", ""}, planned, counted}));
  planned.weights.participant_cap = 5;
  const json weighted = json::parse(pairs_json({{arena, "davidson", ""}, planned, counted}));
  ASSERT_EQ(plain["pairs"].size(), weighted["pairs"].size());
  for (std::size_t i = 0; i < plain["pairs"].size(); ++i)
    EXPECT_NEAR(plain["pairs"][i]["predicted"].get<double>(),
                weighted["pairs"][i]["predicted"].get<double>(), 1e-5);
}

TEST_F(board_analysis, a_segment_is_compared_with_all_votes) {
  counted.overall = counted.tallies;
  counted.overall[0].wins_b += 40;
  const json view = json::parse(difference_json(of("language:en")));
  ASSERT_EQ(view["entries"].size(), 3U);
  EXPECT_EQ(view["entries"][0]["system"], "one") << "elsewhere it loses more";
  EXPECT_EQ(view["entries"][0]["name"], "One, the first");
  EXPECT_GT(view["entries"][0]["lower"], 0);
  std::swap(counted.overall, counted.tallies);
  const json unfiltered = json::parse(difference_json(of("quarantine:included")));
  EXPECT_EQ(unfiltered["entries"][2]["system"], "one");
  EXPECT_EQ(unfiltered["entries"][2]["upper"], -view["entries"][0]["lower"].get<double>());
}

TEST_F(board_analysis, robustness_tells_margins_and_who_cannot_be_rated) {
  const json view = json::parse(robustness_json(of()));
  ASSERT_EQ(view["margins"].size(), 2U);
  EXPECT_EQ(view["margins"][0]["above"], "one");
  EXPECT_GT(view["margins"][0]["votes"], 1);
  EXPECT_EQ(view["margins"][0]["confirmed"], true);
  ASSERT_EQ(view["unrated"].size(), 1U);
  EXPECT_EQ(view["unrated"][0]["status"], "no_votes");
}

TEST_F(board_analysis, front_is_what_nobody_beats_in_both) {
  // By score: one, three, two.
  const std::vector<system_speed> speeds{{"one", 9, 0, 2.0, 3.0, 0.5, {}},
                                         {"two", 9, 0, 2.5, 3.0, {}, {}},
                                         {"three", 9, 0, 1.0, 3.0, 0.25, {}}};
  const json view = json::parse(plane_json(of().of, *counted.board, speeds));
  ASSERT_EQ(view["entries"].size(), 3U);
  EXPECT_EQ(view["entries"][0]["front"], json({"generation_seconds", "real_time_factor"}));
  EXPECT_EQ(view["entries"][1]["front"], json({"generation_seconds", "real_time_factor"}));
  EXPECT_EQ(view["entries"][2]["front"], json::array());
  EXPECT_FALSE(view["entries"][2].contains("real_time_factor"));
}

TEST_F(board_analysis, board_as_csv_has_a_line_for_each_system) {
  const std::string text = board_csv(of().of, counted.board);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5);
  EXPECT_NE(text.find("one,\"One, the first\",1"), std::string::npos) << text;
  EXPECT_NE(text.find("four,four,,,,,,0,0,0,0,0,no_votes\r\n"), std::string::npos) << text;
}

TEST(csv, text_that_a_spreadsheet_would_run_or_split_is_made_safe) {
  csv_text out("a,b");
  out.field("=1+1").field("say \"hi\",\nplease").end();
  EXPECT_EQ(std::move(out).finish(), "a,b\r\n'=1+1,\"say \"\"hi\"\",\nplease\"\r\n");
}

}  // namespace
}  // namespace agon::boards
