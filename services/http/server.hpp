// An HTTP/1.1 server. Knows nothing of arenas: it turns bytes into requests, asks the
// router, and turns responses into bytes, within limits and deadlines.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "services/http/io_threads.hpp"
#include "services/http/metrics.hpp"
#include "services/http/router.hpp"

namespace agon::http {

struct server_timeouts {
  std::chrono::milliseconds header{10'000};       // from the first byte to the end of the headers
  std::chrono::milliseconds body{20'000};         // from there to the end of the body
  std::chrono::milliseconds idle{60'000};         // between two requests of a connection
  std::chrono::milliseconds request{60'000};      // from the first byte until the handler is done
  std::chrono::milliseconds write{20'000};        // for each piece of at most 256 KiB
  std::chrono::milliseconds heartbeat{15'000};    // between comments in a silent event stream
  std::chrono::milliseconds drain{10'000};        // from drain() to the end of the last connection
  std::chrono::milliseconds slow_request{1'000};  // longer ones are logged as warnings
};

// Sent with every answer. Those for documents go with all but JSON and event streams,
// which have the strictest policy: they are no documents.
struct security_headers {
  std::string content_security_policy =
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
      "media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
      "frame-ancestors 'none'; form-action 'self'";
  std::string permissions_policy =
      "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
  std::chrono::seconds strict_transport{31'536'000};  // with TLS, or if `behind_tls`
  bool behind_tls = false;                            // a proxy before us speaks TLS to the clients
};

struct server_options {
  std::string address = "127.0.0.1";  // an IP address or "localhost"; "::" is every address
  std::uint16_t port = 8080;          // 0: any free one, see server::port()
  std::size_t max_connections = 4096;
  std::size_t max_streams = 1024;  // server-sent events
  // The same for each address (IPv6: for each /64); 0: no such limit.
  std::size_t connections_per_address = 512;
  std::size_t streams_per_address = 128;
  // Addresses or networks that these do not hold for, beside trusted proxies: this machine.
  std::vector<std::string> unlimited_addresses{"127.0.0.0/8", "::1"};
  std::size_t header_limit = 16UL * 1024;
  std::size_t target_limit = 8UL * 1024;
  server_timeouts timeouts{};
  security_headers security{};
  // "https://example.org": these may write from elsewhere, beside our own origin.
  std::vector<std::string> allowed_origins{};
  // The names of this server, "agon.example.org"; requests for others are refused with 421.
  // Empty: whatever. /healthz and /readyz answer to any name.
  std::vector<std::string> hosts{};
  // Addresses or networks ("10.0.0.0/8") whose X-Forwarded-For is believed.
  std::vector<std::string> trusted_proxies{};
  // PEM files; both or none. TLS 1.2 and newer.
  std::string certificate_chain{};
  std::string private_key{};
};

class server {
 public:
  // The router and the registry must live until io_threads::stop() has returned. Throws
  // std::invalid_argument for options that make no sense, std::runtime_error if the
  // certificate or key cannot be read.
  server(io_threads& threads, const router& routes, metrics::registry& registry,
         server_options options = {});
  // Drains without waiting, if drain() was not called.
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  // Binds, listens and accepts. Throws std::runtime_error, in words for the operator,
  // if the address cannot be used.
  void start();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] bool draining() const;
  [[nodiscard]] std::size_t connections() const;

  // Accepts no more, ends idle connections and event streams, lets running requests
  // finish and answers them. Returns true once all are done; at the deadline it cuts
  // what is left and returns false. Blocks: not from an io thread.
  bool drain();

  // Reads the certificate and key again, for connections to come. On failure the old
  // ones stay and a std::runtime_error says why. Does nothing without TLS.
  void reload_certificate();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace agon::http
