#include "services/music_arena/messages.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace agon::music_arena {
namespace {

using json = nlohmann::json;

json session() {
  return {{"uuid", "8f7c1b52-91a5-4d0c-9d2f-0f6d3f0d8a11"},
          {"create_time", 1753718400.25},
          {"frontend_git_hash", "abc"},
          {"ack_tos", "3858f62230ac3c915f300c664312c63f"}};
}

json wish() {
  return {{"session", session()},
          {"user", {{"salted_ip", "aa"}, {"salted_fingerprint", nullptr}}},
          {"prompt", {{"prompt", "A slow waltz"}}},
          {"prompt_detailed", nullptr}};
}

json vote() {
  return {
      {"session", session()},
      {"user", {{"salted_ip", "aa"}}},
      {"battle_uuid", "0198a0a0-0000-7000-8000-000000000001"},
      {"vote",
       {{"preference", "BOTH_BAD"},
        {"preference_time", 1753718500.5},
        {"a_listen_data",
         json::parse(R"([["PLAY", 1753718490], ["TICK", 1753718491.5], ["STOP", 1753718494]])")},
        {"b_listen_data", json::array()},
        {"feedback", nullptr},
        {"a_feedback", "Thin."}}}};
}

std::string why(const json& body) {
  const auto read = read_battle_wish(body.dump());
  return read ? "" : read.error().detail;
}

std::string why_no_vote(const json& body) {
  const auto read = read_vote_wish(body.dump());
  return read ? "" : read.error().detail;
}

TEST(music_arena_messages, a_simple_prompt_is_read) {
  const auto read = read_battle_wish(wish().dump());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->prompt, "A slow waltz");
  EXPECT_FALSE(read->detailed);
  EXPECT_TRUE(read->request.empty());
  EXPECT_EQ(read->who.address, "aa");
  EXPECT_EQ(read->who.fingerprint, "");
  EXPECT_EQ(read->who.terms, "3858f62230ac3c915f300c664312c63f");
}

TEST(music_arena_messages, a_detailed_prompt_goes_before_a_simple_one) {
  json body = wish();
  body["prompt_detailed"] = {{"overall_prompt", "A song"},
                             {"instrumental", "false"},
                             {"lyrics", "La"},
                             {"duration", 30.0},
                             {"bpm", nullptr}};
  const auto read = read_battle_wish(body.dump());
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->detailed);
  EXPECT_EQ(routing::to_json(read->request),
            R"({"duration":30,"instrumental":false,"lyrics":"La"})");
}

TEST(music_arena_messages, what_is_missing_is_named_as_their_gateway_names_it) {
  json body = wish();
  body.erase("session");
  EXPECT_EQ(why(body), "session is required");
  body["session"] = 3;
  EXPECT_EQ(why(body), "session data must be a dictionary");
  body["session"] = session();
  body["session"]["frontend_git_hash"] = nullptr;
  EXPECT_EQ(why(body).find("session is missing required fields"), 0U);
  body = wish();
  body["prompt"] = nullptr;
  EXPECT_EQ(why(body), "prompt is required");
  body = wish();
  body.erase("user");
  EXPECT_EQ(why(body), "user is required");
  json without = vote();
  without.erase("battle_uuid");
  EXPECT_EQ(why_no_vote(without), "battle_uuid is required");
  without = vote();
  without["vote"]["preference"] = nullptr;
  EXPECT_EQ(why_no_vote(without),
            "vote is missing required fields: ['preference', 'preference_time']");
}

TEST(music_arena_messages, terms_that_were_not_accepted_are_no_consent) {
  for (const json& terms : {json(false), json("")}) {
    json body = wish();
    body["session"]["ack_tos"] = terms;
    const auto read = read_battle_wish(body.dump());
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, errc::consent_required);
  }
  json body = wish();
  body["session"]["ack_tos"] = true;
  ASSERT_TRUE(read_battle_wish(body.dump()));
  EXPECT_EQ(read_battle_wish(body.dump())->who.terms, "true");
}

TEST(music_arena_messages, a_vote_is_read_with_what_was_heard) {
  const auto read = read_vote_wish(vote().dump());
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->preference, ratings::outcome::both_bad);
  ASSERT_EQ(read->a.size(), 3U);
  EXPECT_EQ(read->a[2].kind, arena::exposure_kind::ended);
  EXPECT_EQ(read->a[1].at, 1753718491.5);
  EXPECT_TRUE(read->b.empty());
  EXPECT_EQ(read->a_feedback, "Thin.");
  EXPECT_EQ(read->feedback, "");
  EXPECT_EQ(to_rfc3339(read->preferred_at), "2025-07-28T16:01:40.500Z");
}

TEST(music_arena_messages, nonsense_is_refused_and_never_thrown) {
  const json bad[] = {{{"preference", "C"}},
                      {{"preference_time", 1753718400000}},
                      {{"preference_time", "now"}},
                      {{"a_listen_data", json::parse(R"([["PLAY"]])")}},
                      {{"a_listen_data", json::parse(R"([["DANCE", 1]])")}},
                      {{"a_listen_data", json::parse(R"([["PLAY", -1]])")}},
                      {{"a_listen_data", json::parse(R"([["PLAY", null]])")}},
                      {{"a_listen_data", "PLAY"}},
                      {{"b_feedback", 3}}};
  for (const json& change : bad) {
    json body = vote();
    body["vote"].update(change);
    EXPECT_NE(why_no_vote(body), "") << change;
  }
  json many = vote();
  many["vote"]["a_listen_data"] = json(most_listen_events + 1, json::array({"TICK", 1}));
  EXPECT_NE(why_no_vote(many), "");
  json other = vote();
  other["battle_uuid"] = "../../etc/passwd";
  EXPECT_EQ(read_vote_wish(other.dump()).error().code, errc::not_found);
}

TEST(music_arena_messages, bytes_at_random_never_break_the_readers) {
  std::mt19937 random(7);
  const std::string good[] = {wish().dump(), vote().dump()};
  for (int round = 0; round < 20'000; ++round) {
    std::string text = good[random() % 2];
    for (int i = 0; i < 3; ++i) text[random() % text.size()] = static_cast<char>(random());
    if (random() % 4 == 0) text.resize(random() % text.size());
    static_cast<void>(read_battle_wish(text));
    static_cast<void>(read_vote_wish(text));
  }
}

}  // namespace
}  // namespace agon::music_arena
