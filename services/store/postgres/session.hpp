// One connection to PostgreSQL, blocking. This header includes libpqxx: only sources of
// services/store/postgres include it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "services/store/postgres/settings.hpp"
#include "services/store/postgres/sql_error.hpp"
#include "services/store/postgres/statement.hpp"

namespace agon::store {

// Belongs to one thread at a time. Functions throw connection_lost when the connection
// is gone (make a new session then) and statement_failed when PostgreSQL refuses a
// statement.
class session {
 public:
  // Connects, takes the role and sets the time limits.
  explicit session(const connection_settings& settings);
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  // Runs one statement, prepared at its first use: inside the transaction under way, or
  // else as a transaction of its own, without a BEGIN. Arguments are std::string,
  // integers, nullptr or pqxx::binarystring (sent in binary form).
  template <class... Args>
  pqxx::result exec(const statement& s, const Args&... args) {
    return measured(s.name, [&](pqxx::transaction_base& t) {
      prepare(s);
      return t.exec_prepared(std::string(s.name), args...);
    });
  }

  // Runs SQL text that is not prepared: DDL, cursors, sessions' settings. Several
  // statements may stand in it.
  pqxx::result exec_text(std::string_view name, const std::string& sql);

  // Runs `body` in a transaction, which is committed when it returns and rolled back
  // when it throws. Losing the connection during the commit is connection_lost too.
  template <class Body>
  auto transact(Body body) {
    begin();
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<Body&>>) {
        body();
        commit();
      } else {
        auto answer = body();
        commit();
        return answer;
      }
    } catch (...) {
      roll_back();
      throw;
    }
  }

  // False if the server has closed the connection since the last statement. Asks the
  // socket, not the server.
  [[nodiscard]] bool alive();

  // Waits for a notification at most `seconds`; true if one may have come.
  bool wait_for_notification(std::chrono::seconds seconds);
  // Calls `heard` with each payload of a channel from now on, inside
  // wait_for_notification.
  void listen(const std::string& channel, std::function<void(const std::string&)> heard);

 private:
  class receiver;
  class silence;

  pqxx::result measured(std::string_view name,
                        const std::function<pqxx::result(pqxx::transaction_base&)>& run);
  // In a catch block: throws connection_lost or statement_failed for what was caught.
  [[noreturn]] void translate(std::string_view name);
  void prepare(const statement& s);
  void begin();
  void commit();
  void roll_back() noexcept;

  statement_observer* observer_;
  std::unique_ptr<pqxx::connection> connection_;
  std::unique_ptr<silence> quiet_;
  std::unique_ptr<pqxx::work> transaction_;
  std::unordered_set<const char*> prepared_;
  std::unique_ptr<receiver> receiver_;
};

}  // namespace agon::store
