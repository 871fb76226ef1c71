// A real server on a free loopback port, and a client that sends exactly the bytes it
// is given. Timeouts are short where a test waits for them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/http/io_threads.hpp"
#include "services/http/metrics.hpp"
#include "services/http/server.hpp"

namespace agon::http::testing {

struct answer {
  unsigned status = 0;  // 0: the connection ended before an answer was complete
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  // Value of a header; empty if absent.
  [[nodiscard]] std::string header(std::string_view lower_case_name) const;
};

class raw_client {
 public:
  explicit raw_client(std::uint16_t port);
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  void send(std::string_view bytes);
  // Says that nothing more comes, and goes on reading.
  void end_output();
  // The next answer; `bodiless` for those to HEAD. Gives up after 10 s.
  [[nodiscard]] answer read_answer(bool bodiless = false);
  // Everything up to and with `end`, or up to the end of the stream.
  std::string read_until(std::string_view end);
  // True if the server has closed and sent nothing more.
  [[nodiscard]] bool at_end();

 private:
  bool fill();
  std::string take(std::size_t count);

  int socket_ = -1;
  std::string input_;
};

class live_server {
 public:
  explicit live_server(server_options options = {}, std::size_t threads = 1);
  ~live_server();

  // Before start(). Answers with what the function returns.
  void on(method verb, std::string_view pattern, std::function<response(const request&)> f,
          route_options options = {});
  router& routes() { return *routes_; }
  void start();

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] server& get() { return *server_; }
  [[nodiscard]] io_threads& threads() { return *threads_; }
  [[nodiscard]] metrics::registry& registry() { return registry_; }

  // One request on a connection of its own. `head` is the start line and headers beside
  // Host, each ending in CRLF.
  [[nodiscard]] answer ask(std::string_view head, std::string_view body = "");
  [[nodiscard]] answer get(std::string_view target, std::string_view headers = "");

 private:
  server_options options_;
  metrics::registry registry_;
  std::unique_ptr<router> routes_;
  std::unique_ptr<io_threads> threads_;
  std::unique_ptr<server> server_;
};

}  // namespace agon::http::testing
