#include "services/routing/replay.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "services/routing/rules.hpp"

namespace agon::routing {
namespace {

request_schema music() {
  return request_schema::compile(R"({"properties": {
      "instrumental": {"type": "boolean", "default": false},
      "lyrics": {"type": "string", "maxLength": 3000, "x-unless": "instrumental"},
      "duration": {"type": "integer", "minimum": 5, "maximum": 300, "default": 30},
      "bpm": {"type": "integer", "minimum": 40, "maximum": 240},
      "language": {"type": "string", "enum": ["en", "de", "fr", "es", "it", "pt", "nl"]}}})")
      .value();
}

TEST(recorded_decision, line_there_and_back) {
  const std::string line =
      R"({"decision":{"by":"endpoint","language":"en","refused":null,"request":{"bpm":90}},)"
      R"("language":"de","prompt":"x","stated":{"bpm":90}})";
  const auto r = parse_recorded(line);
  ASSERT_TRUE(r);
  EXPECT_EQ(r->decided.by, decider::endpoint);
  EXPECT_EQ(to_json_line(*r), line);
}

TEST(recorded_decision, bad_lines_are_refused) {
  for (const char* line :
       {"", "[]", "{}", R"({"prompt": "x"})", R"({"prompt": "x", "decision": 1})",
        R"({"prompt": "x", "decision": {"refused": "noise"}})",
        R"({"prompt": "x", "decision": {"request": [1]}})",
        R"({"prompt": "x", "decision": {"request": {"a": [1]}}})"})
    EXPECT_FALSE(parse_recorded(line)) << line;
}

TEST(comparison, counts_each_way_to_differ) {
  const request_schema schema = music();
  recorded_decision before;
  before.prompt = "x";
  before.decided.fields = {{"duration", std::int64_t{30}}, {"bpm", std::int64_t{90}}};
  decision now;
  now.fields = {{"duration", std::int64_t{60}}, {"instrumental", true}};
  now.endpoint = endpoint_outcome::timeout;
  comparison c;
  c.add(3, before, now, schema);
  EXPECT_EQ(c.fields().at("duration").different, 1U);
  EXPECT_EQ(c.fields().at("bpm").missed, 1U);
  EXPECT_EQ(c.fields().at("instrumental").extra, 1U);
  EXPECT_EQ(c.fields().at("lyrics").same, 1U);
  now.refused = refusal::hate;
  c.add(4, before, now, schema);
  EXPECT_EQ(c.prompts(), 2U);
  EXPECT_EQ(c.same_refusal(), 1U);
  const std::string report = c.report();
  EXPECT_NE(report.find("rules, endpoint timeout"), std::string::npos) << report;
  EXPECT_NE(report.find("line 3: duration different"), std::string::npos) << report;
  EXPECT_NE(report.find("line 4: refusal none → hate"), std::string::npos) << report;
}

// Our own prompts with what a careful reader makes of them: what the rules reach is
// written here, so that a change that makes them worse is seen.
TEST(rules, agree_with_the_recorded_set) {
  std::ifstream in(AGON_SOURCE_DIR "/tests/unit/routing/prompts.jsonl");
  ASSERT_TRUE(in);
  const request_schema schema = music();
  const routing_policy policy;
  comparison c;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const auto r = parse_recorded(line);
    ASSERT_TRUE(r) << number;
    c.add(number, *r, decide_by_rules({r->prompt, r->stated, r->language, &schema, &policy, {}}),
          schema);
  }
  EXPECT_GE(c.prompts(), 50U);
  EXPECT_GE(c.same_refusal() * 100, c.prompts() * 95) << c.report();
  for (const auto& [name, f] : c.fields()) {
    const std::size_t all = f.same + f.missed + f.extra + f.different;
    EXPECT_GE(f.same * 100, all * 85) << name << "\n" << c.report();
  }
}

}  // namespace
}  // namespace agon::routing
