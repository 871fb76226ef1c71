// The one vocabulary of expected failures. Features answer with result<T>;
// services/http maps each errc to a status and a problem+json body.
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace agon {

enum class errc {
  invalid_input = 1,    // a field is missing, malformed or out of range: see error::fields
  not_found,            // no such thing, or not visible to this participant
  unauthenticated,      // no valid session
  forbidden,            // a session, but not the right one
  consent_required,     // the participant has not agreed to the arena's terms
  consent_outdated,     // agreed to an older text
  gate_not_met,         // too little was seen or heard to judge
  already_judged,       // this participant has judged this battle
  battle_not_ready,     // outputs are still being made
  battle_failed,        // outputs could not be made
  battle_expired,       // the time to judge is over
  too_many_requests,    // a limit of this participant or address
  overloaded,           // a queue is full: come again after error::retry_after
  payload_too_large,    // a body or field over its cap
  unsupported,          // method, media type or request that nobody here can serve
  request_unsupported,  // fewer than two systems can do what error::fields marks
  prompt_refused,       // moderated: see error::reason
  system_failed,        // a system crashed or wrote nonsense
  timeout,              // a deadline passed
  unavailable,          // PostgreSQL or another part is away for the moment
  conflict,             // the same Idempotency-Key with another request
  internal,             // a defect of ours
};

// Stable name, used as the last part of a problem's type, in logs and metrics.
[[nodiscard]] std::string_view name_of(errc code);

// What is wrong with one field of an input. `field` is a JSON pointer ("/answers/0/value").
struct field_error {
  std::string field;
  std::string reason;
};

// An expected failure. `detail` is for the person who sent the request: plain words,
// what to do, nothing internal and no text of users.
struct error {
  errc code = errc::internal;
  std::string detail;
  std::vector<field_error> fields{};
  std::optional<std::chrono::seconds> retry_after{};
  std::string reason{};  // out of a closed set, for programs; empty: there is none
};

template <class T = void>
using result = boost::system::result<T, error>;

[[nodiscard]] inline error fail(errc code, std::string detail) {
  return error{code, std::move(detail), {}, std::nullopt, {}};
}

// boost::system::result calls this when value() is taken of an error: a programmer's mistake.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

}  // namespace agon
