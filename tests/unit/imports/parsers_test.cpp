#include "services/imports/parsers.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "services/imports/fields.hpp"

namespace agon::imports {
namespace {

using json = nlohmann::json;
using ratings::outcome;

imported_vote vote(source_format f, const json& record) {
  const parsed_row row = parse(f, record);
  if (const auto* why = std::get_if<refused>(&row)) ADD_FAILURE() << why->reason;
  if (std::holds_alternative<unjudged>(row)) ADD_FAILURE() << "unjudged";
  const auto* v = std::get_if<imported_vote>(&row);
  return v == nullptr ? imported_vote{} : *v;
}

std::string why_not(source_format f, const json& record) {
  const parsed_row row = parse(f, record);
  const auto* why = std::get_if<refused>(&row);
  return why == nullptr ? "" : why->reason;
}

json battle() {
  return {
      {"uuid", "b1"},
      {"prompt", {{"prompt", "A waltz"}}},
      {"prompt_detailed",
       {{"overall_prompt", "A waltz"}, {"instrumental", "True"}, {"lyrics", nullptr}}},
      {"prompt_user", {{"salted_ip", "ip1"}, {"salted_fingerprint", nullptr}}},
      {"prompt_session", {{"uuid", "s"}, {"create_time", 1753718400.5}, {"ack_tos", "t"}}},
      {"a_metadata",
       {{"system_key", {{"system_tag", "noise"}, {"variant_tag", "loud"}}},
        {"gateway_time_started", 1753718401.0},
        {"gateway_time_completed", 1753718404.5},
        {"duration", 10}}},
      {"b_metadata", {{"system_key", {{"system_tag", "sao"}, {"variant_tag", "initial"}}}}},
      {"vote",
       {{"preference", "B"},
        {"preference_time", 1753718450},
        {"a_listen_data",
         json::parse(R"([["PLAY", 1753718410], ["TICK", 1753718412], ["PAUSE", 1753718414]])")},
        {"b_listen_data",
         json::parse(
             R"([{"action": "PLAY", "time": 1753718420}, {"action": "STOP", "time": 1753718429}])")},
        {"a_feedback", "Noisy"},
        {"feedback", nullptr}}},
      {"vote_user", nullptr}};
}

TEST(music_arena_parser, a_battle_file_is_a_vote) {
  const imported_vote v = vote(source_format::music_arena, battle());
  EXPECT_EQ(v.key, "b1");
  EXPECT_EQ(v.winner, outcome::b);
  EXPECT_EQ(v.a.system, "noise:loud");
  EXPECT_EQ(v.b.system, "sao");
  EXPECT_EQ(v.judge, "ip1") << "the prompt's user stands in for a voter that is null";
  EXPECT_EQ(to_rfc3339(*v.at), "2025-07-28T16:00:50.000Z");
  EXPECT_EQ(v.prompt, "A waltz");
  EXPECT_EQ(routing::to_json(v.request), R"({"instrumental":true})");
  EXPECT_DOUBLE_EQ(v.a.heard_seconds, 4);
  EXPECT_DOUBLE_EQ(v.b.heard_seconds, 9) << "listening data as objects";
  EXPECT_DOUBLE_EQ(v.a.generation_seconds, 3.5);
  EXPECT_EQ(v.a.comment, "Noisy");
  EXPECT_FALSE(v.recorded_prompt);
}

TEST(music_arena_parser, a_vote_that_is_null_is_none) {
  for (const json& none : {json(nullptr), json({{"preference", nullptr}})}) {
    json record = battle();
    record["vote"] = none;
    EXPECT_TRUE(std::holds_alternative<unjudged>(parse(source_format::music_arena, record)));
  }
}

TEST(music_arena_parser, what_is_missing_is_found_elsewhere) {
  json record = battle();
  record.erase("prompt");
  record["prompt_user"] = nullptr;
  record["prompt_session"] = nullptr;
  record["vote"].erase("preference_time");
  imported_vote v = vote(source_format::music_arena, record);
  EXPECT_EQ(v.prompt, "A waltz");
  EXPECT_EQ(v.judge, "");
  EXPECT_EQ(to_rfc3339(*v.at), "2025-07-28T16:00:04.500Z") << "when the recording was done";
  record["prompt_detailed"] = nullptr;
  record["a_metadata"]["lyrics"] = "La la";
  EXPECT_EQ(vote(source_format::music_arena, record).prompt, "(Lyrics) La la");
  record["b_metadata"]["system_key"] = nullptr;
  EXPECT_EQ(why_not(source_format::music_arena, record), "does not name both systems");
}

TEST(music_arena_parser, released_records_are_votes_too) {
  const json record = {{"battle_uuid", "b2"},
                       {"date", "2025-08-01T10:00:00-04:00"},
                       {"prompt", "Drums"},
                       {"is_instrumental", "true"},
                       {"is_prebaked", true},
                       {"user_pseudonym", "u"},
                       {"system_a", "sao"},
                       {"system_b", "acestep"},
                       {"preference", "BOTH_BAD"},
                       {"total_listening_time_a", 4.5},
                       {"total_listening_time_b", 0},
                       {"feedback", "General: weak"},
                       {"timestamp", nullptr},
                       {"gateway_time_a", 2.5},
                       {"listen_data_b", R"([["PLAY", 1754056800], ["PAUSE", 1754056803]])"}};
  const imported_vote v = vote(source_format::music_arena, record);
  EXPECT_EQ(v.winner, outcome::both_bad);
  EXPECT_EQ(to_rfc3339(*v.at), "2025-08-01T14:00:00.000Z");
  EXPECT_DOUBLE_EQ(v.a.heard_seconds, 4.5);
  EXPECT_DOUBLE_EQ(v.b.heard_seconds, 3);
  EXPECT_TRUE(v.recorded_prompt);
}

json arena_row() {
  return {{"question_id", "q1"},
          {"model_a", "vicuna-13b"},
          {"model_b", "koala-13b"},
          {"winner", "tie (bothbad)"},
          {"judge", "arena_user_1"},
          {"conversation_a", json::parse(R"([{"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "And?"},
            {"role": "assistant", "content": "So."}])")},
          {"conversation_b", json::parse(R"([
            {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
            {"role": "assistant", "content": [{"type": "text", "text": "Hey"}]}])")},
          {"turn", 2},
          {"anony", true},
          {"language", "Portuguese"},
          {"tstamp", 1682351591.1322}};
}

TEST(lmsys_parser, a_row_of_the_published_sets_is_a_vote) {
  const imported_vote v = vote(source_format::lmsys, arena_row());
  EXPECT_EQ(v.winner, outcome::both_bad);
  EXPECT_EQ(v.key, "q1/arena_user_1/2");
  EXPECT_EQ(v.language, "pt");
  EXPECT_EQ(v.prompt, "Hi");
  EXPECT_EQ(v.a.answers, (std::vector<std::string>{"Hello", "So."}));
  EXPECT_EQ(v.b.answers, (std::vector<std::string>{"Hey"}));
  EXPECT_EQ(to_rfc3339(*v.at), "2023-04-24T15:53:11.132Z");
}

TEST(lmsys_parser, rows_without_keys_or_with_strange_winners_are_told) {
  json record = arena_row();
  record.erase("question_id");
  EXPECT_EQ(vote(source_format::lmsys, record).key, "");
  record["winner"] = "model_c";
  EXPECT_EQ(why_not(source_format::lmsys, record), "its winner is \"model_c\"");
  record["winner"] = nullptr;
  EXPECT_TRUE(std::holds_alternative<unjudged>(parse(source_format::lmsys, record)));
  record = arena_row();
  record["model_b"] = record["model_a"];
  EXPECT_EQ(why_not(source_format::lmsys, record), "compares a system with itself");
}

TEST(comparia_parser, the_chosen_model_tells_the_side) {
  json record = {{"model_a_name", "llama-3"},
                 {"model_b_name", "mistral"},
                 {"chosen_model_name", "mistral"},
                 {"both_equal", false},
                 {"conversation_pair_id", "p-1"},
                 {"timestamp", "2024-10-12 09:30:00.5"},
                 {"visitor_id", "v"},
                 {"opening_msg", "Bonjour"},
                 {"languages", json::array({"fr"})},
                 {"conv_comments_b", "Plus clair"}};
  imported_vote v = vote(source_format::comparia, record);
  EXPECT_EQ(v.winner, outcome::b);
  EXPECT_EQ(v.language, "fr");
  EXPECT_EQ(v.b.comment, "Plus clair");
  EXPECT_EQ(to_rfc3339(*v.at), "2024-10-12T09:30:00.500Z");
  record["both_equal"] = "True";
  EXPECT_EQ(vote(source_format::comparia, record).winner, outcome::tie);
  record["both_equal"] = nullptr;
  record["chosen_model_name"] = "other";
  EXPECT_NE(why_not(source_format::comparia, record), "");
  record["chosen_model_name"] = nullptr;
  EXPECT_TRUE(std::holds_alternative<unjudged>(parse(source_format::comparia, record)));
}

TEST(pairs_parser, a_winner_is_a_side_or_a_name) {
  const auto winner = [](const char* text) {
    return vote(source_format::pairs, {{"left", "x1"}, {"right", "x2"}, {"winner", text}}).winner;
  };
  EXPECT_EQ(winner("left"), outcome::a);
  EXPECT_EQ(winner("x2"), outcome::b);
  EXPECT_EQ(winner("tie"), outcome::tie);
  EXPECT_EQ(winner("both_bad"), outcome::both_bad);
  EXPECT_NE(why_not(source_format::pairs, {{"left", "x1"}, {"right", "x2"}, {"winner", "x3"}}), "");
  EXPECT_NE(why_not(source_format::pairs, {{"left", "x1"}, {"winner", "left"}}), "");
}

TEST(import_fields, moments_are_read_as_they_are_written) {
  const auto text = [](const json& v) {
    const auto t = moment_of(v);
    return t ? to_rfc3339(*t) : "";
  };
  EXPECT_EQ(text(1682351591), "2023-04-24T15:53:11.000Z");
  EXPECT_EQ(text(1682351591000), "2023-04-24T15:53:11.000Z");
  EXPECT_EQ(text(1682351591000000), "2023-04-24T15:53:11.000Z");
  EXPECT_EQ(text("1682351591"), "2023-04-24T15:53:11.000Z");
  EXPECT_EQ(text("2024-10-12"), "2024-10-12T00:00:00.000Z");
  EXPECT_EQ(text("2024-10-12 09:30:00"), "2024-10-12T09:30:00.000Z");
  EXPECT_EQ(text("2024-10-12T09:30:00+02:00"), "2024-10-12T07:30:00.000Z");
  for (const json& bad : {json("yesterday"), json(-5), json(0), json(nullptr), json("1e999"),
                          json(1e300), json(""), json::array()})
    EXPECT_EQ(text(bad), "") << bad;
}

TEST(import_fields, any_json_is_survived_by_every_parser) {
  std::mt19937 random(3);
  const json values[] = {nullptr,
                         true,
                         3,
                         -1e300,
                         "x",
                         json::array(),
                         json::object(),
                         json::array({1, "PLAY", nullptr}),
                         {{"role", 1}},
                         {{"content", {{}}}},
                         json::array({{{"role", "assistant"}, {"content", 3}}})};
  const json templates[] = {battle(), arena_row()};
  for (int round = 0; round < 20'000; ++round) {
    json record = templates[random() % 2];
    for (int i = 0; i < 3; ++i) {
      auto at = record.begin();
      std::advance(at, static_cast<std::ptrdiff_t>(random() % record.size()));
      json* into = &*at;
      if (into->is_object() && !into->empty() && random() % 2 == 0) {
        auto inner = into->begin();
        std::advance(inner, static_cast<std::ptrdiff_t>(random() % into->size()));
        into = &*inner;
      }
      *into = values[random() % std::size(values)];
    }
    for (const auto f : {source_format::music_arena, source_format::lmsys, source_format::comparia,
                         source_format::pairs})
      static_cast<void>(parse(f, record));
  }
}

}  // namespace
}  // namespace agon::imports
