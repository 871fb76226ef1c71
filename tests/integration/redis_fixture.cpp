#include "tests/integration/redis_fixture.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace agon::test {
namespace {

bool accepts(const std::string& path) {
  const int s = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const bool good = ::connect(s, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(s);
  return good;
}

}  // namespace

redis_server::redis_server() : user_(unprivileged_user()), folder_(user_) {}

redis_server::~redis_server() {
  if (process_) process_->send(SIGKILL);
}

void redis_server::start() {
  process_ = std::make_unique<child_process>(
      std::vector<std::string>{"/usr/bin/redis-server", "--port", "0", "--unixsocket", url().socket,
                               "--save", "", "--appendonly", "no", "--dir",
                               folder_.path().string()},
      user_, folder_.path() / "redis.log");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!accepts(url().socket)) {
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error("Redis did not start, see " + folder_.path().string());
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void redis_server::kill() {
  process_->send(SIGKILL);
  process_->wait();
  process_.reset();
}

void redis_server::freeze() {
  process_->send(SIGSTOP);
}

void redis_server::thaw() {
  process_->send(SIGCONT);
}

store::redis_url redis_server::url() const {
  store::redis_url url;
  url.socket = (folder_.path() / "redis.sock").string();
  return url;
}

}  // namespace agon::test
