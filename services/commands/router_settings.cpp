#include "services/commands/router_settings.hpp"

#include <cstdlib>
#include <stdexcept>

#include "services/routing/endpoint_router.hpp"

namespace agon::commands {

void router_settings::add_to(CLI::App& command) {
  command
      .add_option("--router-url", url,
                  "OpenAI-compatible endpoint that checks and structures prompts, such as "
                  "https://api.example.org/v1; without it rules do")
      ->envname("AGON_ROUTER_URL");
  command.add_option("--router-model", model, "The model that it shall use")
      ->envname("AGON_ROUTER_MODEL");
  command
      .add_option("--router-timeout", timeout_seconds,
                  "Seconds after which the rules decide instead (default 4)")
      ->envname("AGON_ROUTER_TIMEOUT")
      ->check(CLI::Range(0.1, 60.0));
}

std::unique_ptr<routing::router> router_settings::make(const boost::asio::any_io_executor& executor,
                                                       crypto::random_source& random) const {
  if (url.empty()) return routing::make_rules_router();
  routing::endpoint_settings settings;
  settings.url = url;
  settings.model = model;
  settings.timeout = std::chrono::milliseconds(static_cast<int>(timeout_seconds * 1000));
  const char* key = std::getenv("AGON_ROUTER_KEY");  // NOLINT(concurrency-mt-unsafe): at the start
  if (key != nullptr) settings.key = secret(key);
  auto made = routing::make_endpoint_router(executor, settings, random);
  if (!made) throw std::runtime_error(made.error().detail);
  return std::move(*made);
}

}  // namespace agon::commands
