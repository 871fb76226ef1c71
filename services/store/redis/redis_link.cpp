#include "services/store/redis/redis_link.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace agon::store {

redis_link::redis_link(std::string_view name, boost::asio::io_context& loop, const redis_url& url,
                       std::chrono::milliseconds connect_timeout, backoff_limits reconnect,
                       crypto::random_source& random, std::function<void()> opened,
                       std::function<void()> closed)
    : name_(name),
      loop_(loop),
      url_(url),
      connect_timeout_(connect_timeout),
      pause_(reconnect, random),
      timer_(loop),
      opened_(std::move(opened)),
      closed_(std::move(closed)) {}

void redis_link::connect() {
  if (stopped_) return;
  connection_ = redis_connection::open(loop_, url_, {[this] { log_in(); }, [this] { lost(); }});
  if (!connection_) {
    lost();
    return;
  }
  timer_.expires_after(connect_timeout_);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && !open_) drop();
  });
}

// The last of these commands tells whether the connection can be used.
void redis_link::log_in() {
  const auto ignore = [](const redisReply*) {};
  const std::string& password = url_.password.reveal();
  if (!password.empty() && url_.user.empty()) connection_->send({"AUTH", password}, ignore);
  if (!password.empty() && !url_.user.empty())
    connection_->send({"AUTH", url_.user, password}, ignore);
  connection_->send({"SELECT", std::to_string(url_.database)}, [this](const redisReply* r) {
    if (r == nullptr) return;  // lost() follows
    if (r->type == REDIS_REPLY_ERROR) {
      // Not inside a callback of the connection that is to go.
      boost::asio::post(loop_, [this] { drop(); });
      return;
    }
    timer_.cancel();
    open_ = true;
    pause_.reset();
    if (std::exchange(away_, false)) log::info("redis_back", {{"link", name_}});
    opened_();
  });
}

void redis_link::drop() {
  if (connection_) connection_->close();
  lost();
}

void redis_link::lost() {
  // The connection may be on the stack above.
  if (connection_) boost::asio::post(loop_, [old = std::move(connection_)] {});
  connection_ = nullptr;
  if (std::exchange(open_, false)) closed_();
  if (stopped_) return;
  if (!std::exchange(away_, true)) log::warn("redis_away", {{"link", name_}});
  timer_.expires_after(pause_.next());
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) connect();
  });
}

void redis_link::stop() {
  stopped_ = true;
  timer_.cancel();
  drop();
}

}  // namespace agon::store
