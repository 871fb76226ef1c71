#include "services/commands/live_parts.hpp"

#include <stdexcept>

#include "services/core/log.hpp"

namespace agon::commands {

live_parts::live_parts(store::connection_settings connection, const std::string& redis_url,
                       crypto::random_source& random, std::function<void(boards::board_feed&)> ask)
    : listener_(
          std::move(connection), store::board_channel,
          [this](const std::string& text) {
            if (!feed_.publish_json(text)) log::warn("notification_not_understood");
          },
          [this, ask = std::move(ask)] { ask(feed_); }, random) {
  if (redis_url.empty()) return;
  auto url = store::parse_redis_url(redis_url);
  if (!url) throw std::runtime_error(url.error().detail);
  store::redis_settings settings;
  settings.url = std::move(*url);
  redis_.emplace(std::move(settings), random);
  shared_.emplace(*redis_, alone_);
}

}  // namespace agon::commands
