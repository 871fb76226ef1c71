#include "services/music_arena/answers.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/music_arena/routes.hpp"

namespace agon::music_arena {
namespace {

using json = nlohmann::json;

// Python: hashlib.md5(json.dumps({...}, sort_keys=True).encode()).hexdigest()
TEST(music_arena_answers, checksums_are_those_of_python) {
  const json plain = detailed_prompt("Fingerpicked acoustic guitar folk melody", {});
  EXPECT_EQ(checksum_of(plain), "6b8a58a14378412961747bb56259773f");
  const json more =
      detailed_prompt("Café \"nord\"", {{"instrumental", false}, {"duration", std::int64_t{30}}});
  EXPECT_EQ(checksum_of(more), "eeb4f8e19315c5019be27deb3c0aa67d");
}

TEST(music_arena_answers, songs_without_lyrics_have_texts_their_front_end_can_join) {
  arena::battle b;
  b.request = {{"instrumental", false}};
  const json view = battle_view(b, {}, true, "");
  EXPECT_EQ(view["a_metadata"]["lyrics"], "");
  b.request = {{"instrumental", true}};
  EXPECT_EQ(battle_view(b, {}, true, "")["a_metadata"]["lyrics"], nullptr);
}

TEST(music_arena_answers, nothing_tells_the_sides_apart_before_the_vote) {
  arena::battle b;
  b.slots.resize(2);
  b.slots[0].system = 3;
  b.slots[0].generation_seconds = 2;
  std::vector<arena::output> outputs(2);
  outputs[1].slot = 1;
  for (arena::output& o : outputs) o.media = arena::media_file{};
  outputs[0].media->name = "x";
  outputs[0].media->bytes = 7;
  outputs[0].media->seconds = 9;
  outputs[1].media->name = "y";
  const json view = battle_view(b, outputs, false, "http://host");
  EXPECT_EQ(view["a_metadata"], view["b_metadata"]);
  for (const auto& [name, value] : view["a_metadata"].items()) EXPECT_TRUE(value.is_null()) << name;
  EXPECT_EQ(view["a_audio_url"], "http://host/media/x");
  EXPECT_EQ(view["timings"], json::array());
}

TEST(music_arena_answers, their_front_end_can_divide_by_what_it_divides_by) {
  arena::battle b;
  arena::receipt r;
  r.winner = ratings::outcome::b;
  r.b.slots.resize(2);
  const json view = vote_view(b, r, {}, {{"x", "initial"}, {"y", "loud"}});
  EXPECT_EQ(view["winner"], (json{{"system_tag", "y"}, {"variant_tag", "loud"}}));
  for (const char* side : {"a_metadata", "b_metadata"}) {
    const json& m = view[side];
    EXPECT_GT(m["system_time_completed"].get<double>() - m["system_time_started"].get<double>(), 0);
    EXPECT_TRUE(m["duration"].is_number());
    EXPECT_TRUE(m["system_time_queued"].is_number());
  }
}

TEST(music_arena_answers, refusals_have_their_statuses_and_words) {
  error refused = fail(errc::prompt_refused, "Not here.");
  refused.reason = "sexual";
  EXPECT_EQ(refusal(refused).status, 406U);
  EXPECT_EQ(std::get<std::string>(refusal(refused).body), R"({"detail":"Explicit"})");
  refused.reason = "illegal";
  EXPECT_EQ(std::get<std::string>(refusal(refused).body), R"({"detail":"illegal"})");
  error often = fail(errc::too_many_requests, "Too often.");
  often.retry_after = std::chrono::seconds{3};
  EXPECT_EQ(refusal(often).status, 429U);
  EXPECT_EQ(refusal(often).headers.at(0).second, "3");
  EXPECT_EQ(refusal(fail(errc::invalid_input, "x")).status, 400U);
  EXPECT_EQ(refusal(fail(errc::gate_not_met, "x")).status, 409U);
}

TEST(music_arena_answers, names_of_systems_are_read) {
  const auto key = parse_system_key("loud-noise=noise:loud");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->first, "loud-noise");
  EXPECT_EQ(key->second.tag, "noise");
  EXPECT_EQ(key->second.variant, "loud");
  for (const char* bad : {"", "a", "a=b", "=b:c", "a=:c", "a=b:", "a=b:c:d", "a:b=c"})
    EXPECT_FALSE(parse_system_key(bad)) << bad;
}

}  // namespace
}  // namespace agon::music_arena
