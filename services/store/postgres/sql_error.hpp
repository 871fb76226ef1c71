// What a failed statement means for its caller.
#pragma once

#include <exception>
#include <stdexcept>
#include <string_view>

#include "services/core/error.hpp"

namespace agon::store {

// The connection is gone. Whether the statement under way took effect is unknown.
class connection_lost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// PostgreSQL refused a statement; the connection stands. what() holds the statement's
// name and the SQLSTATE, never a value: messages of the server may quote a user's text.
class statement_failed : public std::runtime_error {
 public:
  statement_failed(std::string_view statement, std::string_view sqlstate);
  [[nodiscard]] std::string_view sqlstate() const { return {sqlstate_, 5}; }

 private:
  char sqlstate_[6] = "XX000";
};

// The errc of a SQLSTATE: constraint → conflict, cancelled or lock timeout → timeout,
// resources, shutdown and read-only → unavailable, anything else → internal.
[[nodiscard]] errc errc_of(std::string_view sqlstate);

// True for a SQLSTATE that the row itself is to blame for (classes 21, 22, 23): another
// row in its place might be accepted, the same row never.
[[nodiscard]] bool is_poison(std::string_view sqlstate);

// True for a SQLSTATE that ends the session (shutdown, crash, connection failure).
[[nodiscard]] bool ends_session(std::string_view sqlstate);

// The error for a caller. Logs errc::internal, for it is a defect.
[[nodiscard]] error to_error(const statement_failed& e);
// What callers are told while PostgreSQL is away.
[[nodiscard]] error database_away();
// What callers are told when a bounded queue is full.
[[nodiscard]] error queue_full();
// What callers are told when their deadline passed.
[[nodiscard]] error too_slow();

}  // namespace agon::store
