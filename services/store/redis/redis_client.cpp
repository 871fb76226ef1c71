#include "services/store/redis/redis_client.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <list>
#include <map>
#include <thread>

#include "services/store/completion.hpp"
#include "services/store/redis/redis_link.hpp"

namespace agon::store {
namespace {

using steady = std::chrono::steady_clock;
using answer = result<redis_reply>;

error redis_away() {
  return fail(errc::unavailable, "Redis is away.");
}

redis_reply copy_of(const redisReply& r) {
  redis_reply copy;
  switch (r.type) {
    case REDIS_REPLY_INTEGER:
      copy.kind = redis_reply::type::integer;
      copy.integer = r.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      copy.kind = redis_reply::type::text;
      copy.text.assign(r.str, r.len);
      break;
    case REDIS_REPLY_ERROR:
      copy.kind = redis_reply::type::error;
      copy.text.assign(r.str, r.len);
      break;
    case REDIS_REPLY_ARRAY:
      copy.kind = redis_reply::type::array;
      for (std::size_t i = 0; i < r.elements; ++i) copy.elements.push_back(copy_of(*r.element[i]));
      break;
    default:
      break;
  }
  return copy;
}

void give(waiting_caller<answer>&& caller, answer what) {
  std::vector<completion<answer>> one;
  one.push_back({std::move(caller), std::move(what)});
  complete(std::move(one));
}

}  // namespace

// All but `ready` belongs to the thread.
struct redis_client::state {
  struct waiting {
    std::optional<waiting_caller<answer>> caller;  // nothing: was told of the timeout
    steady::time_point sent;
  };
  struct channel {
    std::string name;
    std::function<void(const std::string&)> heard;
    std::function<void()> connected;
  };

  state(redis_settings s, crypto::random_source& random)
      : settings(std::move(s)),
        tick(loop),
        commands(
            "commands", loop, settings.url, settings.connect_timeout, settings.reconnect, random,
            [this] { ready = true; }, [this] { ready = false; }),
        messages(
            "messages", loop, settings.url, settings.connect_timeout, settings.reconnect, random,
            [this] { subscribe_all(); }, [] {}) {}

  void send(std::vector<std::string> words, waiting_caller<answer> caller);
  void look_after();
  void subscribe_all();
  void subscribe_to(const channel& c);

  const redis_settings settings;
  std::atomic<bool> ready = false;

  boost::asio::io_context loop{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{
      loop.get_executor()};
  boost::asio::steady_timer tick;
  redis_link commands;
  redis_link messages;
  std::list<channel> channels;
  // Unanswered, oldest first, by number.
  std::map<std::uint64_t, waiting> unanswered;
  std::uint64_t next_number = 0;
  bool ticking = false;
  bool stopped = false;
  std::thread thread;
};

redis_client::redis_client(redis_settings settings, crypto::random_source& random)
    : state_(std::make_unique<state>(std::move(settings), random)) {
  boost::asio::post(state_->loop, [s = state_.get()] { s->commands.connect(); });
  state_->thread = std::thread([s = state_.get()] { s->loop.run(); });
}

redis_client::~redis_client() {
  stop();
}

void redis_client::stop() {
  if (!state_->thread.joinable()) return;
  boost::asio::post(state_->loop, [s = state_.get()] {
    s->stopped = true;
    s->tick.cancel();
    s->commands.stop();
    s->messages.stop();
    s->guard.reset();
  });
  state_->thread.join();
}

bool redis_client::connected() const {
  return state_->ready;
}

awaitable<answer> redis_client::command(std::vector<std::string> words) {
  if (!state_->ready) co_return redis_away();
  co_return co_await suspend<answer>([s = state_.get(), words = std::move(words)](
                                         waiting_caller<answer> caller) mutable {
    boost::asio::post(s->loop, [s, words = std::move(words), caller = std::move(caller)]() mutable {
      s->send(std::move(words), std::move(caller));
    });
  });
}

void redis_client::state::send(std::vector<std::string> words, waiting_caller<answer> caller) {
  redis_connection* connection = commands.connection();
  if (!ready || connection == nullptr) return give(std::move(caller), redis_away());
  if (unanswered.size() >= settings.most_waiting)
    return give(std::move(caller), fail(errc::overloaded, "Too many commands wait for Redis."));
  const std::uint64_t number = ++next_number;
  unanswered.emplace(number, waiting{std::move(caller), steady::now()});
  const bool sent = connection->send(words, [this, number](const redisReply* r) {
    const auto it = unanswered.find(number);
    if (it == unanswered.end()) return;
    if (r != nullptr) ready = true;  // it answers, or answers again
    if (it->second.caller)
      give(std::move(*it->second.caller), r == nullptr ? answer(redis_away()) : copy_of(*r));
    unanswered.erase(it);
  });
  if (!sent) {
    give(std::move(*unanswered.at(number).caller), redis_away());
    unanswered.erase(number);
  } else if (!std::exchange(ticking, true)) {
    look_after();
  }
}

// While commands wait: tells those whose time is over, and drops a connection that
// answers nobody.
void redis_client::state::look_after() {
  const auto now = steady::now();
  for (auto& [number, w] : unanswered) {
    if (now - w.sent < settings.command_timeout) break;
    if (!w.caller) continue;
    ready = false;
    give(std::move(*std::exchange(w.caller, std::nullopt)),
         fail(errc::timeout, "Redis took too long."));
  }
  if (!unanswered.empty() && now - unanswered.begin()->second.sent > settings.patience)
    commands.drop();
  ticking = !unanswered.empty() && !stopped;
  if (!ticking) return;
  tick.expires_after(std::chrono::milliseconds(10));
  tick.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) {
      ticking = false;
    } else {
      look_after();
    }
  });
}

void redis_client::subscribe(std::string channel, std::function<void(const std::string&)> heard,
                             std::function<void()> connected) {
  boost::asio::post(state_->loop,
                    [s = state_.get(), c = state::channel{std::move(channel), std::move(heard),
                                                          std::move(connected)}] {
                      const bool first = s->channels.empty();
                      s->channels.push_back(c);
                      if (first) {
                        s->messages.connect();
                      } else if (s->messages.connection() != nullptr) {
                        s->subscribe_to(s->channels.back());
                      }
                    });
}

void redis_client::state::subscribe_all() {
  for (const channel& c : channels) subscribe_to(c);
}

void redis_client::state::subscribe_to(const channel& c) {
  messages.connection()->subscribe(c.name, {[&c] {
                                              if (c.connected) c.connected();
                                            },
                                            c.heard});
}

}  // namespace agon::store
