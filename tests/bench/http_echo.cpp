// The bare HTTP core under wrk: a GET that answers a small JSON and a POST that answers
// its body. Prints the port, serves until standard input ends.
//
//   build/release/tests/bench/agon_http_echo 2 &
//   wrk -t1 -c64 -d10 http://127.0.0.1:PORT/hello
#include <cstdio>
#include <cstdlib>
#include <string>

#include "services/http/io_threads.hpp"
#include "services/http/metrics.hpp"
#include "services/http/server.hpp"

namespace {

using namespace agon;

awaitable<http::response> hello(const http::request&) {
  co_return http::json(R"({"receipt":"018f2f3e-7b1a-7c3d-8e4f-0123456789ab"})");
}

awaitable<http::response> echo(const http::request& r) {
  co_return http::json(std::string(r.body));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t threads = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2;
  metrics::registry registry;
  http::router routes;
  routes.add(http::method::get, "/hello", hello);
  routes.add(http::method::post, "/api/v1/battles/{battle:uuid}/echo", echo);
  http::io_threads loops(threads);
  http::server server(loops, routes, registry, {.port = 0});
  server.start();
  std::printf("%u\n", static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  server.drain();
  loops.stop();
  return 0;
}
