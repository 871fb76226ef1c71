// What systems behind a network have in common, and the adapters that are not chats.
#include <nlohmann/json.hpp>

#include "services/systems/received.hpp"
#include "tests/unit/systems/remote_bench.hpp"

namespace agon::systems::test {
namespace {

using json = nlohmann::json;
using namespace std::chrono_literals;

class remote : public remote_bench {
 protected:
  std::string wav64 = to_base64(wav);
  std::string png64 = to_base64(png);
};

TEST_F(remote, senseless_options_are_refused_by_field) {
  const auto fields = [&](const remote_options& o) {
    chat_options c;
    c.remote = o;
    c.model = "m";
    const auto made = make_system(pool.get_executor(), c);
    std::string all;
    if (!made)
      for (const auto& f : made.error().fields) all += f.field + " ";
    return all;
  };
  remote_options o;
  o.url = "ftp://example.org";
  o.path = "x";
  o.key_from = "A-B";
  o.headers_from = {{"X Y", "1"}};
  o.concurrency = 0;
  EXPECT_EQ(fields(o), "/url /path /key_from /headers_from/X Y /headers_from/X Y /concurrency ");
  o = {};
  o.url = "http://example.org";
  EXPECT_EQ(fields(o), "");
  o.key_from = "AGON_TEST_ABSENT";
  EXPECT_EQ(fields(o), "/url ") << "a key would go over the network in the clear";
  o.url = "https://example.org";
  EXPECT_EQ(fields(o), "/key_from ") << "not set";
  ASSERT_EQ(::setenv("AGON_TEST_SPLIT", "a\r\nHost: b", 1), 0);
  o.key_from = "AGON_TEST_SPLIT";
  EXPECT_EQ(fields(o), "/key_from ") << "would split the request";
}

TEST_F(remote, voters_wait_in_line_and_are_told) {
  std::promise<void> go;
  const auto gone = go.get_future().share();
  scripted_server server(always([&](peer& p, const std::string&) {
    gone.wait();
    p.answer(R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]})");
  }));
  auto o = chat_at(server);
  o.remote.concurrency = 1;
  o.remote.queue = 1;
  const auto s = make_it(o);
  auto first = start(s->generate({"1", "", 1}, scratch, nullptr));
  until([&] { return s->state().running == 1; });
  const auto listener = std::make_shared<remembering>();
  auto second = start(s->generate({"2", "", 1}, scratch, listener));
  until([&] { return s->state().waiting == 1; });
  const auto third = wait_for(s->generate({"3", "", 1}, scratch));
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, errc::overloaded);
  go.set_value();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_EQ(listener->places, std::vector<std::size_t>{1});
  EXPECT_EQ(listener->started, 1);
}

TEST_F(remote, limit_of_requests_is_kept) {
  std::atomic<int> asked = 0;
  scripted_server server(always([&](peer& p, const std::string&) {
    ++asked;
    p.answer(R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]})");
  }));
  auto o = chat_at(server);
  o.remote.requests_per_minute = 6;  // one in ten seconds
  o.remote.queue_wait = 1s;
  const auto s = make_it(o);
  EXPECT_TRUE(wait_for(s->generate({"1", "", 1}, scratch)));
  const auto second = wait_for(s->generate({"2", "", 1}, scratch));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::overloaded);
  EXPECT_GE(second.error().retry_after, 5s);
  EXPECT_EQ(asked, 1);
}

TEST_F(remote, system_that_keeps_failing_is_not_available) {
  scripted_server server(
      always([](peer& p, const std::string&) { p.answer("", "text/plain", "500 Oops"); }));
  const auto s = make_it(chat_at(server));
  EXPECT_TRUE(s->state().available);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(wait_for(s->generate({"1", "", 1}, scratch)));
  EXPECT_FALSE(s->state().available);
  EXPECT_EQ(wait_for(s->generate({"1", "", 1}, scratch)).error().code, errc::unavailable);
}

