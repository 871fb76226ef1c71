// What comes over the wire, well formed and not.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/http/live_server.hpp"

namespace agon::http {
namespace {

using testing::answer;
using testing::live_server;
using testing::raw_client;

class http_messages : public ::testing::Test {
 protected:
  http_messages() {
    server_.on(method::get, "/hello", [](const request& r) {
      return json("hello " + r.query_parameter("name").value_or("") + std::string(r.body));
    });
    server_.on(method::post, "/echo", [](const request& r) { return json(std::string(r.body)); },
               {.max_body = 1000});
    server_.on(method::post, "/big",
               [](const request& r) { return json(std::to_string(r.body.size())); },
               {.max_body = 1'000'000});
    server_.on(method::get, "/injects",
               [](const request&) { return json("{}").set("X-Name", "a\r\nSet-Cookie: b=c"); });
    server_.on(method::delete_, "/thing", [](const request&) { return response{.status = 204}; });
    server_.start();
  }

  // The status of the answer to these very bytes.
  unsigned status_of_bytes(std::string_view bytes) {
    raw_client client(server_.port());
    client.send(bytes);
    const answer a = client.read_answer();
    if (a.status >= 400) {
      EXPECT_EQ(a.header("content-type"), "application/problem+json") << bytes;
    }
    return a.status;
  }
  static std::string post(std::string_view headers, std::string_view body,
                          std::string_view path = "/echo") {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + std::string(headers) +
           "\r\n" + std::string(body);
  }

