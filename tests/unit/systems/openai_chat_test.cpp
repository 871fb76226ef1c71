#include <nlohmann/json.hpp>

#include "tests/unit/systems/remote_bench.hpp"

namespace agon::systems::test {
namespace {

using json = nlohmann::json;
using ::testing::ElementsAre;

class openai_chat : public remote_bench {
 protected:
  // A stream of these events, and the end that the protocol asks for.
  static scripted_server::script streams(std::vector<std::string> events) {
    return always([events = std::move(events)](peer& p, const std::string&) {
      p.start_events();
      for (const auto& e : events) p.event(e);
      p.event("[DONE]");
      p.chunk("");
    });
  }
};

TEST_F(openai_chat, conversation_is_sent_as_messages) {
  std::string seen;
  scripted_server server(always([&](peer& p, const std::string& request) {
    seen = request;
    p.answer(R"({"choices":[{"message":{"content":"Yes."},"finish_reason":"stop"}]})");
  }));
  ASSERT_EQ(::setenv("AGON_TEST_KEY", "sk-1", 1), 0);
  auto o = chat_at(server);
  o.remote.key_from = "AGON_TEST_KEY";
  o.instructions = "Be short.";
  o.temperature = 0.5;
  o.max_tokens = 100;
  o.max_tokens_name = "max_completion_tokens";
  o.send_seed = true;
  o.takes_images = o.takes_tools = true;
  o.extra = R"({"top_p": 0.9, "model": "other"})";
  write(root / "a.png", png);
  generation_request r{"And this?", "en", 7};
  r.earlier = {{speaker::user, "Hi"},
               {speaker::system,
                "",
                {},
                R"([{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}])"},
               {speaker::tool, "42", {}, "", "c1"},
               {speaker::system, "It is 42."}};
  r.attachments = {{modality::image, "image/png", root / "a.png"}};
  r.tools = R"([{"type":"function","function":{"name":"f"}}])";
  const auto made = ask(o, r);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text, "Yes.");
  EXPECT_TRUE(seen.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_NE(seen.find("\r\nAuthorization: Bearer sk-1\r\n"), std::string::npos);
  const auto body = json::parse(body_of(seen));
  EXPECT_EQ(body["model"], "m") << "extra members do not replace ours";
  EXPECT_EQ(body["top_p"], 0.9);
  EXPECT_EQ(body["temperature"], 0.5);
  EXPECT_EQ(body["max_completion_tokens"], 100);
  EXPECT_EQ(body["seed"], 7);
  EXPECT_EQ(body["stream"], true);
  EXPECT_EQ(body["stream_options"]["include_usage"], true);
  EXPECT_EQ(body["tools"][0]["function"]["name"], "f");
  const auto& m = body["messages"];
  ASSERT_EQ(m.size(), 6U);
  EXPECT_EQ(m[0], (json{{"role", "system"}, {"content", "Be short."}}));
  EXPECT_EQ(m[1], (json{{"role", "user"}, {"content", "Hi"}}));
  EXPECT_EQ(m[2]["tool_calls"][0]["id"], "c1");
  EXPECT_EQ(m[3], (json{{"role", "tool"}, {"content", "42"}, {"tool_call_id", "c1"}}));
  EXPECT_EQ(m[4]["role"], "assistant");
  EXPECT_EQ(m[5]["content"][0]["text"], "And this?");
  EXPECT_TRUE(m[5]["content"][1]["image_url"]["url"].get<std::string>().starts_with(
      "data:image/png;base64,iVBORw0KGgpyZXN0"));
}

TEST_F(openai_chat, text_streams_and_tokens_are_counted) {
  scripted_server server(streams(
      {R"({"model":"m-1","choices":[{"delta":{"role":"assistant","content":""}}]})", delta("Hel"),
       delta("lo \\ud83d\\ude00\\r"), delta("\\n\\u001b[1m!"), stop,
       R"({"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}})"}));
  const auto listener = std::make_shared<remembering>();
  const auto made = ask(chat_at(server), {"Grüß dich", "en", 7}, listener);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text, "Hello 😀\n[1m!");
  EXPECT_THAT(listener->pieces, ElementsAre("Hel", "lo 😀\n", "[1m!"));
  EXPECT_EQ(listener->started, 1);
  EXPECT_EQ(made->media_type, "text/plain");
  EXPECT_EQ(made->model, "m-1");
  EXPECT_EQ(made->end, ending::complete);
  EXPECT_EQ(made->used.input_tokens, 9U);
  EXPECT_EQ(made->used.output_tokens, 4U);
  EXPECT_EQ(made->used.input_characters, 9U);
  EXPECT_GT(made->generation_seconds, 0);
  EXPECT_GT(made->first_seconds, 0);
}

TEST_F(openai_chat, tool_calls_are_put_together) {
  scripted_server server(streams(
      {R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\""}}]}}]})",
       R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":": 1}"}},{"index":1,"id":"c2","function":{"name":"g","arguments":"{}"}}]}}]})",
       R"({"choices":[{"delta":{},"finish_reason":"tool_calls"}]})"}));
  const auto made = ask(chat_at(server));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->end, ending::tool_calls);
  const auto calls = json::parse(made->tool_calls);
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0]["function"]["arguments"], "{\"a\": 1}");
  EXPECT_EQ(calls[1]["id"], "c2");
}

