#include "services/offline/read_votes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <random>

#include "privacy/parquet/writer.hpp"
#include "tests/unit/ratings/shared_data.hpp"

namespace agon::offline {
namespace {

using ratings::outcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

files::checked<file_votes> read(std::string_view text, const read_settings& settings = {},
                                files::file_format format = files::file_format::csv,
                                std::size_t block_bytes = files::block_reader::usual_block) {
  auto file = files::row_file::of(files::bytes_of_text(text), format, block_bytes);
  if (file.has_error()) return file.error();
  return read_votes(*file, settings);
}

std::string refusal(std::string_view text, const read_settings& settings = {}) {
  const auto got = read(text, settings);
  return got.has_error() ? to_text(got.error()) : "";
}

TEST(read_votes, counts_the_votes_of_the_common_formats_alike) {
  ratings::tally expected;
  expected.add("x", "y", outcome::a);
  expected.add("x", "y", outcome::b);
  expected.add("y", "z", outcome::tie);
  expected.add("z", "x", outcome::both_bad);
  for (const char* text : {
           "model_a,model_b,winner\nx,y,model_a\nx,y,model_b\ny,z,tie\nz,x,tie (bothbad)\n",
           "id,system_a,preference,system_b\n1,x,A,y\n2,x,B,y\n3,y,TIE,z\n4,z,BOTH_BAD,x\n",
           "left,right,winner\nx,y,left\nx,y,right\ny,z,Draw\nz,x,bothbad\n",
           "system_a,system_b,winner\nx,y,a\nx,y,b\ny,z,tie\nz,x,both_bad\n",
       }) {
    const auto got = read(text);
    ASSERT_TRUE(got.has_value()) << to_text(got.error());
    EXPECT_EQ(got->votes.rows(), expected.rows()) << text;
  }
  const auto json = read(
      "{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"model_a\"}\n"
      "{\"winner\":\"model_b\",\"model_a\":\"x\",\"model_b\":\"y\"}\n"
      "{\"model_a\":\"y\",\"model_b\":\"z\",\"winner\":\"tie\"}\n"
      "{\"model_a\":\"z\",\"model_b\":\"x\",\"winner\":\"both_bad\"}\n",
      {}, files::file_format::json_lines);
  ASSERT_TRUE(json.has_value()) << to_text(json.error());
  EXPECT_EQ(json->votes.rows(), expected.rows());
}

TEST(read_votes, reads_the_log_of_a_music_arena) {
  read_settings settings;
  settings.columns = {"a_metadata.system_key.system_tag", "b_metadata.system_key.system_tag",
                      "vote.preference", ""};
  settings.skip_unjudged = true;
  const auto got = read(
      R"({"a_metadata":{"system_key":{"system_tag":"m"}},"b_metadata":{"system_key":{"system_tag":"n"}},"vote":{"preference":"A"}})"
      "\n"
      R"({"a_metadata":{"system_key":{"system_tag":"m"}},"b_metadata":null,"vote":null})"
      "\n",
      settings, files::file_format::json_lines);
  ASSERT_TRUE(got.has_value()) << to_text(got.error());
  EXPECT_THAT(got->votes.rows(), ElementsAre(ratings::tally_row{"m", "n", 1, 0, 0, 0}));
  EXPECT_EQ(got->unjudged, 1U);
}

TEST(read_votes, refuses_what_is_no_vote_with_its_line_and_counts_nothing) {
  const std::string head = "model_a,model_b,winner\nx,y,tie\n";
  EXPECT_THAT(refusal(head + "x,y,modelb\n"), HasSubstr("line 3: unknown outcome \"modelb\""));
  EXPECT_THAT(refusal(head + "x,y, tie\n"), HasSubstr("line 3: unknown outcome \" tie\""));
  EXPECT_THAT(refusal(head + "x,y,\n"), HasSubstr("line 3: no outcome"));
  EXPECT_EQ(refusal(head + "x,x,tie\n"), "line 3: a system against itself: \"x\"");
  EXPECT_EQ(refusal(head + ",y,tie\n"), "line 3: no name of the first system");
  EXPECT_EQ(refusal(head + "x,,tie\n"), "line 3: no name of the second system");
  const auto number = read("{\"model_a\":1,\"model_b\":\"y\",\"winner\":\"a\"}\n", {},
                           files::file_format::json_lines);
  EXPECT_EQ(to_text(number.error()),
            "line 1: no name of the first system: a name is a text in quotes");
}

TEST(read_votes, rows_without_an_outcome_are_left_out_only_on_request_and_counted) {
  read_settings settings;
  settings.skip_unjudged = true;
  const auto got = read("model_a,model_b,winner\nx,y,tie\n,,\nx,y,\n", settings);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->votes.votes(), 1U);
  EXPECT_EQ(got->unjudged, 2U);
}

TEST(read_votes, says_which_flag_names_a_column_that_is_not_found) {
  EXPECT_THAT(refusal("foo,bar,winner\n"), HasSubstr("--model-a and --model-b"));
  EXPECT_THAT(refusal("foo,bar,winner\n"), HasSubstr("\"foo\", \"bar\", \"winner\""));
  EXPECT_THAT(refusal("model_a,model_b,result\n"), HasSubstr("--winner"));
  EXPECT_THAT(refusal("model_a,model_b,left,right,winner\n"), HasSubstr("say which"));
  EXPECT_THAT(refusal("left,right,winner,preference\n"), HasSubstr("--winner"));
  read_settings one;
  one.columns.model_a = "left";
  EXPECT_THAT(refusal("left,right,winner\n", one), HasSubstr("both"));
  read_settings unknown;
  unknown.columns.segment = "language";
  EXPECT_EQ(refusal("left,right,winner\n", unknown), "has no column \"language\"");
}

TEST(read_votes, every_segment_has_its_votes_and_an_empty_one_is_none) {
  read_settings settings;
  settings.columns.segment = "language";
  settings.elo.emplace();
  const auto got = read(
      "left,right,winner,language\nx,y,left,en\ny,x,left,de\nx,y,tie,\n"
      "z,y,right,en\nz,y,bothbad,en\n",
      settings);
  ASSERT_TRUE(got.has_value()) << to_text(got.error());
  EXPECT_EQ(got->votes.votes(), 5U);
  ASSERT_EQ(got->segments.size(), 2U);
  EXPECT_EQ(got->segments[0].name, "de");
  EXPECT_THAT(got->segments[0].votes.rows(), ElementsAre(ratings::tally_row{"x", "y", 0, 1, 0, 0}));
  EXPECT_EQ(got->segments[1].name, "en");
  EXPECT_THAT(got->segments[1].votes.rows(), ElementsAre(ratings::tally_row{"x", "y", 1, 0, 0, 0},
                                                         ratings::tally_row{"y", "z", 1, 0, 0, 1}));
  ratings::elo_state en(*settings.elo);
  en.add("x", "y", outcome::a);
  en.add("z", "y", outcome::b);
  en.add("z", "y", outcome::both_bad);
  EXPECT_EQ(got->segments[1].elo.value().save(), en.save());
}

TEST(read_votes, a_segment_that_no_json_record_has_is_refused) {
  read_settings settings;
  settings.columns.segment = "lang";
  const auto got = read("{\"left\":\"x\",\"right\":\"y\",\"winner\":\"left\"}\n", settings,
                        files::file_format::json_lines);
  EXPECT_THAT(to_text(got.error()), HasSubstr("\"lang\""));
}

TEST(read_votes, too_many_systems_or_segments_are_refused_with_their_line) {
  std::string text = "left,right,winner,s\n";
  for (int i = 0; i < 8200; ++i) text += "a,b" + std::to_string(i) + ",tie,1\n";
  EXPECT_EQ(refusal(text), "line 8193: more than 8192 systems");
  text = "left,right,winner,s\n";
  for (int i = 0; i < 1100; ++i) text += "a,b,tie," + std::to_string(i) + "\n";
  read_settings settings;
  settings.columns.segment = "s";
  EXPECT_THAT(refusal(text, settings), HasSubstr("line 1002: more than 1000 segments"));
}

// Threads and cuts of blocks move nothing: neither counts nor the order that Elo needs.
TEST(read_votes, the_result_does_not_depend_on_threads_or_blocks) {
  std::mt19937_64 random(3);
  std::string text = "left,right,winner,s\n";
  ratings::elo_state elo;
  ratings::tally counted;
  constexpr std::array<const char*, 4> winners{"left", "right", "tie", "bothbad"};
  for (int i = 0; i < 3000; ++i) {
    const auto a = random() % 40;
    const auto b = (a + 1 + random() % 39) % 40;
    const auto o = random() % 4;
    const std::string x = "m" + std::to_string(a);
    const std::string y = "m" + std::to_string(b);
    text += x + ",\"" + y + "\"," + winners[o] + "," + std::to_string(random() % 5) + "\n";
    elo.add(x, y, static_cast<outcome>(o));
    counted.add(x, y, static_cast<outcome>(o));
  }
  for (const std::size_t threads : {1U, 2U, 5U}) {
    for (const std::size_t block_bytes : {50U, 700U, 1U << 20U}) {
      read_settings settings;
      settings.threads = threads;
      settings.elo.emplace();
      settings.columns.segment = "s";
      const auto got = read(text, settings, files::file_format::csv, block_bytes);
      ASSERT_TRUE(got.has_value()) << to_text(got.error());
      EXPECT_EQ(got->votes.sha256(), counted.sha256());
      EXPECT_EQ(got->elo.value().save(), elo.save());
      ratings::tally all;
      for (const segment_votes& s : got->segments) all.merge(s.votes);
      EXPECT_EQ(all.sha256(), counted.sha256());
    }
  }
}

TEST(read_votes, parquet_gives_the_same_votes_and_tells_rows) {
  using parquet::type;
  const auto path = std::filesystem::temp_directory_path() /
                    ("agon_votes_" + std::to_string(::getpid()) + ".parquet");
  const auto write = [&](std::string_view last) {
    std::ofstream file(path, std::ios::binary);
    parquet::writer out({{"model_a", type::string, false},
                         {"model_b", type::string, false},
                         {"winner", type::string, true},
                         {"turn", type::int64, false}},
                        [&](std::string_view part) { return !(file << part).fail(); });
    for (int i = 0; i < 70'000; ++i) {
      const std::array<parquet::cell, 4> row{std::string_view("x"), std::string_view("y"),
                                             i == 69'999 ? last : std::string_view("model_a"),
                                             std::int64_t{i % 2}};
      EXPECT_TRUE(out.add(row));
    }
    EXPECT_TRUE(out.close());
  };
  const auto read_file = [&] {
    auto file = files::row_file::open(path.string());
    read_settings settings;
    settings.columns.segment = "turn";
    return read_votes(file.value(), settings);
  };
  write("tie");
  const auto got = read_file();
  ASSERT_TRUE(got.has_value()) << to_text(got.error());
  EXPECT_THAT(got->votes.rows(), ElementsAre(ratings::tally_row{"x", "y", 69'999, 0, 1, 0}));
  ASSERT_EQ(got->segments.size(), 2U);
  EXPECT_EQ(got->segments[1].votes.votes(), 35'000U);
  write("neither");
  EXPECT_THAT(to_text(read_file().error()), HasSubstr("row 70000: unknown outcome \"neither\""));
  std::filesystem::remove(path);
}

TEST(read_votes, real_votes_are_counted_as_by_another_reader) {
  AGON_NEEDS_SHARED_DATA("votes/llmfao.csv");
  const auto path = ratings::testing::shared_data("votes/llmfao.csv");
  auto file = files::row_file::open(path.string());
  ASSERT_TRUE(file.has_value()) << to_text(file.error());
  const auto got = read_votes(*file);
  ASSERT_TRUE(got.has_value()) << to_text(got.error());
  EXPECT_EQ(got->votes.sha256(),
            ratings::testing::tally_of(ratings::testing::read_votes(path)).sha256());
}

TEST(read_votes, keeps_features_in_the_log_row_by_row) {
  read_settings settings;
  settings.log = true;
  settings.features = {{"tokens", "t_a", "t_b"}, {"gap", "gap", ""}};
  settings.columns.segment = "lang";
  const std::string text =
      "left,right,winner,lang,t_a,t_b,gap\n"
      "x,y,left,en,30,10,-0.5\n"
      "y,x,right,de,0,0,2\n"
      "x,z,tie,en,1,3,0\n";
  for (const std::size_t block : {std::size_t{32}, files::block_reader::usual_block}) {
    const auto got = read(text, settings, files::file_format::csv, block);
    ASSERT_TRUE(got.has_value()) << to_text(got.error());
    const auto rows = got->log->feature_rows();
    EXPECT_THAT(std::vector<float>(rows.begin(), rows.end()),
                ElementsAre(0.5F, -0.5F, 0.F, 2.F, -0.5F, 0.F));
    EXPECT_THAT(got->log->features(), ElementsAre("tokens", "gap"));
    ASSERT_EQ(got->segments.size(), 2U);
    EXPECT_EQ(got->segments[0].log->size(), 1U);
    EXPECT_EQ(got->segments[1].log->size(), 2U);
    EXPECT_EQ(ratings::count(*got->log).rows(), got->votes.rows());
  }
}

TEST(read_votes, refuses_features_that_are_no_quantities) {
  read_settings settings;
  settings.log = true;
  settings.features = {{"tokens", "t_a", "t_b"}};
  const std::string head = "left,right,winner,t_a,t_b\n";
  EXPECT_THAT(refusal(head + "x,y,left,,1\n", settings), HasSubstr("no number in \"t_a\""));
  EXPECT_THAT(refusal(head + "x,y,left,1,nan\n", settings), HasSubstr("no number in \"t_b\""));
  EXPECT_THAT(refusal(head + "x,y,left,1,-2\n", settings),
              HasSubstr("a negative number in \"t_b\""));
  EXPECT_THAT(refusal("left,right,winner\nx,y,left\n", settings), HasSubstr("t_a"));
}

}  // namespace
}  // namespace agon::offline