TEST_F(remote, images_come_as_base64_or_from_the_same_host) {
  std::string answer;
  std::string seen;
  scripted_server server(always([&](peer& p, const std::string& request) {
    if (request.starts_with("GET /files/1.png?sig=x ")) return p.answer(png, "image/png");
    seen = request;
    p.answer(answer);
  }));
  images_options o;
  o.remote = at(server, "/v1");
  o.model = "draws";
  o.size = "512x512";
  answer = R"({"data":[{"b64_json":")" + png64 +
           R"("}],"usage":{"input_tokens":5,"output_tokens":100}})";
  auto made = ask(o, {"A cat", "en", 7});
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(content(made->file), png);
  EXPECT_EQ(made->media_type, "image/png");
  EXPECT_EQ(made->used.output_tokens, 100U);
  EXPECT_EQ(json::parse(body_of(seen)), (json{{"model", "draws"},
                                              {"prompt", "A cat"},
                                              {"n", 1},
                                              {"size", "512x512"},
                                              {"response_format", "b64_json"}}));
  answer = R"({"data":[{"url":")" + server.url() + R"(/files/1.png?sig=x"}]})";
  made = ask(o);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(content(made->file), png);
  scripted_server elsewhere(always([&](peer& p, const std::string&) { p.answer(png); }));
  for (const std::string& url :
       {elsewhere.url() + "/1.png", std::string("http://169.254.169.254/latest/meta-data"),
        std::string("file:///etc/passwd"), std::string("//127.0.0.1/x")}) {
    answer = R"({"data":[{"url":")" + url + R"("}]})";
    EXPECT_EQ(ask(o).error().code, errc::system_failed) << url;
  }
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST_F(remote, what_is_no_image_is_refused) {
  std::string body;
  scripted_server server(always([&](peer& p, const std::string&) {
    p.answer(R"({"data":[{"b64_json":")" + to_base64(body) + "\"}]}");
  }));
  images_options o;
  o.remote = at(server);
  for (const std::string& bad :
       {std::string("<html><script>alert(1)</script></html>"),
        std::string("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        std::string("<?xml version='1.0'?><svg/>"), std::string("GIF89a"), wav, std::string("")}) {
    body = bad;
    const auto made = ask(o);
    ASSERT_FALSE(made) << bad;
    EXPECT_EQ(made.error().code, errc::system_failed);
    EXPECT_TRUE(scratch_is_empty());
  }
}

TEST_F(remote, speech_is_taken_from_the_body) {
  std::string seen;
  std::string type = "audio/wav";
  std::string body = wav;
  scripted_server server(always([&](peer& p, const std::string& request) {
    seen = request;
    p.answer(body, type);
  }));
  speech_options o;
  o.remote = at(server, "/v1");
  o.model = "speaks";
  o.voice = "v";
  const auto made = ask(o);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(content(made->file), wav);
  EXPECT_EQ(made->file.extension(), ".wav");
  EXPECT_EQ(
      json::parse(body_of(seen)),
      (json{{"model", "speaks"}, {"input", "Hello."}, {"voice", "v"}, {"response_format", "wav"}}));
  body = "<html>busy</html>";
  EXPECT_EQ(ask(o).error().code, errc::system_failed) << "whatever the header says";
  body = wav + std::string(2000, 'x');
  o.remote.output_bytes = 1000;
  EXPECT_EQ(ask(o).error().code, errc::system_failed);
}

TEST_F(remote, music_arena_server_is_asked_as_its_gateway_asks) {
  std::vector<std::string> seen;
  bool well = true;
  scripted_server server(always([&](peer& p, const std::string& request) {
    seen.push_back(request);
    if (request.starts_with("GET /health "))
      return p.answer(R"({"status":"ok"})", "application/json", well ? "200 OK" : "503 Busy");
    p.answer(R"({"audio_b64":")" + wav64 +
             R"(","lyrics":"la la","time_queued":1.0,"time_started":2.0,"time_completed":5.5,)"
             R"("custom_timings":[],"git_hash":"abc"})");
  }));
  music_arena_options o;
  o.remote = at(server);
  auto made = ask(o, {"Calm piano", "", 7});
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(content(made->file), wav);
  EXPECT_EQ(made->text, "la la");
  EXPECT_EQ(made->generation_seconds, 3.5);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_TRUE(seen[1].starts_with("POST /generate "));
  EXPECT_EQ(json::parse(body_of(seen[1])), (json{{"overall_prompt", "Calm piano"},
                                                 {"instrumental", true},
                                                 {"lyrics", nullptr},
                                                 {"duration", nullptr}}));
  generation_request r{"x", "", 7};
  r.details = R"({"overall_prompt":"A song","lyrics":"oh","duration":12.5,"bpm":90})";
  ASSERT_TRUE(ask(o, r));
  EXPECT_EQ(json::parse(body_of(seen.back())), (json{{"overall_prompt", "A song"},
                                                     {"instrumental", false},
                                                     {"lyrics", "oh"},
                                                     {"duration", 12.5}}));
  r.details = R"({"instrumental":true,"lyrics":"oh"})";
  ASSERT_TRUE(ask(o, r));
  EXPECT_EQ(json::parse(body_of(seen.back()))["lyrics"], nullptr) << "their server refuses both";
  well = false;
  const std::size_t before = seen.size();
  EXPECT_EQ(ask(o).error().code, errc::unavailable);
  EXPECT_EQ(seen.size(), before + 1) << "not asked while it is not well";
}

