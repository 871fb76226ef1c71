#include "services/store/postgres/listener.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "services/core/log.hpp"
#include "services/store/backoff.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

struct listener::state {
  connection_settings settings;
  std::string channel;
  std::function<void(const std::string&)> heard;
  std::function<void()> connected;
  backoff pause;

  std::mutex mutex;
  std::condition_variable_any wake;
  bool away = false;
  std::jthread thread;

  void work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      try {
        listen(stop);
      } catch (const std::exception& e) {
        if (!std::exchange(away, true))
          log::warn("listener_away",
                    {{"channel", channel}, {"reason", std::string_view(e.what())}});
        std::unique_lock lock(mutex);
        wake.wait_for(lock, stop, pause.next(), [&] { return stop.stop_requested(); });
      }
    }
  }

  void listen(const std::stop_token& stop) {
    session db(settings);
    db.listen(channel, heard);
    pause.reset();
    if (std::exchange(away, false)) log::info("listener_back", {{"channel", channel}});
    connected();
    while (!stop.stop_requested()) db.wait_for_notification(std::chrono::seconds(1));
  }
};

listener::listener(connection_settings settings, std::string channel,
                   std::function<void(const std::string&)> heard, std::function<void()> connected,
                   crypto::random_source& random)
    : state_(new state{std::move(settings),
                       std::move(channel),
                       std::move(heard),
                       std::move(connected),
                       backoff({}, random),
                       {},
                       {},
                       false,
                       {}}) {
  state_->thread = std::jthread([s = state_.get()](const std::stop_token& stop) { s->work(stop); });
}

listener::~listener() {
  stop();
}

void listener::stop() {
  state_->thread.request_stop();
  if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace agon::store
