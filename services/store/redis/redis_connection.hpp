// One connection of hiredis on an Asio loop. This header includes hiredis: only sources
// of services/store/redis include it.
#pragma once

#include <hiredis/async.h>
#include <hiredis/hiredis.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/store/redis/redis_url.hpp"

namespace agon::store {

// Used on the loop's one thread only.
class redis_connection : public std::enable_shared_from_this<redis_connection> {
 public:
  // The reply, or null when the connection ended first. Valid during the call.
  using reply_function = std::function<void(const redisReply*)>;

  struct events {
    std::function<void()> opened;
    std::function<void()> closed;  // once: after opened, or instead of it
  };

  // Starts to connect; nothing is told before this returns. Null if that fails at once.
  static std::shared_ptr<redis_connection> open(boost::asio::io_context& loop, const redis_url& url,
                                                events e);
  ~redis_connection();
  redis_connection(const redis_connection&) = delete;
  redis_connection& operator=(const redis_connection&) = delete;

  // False if the connection is closed. `done` is called exactly once.
  bool send(const std::vector<std::string>& words, reply_function done);
  struct subscriber {
    std::function<void()> standing;  // messages are heard from now on
    std::function<void(const std::string&)> heard;
  };
  // Neither is called after the connection has closed.
  bool subscribe(const std::string& channel, subscriber s);
  // Ends it: what was not answered gets null. events.closed is not called any more.
  void close();

 private:
  redis_connection(boost::asio::io_context& loop, redisAsyncContext* context, events e);
  void attach();
  void wait_to_read();
  void wait_to_write();
  void ended();

  static redis_connection& of(void* data) { return *static_cast<redis_connection*>(data); }

  redisAsyncContext* context_;  // null once hiredis has freed it
  boost::asio::posix::stream_descriptor socket_;
  events events_;
  bool reading_ = false, read_waits_ = false;
  bool writing_ = false, write_waits_ = false;
};

}  // namespace agon::store
