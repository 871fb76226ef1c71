// A workbench for systems behind a network: a server that does what a test says, and a
// listener that remembers.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "services/systems/make_system.hpp"
#include "tests/unit/outgoing/scripted_server.hpp"
#include "tests/unit/systems/bench.hpp"

namespace agon::systems::test {

using outgoing::test::peer;
using outgoing::test::scripted_server;

class remembering final : public generation_listener {
 public:
  void on_text(std::string_view piece) override { pieces.emplace_back(piece); }
  void on_queued(std::size_t place) override { places.push_back(place); }
  void on_started() override { ++started; }

  std::vector<std::string> pieces;
  std::vector<std::size_t> places;
  int started = 0;
};

class remote_bench : public bench {
 protected:
  // Answers each request with what the function does.
  static scripted_server::script always(std::function<void(peer&, const std::string&)> f) {
    return [f = std::move(f)](peer& p, int) {
      for (auto request = p.read_request(); !request.empty(); request = p.read_request())
        f(p, request);
    };
  }
  static remote_options at(const scripted_server& server, const std::string& path = "") {
    remote_options o;
    o.url = server.url() + path;
    o.attempts = 1;
    return o;
  }
  static chat_options chat_at(const scripted_server& server) {
    chat_options o;
    o.remote = at(server, "/v1");
    o.model = "m";
    return o;
  }
  std::unique_ptr<system> make_it(const system_spec& spec) {
    auto made = make_system(pool.get_executor(), spec);
    if (!made) throw std::runtime_error(made.error().detail);
    return std::move(*made);
  }
  result<raw_output> ask(const system_spec& spec, generation_request r = {"Hello.", "en", 7},
                         std::shared_ptr<generation_listener> listener = nullptr) {
    const auto s = make_it(spec);
    for (const auto& old : std::filesystem::directory_iterator(scratch))
      std::filesystem::remove(old);  // each call has a folder of its own
    return wait_for(s->generate(std::move(r), scratch, std::move(listener)));
  }
  static std::string body_of(const std::string& request) {
    return request.substr(request.find("\r\n\r\n") + 4);
  }
  static std::string delta(const std::string& content) {
    return R"({"model":"m-1","choices":[{"index":0,"delta":{"content":")" + content + "\"}}]}";
  }
  static constexpr const char* stop =
      R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";

  // The smallest files that begin as they should.
  const std::string png = std::string("\x89PNG\r\n\x1a\n", 8) + "rest";
  const std::string wav = "RIFF....WAVEdata";
};

}  // namespace agon::systems::test