TEST_F(openai_chat, endings_are_told_apart) {
  const auto ends = [&](const char* reason, const std::string& text) {
    scripted_server server(streams({delta(text), R"({"choices":[{"delta":{},"finish_reason":")" +
                                                     std::string(reason) + "\"}]}"}));
    return ask(chat_at(server));
  };
  EXPECT_EQ(ends("length", "x")->end, ending::cut_off);
  EXPECT_EQ(ends("content_filter", "x")->end, ending::refused);
  EXPECT_EQ(ends("content_filter", "").error().code, errc::unsupported);
  EXPECT_EQ(ends("stop", "").error().code, errc::system_failed);
}

TEST_F(openai_chat, text_that_never_ends_is_cut_off) {
  scripted_server server([](peer& p, int) {
    p.read_request();
    p.start_events();
    while (p.event(delta("on and on "))) {
    }
  });
  generation_request r{"Hello.", "en", 7};
  r.largest_text = 1000;
  const auto made = ask(chat_at(server), r);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text.size(), 1000U);
  EXPECT_EQ(made->end, ending::cut_off);
}

TEST_F(openai_chat, broken_streams_are_failures) {
  const std::vector<std::vector<std::string>> broken = {
      {"no json"},
      {"[1, 2]"},
      {delta("a"), R"({"error":{"message":"secret of the provider"}})"},
      {delta("a\xff"), stop},
      {R"({"choices":[{"delta":{"tool_calls":[{"index":99}]}}]})"},
      {R"({"choices":[{"delta":{"tool_calls":{"index":0}}}]})"},
      {std::string(2'000'000, 'x')},
  };
  for (const auto& events : broken) {
    scripted_server server(streams(events));
    const auto made = ask(chat_at(server));
    ASSERT_FALSE(made) << events[0].substr(0, 100);
    EXPECT_EQ(made.error().code, errc::system_failed);
    EXPECT_EQ(made.error().detail.find("secret"), std::string::npos);
  }
  scripted_server closes_early([](peer& p, int) {
    p.read_request();
    p.start_events();
    p.event(delta("half"));
  });
  EXPECT_EQ(ask(chat_at(closes_early)).error().code, errc::system_failed);
  scripted_server ends_without_saying([](peer& p, int) {
    p.read_request();
    p.start_events();
    p.event(delta("half"));
    p.chunk("");
    p.wait_for_end();
  });
  EXPECT_EQ(ask(chat_at(ends_without_saying)).error().code, errc::system_failed);
  scripted_server page(always(
      [](peer& p, const std::string&) { p.answer("<script>alert(1)</script>", "text/html"); }));
  EXPECT_EQ(ask(chat_at(page)).error().code, errc::system_failed);
}

TEST_F(openai_chat, errors_inside_a_stream_are_told_apart) {
  const auto failed = [&](const std::string& code) {
    scripted_server server(streams({delta("half"), R"({"error":{"code":)" + code + "}}"}));
    return ask(chat_at(server)).error().code;
  };
  EXPECT_EQ(failed("\"rate_limit_exceeded\""), errc::overloaded);
  EXPECT_EQ(failed("429"), errc::overloaded);
  EXPECT_EQ(failed("\"invalid_api_key\""), errc::unavailable);
  EXPECT_EQ(failed("\"content_filter\""), errc::unsupported);
  EXPECT_EQ(failed("\"server_error\""), errc::system_failed);
  EXPECT_EQ(failed("200"), errc::system_failed);
}

TEST_F(openai_chat, refusals_are_told_apart) {
  const auto refused = [&](const char* status) {
    scripted_server server(always([&](peer& p, const std::string&) {
      p.answer(R"({"error":{"message":"no"}})", "application/json", status);
    }));
    return ask(chat_at(server)).error().code;
  };
  EXPECT_EQ(refused("400 Bad Request"), errc::unsupported);
  EXPECT_EQ(refused("401 Unauthorized"), errc::unavailable);
  EXPECT_EQ(refused("429 Too Many Requests"), errc::overloaded);
  EXPECT_EQ(refused("500 Oops"), errc::system_failed);
  EXPECT_EQ(refused("302 Found"), errc::system_failed);
}

TEST_F(openai_chat, what_it_does_not_take_is_refused_unasked) {
  scripted_server server(streams({delta("x"), stop}));
  generation_request with_image{"Hello.", "en", 7};
  with_image.attachments = {{modality::image, "image/png", root / "a.png"}};
  EXPECT_EQ(ask(chat_at(server), with_image).error().code, errc::unsupported);
  generation_request with_tools{"Hello.", "en", 7};
  with_tools.tools = "[]";
  EXPECT_EQ(ask(chat_at(server), with_tools).error().code, errc::unsupported);
  EXPECT_EQ(server.connections(), 0);
}

}  // namespace
}  // namespace agon::systems::test
