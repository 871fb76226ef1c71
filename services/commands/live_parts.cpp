#include "services/commands/live_parts.hpp"

#include "services/core/log.hpp"

namespace agon::commands {

live_parts::live_parts(store::connection_settings connection, const std::string& redis_url,
                       const boost::asio::any_io_executor& executor, crypto::random_source& random,
                       std::function<void(boards::board_feed&)> ask)
    : listener_(
          std::move(connection), store::board_channel,
          [this](const std::string& text) {
            if (!feed_.publish_json(text)) log::warn("notification_not_understood");
          },
          [this, ask = std::move(ask)] { ask(feed_); }, random) {
  if (redis_url.empty()) return;
  redis_.emplace(executor, store::redis_settings{.url = redis_url}, random);
  shared_.emplace(*redis_, alone_);
}

}  // namespace agon::commands
