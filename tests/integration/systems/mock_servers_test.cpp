// The adapters against OpenAI-compatible endpoints that nobody here wrote (tests/mocks).
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <thread>

#include "services/systems/make_system.hpp"
#include "tests/integration/child_process.hpp"

namespace agon::systems::test {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using tcp = asio::ip::tcp;
using namespace std::chrono_literals;

const fs::path mocks = AGON_SOURCE_DIR "/tests/mocks";

std::uint16_t free_port() {
  asio::io_context loop;
  return tcp::acceptor(loop, {asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

// One of the servers, until the end of the test.
class mock_server {
 public:
  explicit mock_server(std::vector<std::string> program) : port_(free_port()) {
    std::vector<std::string> argv{"/usr/bin/env", "HOST=127.0.0.1", "PORT=" + std::to_string(port_),
                                  "node"};
    argv.insert(argv.end(), program.begin(), program.end());
    process_ = std::make_unique<agon::test::child_process>(
        argv, agon::test::server_user{::geteuid(), ::getegid()}, folder_.path() / "log");
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (!answers()) {
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("no mock server");
      std::this_thread::sleep_for(50ms);
    }
  }
  ~mock_server() { process_->send(SIGKILL); }
  mock_server(const mock_server&) = delete;
  mock_server& operator=(const mock_server&) = delete;

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/v1";
  }

 private:
  bool answers() const {
    asio::io_context loop;
    tcp::socket socket(loop);
    boost::system::error_code ec;
    socket.connect({asio::ip::address_v4::loopback(), port_}, ec);
    return !ec;
  }

  std::uint16_t port_;
  agon::test::temporary_folder folder_{agon::test::server_user{::geteuid(), ::getegid()}};
  std::unique_ptr<agon::test::child_process> process_;
};

class remembered final : public generation_listener {
 public:
  void on_text(std::string_view piece) override {
    text += piece;
    ++pieces;
  }
  std::string text;
  int pieces = 0;
};

class mock_servers : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(mocks / "node_modules"))
      GTEST_SKIP() << "npm ci in tests/mocks has not been run";
  }
  ~mock_servers() override {
    threads.stop();
    threads.join();
  }
  result<raw_output> ask(const system_spec& spec, generation_request r,
                         std::shared_ptr<generation_listener> listener = nullptr) {
    auto made = make_system(threads.get_executor(), spec);
    if (!made) return made.error();
    auto call = asio::co_spawn(threads,
                               (*made)->generate(std::move(r), scratch.path(), std::move(listener)),
                               asio::use_future);
    return call.get();
  }
  static chat_options chat_at(const mock_server& server) {
    chat_options o;
    o.remote.url = server.url();
    o.remote.attempts = 1;
    o.model = "m";
    return o;
  }
  static mock_server mock_llm() {
    return mock_server({(mocks / "node_modules/@dwmkerr/mock-llm/dist/main.js").string(),
                        "--config", (mocks / "mock-llm.yaml").string()});
  }

  agon::test::temporary_folder scratch{agon::test::server_user{::geteuid(), ::getegid()}};
  asio::thread_pool threads{2};
};

TEST_F(mock_servers, mock_llm_streams_a_chat) {
  const mock_server server = mock_llm();
  const auto listener = std::make_shared<remembered>();
  const auto made = ask(chat_at(server), {"Stream this in many pieces.", "en", 1}, listener);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text, "Stream this in many pieces.");
  EXPECT_EQ(listener->text, made->text);
  EXPECT_GT(listener->pieces, 3);
  EXPECT_EQ(made->end, ending::complete);
  EXPECT_EQ(made->model, "m");
}

TEST_F(mock_servers, mock_llm_answers_whole_and_counts_tokens) {
  const mock_server server = mock_llm();
  auto o = chat_at(server);
  o.stream = false;
  const auto made = ask(o, {"All at once.", "en", 1});
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text, "All at once.");
  EXPECT_EQ(made->used.input_tokens, 11U);
  EXPECT_EQ(made->used.output_tokens, 7U);
}

TEST_F(mock_servers, mock_llm_sees_the_conversation_and_the_key) {
  const mock_server server = mock_llm();
  ASSERT_EQ(::setenv("AGON_TEST_MOCK_KEY", "sk-mock", 1), 0);
  auto o = chat_at(server);
  o.instructions = "Count.";
  o.remote.key_from = "AGON_TEST_MOCK_KEY";
  generation_request r{"how many turns", "en", 1};
  r.earlier = {{speaker::user, "one"}, {speaker::system, "two"}};
  const auto made = ask(o, r);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text, "4 with Bearer sk-mock");
}

TEST_F(mock_servers, mock_llm_refuses_and_we_understand) {
  const mock_server server = mock_llm();
  EXPECT_EQ(ask(chat_at(server), {"error-401", "en", 1}).error().code, errc::unavailable);
  EXPECT_EQ(ask(chat_at(server), {"error-429", "en", 1}).error().code, errc::overloaded);
}

TEST_F(mock_servers, openai_api_mock_streams_a_chat) {
  const mock_server server({(mocks / "relay.mjs").string()});
  const auto listener = std::make_shared<remembered>();
  const auto made = ask(chat_at(server), {"Hello", "en", 1}, listener);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_FALSE(made->text.empty());
  EXPECT_EQ(listener->text, made->text);
  EXPECT_GT(listener->pieces, 1);
}

TEST_F(mock_servers, openai_api_mock_draws_elsewhere_and_is_not_followed) {
  const mock_server server({(mocks / "relay.mjs").string()});
  images_options o;
  o.remote.url = server.url();
  o.model = "dall-e-3";
  // Its picture has a URL on another host: nothing is fetched from there.
  EXPECT_EQ(ask(o, {"A cat", "en", 1}).error().code, errc::system_failed);
}

}  // namespace
}  // namespace agon::systems::test
