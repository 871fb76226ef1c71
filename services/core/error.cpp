#include "services/core/error.hpp"

#include <stdexcept>

namespace agon {

std::string_view name_of(errc code) {
  switch (code) {
    case errc::invalid_input:
      return "invalid-input";
    case errc::not_found:
      return "not-found";
    case errc::unauthenticated:
      return "unauthenticated";
    case errc::forbidden:
      return "forbidden";
    case errc::consent_required:
      return "consent-required";
    case errc::consent_outdated:
      return "consent-outdated";
    case errc::gate_not_met:
      return "gate-not-met";
    case errc::already_judged:
      return "already-judged";
    case errc::battle_not_ready:
      return "battle-not-ready";
    case errc::battle_failed:
      return "battle-failed";
    case errc::battle_expired:
      return "battle-expired";
    case errc::too_many_requests:
      return "too-many-requests";
    case errc::overloaded:
      return "overloaded";
    case errc::payload_too_large:
      return "payload-too-large";
    case errc::unsupported:
      return "unsupported";
    case errc::request_unsupported:
      return "request-unsupported";
    case errc::prompt_refused:
      return "prompt-refused";
    case errc::system_failed:
      return "system-failed";
    case errc::timeout:
      return "timeout";
    case errc::unavailable:
      return "unavailable";
    case errc::conflict:
      return "conflict";
    case errc::internal:
      return "internal";
  }
  return "internal";
}

void throw_exception_from_error(const error& e, const boost::source_location& where) {
  throw std::logic_error(std::string("result without a value (") + std::string(name_of(e.code)) +
                         ") taken in " + where.file_name() + ":" + std::to_string(where.line()));
}

}  // namespace agon
