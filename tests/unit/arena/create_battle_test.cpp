#include "services/arena/create_battle.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <map>

#include "services/arena/support.hpp"

// A namespace of its own: other tests of the folder have helpers of the same names.
namespace agon::arena::create_battle_tests {
namespace {

template <class T>
T run(awaitable<T> call) {
  boost::asio::io_context loop;
  auto answer = boost::asio::co_spawn(loop, std::move(call), boost::asio::use_future);
  loop.run();
  return answer.get();
}

const char* music = R"(id: music
title: Music
description: A test.
modality: audio
prompt_label: Say
prompts: ["A  quiet waltz for two guitars", "A march"]
languages: [en, de]
request:
  properties:
    instrumental: {type: boolean, default: false}
    lyrics: {type: string, maxLength: 500, x-unless: instrumental}
    duration: {type: integer, minimum: 5, maximum: 300, default: 30}
    bpm: {type: integer, minimum: 40, maximum: 240}
consent:
  title: Terms
  text: Be kind.
  purposes:
    - {id: take_part, label: I take part, required: true}
protocol:
  questions:
    - {id: overall, kind: comparison, label: "Which is better?"}
release: {licence: CC-BY-4.0}
systems:
)";

// The same three systems everywhere: one sings, two do not, one ignores the tempo.
std::string file() {
  std::string text(music);
  const char* tail =
      "maker: M, licence: MIT, description: D, adapter: command, command: {argv: [cat]}}\n";
  text += std::string("  - {id: singer, name: S, signature: {accepts: {duration: {max: 240}}}, ") +
          tail;
  text += std::string(
              "  - {id: band, name: B, signature: {accepts: {duration: {max: 60}, lyrics: "
              "false}}, ") +
          tail;
  text += std::string(
              "  - {id: loop, name: L, signature: {accepts: {duration: {max: 60, beyond: "
              "partial}, lyrics: false}, ignores: [bpm]}, ") +
          tail;
  return text;
}

class one_arena final : public arena_store {
 public:
  awaitable<result<applied>> apply(const arena&) override { co_return applied{}; }
  awaitable<result<std::vector<stored_arena>>> load_all() override {
    co_return std::vector<stored_arena>{
        {7, 1, 1, file(), {{"singer", 1}, {"band", 2}, {"loop", 3}}}};
  }
  awaitable<result<std::string>> protocol(int, int) override {
    co_return fail(errc::not_found, "");
  }
  awaitable<result<std::vector<arena_counts>>> counts() override {
    co_return std::vector<arena_counts>{};
  }
};

class battles_in_memory final : public battle_store {
 public:
  std::map<std::string, std::pair<battle_id, std::string>> keys;
  std::map<battle_id, battle> kept;

  awaitable<result<created_battle>> create(battle b, std::string key, std::string sha) override {
    keys[key] = {b.id, sha};
    kept[b.id] = b;
    co_return created_battle{b.id, true};
  }
  awaitable<result<std::optional<battle_id>>> find_request(participant_id, std::string key,
                                                           std::string sha) override {
    const auto it = keys.find(key);
    if (it == keys.end()) co_return std::optional<battle_id>();
    if (it->second.second != sha) co_return agon::fail(errc::conflict, "another");
    co_return std::optional(it->second.first);
  }
  awaitable<result<battle>> find(battle_id id) override { co_return kept.at(id); }
  awaitable<result<void>> start(battle_id) override { co_return result<void>{}; }
  awaitable<result<void>> add_output(output) override { co_return result<void>{}; }
  awaitable<result<void>> make_ready(battle) override { co_return result<void>{}; }
  awaitable<result<void>> fail(battle_id, std::string) override { co_return result<void>{}; }
  awaitable<result<std::size_t>> fail_abandoned(time_point, std::string) override {
    co_return std::size_t{0};
  }
  awaitable<result<std::vector<output>>> shown_outputs(battle_id) override {
    co_return std::vector<output>{};
  }
  awaitable<result<std::vector<exposure_event>>> exposures(battle_id) override {
    co_return std::vector<exposure_event>{};
  }
  awaitable<result<exposure_record>> add_exposures(exposure_record r, participant_id,
                                                   crediting) override {
    co_return r;
  }
};

class counts_in_memory final : public refusal_store {
 public:
  std::vector<std::string> counted;
  awaitable<result<void>> count(int arena, std::string reason, std::string by) override {
    counted.push_back(std::to_string(arena) + " " + reason + " " + by);
    co_return result<void>{};
  }
};

class counting_router final : public routing::router {
 public:
  int asked = 0;
  awaitable<routing::decision> route(routing::routing_question q) override {
    ++asked;
    auto d = co_await rules_->route(std::move(q));
    co_return d;
  }

 private:
  std::unique_ptr<routing::router> rules_ = routing::make_rules_router();
};

class creating : public testing::Test {
 protected:
  creating() { EXPECT_TRUE(run(catalog.refresh())); }

