// A private Redis for one test, on a socket in a folder of its own.
#pragma once

#include <memory>

#include "services/store/redis/redis_url.hpp"
#include "tests/integration/child_process.hpp"

namespace agon::test {

class redis_server {
 public:
  // Does not start it.
  redis_server();
  ~redis_server();

  // Returns when it answers.
  void start();
  void kill();
  void freeze();
  void thaw();

  [[nodiscard]] store::redis_url url() const;

 private:
  server_user user_;
  temporary_folder folder_;
  std::unique_ptr<child_process> process_;
};

}  // namespace agon::test
