// Everything that `agon serve` is made of, built in order and taken down in the
// reverse one.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "services/commands/router_settings.hpp"
#include "services/commands/settings.hpp"
#include "services/http/server.hpp"
#include "services/music_arena/routes.hpp"

namespace agon::commands {

struct serve_settings {
  database_settings database;
  std::string redis_url;  // empty: without Redis
  std::filesystem::path secret_file;
  std::filesystem::path pages;  // web/dist; empty: API only
  std::filesystem::path media;
  std::uint64_t media_reserve_mib = 1024;  // of its disk, left free
  std::filesystem::path releases;
  std::filesystem::path scratch;  // empty: in the system's temporary folder
  router_settings router;
  music_arena::facade_settings music_arena;
  double consents_per_minute = 60;  // of one address
  bool insecure_cookies = false;    // plain HTTP beyond localhost
  bool open_metrics = false;        // /metrics not for this machine alone
  std::size_t threads = 0;          // of the HTTP server; 0: one per core
  http::server_options http;
};

class app {
 public:
  // Connects, checks the schema and reads the arenas. Throws std::runtime_error, in words
  // for the operator, if something that cannot wait is missing.
  explicit app(serve_settings settings);
  // Drains: no new requests, running ones are answered, judgments that wait are
  // written; then ends the threads.
  ~app();
  app(const app&) = delete;
  app& operator=(const app&) = delete;

  // Accepts connections.
  void start();
  [[nodiscard]] std::uint16_t port() const;
  // What has to be done now and then: new arena files, abandoned battles, partitions, a renewed
  // certificate.
  // Called about every second from the main thread.
  void tick();

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace agon::commands
