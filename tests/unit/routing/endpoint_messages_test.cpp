#include "services/routing/endpoint_messages.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace agon::routing {
namespace {

using json = nlohmann::json;

class endpoint_messages : public testing::Test {
 protected:
  request_schema schema = request_schema::compile(R"({"properties": {
      "instrumental": {"type": "boolean", "default": false},
      "duration": {"type": "integer", "title": "Seconds", "minimum": 5, "maximum": 300, "default": 30},
      "mood": {"type": "string", "enum": ["calm", "dark"]}}})")
                              .value();
  routing_policy policy;
  request stated;

  routing_question question(std::string prompt = "A calm piece, one minute") {
    return {std::move(prompt), stated, "", &schema, &policy, {}};
  }
  static std::string completion(const std::string& content, const char* finish = "stop") {
    return json{
        {"choices",
         {{{"finish_reason", finish}, {"message", {{"role", "assistant"}, {"content", content}}}}}}}
        .dump();
  }
  std::optional<decision> read(const std::string& content) {
    return read_endpoint_answer(completion(content), question());
  }
};

TEST_F(endpoint_messages, the_call_asks_for_a_strict_answer_by_the_arenas_schema) {
  policy.purpose = "Jingles";
  const json body = json::parse(endpoint_request(question("Say \"hi\""), "small"));
  EXPECT_EQ(body.at("model"), "small");
  const json& format = body.at("response_format").at("json_schema");
  EXPECT_EQ(format.at("strict"), true);
  const json& root = format.at("schema");
  EXPECT_EQ(root.at("required").size(), root.at("properties").size());
  const json& fields = root.at("properties").at("request").at("properties");
  EXPECT_EQ(fields.at("duration").at("type"), json::parse(R"(["integer", "null"])"));
  EXPECT_EQ(fields.at("mood").at("enum"), json::parse(R"(["calm", "dark", null])"));
  EXPECT_EQ(root.at("properties").at("reason").at("enum").size(), all_refusals.size() + 1);
  // The prompt is data inside of JSON, not a part of the instructions.
  EXPECT_EQ(json::parse(body.at("messages")[1].at("content").get<std::string>()).at("prompt"),
            "Say \"hi\"");
  const auto instructions = body.at("messages")[0].at("content").get<std::string>();
  EXPECT_EQ(instructions.find("Say"), std::string::npos);
  EXPECT_NE(instructions.find("Jingles"), std::string::npos);
}

TEST_F(endpoint_messages, a_good_answer_decides) {
  stated = {{"mood", std::string("dark")}};
  const auto d = read(R"({"allowed": true, "reason": null, "language": "en",
                         "request": {"duration": 60, "mood": "calm", "instrumental": null}})");
  ASSERT_TRUE(d);
  EXPECT_EQ(d->by, decider::endpoint);
  EXPECT_EQ(d->endpoint, endpoint_outcome::decided);
  EXPECT_FALSE(d->refused);
  EXPECT_EQ(d->language, "en");
  EXPECT_EQ(to_json(d->fields), R"({"duration":60,"instrumental":false,"mood":"dark"})");
}

TEST_F(endpoint_messages, what_the_schema_refuses_is_left_out) {
  const auto d = read(R"({"allowed": true, "reason": null, "language": "a language",
                         "request": {"duration": 9000, "mood": "odd", "tempo": 3}})");
  ASSERT_TRUE(d);
  EXPECT_EQ(to_json(d->fields), R"({"duration":30,"instrumental":false})");
  EXPECT_EQ(d->language, "");
}

TEST_F(endpoint_messages, refusals_have_a_reason_out_of_the_set) {
  const std::string hate =
      R"({"allowed": false, "reason": "hate", "language": "en", "request": {}})";
  EXPECT_EQ(read(hate)->refused, refusal::hate);
  EXPECT_FALSE(read(R"({"allowed": false, "reason": "boring", "language": "en", "request": {}})"));
  EXPECT_FALSE(read(R"({"allowed": false, "reason": null, "language": "en", "request": {}})"));
  policy.refuse = {refusal::sexual};
  EXPECT_EQ(read(hate)->refused, std::nullopt);
}

TEST_F(endpoint_messages, the_arenas_own_words_are_refused_whatever_it_says) {
  policy.words = {"acme"};
  const auto d = read_endpoint_answer(
      completion(R"({"allowed": true, "reason": null, "language": "en", "request": {}})"),
      question("A jingle for ACME"));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->refused, refusal::off_topic);
}

TEST_F(endpoint_messages, nonsense_is_none) {
  for (const char* content : {"", "Sure! Here is your song.", "{}", "[]",
                              "{\"allowed\": \"yes\", \"request\": {}}", "{\"allowed\": true}",
                              "{\"allowed\": true, \"request\": []}", "{\"allowed\": true, \"requ"})
    EXPECT_FALSE(read(content)) << content;
  const char* good = R"({"allowed": true, "request": {}})";
  EXPECT_TRUE(read(good));
  EXPECT_TRUE(read("```json\n" + std::string(good) + "\n```"));
  EXPECT_FALSE(read_endpoint_answer(completion(good, "length"), question()));
  for (const char* body :
       {"", "<html>", "{}", R"({"choices": []})", R"({"choices": [1]})",
        R"({"choices": [{"message": {"content": null, "refusal": "no"}}]})", "\xff"})
    EXPECT_FALSE(read_endpoint_answer(body, question())) << body;
}

}  // namespace
}  // namespace agon::routing
