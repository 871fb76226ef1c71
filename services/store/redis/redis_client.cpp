#include "services/store/redis/redis_client.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <charconv>
#include <optional>
#include <stdexcept>

#include "services/core/log.hpp"
#include "services/store/postgres/completion.hpp"
#include "services/store/redis/asio_adapter.hpp"

namespace agon::store {
namespace {

namespace asio = boost::asio;
using answer = result<redis_value>;

struct endpoint {
  std::string path;  // of a socket, or
  std::string host;
  int port = 6379;
};

endpoint parse_url(const std::string& url) {
  constexpr std::string_view unix_scheme = "unix://";
  constexpr std::string_view tcp_scheme = "redis://";
  endpoint out;
  if (url.starts_with(unix_scheme) && url.size() > unix_scheme.size()) {
    out.path = url.substr(unix_scheme.size());
    return out;
  }
  if (!url.starts_with(tcp_scheme))
    throw std::invalid_argument("REDIS_URL must be unix:///path or redis://host:port");
  std::string_view rest = std::string_view(url).substr(tcp_scheme.size());
  while (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  out.host = rest.substr(0, colon);
  if (colon != std::string_view::npos) {
    const std::string_view port = rest.substr(colon + 1);
    const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (failed != std::errc() || end != port.data() + port.size() || out.port < 1 ||
        out.port > 65'535)
      throw std::invalid_argument("REDIS_URL has no valid port");
  }
  if (out.host.empty()) throw std::invalid_argument("REDIS_URL names no host");
  return out;
}

error away() {
  return fail(errc::unavailable, "Redis is away.");
}

answer value_of(const redisReply* reply) {
  if (reply == nullptr) return away();
  switch (reply->type) {
    case REDIS_REPLY_INTEGER:
      return redis_value{static_cast<std::int64_t>(reply->integer)};
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      return redis_value{std::string(reply->str, static_cast<std::size_t>(reply->len))};
    case REDIS_REPLY_NIL:
      return redis_value{};
    default:
      return away();
  }
}

// One command under way: answered once, by Redis or by the clock.
struct pending {
  pending(waiting_caller<answer> c, const asio::any_io_executor& strand)
      : caller(std::move(c)), timer(strand) {}

  void finish(answer a) {
    if (!caller) return;
    timer.cancel();
    std::vector<completion<answer>> one;
    one.push_back({std::move(*caller), std::move(a)});
    caller.reset();
    complete(std::move(one));
  }

  std::optional<waiting_caller<answer>> caller;
  asio::steady_timer timer;
};

}  // namespace

// Everything but `connected` and `waiting` is touched on the strand alone.
struct redis_client::state : std::enable_shared_from_this<state> {
  state(const asio::any_io_executor& executor, redis_settings s, crypto::random_source& random)
      : strand(asio::make_strand(executor)),
        settings(std::move(s)),
        where(parse_url(settings.url)),
        pauses(settings.reconnect, random),
        reconnect(strand) {}

  ~state() {
    // The loop ended before stop() could run.
    stopped = true;
    if (context != nullptr) redisAsyncFree(context);
  }

  void connect() {
    if (stopped) return;
    context = where.path.empty() ? redisAsyncConnect(where.host.c_str(), where.port)
                                 : redisAsyncConnectUnix(where.path.c_str());
    if (context == nullptr || context->err != 0) {
      if (context != nullptr) redisAsyncFree(context);
      context = nullptr;
      connect_later();
      return;
    }
    context->data = this;
    watch_with_asio(context, strand);
    redisAsyncSetConnectCallback(context, [](const redisAsyncContext* c, int status) {
      static_cast<state*>(c->data)->on_connect(status);
    });
    redisAsyncSetDisconnectCallback(
        context, [](const redisAsyncContext* c, int) { static_cast<state*>(c->data)->on_gone(); });
  }

  void connect_later() {
    if (stopped) return;
    reconnect.expires_after(pauses.next());
    reconnect.async_wait([self = shared_from_this()](const boost::system::error_code& failed) {
      if (!failed) self->connect();
    });
  }

  void on_connect(int status) {
    if (status != REDIS_OK) {
      context = nullptr;  // hiredis frees it after this
      connect_later();
      return;
    }
    connected = true;
    pauses.reset();
    log::info("redis_connected");
  }

  void on_gone() {
    const bool was = connected.exchange(false);
    context = nullptr;
    if (was && !stopped) log::warn("redis_lost");
    connect_later();
  }

  void send(const std::vector<std::string>& words, waiting_caller<answer> caller) {
    auto item = std::make_shared<pending>(std::move(caller), strand);
    if (!connected || context == nullptr) return item->finish(away());
    if (waiting >= settings.most_pending)
      return item->finish(fail(errc::overloaded, "Too many commands wait for Redis."));
    std::vector<const char*> texts;
    std::vector<std::size_t> lengths;
    for (const std::string& w : words) {
      texts.push_back(w.data());
      lengths.push_back(w.size());
    }
    ++waiting;
    auto held = std::make_unique<held_item>(held_item{shared_from_this(), item});
    if (redisAsyncCommandArgv(context, &on_reply, held.get(), static_cast<int>(texts.size()),
                              texts.data(), lengths.data()) != REDIS_OK) {
      --waiting;
      return item->finish(away());
    }
    (void)held.release();  // on_reply takes it: hiredis calls it in any case
    item->timer.expires_after(settings.command_timeout);
    item->timer.async_wait([item](const boost::system::error_code& cancelled) {
      if (!cancelled) item->finish(fail(errc::timeout, "Redis did not answer in time."));
    });
  }

  struct held_item {
    std::shared_ptr<state> owner;
    std::shared_ptr<pending> item;
  };

  static void on_reply(redisAsyncContext*, void* reply, void* data) {
    const std::unique_ptr<held_item> held(static_cast<held_item*>(data));
    --held->owner->waiting;
    held->item->finish(value_of(static_cast<redisReply*>(reply)));
  }

  void stop() {
    stopped = true;
    reconnect.cancel();
    if (context != nullptr) redisAsyncFree(context);
    context = nullptr;
  }

  asio::any_io_executor strand;
  redis_settings settings;
  endpoint where;
  backoff pauses;
  asio::steady_timer reconnect;
  redisAsyncContext* context = nullptr;
  bool stopped = false;
  std::size_t waiting = 0;
  std::atomic<bool> connected{false};
};

redis_client::redis_client(const asio::any_io_executor& executor, redis_settings settings,
                           crypto::random_source& random)
    : state_(std::make_shared<state>(executor, std::move(settings), random)) {
  asio::post(state_->strand, [s = state_] { s->connect(); });
}

redis_client::~redis_client() {
  asio::post(state_->strand, [s = state_] { s->stop(); });
}

bool redis_client::connected() const {
  return state_->connected;
}

awaitable<result<redis_value>> redis_client::command(std::vector<std::string> words) {
  if (!state_->connected) co_return away();
  auto answered = co_await suspend<answer>(
      [s = state_, words = std::move(words)](waiting_caller<answer> caller) mutable {
        asio::post(s->strand, [s, words = std::move(words), caller = std::move(caller)]() mutable {
          s->send(words, std::move(caller));
        });
      });
  co_return answered;
}

}  // namespace agon::store
