#include <iostream>

#include "services/commands/app.hpp"
#include "services/commands/commands.hpp"
#include "services/commands/stop_signal.hpp"
#include "services/core/log.hpp"
#include "services/core/version.hpp"

namespace agon::commands {
namespace {

using namespace std::chrono_literals;

bool for_this_machine(std::string_view address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

int serve(const serve_settings& settings) {
  stop_signal stop;
  log::info("starting", {{"version", version()}, {"revision", revision()}});
  app server(settings);
  server.start();
  if (settings.http.hosts.empty() && !for_this_machine(settings.http.address))
    log::warn("any_host_name", {{"hint", "name this server: --host agon.example.org"}});
  log::info("serving", {{"address", settings.http.address}, {"port", server.port()}});
  while (!stop.wait(1s)) server.tick();
  log::info("draining");
  return 0;
}

void add_music_arena(CLI::App& command, music_arena::facade_settings& s) {
  constexpr auto group = "Music Arena's gateway API";
  command
      .add_option("--music-arena", s.arena,
                  "Serve that API, too, on this audio arena (default: not at all)")
      ->envname("AGON_MUSIC_ARENA")
      ->group(group);
  command
      .add_option("--music-arena-base-url", s.base_url,
                  "What stands before /media/… in its answers (default: as the client called us)")
      ->group(group);
  command
      .add_option("--music-arena-terms", s.terms,
                  "Checksum of terms (ack_tos) that agree to all purposes of the arena; others "
                  "agree to the required ones alone")
      ->group(group);
  command
      .add_option("--music-arena-front-end", s.front_ends,
                  "Address or network of a front end: limits count its users instead of it")
      ->group(group);
  command
      .add_option_function<std::vector<std::string>>(
          "--music-arena-system",
          [&s](const std::vector<std::string>& all) {
            for (const std::string& text : all) {
              auto key = music_arena::parse_system_key(text);
              if (!key) throw CLI::ValidationError("--music-arena-system", key.error().detail);
              s.systems.insert_or_assign(std::move(key->first), std::move(key->second));
            }
          },
          "SLUG=TAG:VARIANT, the name of a system there (default: its slug, variant initial)")
      ->group(group);
}

void add_flags(CLI::App& command, serve_settings& s) {
  s.database.add_to(command);
  command
      .add_option("--redis", s.redis_url,
                  "unix:///path or redis://host:port; without it the "
                  "process counts limits alone")
      ->envname("REDIS_URL");
  command.add_option("--secret-file", s.secret_file, "64 hexadecimal digits that sign sessions")
      ->envname("AGON_SECRET_FILE")
      ->required();
  command.add_option("--pages", s.pages, "The built pages, web/dist")->envname("AGON_WEB_DIR");
  command.add_option("--media", s.media, "Folder of outputs")
      ->envname("AGON_MEDIA_DIR")
      ->required();
  command
      .add_option(
          "--media-reserve", s.media_reserve_mib,
          "MiB of its disk to leave free; with less, no new battles are made (default 1024)")
      ->check(CLI::Range(0, 1 << 30));
  command.add_option("--releases", s.releases, "Folder of releases")
      ->envname("AGON_RELEASES_DIR")
      ->required();
  command.add_option("--scratch", s.scratch, "Folder for work in progress")
      ->envname("AGON_SCRATCH_DIR");
  s.router.add_to(command);
  add_music_arena(command, s.music_arena);
  command.add_option("--address", s.http.address, "Address to listen on (default 127.0.0.1)");
  command.add_option("--port", s.http.port, "Port to listen on (default 8080)");
  command.add_option("--threads", s.threads, "Threads of the HTTP server (default: one per core)")
      ->check(CLI::Range(0, 256));
  command.add_option("--max-connections", s.http.max_connections,
                     "More are refused (default 4096)");
  command.add_option("--max-connections-per-address", s.http.connections_per_address,
                     "More of one address are refused; 0: no limit (default 512)");
  command.add_option("--max-streams", s.http.max_streams, "Event streams (default 1024)");
  command.add_option("--max-streams-per-address", s.http.streams_per_address,
                     "Event streams of one address; 0: no limit (default 128)");
  command
      .add_option("--consents-per-address", s.consents_per_minute,
                  "Consents of one address in a minute, twice as many at once (default 60)")
      ->check(CLI::Range(1.0, 1e6));
  command.add_option("--unlimited-address", s.http.unlimited_addresses,
                     "Address or network without these limits (default: this machine)");
  command.add_option("--host", s.http.hosts,
                     "A name of this server; requests for other names are refused "
                     "(default: any name)");
  command.add_option("--tls-certificate", s.http.certificate_chain, "PEM file with the chain");
  command.add_option("--tls-key", s.http.private_key, "PEM file with the key");
  command.add_option("--trusted-proxy", s.http.trusted_proxies,
                     "Address or network whose X-Forwarded-For is believed");
  command.add_option("--allowed-origin", s.http.allowed_origins,
                     "Another origin whose pages may write, https://…");
  command.add_flag("--behind-tls", s.http.security.behind_tls, "A proxy speaks TLS to the clients");
  command.add_flag("--insecure-cookies", s.insecure_cookies,
                   "Sessions over plain HTTP beyond localhost; for trials only");
  command.add_flag("--open-metrics", s.open_metrics,
                   "/metrics for any client, not for this machine alone: keep strangers away");
}

}  // namespace

void add_serve(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("serve", "Serve the pages and the API");
  auto settings = std::make_shared<serve_settings>();
  add_flags(*command, *settings);
  command->callback([&chosen, settings] { chosen = [settings] { return serve(*settings); }; });
}

}  // namespace agon::commands