TEST_F(remote, templates_are_filled_and_pointers_followed) {
  std::string seen;
  std::string answer = R"({"out":[{"text":"Hi\u0007!"}],"n":{"in":3,"out":4}})";
  scripted_server server(always([&](peer& p, const std::string& request) {
    seen = request;
    p.answer(answer);
  }));
  http_json_options o;
  o.remote = at(server);
  o.remote.path = "/run?v=2";
  o.body =
      R"({"q":"[{prompt}] {language} {other}","seed":"{seed}","r":"{request}","m":"{messages}","k":[1,null,"{prompt}"]})";
  o.output_at = "/out/0/text";
  o.input_tokens_at = "/n/in";
  o.output_tokens_at = "/n/out";
  generation_request r{"say \"{seed}\"\n", "en", 7};
  r.details = R"({"duration":5})";
  r.earlier = {{speaker::user, "a"}, {speaker::system, "b"}};
  auto made = ask(o, r);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text, "Hi!");
  EXPECT_EQ(made->used.input_tokens, 3U);
  EXPECT_EQ(made->used.output_tokens, 4U);
  EXPECT_TRUE(seen.starts_with("POST /run?v=2 "));
  const auto body = json::parse(body_of(seen));
  EXPECT_EQ(body["q"], "[say \"{seed}\"\n] en {other}") << "what is filled in is not filled again";
  EXPECT_EQ(body["seed"], 7);
  EXPECT_EQ(body["r"]["duration"], 5);
  EXPECT_EQ(body["m"].size(), 3U);
  EXPECT_EQ(body["m"][1], (json{{"role", "assistant"}, {"content", "b"}}));
  EXPECT_EQ(body["k"], (json{1, nullptr, "say \"{seed}\"\n"}));

  o.output = modality::audio;
  answer = R"({"out":[{"text":"data:audio/wav;base64,)" + wav64 + R"("}]})";
  made = ask(o);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(content(made->file), wav);
  o.output_at = "";
  answer = wav;
  EXPECT_TRUE(ask(o));
  answer = "<html></html>";
  EXPECT_FALSE(ask(o));
}

TEST_F(remote, senseless_templates_are_refused_by_field) {
  http_json_options o;
  o.remote.url = "https://example.org";
  o.body = R"({"q":"{promt}"})";
  o.output_at = "out/0";
  o.output_as = "hex";
  std::string fields;
  for (const auto& f : check_http_json(o)) fields += f.field + " ";
  EXPECT_EQ(fields, "/request /output_at /output_as ");
}

TEST_F(remote, base64_is_read_strictly) {
  for (const std::string& text : {std::string(""), std::string("a"), std::string("ab"),
                                  std::string("abc"), std::string("\0\xff\n", 3)})
    EXPECT_EQ(from_base64(to_base64(text)), text);
  EXPECT_EQ(from_base64("YQ"), "a") << "unpadded";
  EXPECT_EQ(from_base64("data:image/png;base64,YQ=="), "a");
  for (const char* bad : {"Y", "YQ=Q", "Y Q=", "Y-_=", "data:text/html,<b>"})
    EXPECT_FALSE(from_base64(bad)) << bad;
}

}  // namespace
}  // namespace agon::systems::test
