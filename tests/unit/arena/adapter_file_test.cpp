#include "services/arena/adapter_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/arena/arena.hpp"

namespace agon::arena {
namespace {

using namespace std::chrono_literals;

struct read_entry {
  systems::system_spec spec;
  systems::price_list prices;
  std::string complaints;
};

read_entry read(const std::string& yaml) {
  yaml_reader in(YAML::Load(yaml), "systems[0]");
  read_entry out;
  out.spec = read_adapter(in);
  out.prices = read_prices(in);
  in.end();
  for (const field_error& f : in.complaints()) out.complaints += f.field + " " + f.reason + "\n";
  return out;
}

TEST(adapter_file, rules_for_prompts_are_read_in_order) {
  const auto r = read(R"(adapter: command
command:
  argv: [speak]
  prompt_replace:
    - {text: "[[", with: "["}
    - {pattern: '<(\w+)>', with: '\1'}
)");
  EXPECT_EQ(r.complaints, "");
  const auto& o = std::get<systems::command_options>(r.spec);
  ASSERT_EQ(o.prompt_replace.size(), 2U);
  EXPECT_EQ(o.prompt_replace[0], (systems::prompt_rule{"[[", "", "["}));
  EXPECT_EQ(o.prompt_replace[1], (systems::prompt_rule{"", "<(\\w+)>", "\\1"}));
}

TEST(adapter_file, rules_for_prompts_that_make_no_sense_are_named_by_line_and_field) {
  const auto r = read(R"(adapter: command
command:
  argv: [speak]
  prompt_replace:
    - {pattern: "(", with: "x"}
    - {pattern: "a*"}
    - {pattern: "a", with: '\2'}
    - {text: "a", pattern: "b"}
    - {with: "a"}
    - {text: "a", width: "b"}
)");
  for (const std::string expected :
       {"line 5: systems[0].command.prompt_replace[0].pattern is no regular expression",
        "line 6: systems[0].command.prompt_replace[1].pattern must not match nothing",
        "line 7: systems[0].command.prompt_replace[2].with names a group",
        "line 8: systems[0].command.prompt_replace[3].text give one of",
        "systems[0].command.prompt_replace[4].text give one of",
        "line 10: systems[0].command.prompt_replace[5].width is not known here"})
    EXPECT_THAT(r.complaints, testing::HasSubstr(expected));
}

TEST(adapter_file, chat_is_read_with_all_its_keys) {
  const auto r = read(R"(adapter: openai-chat
openai-chat:
  url: https://api.example.org/v1
  key_from: EXAMPLE_KEY
  headers_from: {X-Project: EXAMPLE_PROJECT}
  model: example-1
  instructions: Be short.
  temperature: 0.7
  max_tokens: 800
  max_tokens_name: max_completion_tokens
  attachments: [image]
  tools: true
  timeout: 90s
  first_byte: 20s
  concurrency: 8
  requests_per_minute: 120
  extra: {top_p: 0.9, stop: ["\n\n", "7"], user: "12", deep: {on: true, off: null}}
prices:
  currency: USD
  per_million_input_tokens: 0.15
  per_million_output_tokens: 0.6
)");
  EXPECT_EQ(r.complaints, "");
  const auto& o = std::get<systems::chat_options>(r.spec);
  EXPECT_EQ(o.remote.url, "https://api.example.org/v1");
  EXPECT_EQ(o.remote.key_from, "EXAMPLE_KEY");
  ASSERT_EQ(o.remote.headers_from.size(), 1U);
  EXPECT_EQ(o.remote.headers_from[0].second, "EXAMPLE_PROJECT");
  EXPECT_EQ(o.remote.timeout, 90s);
  EXPECT_EQ(o.remote.requests_per_minute, 120);
  EXPECT_EQ(o.temperature, 0.7);
  EXPECT_TRUE(o.takes_images && o.takes_tools && !o.takes_audio);
  EXPECT_EQ(o.extra,
            R"({"deep":{"off":null,"on":true},"stop":["\n\n","7"],"top_p":0.9,"user":"12"})");
  EXPECT_EQ(r.prices.per_million_output_tokens, 0.6);
  EXPECT_EQ(systems::made_by(r.spec), systems::modality::text);
}

TEST(adapter_file, every_adapter_is_known) {
  EXPECT_EQ(
      read("adapter: openai-images\nopenai-images: {url: 'https://e.org', model: m}").complaints,
      "");
  EXPECT_EQ(read("adapter: openai-speech\nopenai-speech: {url: 'https://e.org', model: m, "
                 "voice: v, format: flac}")
                .complaints,
            "");
  EXPECT_EQ(read("adapter: music-arena\nmusic-arena: {url: 'http://localhost:8000', "
                 "instrumental: false}")
                .complaints,
            "");
  const auto json = read(R"(adapter: http-json
http-json:
  url: http://gpu.internal:9000
  private_network: true
  path: /run
  request: {inputs: "{prompt}", parameters: {seed: "{seed}"}}
  output: audio
  output_at: /audio/0
)");
  EXPECT_EQ(json.complaints, "");
  EXPECT_EQ(std::get<systems::http_json_options>(json.spec).body,
            R"({"inputs":"{prompt}","parameters":{"seed":"{seed}"}})");
  EXPECT_EQ(read("adapter: telepathy").complaints,
            "line 1: systems[0].adapter must be one of command, pool, openai-chat, openai-images, "
            "openai-speech, music-arena, http-json\n");
}

TEST(adapter_file, mistakes_name_line_and_field) {
  EXPECT_EQ(read(R"(adapter: openai-chat
openai-chat:
  url: http://api.example.org/v1?key=1
  path: chat
  key_from: sk-abc-123
  headers_from: {"X Y": K}
  model: m
  timeout: 3h
  colour: red
)")
                .complaints,
            "line 8: systems[0].openai-chat.timeout must be a duration such as 500ms, 20s, 5m or "
            "1h, at most 1800s\n"
            "line 3: systems[0].openai-chat.url must have neither query nor fragment\n"
            "line 4: systems[0].openai-chat.path must begin with /\n"
            "line 5: systems[0].openai-chat.key_from must be the name of an environment variable\n"
            "line 6: systems[0].openai-chat.headers_from X Y is not the name of a header\n"
            "line 9: systems[0].openai-chat.colour is not known here\n");
  EXPECT_EQ(read(R"(adapter: http-json
http-json:
  url: https://e.org
  request: {q: "{promt}"}
  output_at: a/b
)")
                .complaints,
            "line 4: systems[0].http-json.request must have a place for {prompt}, {messages} or "
            "{request}\n"
            "line 5: systems[0].http-json.output_at must be a JSON Pointer such as "
            "/data/0/text\n");
}

TEST(adapter_file, secrets_in_the_file_are_refused) {
  const auto complaints = read(R"(adapter: openai-chat
openai-chat:
  url: https://e.org
  model: m
  api_key: sk-abc
)")
                              .complaints;
  EXPECT_THAT(complaints, ::testing::HasSubstr("line 5: systems[0].openai-chat.api_key must not"));
  EXPECT_THAT(complaints, ::testing::Not(::testing::HasSubstr("sk-abc")));
  EXPECT_THAT(
      read("adapter: music-arena\nmusic-arena: {url: 'https://user:sk-abc@e.org'}").complaints,
      ::testing::Not(::testing::HasSubstr("sk-abc")));
}

TEST(adapter_file, text_with_anchors_that_grow_is_refused) {
  std::string yaml =
      "adapter: openai-chat\nopenai-chat:\n  url: https://e.org\n  model: m\n"
      "  extra:\n    a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  char last = 'a';
  for (char next = 'b'; next < 'i'; ++next) {
    yaml += std::string("    ") + next + ": &" + next + " [";
    for (int i = 0; i < 10; ++i) yaml += std::string(i == 0 ? "*" : ", *") + last;
    yaml += "]\n";
    last = next;
  }
  EXPECT_THAT(read(yaml).complaints, ::testing::HasSubstr("extra is too large or too deep"));
}

}  // namespace
}  // namespace agon::arena
