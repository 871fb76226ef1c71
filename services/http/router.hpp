// Which handler answers a method and path.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "services/core/awaitable.hpp"
#include "services/http/request.hpp"
#include "services/http/response.hpp"

namespace agon::http {

// The request lives until the awaitable completes. A handler that throws is answered
// with 500 and logged; expected failures are answered with problem().
using handler = std::function<awaitable<response>(const request&)>;

struct route_options {
  std::size_t max_body = 64UL * 1024;  // bytes; more is answered with 413
  bool cross_site = false;             // true: no Origin / Sec-Fetch-Site check on writes
  bool any_host = false;               // true: whatever name the server is called by
  // Until the handler is done; zero: server_timeouts::request.
  std::chrono::milliseconds longest{0};
};

class router {
 public:
  router();
  ~router();
  router(const router&) = delete;
  router& operator=(const router&) = delete;

  // Patterns are made of literal segments and typed parameters, {name:uuid},
  // {name:slug} ([a-z0-9][a-z0-9._-]*, at most 64) and, last only, {name:path}:
  //   router.add(method::post, "/api/v1/battles/{battle:uuid}/judgments", h);
  // Throws std::invalid_argument for a malformed or ambiguous pattern. All routes are
  // added before the server starts; matching is then safe from any thread.
  void add(method verb, std::string_view pattern, handler h, route_options options = {});
  // Answers GET and HEAD of paths that no pattern matches: the pages. At most one.
  void fallback(handler h);

 private:
  friend class server;
  struct tree;
  std::unique_ptr<tree> tree_;
};

}  // namespace agon::http
