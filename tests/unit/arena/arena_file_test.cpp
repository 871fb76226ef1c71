#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "services/arena/arena.hpp"

namespace agon::arena {
namespace {

std::string text_of_file(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const char* minimal = R"(id: test
title: Test
description: A test.
modality: audio
prompt_label: Say
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
  - {id: one, name: One, maker: M, licence: MIT, description: D, adapter: command, command: {argv: [cat]}}
  - {id: two, name: Two, maker: M, licence: MIT, description: D, adapter: command, command: {argv: [cat]}}
)";

TEST(arena_file, every_example_is_valid) {
  const auto a = parse_arena(text_of_file(AGON_SOURCE_DIR "/arenas/speech.yaml"));
  if (!a)
    for (const field_error& f : a.error().fields) ADD_FAILURE() << f.field << " " << f.reason;
  ASSERT_TRUE(a) << a.error().detail;
  EXPECT_GE(a->systems.size(), 7U);
  EXPECT_GE(a->prompts.size(), 20U);
}

TEST(arena_file, defaults_are_filled_in) {
  const auto a = parse_arena(minimal);
  ASSERT_TRUE(a);
  EXPECT_EQ(a->release.cool_off_hours, 72);
  EXPECT_EQ(a->release.schedule, "monthly");
  EXPECT_EQ(a->release.withdrawals, 5);
  EXPECT_EQ(a->retention.exposures, 90);
  EXPECT_EQ(a->retention.unjudged, 30);
  EXPECT_EQ(a->consent.sha256.size(), 64U);
  EXPECT_EQ(a->protocol.vote().id, "overall");
}

TEST(arena_file, retention_is_for_ever_or_for_longer_than_a_battle) {
  const auto with = [](const char* rule) {
    return parse_arena(minimal + std::string("retention: ") + rule + "\n");
  };
  const auto rule = with("{exposures_days: 0, unjudged_days: 2}");
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->retention.exposures, 0);
  EXPECT_EQ(rule->retention.unjudged, 2);
  for (const char* bad : {"{exposures_days: 1}", "{unjudged_days: -1}", "{votes_days: 3}",
                          "{unjudged_days: soon}"})
    EXPECT_FALSE(with(bad)) << bad;
}

TEST(arena_file, another_consent_text_has_another_hash) {
  std::string other = minimal;
  other.replace(other.find("Be kind."), 8, "Be fair.");
  EXPECT_NE(parse_arena(minimal)->consent.sha256, parse_arena(other)->consent.sha256);
}

TEST(arena_file, mistakes_name_line_and_field) {
  std::string bad = minimal;
  bad.replace(bad.find("modality: audio"), 15, "modality: smell");
  bad.replace(bad.find("id: two"), 7, "id: one");
  bad += "colour: red\n";
  const auto a = parse_arena(bad);
  ASSERT_FALSE(a);
  std::string all;
  for (const field_error& f : a.error().fields) all += f.field + " " + f.reason + "\n";
  EXPECT_EQ(all,
            "line 4: modality must be one of audio, text, image\n"
            "line 17: systems[1].id stands twice\n"
            "line 18: colour is not known here\n");
}

TEST(arena_file, style_control_takes_what_outputs_of_the_modality_have) {
  const auto usual = parse_arena(minimal)->boards;
  ASSERT_EQ(usual.size(), 3U);
  EXPECT_EQ(usual[2].method, ratings::method::contextual);
  EXPECT_EQ(usual[2].features, (std::vector<std::string>{"seconds", "loudness_lufs"}));
  const auto a = parse_arena(std::string(minimal) + R"(boards:
  - method: contextual
    features: [generation_seconds]
    side_bias: false
    weights:
      inverse_propensity: {}
      participant_cap: {most: 20}
      prompts: {similarity: 0.7}
)");
  ASSERT_TRUE(a);
  const ratings::planned_board& b = a->boards.at(0);
  EXPECT_EQ(b.features, std::vector<std::string>{"generation_seconds"});
  EXPECT_FALSE(b.side_bias);
  EXPECT_EQ(b.weights, (ratings::weight_settings{.inverse_propensity = 10,
                                                 .participant_cap = 20,
                                                 .prompt_quantile = 0.9999,
                                                 .prompt_similarity = 0.7}));
  EXPECT_EQ(ratings::plan_from_json(ratings::to_json(a->boards)).value(), a->boards);
}

TEST(arena_file, mistakes_in_style_and_weights_are_told) {
  const auto complaint = [](const std::string& board) {
    const auto a = parse_arena(std::string(minimal) + "boards:\n  - " + board + "\n");
    return a || a.error().fields.empty() ? std::string() : a.error().fields.front().reason;
  };
  EXPECT_EQ(complaint("{method: contextual, features: [tokens]}"),
            "has tokens, which is not recorded of audio outputs");
  EXPECT_EQ(complaint("{method: elo, weights: {inverse_propensity: {}}}"), "is not known to elo");
  EXPECT_NE(complaint("{method: bradley-terry, weights: {inverse_propensity: {clip: 0.5}}}"), "");
  EXPECT_NE(complaint("{method: bradley-terry, features: [seconds]}"), "");
  EXPECT_NE(complaint("{method: plackett-luce}"), "");
}

TEST(arena_file, boards_are_declared_or_the_usual_ones) {
  const auto a = parse_arena(std::string(minimal) + R"(boards:
  - method: rao-kupper
    both_bad: tie
    anchor: {system: two, score: 1100}
    segment_by: [language, week]
  - method: elo
)");
  ASSERT_TRUE(a) << a.error().fields.at(0).field << a.error().fields.at(0).reason;
  ASSERT_EQ(a->boards.size(), 2U);
  EXPECT_EQ(a->boards[0].method, ratings::method::rao_kupper);
  EXPECT_EQ(a->boards[0].both_bad, ratings::both_bad_policy::tie);
  EXPECT_EQ(a->boards[0].anchor->score, 1100);
  EXPECT_EQ(a->boards[0].segment_by, (std::vector<std::string>{"language", "week"}));
  EXPECT_EQ(ratings::plan_from_json(ratings::to_json(a->boards)).value(), a->boards);
}

TEST(arena_file, mistakes_in_boards_name_line_and_field) {
  const auto a = parse_arena(std::string(minimal) + R"(boards:
  - method: glicko
  - method: bradley-terry
    both_bad: model
  - method: elo
    segment_by: [language]
  - method: davidson
    anchor: {system: three}
  - method: davidson
    segment_by: [mood]
  - method: plackett-luce
)");
  ASSERT_FALSE(a);
  std::string all;
  for (const field_error& f : a.error().fields) all += f.field + " " + f.reason + "\n";
  EXPECT_EQ(all,
            "line 19: boards[0].method must be one of bradley-terry, elo, davidson, rao-kupper, "
            "grounded-rao-kupper, contextual\n"
            "line 21: boards[1].both_bad cannot be model with bradley-terry\n"
            "line 20: boards[1].method stands twice\n"
            "line 23: boards[2].segment_by is not known to elo, which depends on the order of "
            "votes\n"
            "line 25: boards[3].anchor.system is not a system of this arena\n"
            "line 27: boards[4].segment_by must be made of language, prompt, day, week, month, "
            "criterion and request.NAME\n"
            "line 26: boards[4].method stands twice\n"
            "line 28: boards[5].method is not kept up to date by the rating job\n");
}

TEST(arena_file, text_that_is_no_yaml_is_refused_with_its_line) {
  const auto a = parse_arena("id: x\n  : : [");
  ASSERT_FALSE(a);
  EXPECT_TRUE(a.error().detail.starts_with("line 2")) << a.error().detail;
  EXPECT_FALSE(parse_arena("- just\n- a list\n"));
  EXPECT_FALSE(parse_arena(""));
}

std::string mistakes(const std::string& yaml) {
  const auto a = parse_arena(yaml);
  if (a) return "none";
  std::string out;
  for (const field_error& f : a.error().fields) out += f.field + " " + f.reason + "\n";
  return out;
}

std::string with(std::string more, const std::string& system = "") {
  std::string text = minimal;
  if (!system.empty()) text.insert(text.find(", adapter: command"), ", " + system);
  return text + more;
}

// The page that documents every key holds an example with every key.
TEST(arena_file, the_documented_example_is_valid) {
  const std::string page = text_of_file(AGON_SOURCE_DIR "/docs/arena-files.md");
  const std::size_t from = page.rfind("```yaml\n") + 8;
  const std::string example = page.substr(from, page.rfind("```") - from);
  EXPECT_EQ(mistakes(example), "none");
}

TEST(arena_file, request_and_signature_are_read) {
  const auto a =
      parse_arena(with(R"(request:
  properties:
    duration: {type: number, minimum: 1, maximum: 60, default: 10}
    voice: {type: string, enum: [low, "1", 'true']}
routing: {purpose: Jingles, refuse: [hate, sexual], words: [acme], allow: [porn], endpoint: false}
sampling: {policy: variance, epsilon: 0.2}
)",
                       "signature: {accepts: {duration: {min: 2, max: 30, beyond: partial}, "
                       "voice: [low]}, ignores: [voice], turns: 3}, boost: 2, target: 100"));
  ASSERT_TRUE(a) << mistakes(with(""));
  EXPECT_EQ(a->request.fields().size(), 2U);
  EXPECT_EQ(a->request.find("voice")->choices[2], routing::field_value(std::string("true")));
  EXPECT_EQ(a->routing.refuse.size(), 2U);
  EXPECT_FALSE(a->routing.ask_endpoint);
  EXPECT_EQ(a->sampling.policy, "variance");
  EXPECT_EQ(a->sampling.epsilon, 0.2);
  const auto& s = a->systems[0];
  ASSERT_EQ(s.signature.accepts.size(), 2U);
  EXPECT_EQ(s.signature.accepts[0].maximum, 30);
  EXPECT_EQ(s.signature.accepts[0].beyond, routing::support::partial);
  EXPECT_EQ(s.signature.turns, 3);
  EXPECT_EQ(s.boost, 2);
  EXPECT_EQ(s.target, 100);
  EXPECT_EQ(a->systems[1].signature.turns, 1);
}