  live_server server_;
};

TEST_F(http_messages, connection_is_kept_and_closed_as_asked) {
  raw_client client(server_.port());
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 200);
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const answer last = client.read_answer();
  EXPECT_EQ(last.header("connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST_F(http_messages, http_1_0_closes_unless_told_otherwise) {
  raw_client closing(server_.port());
  closing.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(closing.read_answer().status, 200);
  EXPECT_TRUE(closing.at_end());
  raw_client keeping(server_.port());
  for (int i = 0; i < 2; ++i) {
    keeping.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(keeping.read_answer().header("connection"), "keep-alive");
  }
}

TEST_F(http_messages, pipelined_requests_are_answered_in_order) {
  raw_client client(server_.port());
  std::string bytes;
  for (int i = 0; i < 20; ++i) {
    bytes += "GET /hello?name=" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    bytes += post("Content-Length: 3\r\n", "[" + std::to_string(i % 10) + "]");
    bytes += post("Transfer-Encoding: chunked\r\n", "2\r\n[]\r\n0\r\n\r\n");
  }
  client.send(bytes);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.read_answer().body, "hello " + std::to_string(i));
    EXPECT_EQ(client.read_answer().body, "[" + std::to_string(i % 10) + "]");
    EXPECT_EQ(client.read_answer().body, "[]");
  }
}

TEST_F(http_messages, bytes_may_come_one_by_one) {
  raw_client client(server_.port());
  const std::string bytes = "\r\n" +
                            post("Transfer-Encoding: chunked\r\n",
                                 "3;x=y\r\n\"ab\r\n1\r\n\"\r\n0\r\nTrailer: t\r\n\r\n") +
                            post("Content-Length: 2\r\n", "{}");
  for (const char c : bytes) client.send(std::string_view(&c, 1));
  EXPECT_EQ(client.read_answer().body, "\"ab\"");
  EXPECT_EQ(client.read_answer().body, "{}");
}

TEST_F(http_messages, bodies_larger_than_the_buffer_arrive_whole) {
  const std::string body(700'000, ' ');
  EXPECT_EQ(server_.ask("POST /big HTTP/1.1\r\nContent-Type: application/json\r\n", body).body,
            "700000");
  std::string chunked;
  for (int i = 0; i < 50; ++i) chunked += "2710\r\n" + std::string(10'000, ' ') + "\r\n";
  raw_client client(server_.port());
  client.send(post("Transfer-Encoding: chunked\r\n", chunked + "0\r\n\r\n", "/big") +
              post("Content-Length: 2\r\n", "[]"));
  EXPECT_EQ(client.read_answer().body, "500000");
  EXPECT_EQ(client.read_answer().body, "[]");
}

TEST_F(http_messages, head_has_the_length_but_no_body) {
  raw_client client(server_.port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  const answer head = client.read_answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("content-length"), "6");
  EXPECT_EQ(client.read_answer().body, "hello ");
}

TEST_F(http_messages, options_lists_methods) {
  const answer a = server_.ask("OPTIONS /echo HTTP/1.1\r\n");
  EXPECT_EQ(a.status, 204);
  EXPECT_EQ(a.header("allow"), "POST, OPTIONS");
  EXPECT_EQ(server_.ask("OPTIONS * HTTP/1.1\r\n").status, 204);
}

TEST_F(http_messages, answer_without_content_has_no_length) {
  const answer a = server_.ask("DELETE /thing HTTP/1.1\r\n");
  EXPECT_EQ(a.status, 204);
  EXPECT_EQ(a.header("content-length"), "");
}

TEST_F(http_messages, absolute_target_is_understood) {
  EXPECT_EQ(status_of_bytes("GET http://x/hello HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
}

TEST_F(http_messages, body_is_asked_for_when_the_client_waits) {
  raw_client client(server_.port());
  client.send(post("Content-Length: 2\r\nExpect: 100-continue\r\n", ""));
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("{}");
  EXPECT_EQ(client.read_answer().body, "{}");
}

TEST_F(http_messages, refused_body_is_not_asked_for) {
  raw_client client(server_.port());
  client.send(post("Content-Length: 2000\r\nExpect: 100-continue\r\n", ""));
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST_F(http_messages, half_closed_client_is_answered) {
  raw_client client(server_.port());
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  client.end_output();
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST_F(http_messages, client_that_leaves_within_a_request_gets_nothing) {
  raw_client client(server_.port());
  client.send(post("Content-Length: 100\r\n", "{"));
  client.end_output();
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(server_.get("/hello").status, 200);
}

TEST_F(http_messages, malformed_requests_are_refused) {
  for (const std::string_view bad : {
           "nonsense\r\n\r\n",
           "GET /hello HTTP/1.1\r\n\r\n",                                        // no Host
           "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",                  // two
           "GET /hello HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",                  // even if the same
           "GET /hello HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",                    // space in a name
           "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n",          // folded
           "GET /hello HTTP/1.1\r\nHost: a\r\nX:\r\n folded\r\n\r\n",            // at once
           "GET /hello HTTP/1.1\r\nHost: a\r\nX: \r\n\tfolded\r\n\r\n",          // behind a space
           "GET /hello HTTP/1.1\r\nHost: a\r\nX:\r\n \r\n\r\n",                  // to nothing
           "GET /hello HTTP/1.1\r\nHost:\r\n a\r\n\r\n",                         // the Host itself
           "GET /hello HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",                  // control
           "GET /he%zzllo HTTP/1.1\r\nHost: a\r\n\r\n",                          // escape
           "GET /hello%2F HTTP/1.1\r\nHost: a\r\n\r\n",                          // slash
           "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",                               // NUL
           "GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",                     // dots
           "GET /%2e%2e/etc HTTP/1.1\r\nHost: a\r\n\r\n",                        // hidden dots
           "GET /hello?a=%C3 HTTP/1.1\r\nHost: a\r\n\r\n",                       // not UTF-8
           "GET hello HTTP/1.1\r\nHost: a\r\n\r\n",                              // relative
           "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",       // negative
           "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n",       // no number
           "GET /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",  // unknown
           "GET /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
           "GET /hello HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       })
    EXPECT_EQ(status_of_bytes(bad), 400) << bad;
}

// A body whose length is not understood must not be read as the next request.
TEST_F(http_messages, nothing_is_read_after_a_head_that_is_refused) {
  for (const std::string_view coding : {"xchunked", "identity", "gzip", "CHUNKED, x", ""}) {
    const std::string bytes =
        "POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + std::string(coding) +
        "\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
    raw_client client(server_.port());
    client.send(bytes);
    const answer refused = client.read_answer();
    EXPECT_EQ(refused.status, 400) << coding;
    EXPECT_TRUE(client.at_end()) << coding;
  }
}

TEST_F(http_messages, lengths_that_contradict_are_refused) {
  for (const std::string_view headers :
       {"Content-Length: 2\r\nContent-Length: 2\r\n", "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"})
    EXPECT_EQ(status_of_bytes(post(headers, "{}")), 400) << headers;
}

TEST_F(http_messages, bad_chunks_are_refused) {
  for (const std::string_view body :
       {"x\r\n{}\r\n0\r\n\r\n", "2\r\n{}x\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\n{}\r\n", "2\n{}\r\n0\r\n\r\n"})
    EXPECT_EQ(status_of_bytes(post("Transfer-Encoding: chunked\r\n", body)), 400) << body;
}

TEST_F(http_messages, endless_chunk_header_is_refused) {
  EXPECT_EQ(
      status_of_bytes(post("Transfer-Encoding: chunked\r\n", "2;" + std::string(40'000, 'x'))),
      400);
}

TEST_F(http_messages, oversized_parts_have_their_own_statuses) {
  const std::string host = "Host: x\r\n";
  EXPECT_EQ(status_of_bytes("GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n"),
            414);
  EXPECT_EQ(status_of_bytes("GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n"),
            414);
  EXPECT_EQ(status_of_bytes("GET /hello HTTP/1.1\r\n" + host + "X: " + std::string(20'000, 'a') +
                            "\r\n\r\n"),
            431);
  std::string many;
  for (int i = 0; i < 150; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(status_of_bytes("GET /hello HTTP/1.1\r\n" + host + many + "\r\n"), 431);
}

TEST_F(http_messages, body_over_the_route_cap_is_refused_however_it_is_sent) {
  EXPECT_EQ(status_of_bytes(post("Content-Length: 1000\r\n", std::string(1000, ' '))), 200);
  EXPECT_EQ(status_of_bytes(post("Content-Length: 1001\r\n", std::string(1001, ' '))), 413);
  EXPECT_EQ(status_of_bytes(post("Transfer-Encoding: chunked\r\n",
                                 "3e9\r\n" + std::string(1001, ' ') + "\r\n0\r\n\r\n")),
            413);
}

TEST_F(http_messages, ten_megabytes_are_refused_with_an_answer) {
  const std::string body(10'000'000, ' ');
  EXPECT_EQ(server_.ask("POST /echo HTTP/1.1\r\nContent-Type: application/json\r\n", body).status,
            413);
}

TEST_F(http_messages, body_must_be_json) {
  const auto with_type = [&](std::string_view header) {
    return server_.ask("POST /echo HTTP/1.1\r\n" + std::string(header), "{}").status;
  };
  EXPECT_EQ(with_type(""), 415);
  EXPECT_EQ(with_type("Content-Type: text/plain\r\n"), 415);
  EXPECT_EQ(with_type("Content-Type: application/jsonx\r\n"), 415);
  EXPECT_EQ(with_type("Content-Type: application/x-www-form-urlencoded\r\n"), 415);
  EXPECT_EQ(with_type("Content-Type: Application/JSON; charset=utf-8\r\n"), 200);
}

TEST_F(http_messages, writes_from_other_sites_are_refused) {
  const auto from = [&](std::string_view headers) {
    return server_
        .ask("POST /echo HTTP/1.1\r\nContent-Type: application/json\r\n" + std::string(headers),
             "{}")
        .status;
  };
  EXPECT_EQ(from("Sec-Fetch-Site: cross-site\r\n"), 403);
  EXPECT_EQ(from("Origin: https://evil.example\r\n"), 403);
  EXPECT_EQ(from("Origin: http://test\r\n"), 200);
  EXPECT_EQ(from(""), 200);
}

TEST_F(http_messages, unknown_methods_and_versions_are_refused) {
  EXPECT_EQ(status_of_bytes("BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n"), 405);
  EXPECT_EQ(status_of_bytes("BREW /nothing HTTP/1.1\r\nHost: x\r\n\r\n"), 404);
  EXPECT_EQ(status_of_bytes("GET /hello HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
  EXPECT_EQ(status_of_bytes(post("Expect: miracles\r\nContent-Length: 2\r\n", "{}")), 417);
}

TEST_F(http_messages, handlers_cannot_inject_headers) {
  const answer a = server_.get("/injects");
  EXPECT_EQ(a.status, 500);
  EXPECT_EQ(a.header("set-cookie"), "");
}

}  // namespace
}  // namespace agon::http
