#include "services/store/redis/redis_connection.hpp"

#include <utility>

namespace agon::store {
namespace {

using boost::asio::posix::stream_descriptor;

int send_words(redisAsyncContext* context, const std::vector<std::string>& words,
               redisCallbackFn* done, void* data) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const std::string& w : words) {
    texts.push_back(w.data());
    lengths.push_back(w.size());
  }
  return redisAsyncCommandArgv(context, done, data, static_cast<int>(words.size()), texts.data(),
                               lengths.data());
}

void on_reply(redisAsyncContext* /*context*/, void* reply, void* data) {
  const std::unique_ptr<redis_connection::reply_function> done(
      static_cast<redis_connection::reply_function*>(data));
  (*done)(static_cast<const redisReply*>(reply));
}

// ["subscribe", channel, count] first, then ["message", channel, text]; null at the end of
// the connection.
void on_message(redisAsyncContext* /*context*/, void* reply, void* data) {
  auto* to = static_cast<redis_connection::subscriber*>(data);
  const auto* r = static_cast<const redisReply*>(reply);
  if (r == nullptr) {
    delete to;  // NOLINT(cppcoreguidelines-owning-memory): hiredis kept it as void*
    return;
  }
  if (r->type != REDIS_REPLY_ARRAY || r->elements != 3) return;
  const std::string_view kind(r->element[0]->str, r->element[0]->len);
  const redisReply& text = *r->element[2];
  if (kind == "subscribe") to->standing();
  if (kind == "message" && text.type == REDIS_REPLY_STRING)
    to->heard(std::string(text.str, text.len));
}

}  // namespace

std::shared_ptr<redis_connection> redis_connection::open(boost::asio::io_context& loop,
                                                         const redis_url& url, events e) {
  redisAsyncContext* context = url.socket.empty() ? redisAsyncConnect(url.host.c_str(), url.port)
                                                  : redisAsyncConnectUnix(url.socket.c_str());
  if (context == nullptr) return nullptr;
  if (context->err != 0) {
    redisAsyncFree(context);
    return nullptr;
  }
  std::shared_ptr<redis_connection> made(new redis_connection(loop, context, std::move(e)));
  made->attach();
  return made;
}

redis_connection::redis_connection(boost::asio::io_context& loop, redisAsyncContext* context,
                                   events e)
    : context_(context), socket_(loop, context->c.fd), events_(std::move(e)) {}

redis_connection::~redis_connection() {
  close();
}

void redis_connection::attach() {
  context_->data = this;
  context_->ev.data = this;
  context_->ev.addRead = [](void* p) {
    of(p).reading_ = true;
    of(p).wait_to_read();
  };
  context_->ev.delRead = [](void* p) { of(p).reading_ = false; };
  context_->ev.addWrite = [](void* p) {
    of(p).writing_ = true;
    of(p).wait_to_write();
  };
  context_->ev.delWrite = [](void* p) { of(p).writing_ = false; };
  context_->ev.cleanup = [](void* p) { of(p).ended(); };
  redisAsyncSetConnectCallback(context_, [](const redisAsyncContext* c, int status) {
    redis_connection& self = of(c->data);
    if (status == REDIS_OK && self.events_.opened) self.events_.opened();
  });
}

// hiredis is about to close the socket and free its context.
void redis_connection::ended() {
  context_ = nullptr;
  reading_ = writing_ = false;
  socket_.release();
  if (const auto closed = std::exchange(events_, {}).closed) closed();
}

void redis_connection::wait_to_read() {
  if (read_waits_ || !socket_.is_open()) return;
  read_waits_ = true;
  socket_.async_wait(stream_descriptor::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& failure) {
                       self->read_waits_ = false;
                       if (failure || self->context_ == nullptr || !self->reading_) return;
                       redisAsyncHandleRead(self->context_);
                       if (self->context_ != nullptr && self->reading_) self->wait_to_read();
                     });
}

void redis_connection::wait_to_write() {
  if (write_waits_ || !socket_.is_open()) return;
  write_waits_ = true;
  socket_.async_wait(stream_descriptor::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& failure) {
                       self->write_waits_ = false;
                       if (failure || self->context_ == nullptr || !self->writing_) return;
                       redisAsyncHandleWrite(self->context_);
                       if (self->context_ != nullptr && self->writing_) self->wait_to_write();
                     });
}

bool redis_connection::send(const std::vector<std::string>& words, reply_function done) {
  if (context_ == nullptr) return false;
  auto kept = std::make_unique<reply_function>(std::move(done));
  if (send_words(context_, words, &on_reply, kept.get()) != REDIS_OK) return false;
  (void)kept.release();  // on_reply takes it
  return true;
}

bool redis_connection::subscribe(const std::string& channel, subscriber s) {
  if (context_ == nullptr) return false;
  auto kept = std::make_unique<subscriber>(std::move(s));
  if (send_words(context_, {"SUBSCRIBE", channel}, &on_message, kept.get()) != REDIS_OK)
    return false;
  (void)kept.release();  // on_message takes it
  return true;
}

void redis_connection::close() {
  events_ = {};
  if (context_ != nullptr) redisAsyncFree(context_);
}

}  // namespace agon::store