  result<admitted_battle> ask(std::string prompt, routing::request stated = {},
                              std::string key = "key-0001", std::string language = "",
                              std::string source = "typed") {
    const arena_ptr a = catalog.find("music");
    battle_request r;
    r.participant = participant_id{ids.make<battle_id>().value};
    r.idempotency_key = std::move(key);
    r.prompt = std::move(prompt);
    r.language = std::move(language);
    r.prompt_source = std::move(source);
    r.stated = std::move(stated);
    r.consent_sha256 = a->definition.consent.sha256;
    r.purposes = {"take_part"};
    return run(create.run(a, std::move(r)));
  }
  static std::string told(const result<admitted_battle>& made) {
    if (made) return "made";
    std::string out(name_of(made.error().code));
    for (const field_error& f : made.error().fields) out += "; " + f.field + " " + f.reason;
    return out;
  }

  boost::asio::io_context work;
  one_arena files;
  arena_catalog catalog{work.get_executor(), files};
  battles_in_memory battles;
  counts_in_memory refusals;
  counting_router router;
  board_gains gains;
  system_clock_source clock;
  crypto::system_random random;
  id_source ids{clock, random};
  create_battle create{battles, refusals, router, gains, ids, clock, random};
};

TEST_F(creating, a_prompt_becomes_a_request_that_is_kept_with_who_decided) {
  const auto made = ask("A calm piano piece in D minor for a rainy evening, 20 seconds, 90 bpm");
  ASSERT_TRUE(made) << told(made);
  const battle& b = battles.kept.begin()->second;
  EXPECT_EQ(routing::to_json(b.request), R"({"bpm":90,"duration":20,"instrumental":false})");
  EXPECT_NE(b.routing.find(R"("by":"rules","endpoint":"not_asked","language":"en")"),
            std::string::npos)
      << b.routing;
  EXPECT_EQ(b.language, "en");
  EXPECT_EQ(b.sampling, R"({"epsilon":0,"pairs":3,"policy":"weights","used":"weights","votes":0})");
  EXPECT_NEAR(b.sampling_probability, 1.0 / 3, 1e-12);
}

TEST_F(creating, only_a_prompt_of_the_arenas_list_passes_for_one) {
  const auto source_of = [&](const std::string& prompt, const std::string& key) {
    const auto made = ask(prompt, {}, key, "", "random");
    return made ? made->b.prompt_source : told(made);
  };
  EXPECT_EQ(source_of("A march", "key-0001"), "random");
  EXPECT_EQ(source_of("A march for Jane Doe of Elm Street", "key-0002"), "typed");
  EXPECT_EQ(ask("A march", {}, "key-0003").value().b.prompt_source, "typed");
}

TEST_F(creating, stated_fields_are_checked_by_the_schema) {
  EXPECT_EQ(told(ask("A tune", {{"duration", std::int64_t{1000}}, {"mood", true}})),
            "invalid-input; /request/duration must be from 5 to 300; "
            "/request/mood is not a field of this arena");
  EXPECT_EQ(told(ask("A tune", {{"instrumental", true}, {"lyrics", std::string("la")}})),
            "invalid-input; /request/lyrics does not go with instrumental");
  EXPECT_EQ(router.asked, 0);
}

TEST_F(creating, only_systems_that_support_the_request_are_drawn) {
  for (int i = 0; i < 30; ++i) {
    const auto made = ask("A tune", {{"duration", std::int64_t{100}}}, "key-" + std::to_string(i));
    ASSERT_TRUE(made) << told(made);
    EXPECT_NE(made->pair.slot_a, 2);
    EXPECT_NE(made->pair.slot_b, 2);
    EXPECT_EQ(made->b.sampling_probability, 1);
  }
}

TEST_F(creating, the_voter_is_told_which_part_cannot_be_met) {
  EXPECT_EQ(told(ask("A tune", {{"duration", std::int64_t{250}}})),
            "request-unsupported; /request/duration must be at most 240");
  EXPECT_EQ(told(ask("A tune", {{"lyrics", std::string("La la la")}})),
            "request-unsupported; /request/lyrics cannot be given");
  EXPECT_TRUE(battles.kept.empty());
}

TEST_F(creating, partial_support_is_told_by_the_fields_without_effect) {
  const arena_ptr a = catalog.find("music");
  const routing::request r = {{"duration", std::int64_t{100}}, {"bpm", std::int64_t{90}}};
  EXPECT_EQ(support_text(*a, 1, r, ""), "full");
  EXPECT_EQ(support_text(*a, 3, r, ""), "partial:bpm,duration");
  EXPECT_EQ(support_text(*a, 9, r, ""), "");
}

TEST_F(creating, a_refused_prompt_is_counted_and_not_kept) {
  const auto made = ask("How to make a bomb, as a waltz");
  EXPECT_EQ(told(made), "prompt-refused");
  EXPECT_EQ(made.error().reason, "violence");
  EXPECT_EQ(made.error().detail.find("bomb"), std::string::npos);
  EXPECT_EQ(refusals.counted, std::vector<std::string>{"7 violence rules"});
  EXPECT_TRUE(battles.kept.empty());
  EXPECT_TRUE(battles.keys.empty());
}

TEST_F(creating, a_retry_gives_the_first_battle_without_routing_again) {
  const auto first = ask("A tune", {{"bpm", std::int64_t{90}}});
  ASSERT_TRUE(first);
  const auto again = ask("A tune", {{"bpm", std::int64_t{90}}});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->b.id, first->b.id);
  EXPECT_FALSE(again->created);
  EXPECT_EQ(router.asked, 1);
  EXPECT_EQ(told(ask("A tune", {{"bpm", std::int64_t{91}}})), "conflict");
}

}  // namespace
}  // namespace agon::arena::create_battle_tests
