// A connection for a job that does one thing at a time and may take its time.
#pragma once

#include <memory>
#include <stdexcept>
#include <utility>

#include "services/store/postgres/session.hpp"

namespace agon::store {

// Not safe for use by two threads at once.
class blocking_session {
 public:
  explicit blocking_session(connection_settings settings) : settings_(std::move(settings)) {
    settings_.statement_timeout = std::chrono::milliseconds{0};
    settings_.extra_settings += "set idle_in_transaction_session_timeout = 0;";
  }

  // Runs `body` with a connection, made if there is none. Throws connection_lost or
  // statement_failed, both std::runtime_error; after either a new connection is made.
  template <class Body>
  auto use(Body body) {
    try {
      if (!db_) db_ = std::make_unique<session>(settings_);
      return body(*db_);
    } catch (const connection_lost&) {
      drop();
      throw;
    } catch (const statement_failed&) {
      drop();
      throw;
    }
  }

  // Tries to take a lock that no other session of the cluster can have at once; true
  // while it is held. It is lost with the connection.
  [[nodiscard]] bool hold(const char* name) {
    return use([&](session& db) {
      if (held_ && db.alive()) return true;
      if (held_) throw connection_lost("connection lost, and the lock with it");
      held_ = db.exec(try_lock, std::string(name))[0][0].as<bool>();
      return held_;
    });
  }

 private:
  static constexpr statement try_lock{"job_lock",
                                      "select pg_try_advisory_lock(hashtext('agon.job.' || $1))"};

  void drop() {
    db_.reset();
    held_ = false;
  }

  connection_settings settings_;
  std::unique_ptr<session> db_;
  bool held_ = false;
};

}  // namespace agon::store
