// A private PostgreSQL 15 for the tests: started at first use, ended with the program,
// on a socket in a folder of its own. Durability is on, as in production.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/store/postgres/settings.hpp"
#include "tests/integration/child_process.hpp"

namespace agon::test {

class postgres_server {
 public:
  // The one server of this program.
  static postgres_server& instance();
  ~postgres_server();

  void start();
  // Fast shutdown: sessions are ended, buffers written.
  void stop();
  // As if the machine had failed: no process of it is left, what was not durable is gone.
  void kill();
  // Stops it in the middle of whatever it does, and lets it go on: clients hang meanwhile.
  void freeze();
  void thaw();

  [[nodiscard]] std::string url(std::string_view database) const;
  // Runs SQL as the owner; the rows as text, NULL as "NULL". Throws std::runtime_error
  // with PostgreSQL's message.
  using rows = std::vector<std::vector<std::string>>;
  rows sql(std::string_view database, const std::string& text) const;

 private:
  postgres_server();
  [[nodiscard]] std::vector<pid_t> processes() const;

  server_user user_;
  temporary_folder folder_;
  std::unique_ptr<child_process> process_;
};

// A database of its own for one test, copied from a template with the whole schema,
// dropped at the end.
class database {
 public:
  enum class contents { schema, nothing };
  explicit database(contents c = contents::schema);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  // Settings for a connection to it.
  [[nodiscard]] store::connection_settings settings(std::string role = "agon_serve") const;
  postgres_server::rows sql(const std::string& text) const;
  // The only value of the only row.
  [[nodiscard]] std::string value(const std::string& text) const;

 private:
  std::string name_;
};

// A session of its own that keeps its transaction between calls.
class connection {
 public:
  explicit connection(const database& db);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  postgres_server::rows sql(const std::string& text);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace agon::test
