// A connection that is made again whenever it ends.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "services/core/log.hpp"
#include "services/store/backoff.hpp"
#include "services/store/redis/redis_connection.hpp"

namespace agon::store {

// Used on the loop's one thread only.
class redis_link {
 public:
  // `opened` is called each time the connection stands and is logged in, `closed` when it
  // stands no more. `name` is a literal, for the log.
  redis_link(std::string_view name, boost::asio::io_context& loop, const redis_url& url,
             std::chrono::milliseconds connect_timeout, backoff_limits reconnect,
             crypto::random_source& random, std::function<void()> opened,
             std::function<void()> closed);

  void connect();
  // Ends the connection, if there is one, and makes a new one after a pause.
  void drop();
  // Ends it for good.
  void stop();
  // Null while there is none.
  [[nodiscard]] redis_connection* connection() const { return open_ ? connection_.get() : nullptr; }

 private:
  void log_in();
  void lost();

  std::string_view name_;
  boost::asio::io_context& loop_;
  const redis_url& url_;
  std::chrono::milliseconds connect_timeout_;
  backoff pause_;
  boost::asio::steady_timer timer_;
  std::function<void()> opened_;
  std::function<void()> closed_;
  std::shared_ptr<redis_connection> connection_;
  bool open_ = false;
  bool away_ = false;
  bool stopped_ = false;
};

}  // namespace agon::store