TEST(arena_file, languages_of_a_system_are_a_part_of_its_signature) {
  const auto a = parse_arena(with("", "languages: [en, de]"));
  ASSERT_TRUE(a);
  ASSERT_EQ(a->systems[0].signature.accepts.size(), 1U);
  EXPECT_EQ(a->systems[0].signature.accepts[0].field, "language");
}

TEST(arena_file, mistakes_of_a_request_name_their_line) {
  EXPECT_EQ(mistakes(with(R"(request:
  properties:
    duration:
      type: number
      minimum: ten
)")),
            "line 22: request.properties.duration.minimum must be a number\n");
  EXPECT_EQ(mistakes(with("request: [1]\n")),
            "line 18: request must be a mapping of names to values\n");
  EXPECT_EQ(
      mistakes(with("routing: {refuse: [noise]}\nsampling: {policy: best, epsilon: 2}\n")),
      "line 18: routing.refuse does not know noise\n"
      "line 19: sampling.policy must be one of weights, uniform, uncertainty, variance, dueling\n"
      "line 19: sampling.epsilon must be a number from 0 to 1\n");
  EXPECT_EQ(mistakes(with("", "signature: {accepts: {tempo: {max: 3}}, colour: red}")),
            "line 16: systems[0].signature.colour is not known here\n"
            "line 16: systems[0].signature accepts.tempo is not a field of this arena's request\n");
}

}  // namespace
}  // namespace agon::arena
