#include "services/store/redis/asio_adapter.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>

namespace agon::store {
namespace {

namespace asio = boost::asio;
using descriptor = asio::posix::stream_descriptor;

// Lives until hiredis calls cleanup() and the last wait has come back.
struct watched_socket : std::enable_shared_from_this<watched_socket> {
  redisAsyncContext* context;  // null after cleanup
  descriptor socket;
  bool wants_read = false, wants_write = false;
  bool waits_read = false, waits_write = false;

  watched_socket(redisAsyncContext* c, const asio::any_io_executor& executor)
      : context(c), socket(executor, c->c.fd) {}

  void wait_to_read() {
    if (!wants_read || waits_read || context == nullptr) return;
    waits_read = true;
    socket.async_wait(descriptor::wait_read,
                      [self = shared_from_this()](const boost::system::error_code& failed) {
                        self->waits_read = false;
                        if (failed || self->context == nullptr || !self->wants_read) return;
                        redisAsyncHandleRead(self->context);
                        self->wait_to_read();
                      });
  }

  void wait_to_write() {
    if (!wants_write || waits_write || context == nullptr) return;
    waits_write = true;
    socket.async_wait(descriptor::wait_write,
                      [self = shared_from_this()](const boost::system::error_code& failed) {
                        self->waits_write = false;
                        if (failed || self->context == nullptr || !self->wants_write) return;
                        redisAsyncHandleWrite(self->context);
                        self->wait_to_write();
                      });
  }
};

using holder = std::shared_ptr<watched_socket>;

watched_socket& of(void* data) {
  return **static_cast<holder*>(data);
}

void add_read(void* data) {
  of(data).wants_read = true;
  of(data).wait_to_read();
}

void del_read(void* data) {
  of(data).wants_read = false;
}

void add_write(void* data) {
  of(data).wants_write = true;
  of(data).wait_to_write();
}

void del_write(void* data) {
  of(data).wants_write = false;
}

void cleanup(void* data) {
  const std::unique_ptr<holder> mine(static_cast<holder*>(data));
  (*mine)->context = nullptr;
  (*mine)->socket.release();  // hiredis closes it
}

}  // namespace

void watch_with_asio(redisAsyncContext* context, const asio::any_io_executor& executor) {
  auto mine = std::make_unique<holder>(std::make_shared<watched_socket>(context, executor));
  context->ev.data = mine.release();
  context->ev.addRead = add_read;
  context->ev.delRead = del_read;
  context->ev.addWrite = add_write;
  context->ev.delWrite = del_write;
  context->ev.cleanup = cleanup;
}

}  // namespace agon::store
