// Answers that are made while they are sent.
#include <gtest/gtest.h>

#include "services/http/server.hpp"
#include "tests/unit/http/live_server.hpp"

namespace agon::http {
namespace {

using testing::live_server;
using testing::raw_client;

// Gives the pieces one after the other; "!" fails.
awaitable<result<std::string>> next_of(std::shared_ptr<std::vector<std::string>> pieces) {
  if (pieces->empty()) co_return std::string();
  std::string first = std::move(pieces->front());
  pieces->erase(pieces->begin());
  if (first == "!") co_return fail(errc::unavailable, "gone");
  co_return first;
}

class text_stream_answer : public ::testing::Test {
 protected:
  text_stream_answer() {
    add("/whole", {"one", std::string(300'000, 'x'), "three"});
    add("/none", {});
    add("/broken", {"one", "!"});
    server_.start();
  }
  void add(std::string_view path, std::vector<std::string> pieces) {
    server_.on(method::get, path, [pieces = std::move(pieces)](const request&) {
      auto left = std::make_shared<std::vector<std::string>>(pieces);
      response r;
      r.body = text_stream{[left] { return next_of(left); }};
      return r;
    });
  }
  live_server server_;
};

TEST_F(text_stream_answer, comes_in_chunks_and_the_connection_goes_on) {
  raw_client client(server_.port());
  for (int round = 0; round < 2; ++round) {
    client.send("GET /whole HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string text = client.read_until("\r\n0\r\n\r\n");
    EXPECT_NE(text.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_EQ(text.find("Content-Length"), std::string::npos);
    EXPECT_NE(text.find("\r\n\r\n3\r\none\r\n493e0\r\nxxx"), std::string::npos);
    EXPECT_TRUE(text.ends_with("x\r\n5\r\nthree\r\n0\r\n\r\n"));
  }
  client.send("GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(client.read_until("0\r\n\r\n").ends_with("\r\n\r\n0\r\n\r\n"));
}

TEST_F(text_stream_answer, that_fails_is_cut_short_for_the_client_to_see) {
  raw_client client(server_.port());
  client.send("GET /broken HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string text = client.read_until("never");
  EXPECT_TRUE(text.ends_with("3\r\none\r\n")) << text;
}

TEST_F(text_stream_answer, of_an_old_client_ends_with_the_connection) {
  raw_client client(server_.port());
  client.send("GET /whole HTTP/1.0\r\nHost: localhost\r\n\r\n");
  const std::string text = client.read_until("never");
  EXPECT_EQ(text.find("Transfer-Encoding"), std::string::npos);
  EXPECT_TRUE(text.ends_with("xthree"));
}

TEST_F(text_stream_answer, to_head_is_a_head) {
  raw_client client(server_.port());
  client.send("HEAD /whole HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.read_until("never").ends_with("\r\n\r\n"));
}

}  // namespace
}  // namespace agon::http
